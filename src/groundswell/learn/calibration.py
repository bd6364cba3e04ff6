"""Whether probabilities mean what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from groundswell.core.interval import Interval
from groundswell.learn.intervals import wilson

Floats = npt.NDArray[np.float64]
BINS = 10


@dataclass(frozen=True)
class Bin:
    """Predictions of about equal certainty: from ``low`` to ``high``, their mean certainty, and how many were right."""

    low: float
    high: float
    said: float
    right: Interval


@dataclass(frozen=True)
class Calibration:
    """How far probabilities can be taken at their word.

    Parameters
    ----------
    bins
        Ten equal steps of the probability of the predicted label; empty ones are left out.
    error
        Expected calibration error in [0, 1]: the mean over items of |share right − certainty| of their bin
        (Naeini, Cooper & Hauskrecht 2015, AAAI).
    log_loss
        Mean −log of the probability of the true label, nats.
    brier
        Mean squared distance from the truth, summed over labels, in [0, 2] (Brier 1950).
    """

    bins: Sequence[Bin]
    error: float
    log_loss: float
    brier: float


def calibrate(probabilities: Floats, truth: npt.NDArray[np.intp]) -> Calibration:
    """Compare probabilities ``(n, K)`` with true codes ``(n,)``."""
    n = len(truth)
    certainty, right = probabilities.max(1), probabilities.argmax(1) == truth
    step = np.minimum((certainty * BINS).astype(int), BINS - 1)
    bins, error = [], 0.0
    for number in range(BINS):
        inside = step == number
        if not inside.any():
            continue
        said = float(certainty[inside].mean())
        share = wilson(int(right[inside].sum()), int(inside.sum()))
        bins.append(Bin(number / BINS, (number + 1) / BINS, said, share))
        error += inside.sum() / n * abs(share.value - said)
    true = probabilities[np.arange(n), truth]
    squared = (probabilities**2).sum(1) - 2 * true + 1
    return Calibration(tuple(bins), float(error), float(-np.log(np.maximum(true, 1e-12)).mean()), float(squared.mean()))
