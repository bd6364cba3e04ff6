"""Scores against the collection's own answers; nothing but the demo's report sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Score:
    """Accuracy and F1 of the positive label, over ``n`` items."""

    accuracy: float
    f1: float
    precision: float
    recall: float
    n: int


def score(said: Sequence[str], gold: Sequence[str], positive: str = "spam") -> Score:
    """Compare answers with the truth, item by item.

    Examples
    --------
    >>> score(["spam", "ham", "spam"], ["spam", "spam", "ham"])
    Score(accuracy=0.3333333333333333, f1=0.5, precision=0.5, recall=0.5, n=3)
    """
    pairs = list(zip(said, gold, strict=True))
    hits = sum(a == b for a, b in pairs)
    true = sum(a == b == positive for a, b in pairs)
    called = sum(a == positive for a, _ in pairs)
    there = sum(b == positive for _, b in pairs)
    f1 = 2 * true / (called + there) if called + there else 0.0
    return Score(hits / len(pairs), f1, true / called if called else 0.0, true / there if there else 0.0, len(pairs))
