"""A figure with its interval: the only way a figure is shown."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure, its lower and upper bound, the confidence of the interval, and the count behind it.

    Examples
    --------
    >>> print(Interval(0.931, 0.918, 0.942, n=1500))
    93.1 % (91.8–94.2)
    >>> print(Interval(math.nan, 0.0, 1.0))
    too few to say
    """

    value: float
    low: float
    high: float
    n: int = 0
    confidence: float = 0.95

    def __str__(self) -> str:
        if math.isnan(self.value):
            return "too few to say"
        return f"{100 * self.value:.1f} % ({100 * self.low:.1f}–{100 * self.high:.1f})"
