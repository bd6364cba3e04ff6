"""The population stability index."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc

from groundswell.watch.statistics import TESTS, Shift, Test

Floats = npt.NDArray[np.float64]
BINS = 10


def population_stability(reference: Floats, current: Floats) -> Shift:
    """PSI = Σ (qᵦ − pᵦ) · log(qᵦ / pᵦ) over the tenths of the reference, at least 0.

    Half a count is added to every bin. Two samples of n and m from one source have a PSI that is about
    (1/n + 1/m) times chi-square with one degree fewer than bins: that gives p, and its mean is taken off, since
    small samples would otherwise always look unstable.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> found = population_stability(rng.normal(size=1000), rng.normal(0.5, size=1000))
    >>> round(found.statistic, 2), found.p_value < 1e-6
    (0.26, True)
    """
    edges = np.unique(np.quantile(reference, np.linspace(0, 1, BINS + 1)[1:-1]))
    counts = [np.bincount(np.searchsorted(edges, x, "left"), minlength=len(edges) + 1) for x in (reference, current)]
    bins = len(edges) + 1
    p, q = ((c + 0.5) / (c.sum() + 0.5 * bins) for c in counts)
    index = float(((q - p) * np.log(q / p)).sum())
    unit = 1 / len(reference) + 1 / len(current)
    freedom = int(((counts[0] + counts[1]) > 0).sum()) - 1
    if freedom == 0:
        return Shift(0.0, 1.0)
    return Shift(max(0.0, index - freedom * unit), float(chdtrc(freedom, index / unit)))


TESTS.register("psi")(
    Test(
        "psi",
        "numbers",
        population_stability,
        small=0.1,
        large=0.25,
        source="Siddiqi 2006, Credit Risk Scorecards (0.1 and 0.25); "
        "Yurdakul 2018, Statistical properties of the population stability index (its distribution)",
    )
)
