"""Fields, and the mere order of the items, that give the answer away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from groundswell.audit.base import CHECKS, Case, per_cent
from groundswell.core.finding import Finding
from groundswell.core.ids import canonical

_FEWEST = 50  # labelled items
_BINS = 10
_VALUES = 50  # commonest values of a field; the rest is one
_RARE = 3  # times; rarer values are one
_SHUFFLES = 60
_MOST_ITEMS = 50_000
_Z = 5.0
# A field may tell something: that is what fields are for. The order and the name of an item may not.
_FIELD, _ORDER = 0.5, 0.1


@dataclass(frozen=True, slots=True)
class Told:
    """How far a variable tells the answer.

    ``share`` of the entropy of the answers that it removes, beyond what a shuffled variable of the same kind would
    (0 nothing, 1 all); ``z`` standard deviations above the shuffled; ``right`` share of answers guessed by its value,
    against ``base`` by always saying the commonest.
    """

    share: float
    z: float
    right: float
    base: float


def told(values: npt.ArrayLike, answers: npt.ArrayLike, *, seed: int = 0) -> Told:
    """Normalised mutual information of two ``(n,)`` codes, corrected for chance by shuffling.

    Mutual information of a variable with nearly as many values as items is large whatever it means; shuffled it is as
    large, and the difference is what counts (adjusted for chance: Vinh, Epps and Bailey 2010, JMLR 11:2837).

    Examples
    --------
    >>> answers = np.arange(1000) % 2
    >>> round(told(answers, answers).share, 2), round(told(np.arange(1000), answers).share, 2)
    (1.0, 0.0)
    """
    x = np.unique(np.asarray(values), return_inverse=True)[1].ravel()
    y = np.unique(np.asarray(answers), return_inverse=True)[1].ravel()
    counts = np.bincount(y)
    base = float(counts.max(initial=0) / max(len(y), 1))
    entropy = _entropy(counts)
    kinds = int(x.max(initial=0)) + 1
    observed, right = _information(x, y, kinds)
    rng = np.random.default_rng(seed)
    shuffled = np.array([_information(x, rng.permutation(y), kinds)[0] for _ in range(_SHUFFLES)])
    room = entropy - float(shuffled.mean())
    # A variable that is nearly unique leaves no room: nothing can be said, so nothing is.
    if room < 0.05 * max(entropy, 1e-12):
        return Told(0.0, 0.0, right, base)
    gain = observed - float(shuffled.mean())
    return Told(max(gain / room, 0.0), gain / max(float(shuffled.std()), 1e-9), right, base)


def _entropy(counts: npt.NDArray[np.intp]) -> float:
    share = counts[counts > 0] / max(counts.sum(), 1)
    return float(-(share * np.log(share)).sum())


def _information(x: npt.NDArray[np.intp], y: npt.NDArray[np.intp], kinds: int) -> tuple[float, float]:
    """Mutual information in nats, and the share of y guessed from x."""
    width = int(y.max(initial=0)) + 1
    joint = np.bincount(x * width + y, minlength=kinds * width)
    table = joint.reshape(kinds, width)
    together = _entropy(table.sum(0)) + _entropy(table.sum(1)) - _entropy(joint)
    return together, float(table.max(1).sum() / max(len(y), 1))


@CHECKS.register("leakage")
def leakage(case: Case) -> list[Finding]:
    """Compare every field, the group, the order and the names of the items with the answers.

    The answers are people's where there are at least 50 of them with two labels, else what is believed.
    """
    by_people = (case.answered_codes >= 0).sum() >= _FEWEST and len(set(case.answered_codes.tolist()) - {-1}) > 1
    codes = case.answered_codes if by_people else case.believed_codes
    rows = np.flatnonzero(codes >= 0)
    if len(rows) > _MOST_ITEMS:
        rows = np.sort(np.random.default_rng(case.seed).choice(rows, _MOST_ITEMS, replace=False))
    answers = codes[rows]
    if len(rows) < _FEWEST or len(set(answers.tolist())) < 2:
        return []
    findings = []
    for name, values, limit in _variables(case, rows):
        found = told(values, answers, seed=case.seed)
        if found.share >= limit and found.z >= _Z:
            findings.append(_finding(name, found, limit, len(rows), by_people=bool(by_people)))
    return findings


def _variables(case: Case, rows: npt.NDArray[np.intp]) -> list[tuple[str, npt.NDArray[np.intp], float]]:
    """(what, codes, limit) of all that is compared."""
    place = (rows * 2 * _BINS // max(len(case.ids), 1)).astype(np.intp)
    found: list[tuple[str, npt.NDArray[np.intp], float]] = [("the order of the items", place, _ORDER)]
    names = [case.ids[row] for row in rows]
    if not all(re.fullmatch("[0-9a-f]{16}", name) for name in names):  # those are hashes of content
        found.append(("the order of the ids", _ranked(names), _ORDER))
        found.append(("the beginning of the ids", _stems(names), _ORDER))
    for name in ("group", *case.fields):
        if name not in case.items.columns or case.items[name].null_count() == len(case.items):
            continue
        column = case.items[name].gather(rows)
        found.append((f"the field '{name}'", _codes(column), _FIELD))
        if column.dtype == pl.String and 2 * column.n_unique() > len(column):
            stems = _stems([value or "" for value in column.to_list()])
            found.append((f"the beginning of '{name}'", stems, _FIELD if name != "file" else _ORDER))
    return found


def _codes(column: pl.Series) -> npt.NDArray[np.intp]:
    """A field as codes: numbers in tenths by rank, others by their common values; a gap is a value too."""
    if column.dtype.is_numeric() and column.n_unique() > _BINS:
        values = column.cast(pl.Float64).fill_null(float("nan")).to_numpy()
        known = np.isfinite(values)
        edges = np.unique(np.quantile(values[known], np.linspace(0, 1, _BINS + 1)[1:-1])) if known.any() else values[:0]
        return np.where(known, np.searchsorted(edges, np.where(known, values, 0.0), side="right"), _BINS + 1)
    return _common([canonical(v) if isinstance(v, list | dict) else v for v in column.to_list()])


def _common(values: Sequence[Any]) -> npt.NDArray[np.intp]:
    spoken = [repr(value) for value in values]
    names, inverse, counts = np.unique(np.array(spoken, object).astype(str), return_inverse=True, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:_VALUES]
    code = np.zeros(len(names), np.intp)
    kept = order[counts[order] >= _RARE]
    code[kept] = np.arange(1, len(kept) + 1)
    return np.asarray(code[inverse.ravel()])


def _stems(names: Sequence[str]) -> npt.NDArray[np.intp]:
    """The letters that names begin with, as ``cardboard`` in ``cardboard120.jpg``."""
    return _common([(re.match(r"[^\W\d_]*", name) or [""])[0].casefold() for name in names])


def _ranked(names: Sequence[str]) -> npt.NDArray[np.intp]:
    """Twentieths of the order, numbers inside names counting as numbers."""
    keys = [
        [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in re.split("([0-9]{1,18})", name) if p] for name in names
    ]
    rank = np.empty(len(names), np.intp)
    rank[sorted(range(len(names)), key=keys.__getitem__)] = np.arange(len(names))
    return rank * 2 * _BINS // len(names)


def _finding(what: str, found: Told, limit: float, n: int, *, by_people: bool) -> Finding:
    ordered = limit == _ORDER
    return Finding(
        check="leakage",
        severity=round(min(0.5 + 0.45 * found.share, 0.95), 4),
        why=f"{what[0].upper()}{what[1:]} gives the answer away: whoever knows it guesses "
        f"{per_cent(found.right)} right ({per_cent(found.base)} by always saying the commonest).",
        action="Find out how the items were put together; shuffle them and do not show or use names."
        if ordered
        else "Leave it out of training, unless it will be known when the model is used.",
        evidence={
            "what": what,
            "share_of_answer_told": round(found.share, 4),
            "standard_deviations_above_shuffled": round(found.z, 1),
            "guessed_right": round(found.right, 4),
            "commonest": round(found.base, 4),
            "items": n,
            "answers": "people" if by_people else "beliefs",
        },
    )
