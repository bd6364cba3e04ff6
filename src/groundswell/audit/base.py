"""What a check is: evidence in, findings out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from groundswell.core.belief import Beliefs
from groundswell.core.errors import InputError
from groundswell.core.finding import Finding
from groundswell.core.registry import Registry

FIXED = ("item", "text", "media", "group")
Codes: TypeAlias = npt.NDArray[np.intp]
Floats: TypeAlias = npt.NDArray[np.float64]

_TOLD = 1e-6


@dataclass(frozen=True)
class Case:
    """All that is known.

    Parameters
    ----------
    items
        Columns item, text, media, group and one per metadata field; ``n_items`` rows.
    beliefs
        About these items, in any order.
    votes
        People's effective votes: columns item, source and either label (text) or answer (JSON).
    model_probabilities
        ``(n_items, n_labels)`` in the order of the items and of ``beliefs.labels``, from a model that did not see
        the item.
    """

    items: pl.DataFrame
    beliefs: Beliefs | None = None
    votes: pl.DataFrame | None = None
    model_probabilities: Floats | None = None
    seed: int = 0

    @cached_property
    def ids(self) -> list[str]:
        """``(n_items,)``."""
        return [str(name) for name in self.items["item"].to_list()]

    @cached_property
    def texts(self) -> list[str | None]:
        """``(n_items,)``."""
        return self.column("text")

    def column(self, name: str) -> list[Any]:
        """A column as a list; all ``None`` where the frame has no such column."""
        return self.items[name].to_list() if name in self.items.columns else [None] * len(self.items)

    @property
    def fields(self) -> list[str]:
        """Names of the metadata columns."""
        return [name for name in self.items.columns if name not in FIXED]

    @cached_property
    def labels(self) -> list[str]:
        """``(n_labels,)``, as text."""
        return [str(label) for label in self.beliefs.labels] if self.beliefs is not None else []

    @cached_property
    def believed(self) -> Floats | None:
        """``(n_items, n_labels)`` in the order of the items; rows of zeros for items without a belief."""
        if self.beliefs is None:
            return None
        row = {str(name): n for n, name in enumerate(self.beliefs.items)}
        at = np.array([row.get(name, -1) for name in self.ids], np.intp)
        found = np.zeros((len(at), len(self.labels)))
        found[at >= 0] = self.beliefs.probabilities[at[at >= 0]]
        return found

    @cached_property
    def believed_codes(self) -> Codes:
        """``(n_items,)`` likeliest label; -1 where nobody has said anything, so that only the class balance speaks."""
        if self.believed is None or self.beliefs is None or not len(self.labels):
            return np.full(len(self.ids), -1, np.intp)
        silent = np.abs(self.believed - self.beliefs.prior).max(1) < _TOLD
        silent |= self.believed.sum(1) == 0
        return np.where(silent, -1, self.believed.argmax(1))

    @cached_property
    def answers(self) -> list[tuple[int, str, int]]:
        """People's answers as (row, who, code); those on unknown items or with unknown labels left out."""
        if self.votes is None or self.beliefs is None or not len(self.votes):
            return []
        row = {name: n for n, name in enumerate(self.ids)}
        code = {label: n for n, label in enumerate(self.labels)}
        found = []
        named = zip(self.votes["item"].to_list(), self.votes["source"].to_list(), _labels(self.votes), strict=True)
        for item, source, label in named:
            if str(item) in row and label in code:
                found.append((row[str(item)], str(source), code[label]))
        return found

    @cached_property
    def answered_codes(self) -> Codes:
        """``(n_items,)`` the label that most people gave; -1 where nobody answered or they are tied."""
        counts: dict[int, dict[int, int]] = {}
        for row, _, code in self.answers:
            held = counts.setdefault(row, {})
            held[code] = held.get(code, 0) + 1
        codes = np.full(len(self.ids), -1, np.intp)
        for row, held in counts.items():
            most = max(held.values())
            best = [code for code, n in held.items() if n == most]
            codes[row] = best[0] if len(best) == 1 else -1
        return codes

    @cached_property
    def given(self) -> Codes:
        """``(n_items,)`` the label in force: what people answered, else what is believed; -1 where nothing is."""
        return np.where(self.answered_codes >= 0, self.answered_codes, self.believed_codes)

    def who(self, row: int) -> list[str]:
        """Who answered an item."""
        return self._voters.get(row, [])

    @cached_property
    def _voters(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for row, source, _ in self.answers:
            found.setdefault(row, []).append(source)
        return found


def _labels(votes: pl.DataFrame) -> list[str | None]:
    if "label" in votes.columns:
        return [None if label is None else str(label) for label in votes["label"].to_list()]
    if "answer" not in votes.columns:
        raise InputError("The votes have neither a column label nor a column answer")
    return [_label(answer) for answer in votes["answer"].to_list()]


def _label(answer: str | None) -> str | None:
    if answer is None:
        return None
    try:
        value = json.loads(answer)
    except ValueError:
        return answer
    return value if isinstance(value, str) else json.dumps(value)


Check: TypeAlias = Callable[[Case], list[Finding]]
CHECKS: Registry[Check] = Registry("check", "groundswell.audit")


def per_cent(share: float) -> str:
    """A share of 1 in words for people, never 0 or 100 unless it is so.

    Examples
    --------
    >>> per_cent(0.123), per_cent(0.9999), per_cent(1.0)
    ('12 %', 'over 99 %', '100 %')
    """
    if share in (0.0, 1.0):
        return f"{100 * share:.0f} %"
    if share > 0.99:
        return "over 99 %"
    return "under 1 %" if share < 0.01 else f"{100 * share:.0f} %"


def plural(n: int, noun: str) -> str:
    """A count with its noun."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def items_that(n: int, one: str, many: str, noun: str = "item") -> str:
    """A count with its noun and the fitting verb.

    Examples
    --------
    >>> items_that(1, "has", "have"), items_that(2, "has", "have", "text")
    ('1 item has', '2 texts have')
    """
    return f"{plural(n, noun)} {one if n == 1 else many}"


def spoken(names: list[str], most: int = 3) -> str:
    """Names as a person would list them.

    Examples
    --------
    >>> spoken(["ada"]), spoken(["ada", "bo"]), spoken(["ada", "bo", "cy", "di", "ed"])
    ('ada', 'ada and bo', 'ada, bo, cy and 2 others')
    """
    names = list(dict.fromkeys(names))
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} others"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
