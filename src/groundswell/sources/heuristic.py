"""Heuristic: any Python function from an item to a label or ABSTAIN."""

from __future__ import annotations

import hashlib
import inspect
import math
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, overload

import polars as pl

from groundswell.core.abstain import ABSTAIN
from groundswell.core.errors import GroundswellError, InputError, did_you_mean
from groundswell.core.item import Item
from groundswell.core.source import Kind
from groundswell.sources.base import SOURCES, Context, PerItem, settings


def code_hash(function: Callable[..., Any]) -> str:
    """A hash of a function's source text, or of its compiled code where the text is not to be had.

    Functions that it calls are not followed: rename the source when one of them changes its answers.
    """
    try:
        text = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError):
        code = getattr(function, "__code__", None)
        text = repr((code.co_code, code.co_consts, code.co_names)) if code else repr(function)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@SOURCES.register("heuristic")
class Heuristic(PerItem):
    """A Python function ``item -> label``, ``ABSTAIN`` or ``(label, confidence)``.

    A function that ends without ``return`` abstains. It must depend on the item alone: no chance, no clock.
    Made by :func:`heuristic`; it stays callable.
    """

    type: ClassVar[str] = "heuristic"

    def __init__(
        self,
        name: str,
        function: Callable[[Item], Any],
        *,
        kind: Kind = "rule",
        answers: tuple[str, ...] = (),
        **common: Any,
    ) -> None:
        self.kind = kind
        self.function = function
        self.answers = tuple(answers)
        super().__init__(name, **common)
        if not callable(function):
            raise InputError(f"'{name}' is not a function", where=f"source '{name}'")

    def __call__(self, item: Item) -> Any:
        """What the function says about an item."""
        return self.function(item)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that were announced with it."""
        return self.answers

    def definition(self) -> dict[str, Any]:
        """``function``, its name in ``rules.py``."""
        found: dict[str, Any] = {"function": getattr(self.function, "__name__", self.name)}
        if self.kind != "rule":
            found["kind"] = self.kind
        return found | ({"answers": list(self.answers)} if self.answers else {})

    @property
    def version(self) -> str:
        """A hash of the settings and of the function's text."""
        return hashlib.sha256(f"{super().version}{code_hash(self.function)}".encode()).hexdigest()[:16]

    @classmethod
    def from_config(cls, config: Mapping[str, Any], context: Context) -> Heuristic:
        """The heuristic of that name among the functions of the project's ``rules.py``."""
        given = settings(config, ("name", "function"), ("kind", "answers"))
        where = f"source '{given['name']}'"
        for rule in context.rules.values():
            if isinstance(rule, Heuristic) and given["function"] in (rule.name, rule.definition()["function"]):
                common = {key: given[key] for key in ("group", "trust", "cost") if key in given}
                kind = given.get("kind", rule.kind)
                answers = tuple(given.get("answers", rule.answers))
                return cls(given["name"], rule.function, kind=kind, answers=answers, **common)
        hint = (
            did_you_mean(str(given["function"]), context.rules)
            if context.rules
            else ("Functions come from the project's rules.py, which is run only when code is allowed")
        )
        raise InputError(f"No heuristic '{given['function']}'", where=where, hint=hint)

    def answers_on(self, items: Sequence[Item]) -> pl.DataFrame:
        """See :meth:`Source.vote`. Raises :class:`InputError` where the function fails, naming item and line."""
        given = [self._answer(item) for item in items]
        columns = {
            "item": pl.Series([item.id for item in items], dtype=pl.String),
            "label": pl.Series([label for label, _ in given], dtype=pl.String),
        }
        if any(confidence is not None for _, confidence in given):
            columns["confidence"] = pl.Series([confidence for _, confidence in given], dtype=pl.Float64)
        return pl.DataFrame(columns)

    def _answer(self, item: Item) -> tuple[str | None, float | None]:
        try:
            answer = self.function(item)
        except GroundswellError:
            raise
        except Exception as e:
            raise InputError(
                f"It failed on item '{item.id}'{_line(e)}: {type(e).__name__}: {e}",
                where=f"source '{self.name}'",
                hint="Let it return ABSTAIN where it cannot tell",
            ) from e
        label, confidence = answer if isinstance(answer, tuple) and len(answer) == 2 else (answer, None)
        if label is ABSTAIN or label is None:
            return None, None
        if not isinstance(label, str):
            raise InputError(
                f"It answered {str(label)[:40]!r}, a {type(label).__name__}, on item '{item.id}'",
                where=f"source '{self.name}'",
                hint="Return a label (a text) or ABSTAIN",
            )
        if confidence is None:
            return label, None
        if isinstance(confidence, bool) or not isinstance(confidence, int | float) or not 0 <= confidence <= 1:
            raise InputError(f"Its confidence {confidence!r} is not in 0 to 1", where=f"source '{self.name}'")
        return label, float(confidence) if math.isfinite(confidence) else None


def _line(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f", line {trace.tb_lineno} of {trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}"


@overload
def heuristic(function: Callable[[Item], Any], /) -> Heuristic: ...


@overload
def heuristic(
    *, name: str | None = None, kind: Kind = "rule", answers: tuple[str, ...] = (), **common: Any
) -> Callable[[Callable[[Item], Any]], Heuristic]: ...


def heuristic(
    function: Callable[[Item], Any] | None = None,
    *,
    name: str | None = None,
    kind: Kind = "rule",
    answers: tuple[str, ...] = (),
    **common: Any,
) -> Heuristic | Callable[[Callable[[Item], Any]], Heuristic]:
    """Decorator that makes a function a source.

    Parameters
    ----------
    name
        The function's own by default, with ``_`` as ``-``.
    answers
        The labels that it may answer; checked against the question before it runs if given.

    Examples
    --------
    >>> @heuristic
    ... def long_text(item):
    ...     return "ham" if len(item.text) > 200 else ABSTAIN
    >>> long_text.name, long_text(Item("a", "short"))
    ('long-text', ABSTAIN)
    """

    def wrap(wrapped: Callable[[Item], Any]) -> Heuristic:
        chosen = name or str(getattr(wrapped, "__name__", "heuristic")).strip("_").lower().replace("_", "-")
        return Heuristic(chosen, wrapped, kind=kind, answers=answers, **common)

    return wrap if function is None else wrap(function)
