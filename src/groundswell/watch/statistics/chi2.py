"""Pearson's chi-square."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc
from scipy.stats import hypergeom

from groundswell.watch.statistics import TESTS, Shift, Test

Floats = npt.NDArray[np.float64]
LEAST_EXPECTED = 5.0


def chi_square(reference: Floats, current: Floats) -> Shift:
    """Cramér's V of the two rows of counts, in [0, 1], with the p-value of χ².

    V² is χ² / N as it would be with both samples of one size, ½ Σ (q − p)² / (q + p) over the shares p and q:
    a small sample against a large reference would otherwise look like a small change. Categories that are expected
    fewer than 5 times in either row are counted together (Cochran 1954); where two categories are left and one is
    still that rare, p is Fisher's exact one (twice the smaller tail).

    Examples
    --------
    >>> found = chi_square(np.array([870.0, 130.0]), np.array([820.0, 180.0]))
    >>> round(found.statistic, 3), round(found.p_value, 4)
    (0.069, 0.002)
    """
    counts = np.vstack([reference, current])
    share = counts.sum(1, keepdims=True) / counts.sum()
    rare = (share * counts.sum(0)).min(0) < LEAST_EXPECTED
    if rare.any():
        counts = np.hstack([counts[:, ~rare], counts[:, rare].sum(1, keepdims=True)])
    counts = counts[:, counts.sum(0) > 0]
    expected = share * counts.sum(0)
    if counts.shape[1] > 2 and expected[:, -1].min() < LEAST_EXPECTED and rare.any():
        smallest = int(expected[0, :-1].argmin())  # the rest is still too rare: it joins the rarest other
        counts[:, smallest] += counts[:, -1]
        counts = counts[:, :-1]
        expected = share * counts.sum(0)
    freedom = counts.shape[1] - 1
    if freedom == 0:
        return Shift(0.0, 1.0)
    statistic = float(((counts - expected) ** 2 / expected).sum())
    p, q = counts / counts.sum(1, keepdims=True)
    size = float(np.sqrt(((q - p) ** 2 / (q + p)).sum() / 2))
    if freedom == 1 and expected.min() < LEAST_EXPECTED:
        return Shift(size, _fisher(counts))
    return Shift(size, float(chdtrc(freedom, statistic)))


def _fisher(counts: Floats) -> float:
    """Twice the smaller tail of the hypergeometric distribution of one cell."""
    (a, b), (c, _) = counts.tolist()
    law = hypergeom(int(counts.sum()), int(a + c), int(a + b))
    return min(1.0, 2 * float(min(law.cdf(a), law.sf(a - 1))))


TESTS.register("chi2")(
    Test(
        "chi2",
        "categories",
        chi_square,
        small=0.1,
        large=0.3,
        source="Pearson 1900, doi:10.1080/14786440009463897; 0.1 small and 0.3 medium after Cohen 1988",
    )
)
