"""Entropy: where the belief is spread widest."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from groundswell.ask.base import STRATEGIES, Mask, among, check
from groundswell.core.belief import Beliefs
from groundswell.core.votes import Floats


@STRATEGIES.register("entropy")
def entropy(
    beliefs: Beliefs,
    *,
    features: Any = None,  # noqa: ARG001
    eligible: Mask,
    answered: npt.NDArray[np.int_],  # noqa: ARG001
    rng: np.random.Generator,  # noqa: ARG001
) -> Floats:
    """``−Σ p log p`` (Shannon 1948), over its largest value log K; 0 to 1."""
    check(beliefs, eligible)
    p = beliefs.probabilities
    bits = -(p * np.log(np.maximum(p, 1e-300))).sum(1)
    return among(eligible, np.clip(bits / np.log(max(p.shape[1], 2)), 0.0, 1.0))
