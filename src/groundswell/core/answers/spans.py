"""Spans: labelled stretches of a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from groundswell.core.answers.base import ANSWERS, AnswerType, check_labels, known_label
from groundswell.core.errors import AnswerError

MAX_SPANS = 100_000


@ANSWERS.register("spans")
@dataclass(frozen=True, init=False)
class Spans(AnswerType):
    """Labelled stretches of the text; may overlap. JSON: ``[{"start", "end", "label"}]`` in code points, end excluded.

    Examples
    --------
    >>> Spans("PER", "ORG").validate([{"start": 3, "end": 7, "label": "ORG"}])
    [{'start': 3, 'end': 7, 'label': 'ORG'}]
    """

    name: ClassVar[str] = "spans"
    options: tuple[str, ...]

    def __init__(self, *labels: str) -> None:
        object.__setattr__(self, "options", check_labels(labels))

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, in the order of their keys."""
        return self.options

    def validate(self, value: Any) -> list[dict[str, Any]]:
        """A list of spans, sorted by start, end and label; extra fields other than ``id`` are refused."""
        if not isinstance(value, list) or len(value) > MAX_SPANS:
            raise AnswerError(f"The answer must be a list of at most {MAX_SPANS:,} spans")
        found = []
        for span in value:
            if not isinstance(span, Mapping) or not {"start", "end", "label"} <= set(span) <= {
                "start",
                "end",
                "label",
                "id",
            }:
                raise AnswerError("A span has the fields start, end, label and perhaps id")
            start, end = span["start"], span["end"]
            if any(isinstance(x, bool) or not isinstance(x, int) for x in (start, end)) or not 0 <= start < end < 2**31:
                raise AnswerError(f"A span from {start!r} to {end!r}", hint="Code points, 0 ≤ start < end")
            found.append(
                {"start": start, "end": end, "label": known_label(span["label"], self.options)}
                | ({"id": str(span["id"])[:64]} if "id" in span else {})
            )
        return sorted(found, key=lambda s: (s["start"], s["end"], s["label"]))

    def check_text(self, value: list[dict[str, Any]], text: str) -> None:
        """No span may end past the text.

        Examples
        --------
        >>> Spans("PER").check_text([{"start": 0, "end": 9, "label": "PER"}], "Ada")
        Traceback (most recent call last):
        groundswell.core.errors.AnswerError: A span ends at 9, the text has 3 code points
        """
        last = max((span["end"] for span in value), default=0)
        if last > len(text):
            raise AnswerError(f"A span ends at {last:,}, the text has {len(text):,} code points")

    def distance(self, a: list[dict[str, Any]], b: list[dict[str, Any]]) -> float:
        """1 − F1 of exact spans with labels; 0 if both are empty."""
        left = {(s["start"], s["end"], s["label"]) for s in a}
        right = {(s["start"], s["end"], s["label"]) for s in b}
        return 1.0 - 2 * len(left & right) / (len(left) + len(right)) if left or right else 0.0

    def config(self) -> dict[str, Any]:
        """``labels``."""
        return {"labels": list(self.options)}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Spans:
        """Inverse of :meth:`config`."""
        return cls(*check_labels(config.get("labels")))
