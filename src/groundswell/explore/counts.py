"""How many items there are, and what they are."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from groundswell.explore.base import VIEWS, Subject, View, plural


@dataclass(frozen=True)
class Counts(View):
    """Items; those with text and with media; characters in all; groups; metadata fields."""

    title = "Items"
    items: int
    texts: int
    media: int
    characters: int
    groups: int
    fields: int

    @property
    def sentence(self) -> str:
        """What there is."""
        if not self.items:
            return "There are no items yet."
        kinds = [plural(n, noun) for n, noun in ((self.texts, "text"), (self.media, "picture")) if n]
        kinds = kinds or [plural(self.items, "table row")]
        extra = f", each with {plural(self.fields, 'further field')}" if self.fields else ""
        groups = f", in {plural(self.groups, 'group')}" if self.groups else ""
        return f"{' and '.join(kinds)}{extra}{groups}."

    def data(self) -> dict[str, Any]:
        """The counts."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Nothing beyond the sentence."""
        return []


@VIEWS.register("counts")
def counts(subject: Subject) -> Counts:
    """Count."""
    texts = [text for text in subject.column("text") if text and not text.isspace()]
    groups = {group for group in subject.column("group") if group is not None}
    return Counts(
        items=len(subject.items),
        texts=len(texts),
        media=sum(media is not None for media in subject.column("media")),
        characters=sum(map(len, texts)),
        groups=len(groups),
        fields=len(subject.fields),
    )
