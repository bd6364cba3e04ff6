"""Vote: what one source says about one item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from groundswell.core.abstain import AbstainType


@dataclass(frozen=True, slots=True)
class Vote:
    """One row of the append-only log of what people said.

    Parameters
    ----------
    key
        A UUID made by the client, version 7 by habit; the same key twice is one vote.
    question, version
        Name of the question and the version of it that was answered.
    item, source
        Ids.
    answer
        A JSON value that its question accepts, or :data:`~groundswell.core.abstain.ABSTAIN` (a skip).
    confidence
        The voter's own, in [0, 1].
    distribution
        Label to probability, when the voter gave one instead of a single label.
    seconds
        Spent on it.
    shown
        What was put before the voter beforehand (suggestions), by name.
    probability
        With which the item had been chosen for this voter, in (0, 1]; certificates need it.
    stratum
        ``random`` if drawn blindly (the unbiased sample), ``audit`` for a certificate's check, else the strategy.
    retracts
        The key of an earlier vote of the same source that this one takes back (undo, correction).
    note
        A comment, or why it was skipped.
    at
        Seconds since 1970, set when the vote is stored.
    """

    key: str
    question: str
    version: int
    item: str
    source: str
    answer: Any | AbstainType
    confidence: float | None = None
    distribution: Mapping[str, float] | None = None
    seconds: float | None = None
    shown: Mapping[str, Any] = field(default_factory=dict)
    probability: float | None = None
    stratum: str = ""
    retracts: str | None = None
    note: str = ""
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """An item put before a source.

    ``why`` is one short sentence in plain words; ``expires`` is in seconds since 1970; ``score`` is the
    strategy's (larger = more useful).
    """

    id: str
    question: str
    version: int
    item: str
    source: str
    why: str
    stratum: str
    probability: float
    expires: float
    score: float = 0.0
