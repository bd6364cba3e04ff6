"""What a certificate costs, before the first check."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.stats import binom, hypergeom

from groundswell.core.errors import InputError
from groundswell.release.bounds import clopper_pearson
from groundswell.release.certificate import FINITE_FROM

MOST_CHECKS = 100_000_000
LIKELY = (0.9, 0.95, 0.98, 0.99)


@dataclass(frozen=True)
class Price:
    """How many blind checks it takes.

    If ``accuracy`` of the labels are right, then ``checks`` checks certify, with probability ``chance``, at least
    ``accuracy − margin`` at the confidence asked for; ``wrong`` is how many wrong ones may then be found.
    """

    accuracy: float
    margin: float
    checks: int
    wrong: int
    chance: float
    n_items: int | None = None

    @property
    def sentence(self) -> str:
        """For anybody."""
        if self.n_items is not None and self.checks >= self.n_items:
            return f"If {100 * self.accuracy:g} % are right: check all {self.n_items:,}."
        return (
            f"If {100 * self.accuracy:g} % are right: {self.checks:,} checks to certify at least "
            f"{100 * (self.accuracy - self.margin):g} %."
        )


def plan(
    accuracy: float = 0.95,
    margin: float = 0.02,
    *,
    n_items: int | None = None,
    confidence: float = 0.95,
    chance: float = 0.9,
) -> Price:
    """The fewest blind checks whose exact bound will, with probability ``chance``, lie within ``margin`` of the truth.

    For each number w of wrong labels found, the fewest checks n whose bound still reaches accuracy − margin are
    sought; the first w is taken for which finding at most w is likely enough, P(W ≤ w | n, accuracy) ≥ chance.
    For large n that is about n = ((z₁ √(p₀q₀) + z₂ √(pq)) / margin)², p₀ = p − margin, with the normal quantiles
    z₁ of the confidence and z₂ of the chance. A plain interval of ± margin takes only z² pq / margin², but its
    lower end is as likely as not to be further off, and it promises nothing in advance.

    Parameters
    ----------
    accuracy
        Share of labels that one expects to be right, in (0, 1].
    margin
        How far below that the certified bound may lie, in (0, accuracy).
    n_items
        How many labels there are, if few: checks are then drawn without replacement from them.

    Raises
    ------
    InputError
        If a figure is outside its range.

    Examples
    --------
    >>> plan(0.95).checks, plan(0.99).checks, plan(0.95, n_items=1000).checks
    (1213, 436, 538)
    """
    for name, value in (("accuracy", accuracy), ("confidence", confidence), ("chance", chance)):
        if not 0.0 < value <= 1.0 or (value == 1.0 and name != "accuracy"):
            raise InputError(f"{name} = {value}", hint="A share, for example 0.95")
    if not 0.0 < margin < accuracy:
        raise InputError(f"margin = {margin}", hint="Above 0 and below the accuracy; 0.02 is two points")
    if n_items is not None and n_items < 1:
        raise InputError("There is no item to check")
    found = _search(accuracy, margin, None, confidence, chance)
    if n_items is not None and found.checks >= FINITE_FROM * n_items:
        return _search(accuracy, margin, n_items, confidence, chance)
    return Price(accuracy, margin, found.checks, found.wrong, chance, n_items)


def prices(
    margin: float = 0.02,
    *,
    accuracies: Sequence[float] = LIKELY,
    n_items: int | None = None,
    confidence: float = 0.95,
    chance: float = 0.9,
) -> list[Price]:
    """The price list: :func:`plan` for several accuracies.

    Examples
    --------
    >>> for price in prices(n_items=5572): print(price.sentence)
    If 90 % are right: 1,526 checks to certify at least 88 %.
    If 95 % are right: 988 checks to certify at least 93 %.
    If 98 % are right: 563 checks to certify at least 96 %.
    If 99 % are right: 384 checks to certify at least 97 %.
    """
    return [plan(p, margin, n_items=n_items, confidence=confidence, chance=chance) for p in accuracies]


def _search(accuracy: float, margin: float, n_items: int | None, confidence: float, chance: float) -> Price:
    """Bisect over the wrong ones allowed: more checks allow more of them and make the plan likelier to hold."""
    target = accuracy - margin
    most = MOST_CHECKS if n_items is None else n_items

    def holds(wrong: int) -> tuple[bool, int]:
        n = _fewest(wrong, target, most, n_items, confidence)
        if n_items is None:
            likely = float(binom.cdf(wrong, n, 1 - accuracy))
        else:
            likely = float(hypergeom.cdf(wrong, n_items, n_items - round(accuracy * n_items), n))
        return likely >= chance or n >= most, n

    low, high = 0, 1
    while not holds(high)[0]:
        low, high = high + 1, 2 * high
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle)[0] else (middle + 1, high)
    return Price(accuracy, margin, holds(low)[1], low, chance, n_items)


def _fewest(wrong: int, target: float, most: int, n_items: int | None, confidence: float) -> int:
    """The fewest checks of which ``wrong`` may fail so that the bound reaches ``target``; ``most`` if none does."""

    def reaches(n: int) -> bool:
        if n_items is None:
            return clopper_pearson(n - wrong, n, confidence) >= target
        too_few = math.ceil(target * n_items - 1e-9) - 1  # right ones under which such a sample must be rare
        if n - wrong > too_few:
            return True
        return bool(hypergeom.sf(n - wrong - 1, n_items, too_few, n) <= 1 - confidence)

    low = high = wrong + 1
    while high < most and not reaches(min(high, most)):
        low, high = high + 1, min(most, 2 * high)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle + 1, high)
    return min(low, most)
