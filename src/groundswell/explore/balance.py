"""How often each answer is given, as far as known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from groundswell.explore.base import VIEWS, Subject, View, bar, plural, share, shorten

_RARE = 0.05
_SHOWN = 20


@dataclass(frozen=True)
class Balance(View):
    """(label, items), commonest first; ``unknown`` items have no label yet."""

    title = "Class balance, as known so far"
    items: int
    unknown: int
    labels: list[tuple[str, int]]

    @property
    def sentence(self) -> str:
        """The commonest and the rarest, and what it means for measuring."""
        known = self.items - self.unknown
        if not known:
            return "No item has an answer yet."
        name, n = self.labels[0]
        said = f"'{shorten(name, 30)}' is the commonest answer: {share(n, known)} of {plural(known, 'item')}"
        rare, few = self.labels[-1]
        if len(self.labels) > 1 and few < _RARE * known:
            said += f"; '{shorten(rare, 30)}' is rare ({share(few, known)}), so accuracy alone would mislead"
        return f"{said}."

    def data(self) -> dict[str, Any]:
        """Counts and shares of the items with a label."""
        known = max(self.items - self.unknown, 1)
        rows = [{"label": name, "n": n, "share": round(n / known, 6)} for name, n in self.labels]
        return {"items": self.items, "unknown": self.unknown, "labels": rows}

    def lines(self) -> list[str]:
        """A bar for each label."""
        most = self.labels[0][1] if self.labels else 1
        rows = [(name, n) for name, n in self.labels[:_SHOWN]] + ([("not known", self.unknown)] if self.unknown else [])
        return [f"{shorten(name, 20):20}  {bar(n, max(most, self.unknown), 30):30} {n:>9,}" for name, n in rows]


@VIEWS.register("balance")
def balance(subject: Subject) -> Balance | None:
    """Count the labels; nothing where none were given."""
    if subject.labels is None:
        return None
    counted = Counter(str(label) for label in subject.labels.to_list() if label is not None)
    rows = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return Balance(len(subject.labels), int(subject.labels.null_count()), rows)
