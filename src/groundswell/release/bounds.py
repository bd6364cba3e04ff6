"""Exact bounds for the share of labels that are right, from a sample of checks."""

from __future__ import annotations

from scipy.stats import beta, hypergeom

from groundswell.core.errors import InputError


def clopper_pearson(right: float, n: float, confidence: float = 0.95) -> float:
    """One-sided lower bound for a share: the p at which ``right`` or more of n would be as rare as 1 − confidence.

    Exact for draws with replacement, or from far more than are drawn; never covers less than it says (Clopper &
    Pearson 1934, doi:10.1093/biomet/26.4.404). ``right`` and ``n`` may be fractions (effective sample sizes).

    Examples
    --------
    >>> round(clopper_pearson(300, 300), 4), round(clopper_pearson(291, 300), 4)
    (0.9901, 0.9482)
    """
    _check(right, n, confidence)
    return 0.0 if right <= 0 else float(beta.ppf(1 - confidence, right, n - right + 1))


def finite(right: int, n: int, n_items: int, confidence: float = 0.95) -> int:
    """One-sided lower bound for how many of ``n_items`` are right, when n of them were drawn without replacement.

    The smallest number C of right ones under which drawing ``right`` or more of them is likelier than
    1 − confidence (hypergeometric; Katz 1953, JASA 48:256–261). Those that were seen count:
    having checked all, one knows.

    Examples
    --------
    >>> finite(291, 300, 600), finite(291, 300, 300)
    (573, 291)
    """
    _check(right, n, confidence)
    if n > n_items:
        raise InputError(f"{n} checks of {n_items} items", hint="An item counts once")
    low, high = right, n_items - (n - right)  # C is at least low and at most high
    while low < high:
        middle = (low + high) // 2
        if hypergeom.sf(right - 1, n_items, middle, n) > 1 - confidence:
            high = middle
        else:
            low = middle + 1
    return low


def _check(right: float, n: float, confidence: float) -> None:
    if not 0.0 < confidence < 1.0:
        raise InputError(f"confidence = {confidence}", hint="Between 0 and 1, for example 0.95")
    if not 0 <= right <= n:
        raise InputError(f"{right} right of {n}", hint="Between none and all")
