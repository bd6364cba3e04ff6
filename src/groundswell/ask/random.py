"""Random: blindly."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from groundswell.ask.base import STRATEGIES, Mask, among, check
from groundswell.core.belief import Beliefs
from groundswell.core.votes import Floats


@STRATEGIES.register("random")
def random(
    beliefs: Beliefs,
    *,
    features: Any = None,  # noqa: ARG001
    eligible: Mask,
    answered: npt.NDArray[np.int_],  # noqa: ARG001
    rng: np.random.Generator,
) -> Floats:
    """Every item alike; in [0, 1). The only choice whose answers are an unbiased sample."""
    check(beliefs, eligible)
    return among(eligible, rng.random(len(beliefs)))
