"""What is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from groundswell.explore.base import FIXED, VIEWS, Subject, View, plural, share, shorten

_SHOWN = 10


@dataclass(frozen=True)
class Missing(View):
    """(field, items without it), most first; fields that every item has are left out."""

    title = "Missing values"
    items: int
    fields: list[tuple[str, int]]

    @property
    def sentence(self) -> str:
        """Where the gaps are."""
        if not self.fields:
            return "Nothing is missing."
        name, n = self.fields[0]
        others = len(self.fields) - 1
        also = f"; {plural(others, 'other field')} {'has' if others == 1 else 'have'} gaps too" if others else ""
        return f"{plural(n, 'item')} ({share(n, self.items)}) have no '{shorten(name, 30)}'{also}."

    def data(self) -> dict[str, Any]:
        """Counts and shares by field."""
        rows = [{"field": name, "missing": n, "share": round(n / self.items, 6)} for name, n in self.fields]
        return {"items": self.items, "fields": rows}

    def lines(self) -> list[str]:
        """One per field with gaps."""
        return [f"{shorten(name, 24):24}  {n:>9,}  {share(n, self.items):>11}" for name, n in self.fields[:_SHOWN]]


@VIEWS.register("missing")
def missing(subject: Subject) -> Missing:
    """Count nulls, and blank texts. A text, picture or group counts as missing only where some item has one."""
    found = []
    for name in subject.items.columns:
        column = subject.items[name]
        gaps = column.null_count()
        if column.dtype.is_float():
            gaps += int(column.is_nan().sum() or 0)
        elif column.dtype == pl.String:
            gaps += int((column.str.strip_chars() == "").sum() or 0)
        if gaps and not (name in FIXED and gaps == len(column)):
            found.append((name, gaps))
    found.sort(key=lambda pair: -pair[1])
    return Missing(len(subject.items), found)
