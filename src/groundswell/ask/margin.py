"""Margin: where the two likeliest answers are closest."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from groundswell.ask.base import STRATEGIES, Mask, among, check
from groundswell.core.belief import Beliefs
from groundswell.core.votes import Floats


@STRATEGIES.register("margin")
def margin(
    beliefs: Beliefs,
    *,
    features: Any = None,  # noqa: ARG001
    eligible: Mask,
    answered: npt.NDArray[np.int_],  # noqa: ARG001
    rng: np.random.Generator,  # noqa: ARG001
) -> Floats:
    """``1 − (P(x̂₁ | x) − P(x̂₂ | x))`` (Scheffer et al. 2001, doi:10.1007/3-540-44816-0_31); 0 to 1."""
    check(beliefs, eligible)
    p = beliefs.probabilities
    if p.shape[1] < 2:
        return among(eligible, np.zeros(len(p)))
    top = np.partition(p, p.shape[1] - 2, axis=1)[:, -2:]
    return among(eligible, 1.0 - (top[:, 1] - top[:, 0]))
