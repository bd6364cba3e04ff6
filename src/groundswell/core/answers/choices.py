"""Choices: any number of labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from groundswell.core.answers.base import ANSWERS, AnswerType, check_labels, known_label
from groundswell.core.errors import AnswerError


@ANSWERS.register("choices")
@dataclass(frozen=True, init=False)
class Choices(AnswerType):
    """Any of the labels, also none. JSON: ``["beach", "dog"]``, in the question's order.

    Examples
    --------
    >>> tags = Choices("beach", "dog", "car")
    >>> tags.validate(["dog", "beach"])
    ['beach', 'dog']
    >>> round(tags.distance(["beach", "dog"], ["dog"]), 3)
    0.667
    """

    name: ClassVar[str] = "choices"
    options: tuple[str, ...]

    def __init__(self, *labels: str) -> None:
        object.__setattr__(self, "options", check_labels(labels))

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, in the order of their keys."""
        return self.options

    def validate(self, value: Any) -> list[str]:
        """A list of different labels."""
        if not isinstance(value, list | tuple) or len(value) > len(self.options):
            raise AnswerError("The answer must be a list of labels, each at most once")
        chosen = {known_label(label, self.options) for label in value}
        if len(chosen) < len(value):
            raise AnswerError("A label is given twice")
        return [label for label in self.options if label in chosen]

    def distance(self, a: list[str], b: list[str]) -> float:
        """MASI (Passonneau 2006): 1 − Jaccard × monotonicity (1 equal, 2/3 subset, 1/3 overlap, 0 disjoint)."""
        left, right = set(a), set(b)
        if left == right:
            return 0.0
        common = left & right
        if not common:
            return 1.0
        monotone = 2 / 3 if left <= right or right <= left else 1 / 3
        return 1.0 - len(common) / len(left | right) * monotone

    def config(self) -> dict[str, Any]:
        """``labels``."""
        return {"labels": list(self.options)}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Choices:
        """Inverse of :meth:`config`."""
        return cls(*check_labels(config.get("labels")))
