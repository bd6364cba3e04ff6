"""Spans: labelled stretches of a text, through the pieces between all boundaries that anybody drew."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from groundswell.belief.door import fit
from groundswell.belief.families.numbers import factorise
from groundswell.core.errors import InputError
from groundswell.core.source import SourceInfo
from groundswell.core.votes import Floats, VoteTable


@dataclass(frozen=True)
class SpanBeliefs:
    """Believed spans per item: fields ``start``, ``end``, ``label``, ``probability`` (its weakest piece's)."""

    items: Sequence[Hashable]
    spans: Sequence[list[dict[str, Any]]]

    def answer(self, row: int) -> list[dict[str, Any]]:
        """The spans of one item as an answer holds them."""
        return [{key: span[key] for key in ("start", "end", "label")} for span in self.spans[row]]


@dataclass(frozen=True)
class _Pieces:
    """Pieces of all items: where they lie, and what each source said of them (0 = outside, k = ``labels[k - 1]``)."""

    item: list[int]
    start: list[int]
    end: list[int]
    breaks: list[float]
    votes: tuple[list[int], list[int], list[int]]


def spans(
    item: Sequence[Hashable],
    source: Sequence[Hashable],
    answer: Sequence[Sequence[Mapping[str, Any]]],
    labels: Sequence[str],
    *,
    infos: Sequence[SourceInfo] = (),
    model: str = "ebcc",
    at_least: float = 0.3,
    seed: int = 0,
) -> SpanBeliefs:
    """Beliefs about spans.

    An item is cut at every boundary that some source drew. Whoever answered the item said of each piece which label
    it lies inside, or none: a choice question over pieces, believed like any other. (Where somebody's own spans
    overlap, every label is a question of its own.) Neighbouring pieces of one label are one span, unless most of
    those who marked both drew a boundary between.

    Parameters
    ----------
    item, source, answer
        ``(n_votes,)``: lists of spans with ``start``, ``end`` (code points, end excluded) and ``label``.
    model
        EBCC by default: its subtypes tell pieces that everybody finds from those that are easily missed.
    at_least
        Probability above which a piece lies inside. People miss spans more often than they invent them, and the
        threshold that maximises F1 is half the best F1 that can be had, not one half (Z. C. Lipton, C. Elkan,
        B. Naryanaswamy 2014, https://doi.org/10.1007/978-3-662-44851-9_15).

    Raises
    ------
    InputError
        If there is no vote, or a span has an unknown label.

    Examples
    --------
    >>> one = lambda start, end: [{"start": start, "end": end, "label": "PER"}]
    >>> votes = [("a", "x", one(3, 9)), ("a", "y", one(3, 9)), ("a", "z", one(5, 9))]
    >>> spans(*zip(*votes), labels=["PER"]).answer(0)
    [{'start': 3, 'end': 9, 'label': 'PER'}]
    """
    if not len(item):
        raise InputError("There is no vote", hint="Give at least one answer")
    unknown = {span["label"] for given in answer for span in given} - set(labels)
    if unknown:
        raise InputError(f"The label {min(map(str, unknown))!r} is not one of this question's")
    items, i = factorise(item)
    names, s = factorise(source)
    known = {info.name: info for info in infos}
    sources = [known.get(str(name), SourceInfo(str(name))) for name in names]
    by_item: list[list[int]] = [[] for _ in items]
    for vote, at in enumerate(i.tolist()):
        by_item[at].append(vote)
    found: list[list[dict[str, Any]]] = [[] for _ in items]
    questions = [[label] for label in labels] if _overlap(answer) else [list(labels)]
    for asked in questions:
        pieces = _pieces(by_item, s.tolist(), answer, asked)
        if not pieces.item:
            continue
        at, who, said = pieces.votes
        table = VoteTable.build(range(len(pieces.item)), sources, [None, *asked], at, who, said)
        for row, span in _joined(pieces, fit(table, model, seed=seed).probabilities, at_least, asked):
            found[row].append(span)
    return SpanBeliefs(items, [sorted(given, key=lambda x: (x["start"], x["end"])) for given in found])


def _overlap(answer: Sequence[Sequence[Mapping[str, Any]]]) -> bool:
    """Whether somebody drew two spans over the same place: then every label is a question of its own."""
    for given in answer:
        edges = sorted((span["start"], span["end"]) for span in given)
        if any(right[0] < left[1] for left, right in pairwise(edges)):
            return True
    return False


def _pieces(
    by_item: Sequence[Sequence[int]], source: Sequence[int], answer: Sequence[Any], asked: Sequence[str]
) -> _Pieces:
    pieces = _Pieces([], [], [], [], ([], [], []))
    code = {label: k for k, label in enumerate(asked, start=1)}
    for row, votes in enumerate(by_item):
        drawn = [[(x["start"], x["end"], code[x["label"]]) for x in answer[v] if x["label"] in code] for v in votes]
        cuts = sorted({edge for given in drawn for span in given for edge in span[:2]})
        for start, end in pairwise(cuts):
            said = [_label_at(given, start, end) for given in drawn]
            if not any(said):  # a gap that nobody marked is no question
                continue
            both = [given for given, k in zip(drawn, said, strict=True) if k and _label_at(given, start - 1, start)]
            split = sum(any(a == start for a, _, _ in given) for given in both)
            piece = len(pieces.item)
            pieces.votes[0].extend([piece] * len(votes))
            pieces.votes[1].extend(source[v] for v in votes)
            pieces.votes[2].extend(said)
            pieces.item.append(row)
            pieces.start.append(start)
            pieces.end.append(end)
            pieces.breaks.append(split / len(both) if both else 0.0)
    return pieces


def _label_at(given: Sequence[tuple[int, int, int]], start: int, end: int) -> int:
    """The label of the span that covers ``start`` to ``end``; 0 if none does."""
    return next((k for a, b, k in given if a <= start and end <= b), 0)


def _joined(pieces: _Pieces, belief: Floats, at_least: float, asked: Sequence[str]) -> list[tuple[int, dict[str, Any]]]:
    """Runs of neighbouring pieces that are believed to lie inside, each with its likeliest label.

    A piece lies inside if its labels together are likelier than ``at_least``.
    """
    found: list[tuple[int, dict[str, Any]]] = []
    inside = 1.0 - belief[:, 0]
    best = belief[:, 1:].argmax(1)
    for k in np.flatnonzero(inside > at_least).tolist():
        row, start, end, p = pieces.item[k], pieces.start[k], pieces.end[k], float(inside[k])
        label = asked[int(best[k])]
        last = found[-1][1] if found and found[-1][0] == row else None
        if last and last["end"] == start and last["label"] == label and pieces.breaks[k] <= 0.5:
            last["end"] = end
            last["probability"] = min(last["probability"], p)
        else:
            found.append((row, {"start": start, "end": end, "label": label, "probability": p}))
    return found
