"""Error rates by group, each with its interval and its difference from everyone else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from groundswell.core.interval import Interval
from groundswell.learn.intervals import difference, wilson

SMALLEST = 30  # cases below which a rate is shown but nothing is concluded from it
MOST_GROUPS = 50


@dataclass(frozen=True)
class GroupRate:
    """How often the model errs on one group.

    Parameters
    ----------
    column, group
        The column it was grouped by, and its value (``(missing)`` where there is none).
    measure
        ``wrong`` (of all), or ``missed <label>`` (of those that truly are of that label).
    rate
        With a 95 % interval (Wilson); ``n`` is the cases that it is of.
    difference
        This group's rate less that of all others, with a 95 % interval (Newcombe).
    too_small
        Fewer than 30 cases here or among the others: say nothing.
    differs
        Whether the difference is beyond chance when all comparisons are counted (Bonferroni).
    """

    column: str
    group: str
    measure: str
    rate: Interval
    difference: Interval
    too_small: bool
    differs: bool

    def to_text(self) -> str:
        """One plain sentence."""
        told = f"{self.group}: {self.measure} {self.rate} of {self.rate.n}"
        if self.too_small:
            return f"{told}; too few to compare"
        points = f"{100 * abs(self.difference.value):.1f} points"
        if self.differs:
            return f"{told}; {points} {'more' if self.difference.value > 0 else 'less'} than the others"
        return f"{told}; no difference beyond chance from the others"


def group_rates(
    column: str,
    groups: Sequence[str | None],
    truth: npt.NDArray[np.intp],
    said: npt.NDArray[np.intp],
    labels: Sequence[object],
) -> list[GroupRate]:
    """Rates of every group of ``column`` and measure, groups in the order of their size, the largest first.

    ``truth`` and ``said`` are codes ``(n,)``. Of more than 50 groups the largest 50 are reported.
    """
    names = np.array(["(missing)" if group is None else str(group) for group in groups], dtype=object)
    values, sizes = np.unique(names.astype(str), return_counts=True)
    order = np.lexsort((values, -sizes))[:MOST_GROUPS]
    wrong = truth != said
    everyone = np.ones(len(truth), bool)
    measures = [("wrong", everyone)]
    measures += [(f"missed {label}", truth == k) for k, label in enumerate(labels) if (truth == k).any()]
    chosen = [(str(values[i]), names.astype(str) == values[i]) for i in order]
    comparisons = max(1, len(chosen) * len(measures))
    return [
        _rate(column, name, measure, wrong, inside & about, ~inside & about, comparisons)
        for measure, about in measures
        for name, inside in chosen
        if len(chosen) > 1
    ]


def _rate(
    column: str,
    group: str,
    measure: str,
    wrong: npt.NDArray[np.bool_],
    here: npt.NDArray[np.bool_],
    elsewhere: npt.NDArray[np.bool_],
    comparisons: int,
) -> GroupRate:
    counts = [(int(wrong[part].sum()), int(part.sum())) for part in (here, elsewhere)]
    rate, others = (wilson(*count) for count in counts)
    strict = difference(*(wilson(*count, confidence=1 - 0.05 / comparisons) for count in counts))
    small = min(rate.n, others.n) < SMALLEST
    differs = not small and not strict.low <= 0.0 <= strict.high
    return GroupRate(column, group, measure, rate, difference(rate, others), small, differs)
