"""Least confident: where the likeliest answer is least likely."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from groundswell.ask.base import STRATEGIES, Mask, among, check
from groundswell.core.belief import Beliefs
from groundswell.core.votes import Floats


@STRATEGIES.register("least-confident")
def least_confident(
    beliefs: Beliefs,
    *,
    features: Any = None,  # noqa: ARG001
    eligible: Mask,
    answered: npt.NDArray[np.int_],  # noqa: ARG001
    rng: np.random.Generator,  # noqa: ARG001
) -> Floats:
    """``1 − P(x̂ | x)`` (Lewis and Gale 1994, doi:10.1007/978-1-4471-2099-5_1); 0 to 1 − 1/K."""
    check(beliefs, eligible)
    return among(eligible, 1.0 - beliefs.probabilities.max(1, initial=0.0))
