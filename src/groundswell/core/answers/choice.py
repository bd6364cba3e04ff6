"""Choice: exactly one label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from groundswell.core.answers.base import ANSWERS, AnswerType, check_labels, known_label


@ANSWERS.register("choice")
@dataclass(frozen=True, init=False)
class Choice(AnswerType):
    """Exactly one of the labels. JSON: ``"spam"``.

    ``ordered`` says that the labels form a scale; the distance then counts steps.

    Examples
    --------
    >>> Choice("none", "minor", "dangerous", ordered=True).distance("none", "minor")
    0.5
    """

    name: ClassVar[str] = "choice"
    options: tuple[str, ...]
    ordered: bool

    def __init__(self, *labels: str, ordered: bool = False) -> None:
        object.__setattr__(self, "options", check_labels(labels))
        object.__setattr__(self, "ordered", ordered)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, in the order of their keys."""
        return self.options

    def validate(self, value: Any) -> str:
        """One of the labels."""
        return known_label(value, self.options)

    def distance(self, a: str, b: str) -> float:
        """0 or 1; steps apart over the longest way if ordered."""
        if not self.ordered or len(self.options) < 2:
            return float(a != b)
        return abs(self.options.index(a) - self.options.index(b)) / (len(self.options) - 1)

    def config(self) -> dict[str, Any]:
        """``labels`` and, if true, ``ordered``."""
        return {"labels": list(self.options)} | ({"ordered": True} if self.ordered else {})

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Choice:
        """Inverse of :meth:`config`."""
        return cls(*check_labels(config.get("labels")), ordered=bool(config.get("ordered", False)))
