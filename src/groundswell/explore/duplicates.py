"""Items that are the same, and texts that are nearly the same."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from groundswell.core.similar import Alike, near, same
from groundswell.explore.base import VIEWS, Subject, View, plain, plural, share, shorten

_SHOWN = 5
_KEPT = 100


@dataclass(frozen=True)
class Group:
    """Items that are alike: their ids, the least similarity that joined them, and the beginning of the first text."""

    items: list[str]
    similarity: float
    text: str

    def to_json(self) -> dict[str, Any]:
        """JSON values."""
        return {"items": self.items, "similarity": round(self.similarity, 4), "text": self.text}


@dataclass(frozen=True)
class Duplicates(View):
    """Groups of equal items and of nearly equal texts, largest first (at most 100 of each are kept).

    ``spare`` counts the items that would go if one of each group of equal ones stayed; ``near_spare`` the same for
    nearly equal ones.
    """

    title = "Duplicates"
    items: int
    n_exact: int
    spare: int
    n_near: int
    near_spare: int
    exact: list[Group]
    near: list[Group]

    @property
    def sentence(self) -> str:
        """How many."""
        if not self.n_exact and not self.n_near:
            return "No item stands there twice."
        said = []
        if self.n_exact:
            said.append(f"{plural(self.spare, 'item')} ({share(self.spare, self.items)}) repeat an earlier one")
        if self.n_near:
            said.append(f"{plural(self.n_near, 'group')} of texts are nearly the same")
        return f"{'; '.join(said)}."

    def data(self) -> dict[str, Any]:
        """Counts and groups."""
        return {
            "items": self.items,
            "exact": {"n": self.n_exact, "spare": self.spare, "groups": [group.to_json() for group in self.exact]},
            "near": {"n": self.n_near, "spare": self.near_spare, "groups": [group.to_json() for group in self.near]},
        }

    def lines(self) -> list[str]:
        """The largest groups."""
        found = []
        for what, groups in (("the same", self.exact), ("nearly the same", self.near)):
            found += [f"{len(group.items):>5,} × {what}: {shorten(group.text, 50)}" for group in groups[:_SHOWN]]
        return found


@VIEWS.register("duplicates")
def duplicates(subject: Subject) -> Duplicates:
    """Compare texts and media; of items with neither, all fields."""
    texts = subject.column("text")
    media = subject.column("media")
    bare = not any(text is not None for text in texts) and not any(name is not None for name in media)
    keys: list[Hashable | None]
    if bare and subject.fields:
        columns = [plain(subject.column(name)) for name in subject.fields]
        keys = list(zip(*columns, strict=True))
    else:
        keys = [None if (a or None) is None and b is None else (a, b) for a, b in zip(texts, media, strict=True)]
    exact = same(keys)
    alike = near(texts, seed=subject.seed)
    ids = subject.ids()

    def groups(found: list[Alike]) -> list[Group]:
        largest = sorted(found, key=lambda a: (-len(a.rows), a.rows))[:_KEPT]
        return [
            Group([ids[row] for row in a.rows], a.similarity, shorten(texts[a.rows[0]] or "", 120)) for a in largest
        ]

    return Duplicates(
        items=len(ids),
        n_exact=len(exact),
        spare=sum(len(a.rows) - 1 for a in exact),
        n_near=len(alike),
        near_spare=sum(len({texts[row] for row in a.rows}) - 1 for a in alike),
        exact=groups(exact),
        near=groups(alike),
    )
