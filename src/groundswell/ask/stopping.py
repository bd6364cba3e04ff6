"""Stopping: what the next answers are expected to buy."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy.special import stdtrit

from groundswell.core.belief import Beliefs
from groundswell.core.errors import InputError
from groundswell.core.interval import Interval

SURE = 0.9
LEAST_STEPS = 4
WINDOW = 10


def doubtful(beliefs: Beliefs, *, sure: float = SURE) -> int:
    """How many items are believed with less than ``sure``, a probability."""
    return int((beliefs.confidence < sure).sum())


def expected_gain(answers: Sequence[int], doubtful: Sequence[int], n: int = 100) -> Interval | None:
    """How many doubtful items the next ``n`` answers settle, if they go on as the last ones did.

    Every step of the history settled so many items an answer; the rate is their mean over the last 10 steps,
    weighted by the answers of each, with Student's interval over the steps. Gains usually shrink, so read the
    upper end with care. ``None`` below 4 steps: an honest figure is not to be had.

    Parameters
    ----------
    answers
        How many answers there were at each look, rising.
    doubtful
        How many items were doubtful then (:func:`doubtful`).
    n
        Answers to come.

    Examples
    --------
    >>> expected_gain([0, 10, 20, 30, 40], [500, 470, 445, 420, 400], 20)
    Interval(value=50.0, low=37.0..., high=62.9..., n=40, confidence=0.95)
    """
    if len(answers) != len(doubtful) or any(b < a for a, b in pairwise(answers)):
        raise InputError("The history of answers does not rise or differs in length")
    steps = [
        (after - before, left - now)
        for (before, left), (after, now) in pairwise(zip(answers, doubtful, strict=True))
        if after > before
    ][-WINDOW:]
    if len(steps) < LEAST_STEPS:
        return None
    weights = np.array([asked for asked, _ in steps], dtype=np.float64)
    rates = np.array([settled / asked for asked, settled in steps])
    rate = float(np.average(rates, weights=weights))
    share = weights / weights.sum()
    spread = float(np.average((rates - rate) ** 2, weights=weights) * len(rates) / (len(rates) - 1))
    half = float(stdtrit(len(rates) - 1, 0.975)) * float(np.sqrt(spread * (share**2).sum()))
    left = float(doubtful[-1])
    low, value, high = (float(np.clip(n * r, 0.0, left)) for r in (rate - half, rate, rate + half))
    return Interval(value, low, high, n=int(weights.sum()))
