"""Intervals for shares and for differences of shares, without refitting anything."""

from __future__ import annotations

import math
from statistics import NormalDist

from groundswell.core.interval import Interval


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def wilson(hits: float, n: int, confidence: float = 0.95) -> Interval:
    """A share with its score interval (Wilson 1927, doi:10.1080/01621459.1927.10502953).

    Of nothing (n = 0) nothing is known: the interval is 0 to 1 and the value not a number.

    Examples
    --------
    >>> print(wilson(81, 100))
    81.0 % (72.2–87.5)
    >>> print(wilson(0, 20))
    0.0 % (0.0–16.1)
    """
    if n == 0:
        return Interval(math.nan, 0.0, 1.0, 0, confidence)
    z = _z(confidence)
    share = hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    high = 1.0 if hits == n else min(1.0, middle + half)
    return Interval(share, low, high, n, confidence)


def f1_interval(both: int, only_said: int, only_true: int, confidence: float = 0.95) -> Interval:
    """F1 from true positives, false positives and misses.

    F1 = 2J / (1 + J) with J = TP / (TP + FP + FN), a plain share: Wilson's interval for J is carried over
    (the indirect method of Lam, Gopal & Qian 2023, arXiv:2309.14621).

    Examples
    --------
    >>> print(f1_interval(140, 4, 6))
    96.6 % (93.7–98.1)
    """
    share = wilson(both, both + only_said + only_true, confidence)
    value, low, high = (2 * j / (1 + j) for j in (share.value, share.low, share.high))
    return Interval(value, low, high, share.n, confidence)


def difference(first: Interval, second: Interval) -> Interval:
    """First share less second, of two independent samples (Newcombe 1998, method 10).

    doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I

    Examples
    --------
    >>> print(difference(wilson(56, 70), wilson(48, 80)))
    20.0 % (5.2–33.4)
    """
    return _square_and_add(first, second, 0.0)


def paired_difference(both: int, first_only: int, second_only: int, neither: int, confidence: float = 0.95) -> Interval:
    """First share less second where both judge the same cases (Newcombe 1998, method 10 for paired shares).

    doi:10.1002/(SICI)1097-0258(19981130)17:22<2635::AID-SIM954>3.0.CO;2-C

    Parameters
    ----------
    both, first_only, second_only, neither
        Cases that both got right, only the first, only the second, neither.

    Examples
    --------
    >>> print(paired_difference(36, 12, 2, 0))
    20.0 % (5.7–34.0)
    """
    n = both + first_only + second_only + neither
    first, second = wilson(both + first_only, n, confidence), wilson(both + second_only, n, confidence)
    if n == 0:
        return Interval(math.nan, -1.0, 1.0, 0, confidence)
    cross = float(both * neither - first_only * second_only)
    if cross > 0:
        cross = max(cross - n / 2, 0.0)
    margins = (both + first_only) * (second_only + neither) * (both + second_only) * (first_only + neither)
    return _square_and_add(first, second, cross / math.sqrt(margins) if margins else 0.0)


def _square_and_add(first: Interval, second: Interval, correlation: float) -> Interval:
    def reach(a: float, b: float) -> float:
        return math.sqrt(max(0.0, a * a - 2 * correlation * a * b + b * b))

    value = first.value - second.value
    if math.isnan(value):
        return Interval(math.nan, -1.0, 1.0, 0, first.confidence)
    low = value - reach(first.value - first.low, second.high - second.value)
    high = value + reach(first.high - first.value, second.value - second.low)
    return Interval(value, max(-1.0, low), min(1.0, high), first.n + second.n, first.confidence)
