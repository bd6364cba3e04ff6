"""Question: what is asked of every item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from groundswell.core.answers import AnswerType, answer_type
from groundswell.core.errors import InputError
from groundswell.core.ids import check_name, digest


@dataclass(frozen=True, slots=True)
class Example:
    """An item with its right answer and why, shown with the instructions."""

    text: str
    answer: Any
    why: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every item.

    A changed question is a new version; votes stay readable under the version that they answered.
    ``suggestions`` says whether other sources' answers are shown beforehand: ``off``, ``on request`` or ``pre-filled``.
    ``overlap`` is how many people should answer each item.
    """

    name: str
    answer: AnswerType
    text: str = ""
    instructions: str = ""
    examples: tuple[Example, ...] = ()
    suggestions: str = "off"
    overlap: int = 1
    version: int = 1

    def __post_init__(self) -> None:
        check_name(self.name, "question")
        if self.suggestions not in ("off", "on request", "pre-filled"):
            raise InputError(f"suggestions = '{self.suggestions}'", hint="Use off, on request or pre-filled")
        if not 1 <= self.overlap <= 1000:
            raise InputError(f"overlap = {self.overlap}", hint="Between 1 and 1000 people an item")

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of its answer type."""
        return self.answer.labels

    def config(self) -> dict[str, Any]:
        """The settings as ``groundswell.toml`` holds them, without name and version."""
        return {
            "answer": self.answer.name,
            **self.answer.config(),
            "text": self.text,
            "instructions": self.instructions,
            "examples": [{"text": e.text, "answer": e.answer, "why": e.why} for e in self.examples],
            "suggestions": self.suggestions,
            "overlap": self.overlap,
        }

    @property
    def hash(self) -> str:
        """Of everything but the version number."""
        return digest(self.config())

    @classmethod
    def from_config(cls, name: str, config: Mapping[str, Any], version: int = 1) -> Question:
        """Inverse of :meth:`config`. Raises :class:`InputError` on settings that make no sense."""
        if "answer" not in config:
            raise InputError(f"The question '{name}' has no answer type", hint='For example answer = "choice"')
        answer = answer_type(str(config["answer"]), config)
        examples = []
        for example in config.get("examples", ()):
            if not isinstance(example, Mapping) or "text" not in example or "answer" not in example:
                raise InputError(f"An example of the question '{name}' lacks its text or its answer")
            examples.append(
                Example(str(example["text"]), answer.validate(example["answer"]), str(example.get("why", "")))
            )
        return cls(
            name=name,
            answer=answer,
            text=str(config.get("text", "")),
            instructions=str(config.get("instructions", "")),
            examples=tuple(examples),
            suggestions=str(config.get("suggestions", "off")),
            overlap=int(config.get("overlap", 1)),
            version=version,
        )
