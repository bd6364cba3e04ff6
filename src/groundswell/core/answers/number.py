"""Number: a rating, a rate, a measurement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from groundswell.core.answers.base import ANSWERS, AnswerType, finite
from groundswell.core.errors import AnswerError, InputError


@ANSWERS.register("number")
@dataclass(frozen=True)
class Number(AnswerType):
    """A finite number, within bounds if given. JSON: ``3.5``.

    Examples
    --------
    >>> Number(0, 10).distance(2, 7)
    0.5
    """

    name: ClassVar[str] = "number"
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None

    def __post_init__(self) -> None:
        if self.minimum is not None and self.maximum is not None and not self.minimum < self.maximum:
            raise InputError(f"The minimum {self.minimum} is not below the maximum {self.maximum}")
        if self.step is not None and not self.step > 0:
            raise InputError(f"The step {self.step} is not above 0")

    def validate(self, value: Any) -> float:
        """A finite number within the bounds."""
        number = finite(value, "The answer")
        low, high = self.minimum, self.maximum
        if (low is not None and number < low) or (high is not None and number > high):
            raise AnswerError(
                f"{number:g} is outside {'-∞' if low is None else f'{low:g}'} to {'∞' if high is None else f'{high:g}'}"
            )
        return number

    def distance(self, a: float, b: float) -> float:
        """The difference, over the range where both bounds are known."""
        if self.minimum is None or self.maximum is None:
            return abs(a - b)
        return abs(a - b) / (self.maximum - self.minimum)

    def config(self) -> dict[str, Any]:
        """``minimum``, ``maximum`` and ``step`` as far as they are set."""
        settings = {"minimum": self.minimum, "maximum": self.maximum, "step": self.step}
        return {name: value for name, value in settings.items() if value is not None}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Number:
        """Inverse of :meth:`config`."""
        found = {}
        for name in ("minimum", "maximum", "step"):
            if config.get(name) is not None:
                try:
                    found[name] = finite(config[name], name)
                except AnswerError as e:
                    raise InputError(str(e)) from None
        return cls(**found)
