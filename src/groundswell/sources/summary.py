"""Coverage, overlap, conflict and estimated accuracy of every source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from groundswell.core.belief import Beliefs
from groundswell.core.interval import Interval
from groundswell.core.votes import VoteTable


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source's figures over all items.

    Parameters
    ----------
    coverage
        Share of the items that it voted on.
    overlap
        Share of the items that it and another source voted on.
    conflict
        Share of the items where another source voted differently.
    accuracy
        As a fit of beliefs estimates it, with its interval; ``None`` without beliefs or votes.
    n
        Its votes.
    labels
        What it voted, each with its count, commonest first.
    below_chance
        Whether its votes argue against what they say.
    """

    name: str
    kind: str
    coverage: float
    overlap: float
    conflict: float
    accuracy: Interval | None
    n: int
    labels: tuple[tuple[Any, int], ...] = ()
    below_chance: bool = False


def summary(votes: VoteTable, beliefs: Beliefs | None = None) -> list[SourceRow]:
    """One row per source, in the table's order. Linear in the number of votes.

    Coverage, overlap and conflict as in Ratner et al. 2017, doi:10.14778/3157794.3157797.
    """
    n_items = max(votes.n_items, 1)
    ballots = np.zeros((votes.n_items, votes.n_labels), dtype=np.int32)
    np.add.at(ballots, (votes.item, votes.label), 1)
    spoken = ballots.sum(1)
    others = spoken[votes.item] - 1
    against = spoken[votes.item] - ballots[votes.item, votes.label]
    counts = np.bincount(votes.source, minlength=votes.n_sources)
    overlap = np.bincount(votes.source, weights=others > 0, minlength=votes.n_sources)
    conflict = np.bincount(votes.source, weights=against > 0, minlength=votes.n_sources)
    per_label = np.zeros((votes.n_sources, votes.n_labels), dtype=np.int64)
    np.add.at(per_label, (votes.source, votes.label), 1)
    known = {r.source.name: r for r in beliefs.reliability} if beliefs is not None else {}
    rows = []
    for s, info in enumerate(votes.sources):
        ranked = sorted(range(votes.n_labels), key=lambda k, row=per_label[s]: -int(row[k]))  # type: ignore[misc]
        reliability = known.get(info.name)
        rows.append(
            SourceRow(
                name=info.name,
                kind=info.kind,
                coverage=float(counts[s]) / n_items,
                overlap=float(overlap[s]) / n_items,
                conflict=float(conflict[s]) / n_items,
                accuracy=reliability.accuracy if reliability is not None and counts[s] else None,
                n=int(counts[s]),
                labels=tuple((votes.labels[k], int(per_label[s, k])) for k in ranked if per_label[s, k]),
                below_chance=bool(reliability.below_chance) if reliability is not None else False,
            )
        )
    return rows
