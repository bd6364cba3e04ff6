"""What a view is: something worth seeing in the items, as plain data and as text for a terminal."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

import polars as pl

from groundswell.core.ids import canonical
from groundswell.core.registry import Registry

FIXED = ("item", "text", "media", "group")


@dataclass(frozen=True)
class Subject:
    """What is looked at.

    ``items`` has the columns item, text, media, group and one per metadata field. ``features`` is ``(n_items, d)``,
    dense or sparse. ``labels`` has ``n_items`` entries, null where nobody has said anything.
    """

    items: pl.DataFrame
    features: Any = None
    labels: pl.Series | None = None
    seed: int = 0

    def column(self, name: str) -> list[Any]:
        """A column as a list; all ``None`` where the frame has no such column."""
        return self.items[name].to_list() if name in self.items.columns else [None] * len(self.items)

    def ids(self) -> list[str]:
        """The ids of the items."""
        return [str(name) for name in self.column("item")]

    @property
    def fields(self) -> list[str]:
        """Names of the metadata columns."""
        return [name for name in self.items.columns if name not in FIXED]


class View(ABC):
    """One view. ``sentence`` is what a person should take from it, in plain words."""

    title: ClassVar[str]

    @property
    @abstractmethod
    def sentence(self) -> str:
        """One plain sentence."""

    @abstractmethod
    def data(self) -> dict[str, Any]:
        """JSON values."""

    @abstractmethod
    def lines(self) -> list[str]:
        """For a terminal of 80 columns, without title and sentence."""

    def to_json(self) -> dict[str, Any]:
        """Title, sentence and data: JSON values only."""
        return {"title": self.title, "sentence": self.sentence, **self.data()}

    def to_text(self) -> str:
        """For a terminal of 80 columns."""
        return "\n".join([self.title, f"  {self.sentence}", *(f"  {line}" for line in self.lines())])


Maker: TypeAlias = Callable[[Subject], View | None]
VIEWS: Registry[Maker] = Registry("view", "groundswell.explore")


def plain(values: Sequence[Any]) -> list[Any]:
    """Values that can be counted: lists and records become their JSON."""
    return [canonical(value) if isinstance(value, list | dict) else value for value in values]


def number(value: float) -> str:
    """A figure for people: thousands separated, no more digits than help.

    Examples
    --------
    >>> number(12345.0), number(0.12345), number(12.345)
    ('12,345', '0.123', '12.3')
    """
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.1f}" if abs(value) >= 10 else f"{value:.3g}"


def share(part: int, whole: int) -> str:
    """A percentage, never 0 or 100 unless it is so.

    Examples
    --------
    >>> share(1, 10_000), share(9_999, 10_000), share(0, 5), share(1, 3)
    ('under 0.1 %', 'over 99.9 %', '0 %', '33.3 %')
    """
    if whole == 0 or part == 0:
        return "0 %"
    if part == whole:
        return "100 %"
    per_cent = 100 * part / whole
    if per_cent < 0.1:
        return "under 0.1 %"
    return "over 99.9 %" if per_cent > 99.9 else f"{per_cent:.1f} %"


def bar(part: float, whole: float, width: int = 30) -> str:
    """A horizontal bar of eighths of characters.

    Examples
    --------
    >>> bar(1, 4, 4), bar(1, 1, 2)
    ('█', '██')
    """
    if whole <= 0 or part <= 0:
        return ""
    eighths = max(1, round(8 * width * min(part / whole, 1.0)))
    return "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()


def shorten(text: str, width: int) -> str:
    """One line of at most ``width`` characters, without control characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * width]).split())
    return line if len(line) <= width and len(text) <= 4 * width else line[: width - 1] + "…"


def plural(n: int, noun: str) -> str:
    """A count with its noun.

    Examples
    --------
    >>> plural(1, "item"), plural(2000, "item")
    ('1 item', '2,000 items')
    """
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
