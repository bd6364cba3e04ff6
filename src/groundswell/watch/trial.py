"""One comparison, before it is judged among all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from groundswell.watch.statistics import TESTS, Shift

Floats: TypeAlias = npt.NDArray[np.float64]

FEWEST = 30  # on either side, below which nothing is concluded


@dataclass(frozen=True)
class Trial:
    """What was compared, by which test, with what outcome; ``fewest`` is the smaller of the two samples."""

    what: str
    test: str
    shift: Shift
    fewest: int
    why: str
    evidence: Mapping[str, Any] = field(default_factory=dict)


def compare_numbers(what: str, before: Floats, now: Floats, *, test: str = "ks", unit: str = "") -> list[Trial]:
    """Two lists of numbers without NaN; nothing where one is empty."""
    if len(before) == 0 or len(now) == 0:
        return []
    middles = float(np.median(before)), float(np.median(now))
    if middles[0] == middles[1]:
        middles = float(before.mean()), float(now.mean())
    word = "higher" if middles[1] > middles[0] else "lower"
    if middles[0] == middles[1]:
        why = f"The {what} is about the same in the middle, but spread differently."
    else:
        why = f"The {what} is {word}: about {_short(middles[1])}{unit} now, {_short(middles[0])}{unit} before."
    evidence = {"before": middles[0], "now": middles[1], "n_before": len(before), "n_now": len(now)}
    return [Trial(what, test, TESTS[test](before, now), min(len(before), len(now)), why, evidence)]


def compare_counts(what: str, names: list[str], before: Floats, now: Floats, *, test: str = "chi2") -> list[Trial]:
    """Counts of the same categories; nothing where one side is empty or there is a single category."""
    if len(names) < 2 or before.sum() == 0 or now.sum() == 0:
        return []
    p, q = before / before.sum(), now / now.sum()
    most = int(((q - p) ** 2 / (p + q + 1e-12)).argmax())
    why = f"{what[0].upper()}{what[1:]}: “{names[most]}” is {_percent(q[most])} now, {_percent(p[most])} before."
    evidence = {"category": names[most], "before": float(p[most]), "now": float(q[most])}
    evidence |= {"n_before": int(before.sum()), "n_now": int(now.sum())}
    return [Trial(what, test, TESTS[test](before, now), int(min(before.sum(), now.sum())), why, evidence)]


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if 0 < share < 0.1 else f"{100 * share:.0f} %"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
