"""The sparse vote matrix: integer codes, the only thing a belief model sees."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from groundswell.core.errors import InputError
from groundswell.core.source import SourceInfo

Ints: TypeAlias = npt.NDArray[np.int32]
Codes: TypeAlias = npt.NDArray[np.int16]
Floats: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True)
class VoteTable:
    """Who said what about which item, as integer codes sorted by item.

    Parameters
    ----------
    items
        ``(n_items,)`` ids; items without a vote included.
    sources
        ``(n_sources,)``.
    labels
        ``(n_labels,)``, of any hashable type.
    item, source, label
        ``(n_votes,)`` codes into the above: int32, int32, int16; sorted by item. Only real votes stand here:
        the silence of a source with ``saw="all"`` is an abstention without a row.
    gold
        ``(n_items,)`` codes of known answers, negative where unknown; ``None`` if none is known.
    features
        ``(n_items, d)`` dense or sparse, or ``None``: lets beliefs cover items on which no source spoke.
    soft
        ``(n_votes, n_labels)``, rows sum to 1: votes that are distributions (a model's) or sets ("not class k":
        spread over the rest). A row of zeros is a plain vote for its ``label``. ``None``: all votes are plain.
    """

    items: Sequence[Hashable]
    sources: Sequence[SourceInfo]
    labels: Sequence[Hashable]
    item: Ints
    source: Ints
    label: Codes
    gold: Codes | None = None
    features: Any = field(default=None, compare=False)
    soft: Floats | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        n = len(self.item)
        if len(self.source) != n or len(self.label) != n:
            raise InputError("item, source and label differ in length")
        if n and (np.diff(self.item) < 0).any():
            raise InputError("The votes are not sorted by item", hint="Use VoteTable.build")
        for codes, limit, what in (
            (self.item, len(self.items), "item"),
            (self.source, len(self.sources), "source"),
            (self.label, len(self.labels), "label"),
        ):
            if n and (codes.min() < 0 or codes.max() >= limit):
                raise InputError(f"A {what} code is outside 0 to {limit - 1}")
        if self.gold is not None and (
            len(self.gold) != len(self.items) or self.gold.max(initial=-1) >= len(self.labels)
        ):
            raise InputError("gold does not fit the items or the labels")
        if self.soft is not None:
            self._check_soft(self.soft)

    def _check_soft(self, soft: Floats) -> None:
        if soft.shape != (len(self.item), len(self.labels)):
            raise InputError(f"soft has shape {soft.shape}, not ({len(self.item)}, {len(self.labels)})")
        sums = soft.sum(1)
        if not np.isfinite(sums).all() or (soft < 0).any() or (np.minimum(abs(sums), abs(sums - 1)) > 1e-6).any():
            raise InputError("A row of soft is no distribution", hint="Rows are ≥ 0 and sum to 1, or are all zero")

    @classmethod
    def build(
        cls,
        items: Sequence[Hashable],
        sources: Sequence[SourceInfo],
        labels: Sequence[Hashable],
        item: npt.ArrayLike,
        source: npt.ArrayLike,
        label: npt.ArrayLike,
        gold: npt.ArrayLike | None = None,
        features: Any = None,
        soft: npt.ArrayLike | None = None,
    ) -> VoteTable:
        """A table from codes in any order (stable sort by item, then source).

        Examples
        --------
        >>> ada, deep = SourceInfo("ada", kind="person"), SourceInfo("deep", kind="rule", saw="all")
        >>> votes = VoteTable.build(["a", "b"], [ada, deep], ["no", "yes"], [1, 0, 1], [1, 0, 0], [1, 0, 1])
        >>> votes.item.tolist(), votes.source.tolist(), votes.starts().tolist()
        ([0, 1, 1], [0, 0, 1], [0, 1, 3])
        """
        i, s, y = (np.asarray(x) for x in (item, source, label))
        order = np.lexsort((s, i))
        return cls(
            items,
            sources,
            labels,
            i[order].astype(np.int32),
            s[order].astype(np.int32),
            y[order].astype(np.int16),
            None if gold is None else np.asarray(gold).astype(np.int16),
            features,
            None if soft is None else np.asarray(soft, dtype=np.float64)[order],
        )

    @property
    def n_items(self) -> int:
        """Items, also those without a vote."""
        return len(self.items)

    @property
    def n_sources(self) -> int:
        """Sources."""
        return len(self.sources)

    @property
    def n_labels(self) -> int:
        """Labels."""
        return len(self.labels)

    @property
    def n_votes(self) -> int:
        """Votes, abstentions not counted."""
        return len(self.item)

    def starts(self) -> npt.NDArray[np.int64]:
        """``(n_items + 1,)``: the votes of item i stand at ``starts[i]:starts[i + 1]``."""
        known: npt.NDArray[np.int64] | None = self.__dict__.get("_starts")
        if known is None:
            known = np.searchsorted(self.item, np.arange(self.n_items + 1)).astype(np.int64)
            object.__setattr__(self, "_starts", known)
        return known

    def take(self, rows: npt.ArrayLike) -> VoteTable:
        """The table of some items only, in increasing order; sources and labels stay.

        Examples
        --------
        >>> one = SourceInfo("ada")
        >>> votes = VoteTable.build(["a", "b", "c"], [one], ["no", "yes"], [0, 1, 2], [0, 0, 0], [1, 0, 1])
        >>> small = votes.take([0, 2])
        >>> list(small.items), small.label.tolist()
        (['a', 'c'], [1, 1])
        """
        kept = np.unique(np.asarray(rows, dtype=np.int64))
        place = np.full(self.n_items, -1, np.int32)
        place[kept] = np.arange(len(kept), dtype=np.int32)
        mine = place[self.item] >= 0
        return VoteTable(
            [self.items[row] for row in kept.tolist()],
            self.sources,
            self.labels,
            place[self.item[mine]],
            self.source[mine],
            self.label[mine],
            None if self.gold is None else self.gold[kept],
            None if self.features is None else self.features[kept],
            None if self.soft is None else self.soft[mine],
        )
