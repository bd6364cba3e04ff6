"""Pattern: a regular expression, run in linear time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

import polars as pl

from groundswell.core.errors import InputError
from groundswell.sources.base import SOURCES, Condition, Context, settings

LONGEST = 10_000
_HINTS = {
    "look-around": "This engine takes time linear in the text and therefore knows no look-ahead or look-behind; "
    "use two patterns, or a search with AND NOT",
    "backreferences": "This engine takes time linear in the text and therefore knows no back-references",
    "unclosed group": r"Close the bracket, or write \( for a bracket in the text",
    "unopened group": r"Open the bracket, or write \) for a bracket in the text",
    "unclosed character class": r"Close the [, or write \[ for one in the text",
    "repetition operator missing": r"Nothing stands before it to repeat; write \* or \+ or \? for the sign itself",
    "unrecognized escape": "Write the letter without the backslash",
    "size limit": "Use smaller counts in { }",
    "unrecognized flag": "Known flags: i, m, s, x, U, u, R",
    "nest limit": "Use fewer brackets within brackets",
}


def check_regex(pattern: str, where: str) -> str:
    """``pattern`` if the engine (Rust's regex, https://docs.rs/regex) can run it.

    Raises
    ------
    InputError
        With the position of the fault, counted from 1, and the reason.

    Examples
    --------
    >>> check_regex("(win|prize", "source 'prize'")
    Traceback (most recent call last):
    groundswell.core.errors.InputError: source 'prize': The pattern fails at position 1: unclosed group.
        Close the bracket, or write \\( for a bracket in the text
    """
    if not isinstance(pattern, str) or not pattern:
        raise InputError("The pattern is not a text", where=where)
    if len(pattern) > LONGEST:
        raise InputError(
            f"The pattern has {len(pattern):,} characters",
            where=where,
            hint=f"At most {LONGEST:,}; a lookup takes lists",
        )
    try:
        pl.select(pl.lit("").str.contains(pattern, strict=True))
    except pl.exceptions.ComputeError as e:
        said = str(e).split("\n\nThis error occurred")[0]
    else:
        return pattern
    reason = _reason(said)
    hint = next((hint for key, hint in _HINTS.items() if key in said), None)
    position = _position(said, pattern)
    at = f" at position {position}" if position else ""
    raise InputError(f"The pattern fails{at}: {reason}", where=where, hint=hint)


def _reason(said: str) -> str:
    found = re.search(r"^error: (.+)$", said, re.MULTILINE)
    text = found[1] if found else said.removeprefix("regex error: ").strip()
    return text.split(", including")[0].rstrip(".").replace("Compiled regex", "it")


def _position(said: str, pattern: str) -> int | None:
    """The column under the engine's first caret, as a position in the whole pattern; ``None`` if it gives none."""
    before: list[str] = []
    for line in said.split("\n"):
        if line.strip() and not line.strip(" ^"):
            numbered = re.match(r"\s*(\d+): ", before[-1])
            column = line.index("^") - (numbered.end() if numbered else 4)
            row = int(numbered[1]) if numbered else 1
            skipped = sum(len(one) + 1 for one in pattern.split("\n")[: row - 1])
            return skipped + column + 1
        before.append(line)
    return None


@SOURCES.register("pattern")
class Pattern(Condition):
    """Votes ``answer`` where a regular expression is found in the text.

    Parameters
    ----------
    pattern
        In the syntax of Rust's regex: no look-around, no back-references, time linear in the text.
    ignore_case
        ``PRIZE`` is ``prize``.
    field
        Which field of the items is read.

    Examples
    --------
    >>> items = pl.DataFrame({"item": ["a", "b"], "text": ["A DEEP hole", "a crack"]})
    >>> Pattern("deep", r"deep|wheel", answer="dangerous").vote(items)["label"].to_list()
    ['dangerous', None]
    """

    type: ClassVar[str] = "pattern"

    def __init__(
        self, name: str, pattern: str, *, answer: str, field: str = "text", ignore_case: bool = True, **common: Any
    ) -> None:
        super().__init__(name, answer, field=field, **common)
        self.pattern = check_regex(pattern, f"source '{name}'")
        self.ignore_case = bool(ignore_case)
        self._run = check_regex(f"(?i){pattern}", f"source '{name}'") if ignore_case else pattern

    def definition(self) -> dict[str, Any]:
        """``pattern``, ``answer``, ``field``, ``ignore_case``."""
        return {
            "pattern": self.pattern,
            "answer": self.answer,
            "field": self.field,
            "ignore_case": self.ignore_case,
        }

    @classmethod
    def from_config(cls, config: Mapping[str, Any], context: Context) -> Pattern:  # noqa: ARG003
        """Inverse of :meth:`config`."""
        return cls(**settings(config, ("name", "pattern", "answer"), ("field", "ignore_case")))

    def holds(self, text: pl.Expr) -> pl.Expr:
        """Whether the pattern is found."""
        return text.str.contains(self._run)
