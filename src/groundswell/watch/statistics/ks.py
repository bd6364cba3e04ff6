"""Kolmogorov–Smirnov."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import kolmogorov

from groundswell.watch.statistics import TESTS, Shift, Test

Floats = npt.NDArray[np.float64]


def kolmogorov_smirnov(reference: Floats, current: Floats) -> Shift:
    """D = largest distance between the two cumulative distributions, in [0, 1].

    p by the asymptotic law with Stephens' correction for small samples; with ties it is too large, never too small.

    Examples
    --------
    >>> found = kolmogorov_smirnov(np.arange(100.0), np.arange(100.0) + 20)
    >>> round(found.statistic, 2), round(found.p_value, 3)
    (0.2, 0.031)
    """
    a, b = np.sort(reference), np.sort(current)
    points = np.concatenate([a, b])
    distance = np.searchsorted(a, points, "right") / len(a) - np.searchsorted(b, points, "right") / len(b)
    largest = float(np.abs(distance).max())
    root = np.sqrt(len(a) * len(b) / (len(a) + len(b)))
    return Shift(largest, float(kolmogorov((root + 0.12 + 0.11 / root) * largest)))


TESTS.register("ks")(
    Test(
        "ks",
        "numbers",
        kolmogorov_smirnov,
        small=0.1,
        large=0.25,
        source="Smirnov 1948, doi:10.1214/aoms/1177730256; Stephens 1970, JRSS B 32:115–122; "
        "0.1: a tenth of the items would have to move, 0.25: a quarter",
    )
)
