"""Why an item is asked, in one plain sentence that gives no answer away."""

from __future__ import annotations

import numpy as np

from groundswell.ask.drawing import RANDOM, Draw
from groundswell.core.belief import Beliefs
from groundswell.core.votes import VoteTable

WEAK = 0.75
SURE = 0.9


def why(draw: Draw, beliefs: Beliefs, votes: VoteTable) -> str:
    """One plain sentence. It never names a label: nobody shall be led.

    Parameters
    ----------
    votes
        With the rows of ``beliefs``.

    Examples
    --------
    >>> from groundswell.core.source import SourceInfo
    >>> rules = [SourceInfo("x", "rule"), SourceInfo("y", "rule")]
    >>> table = VoteTable.build(["a"], rules, [0, 1], [0, 0], [0, 1], [0, 1])
    >>> p = np.array([[0.5, 0.5]])
    >>> why(Draw(0, 1.0, "margin", 1.0), Beliefs(["a"], [0, 1], p, p[0], [], "majority"), table)
    'The rules disagree about it.'
    """
    if draw.stratum == RANDOM:
        return "Drawn at random, so that the figures stay honest."
    if draw.stratum == "audit":
        return "A check for the certificate."
    first, last = np.searchsorted(votes.item, [draw.row, draw.row + 1])
    cast: list[tuple[str, int]] = [
        (votes.sources[int(s)].kind, int(y))
        for s, y in zip(votes.source[first:last], votes.label[first:last], strict=True)
    ]
    people = {label for kind, label in cast if kind == "person"}
    machines = {label for kind, label in cast if kind != "person"}
    if draw.stratum == "typical" or (draw.stratum == "auto" and not cast):
        return "It is typical of many items, and few like it are answered."
    if len(people) > 1:
        return "People disagree about it."
    if people and machines and people != machines:
        return "Somebody's answer and the rules disagree."
    if len(machines) > 1:
        return f"The {_called(cast)} disagree about it."
    confidence = float(beliefs.probabilities[draw.row].max(initial=0.0))
    if not cast:
        return "No rule spoke about it." if confidence < SURE else "No rule spoke about it; this checks the guess."
    if confidence < WEAK:
        return (
            "What spoke about it is often wrong."
            if len(cast) > 1
            else "Only one source spoke about it, and not a sure one."
        )
    return "It is among the least certain that are left."


def _called(cast: list[tuple[str, int]]) -> str:
    kinds = {kind for kind, _ in cast}
    if kinds <= {"rule", "lookup", "legacy"}:
        return "rules"
    return "models" if kinds <= {"model", "llm"} else "sources"
