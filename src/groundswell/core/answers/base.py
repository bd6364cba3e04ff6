"""What every answer type can do."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from groundswell.core.errors import AnswerError, InputError
from groundswell.core.registry import Registry

MAX_LABELS = 10_000
MAX_LABEL_LENGTH = 200


class AnswerType(ABC):
    """The type of the answers to a question. Subclasses are frozen dataclasses, registered by name.

    Two types are equal if their ``config()`` is.
    """

    name: ClassVar[str]

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels an answer is made of; empty where there are none."""
        return ()

    @abstractmethod
    def validate(self, value: Any) -> Any:
        """Return ``value`` in its normal form.

        Raises
        ------
        AnswerError
            If it is no answer to such a question.
        """

    def check_text(self, value: Any, text: str) -> None:  # noqa: B027 - most answers do not point into the text
        """Refuse a valid ``value`` that does not fit the item's own text.

        Raises
        ------
        AnswerError
            If it points outside of ``text``.
        """

    @abstractmethod
    def distance(self, a: Any, b: Any) -> float:
        """How different two valid answers are, 0 (the same) to 1; unbounded for numbers without a range."""

    @abstractmethod
    def config(self) -> dict[str, Any]:
        """The settings as ``groundswell.toml`` holds them, without the type's name."""

    @classmethod
    @abstractmethod
    def from_config(cls, config: Mapping[str, Any]) -> AnswerType:
        """The inverse of :meth:`config`. Raises :class:`InputError` on settings that make no sense."""


ANSWERS: Registry[type[AnswerType]] = Registry("answer type", "groundswell.core.answers")


def answer_type(name: str, config: Mapping[str, Any]) -> AnswerType:
    """The answer type ``name`` with its settings.

    Examples
    --------
    >>> answer_type("choice", {"labels": ["spam", "ham"]}).labels
    ('spam', 'ham')
    """
    return ANSWERS[name].from_config(config)


def check_labels(labels: Any) -> tuple[str, ...]:
    """``labels`` as a tuple: 2 to 10,000 different texts of 1 to 200 characters.

    Raises
    ------
    InputError
        If they are anything else.
    """
    if not isinstance(labels, list | tuple) or not all(isinstance(label, str) for label in labels):
        raise InputError("Labels must be a list of texts", hint='For example labels = ["spam", "ham"]')
    found = tuple(label.strip() for label in labels)
    if not 1 <= len(found) <= MAX_LABELS:
        raise InputError(f"{len(found)} labels", hint=f"Give 1 to {MAX_LABELS:,}")
    if any(not 1 <= len(label) <= MAX_LABEL_LENGTH for label in found):
        raise InputError("A label is empty or longer than 200 characters")
    twice = {label for label in found if found.count(label) > 1} if len(set(found)) < len(found) else set()
    if twice:
        raise InputError(f"The label '{min(twice)}' is given twice")
    return found


def finite(value: Any, what: str) -> float:
    """``value`` as a float. Raises :class:`AnswerError` unless it is a finite number (a truth value is none)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise AnswerError(f"{what} must be a number, not {type(value).__name__}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise AnswerError(f"{what} must be a finite number")
    return number


def known_label(value: Any, labels: tuple[str, ...]) -> str:
    """``value`` if it is one of ``labels``. Raises :class:`AnswerError` otherwise."""
    if not isinstance(value, str) or value not in labels:
        listed = ", ".join(labels[:12]) + (", …" if len(labels) > 12 else "")
        raise AnswerError(f"{str(value)[:80]!r} is not a label of this question", hint=f"Labels: {listed}")
    return value
