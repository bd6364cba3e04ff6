"""Text: a translation, a summary, a correction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from groundswell.core.answers.base import ANSWERS, AnswerType
from groundswell.core.errors import AnswerError, InputError


@ANSWERS.register("text")
@dataclass(frozen=True)
class Text(AnswerType):
    """Free text. JSON: ``"…"``, at most ``longest`` code points.

    Examples
    --------
    >>> round(Text().distance("a good day", "a good way"), 2)
    0.54
    """

    name: ClassVar[str] = "text"
    longest: int = 100_000

    def validate(self, value: Any) -> str:
        """A text without NUL or lone surrogates."""
        if not isinstance(value, str):
            raise AnswerError(f"The answer must be a text, not {type(value).__name__}")
        if len(value) > self.longest:
            raise AnswerError(f"The text has {len(value):,} characters", hint=f"At most {self.longest:,}")
        if "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
            raise AnswerError("The text holds a NUL or half a surrogate pair")
        return value

    def distance(self, a: str, b: str) -> float:
        """1 − chrF, symmetric: mean F1 of character n-grams of 1 to 6 without blanks (after Popović 2015)."""
        if a == b:
            return 0.0
        left, right = "".join(a.split()), "".join(b.split())
        scores = []
        for n in range(1, 7):
            x = Counter(left[i : i + n] for i in range(len(left) - n + 1))
            y = Counter(right[i : i + n] for i in range(len(right) - n + 1))
            total = x.total() + y.total()
            if total:
                scores.append(2 * (x & y).total() / total)
        return 1.0 - sum(scores) / len(scores) if scores else 0.0

    def config(self) -> dict[str, Any]:
        """``longest``."""
        return {"longest": self.longest}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Text:
        """Inverse of :meth:`config`."""
        longest = config.get("longest", 100_000)
        if not isinstance(longest, int) or isinstance(longest, bool) or longest < 1:
            raise InputError(f"longest = {longest!r} is not a whole number above 0")
        return cls(longest)
