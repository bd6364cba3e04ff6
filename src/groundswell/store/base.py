"""What a store can do: the vote log and everything transactional, whatever database is underneath."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import polars as pl

from groundswell.core.item import Item
from groundswell.core.question import Question
from groundswell.core.source import SourceInfo
from groundswell.core.vote import Assignment, Vote


@dataclass(frozen=True, slots=True)
class Added:
    """How many items of an import were ``new`` and how many were ``known`` already."""

    new: int
    known: int


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """One automatic source's votes: ``n`` rows, cast ``at`` (seconds since 1970) by ``version`` of ``source``."""

    source: str
    version: str
    n: int
    at: float


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the audit trail. ``n`` counts from 1; ``at`` in seconds since 1970; ``data`` holds JSON values."""

    n: int
    at: float
    event: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a served model said.

    Parameters
    ----------
    id
        A UUID; the same id twice is one prediction.
    model
        Name of the model.
    input
        The fields that it was given, JSON values, the text under ``text``.
    label
        The predicted label, or a number.
    confidence
        In [0, 1].
    probabilities
        Label to probability.
    at
        Seconds since 1970, set when it is stored if ``None``.
    """

    id: str
    model: str
    input: Mapping[str, Any]
    label: str | float
    confidence: float | None = None
    probabilities: Mapping[str, float] = field(default_factory=dict)
    at: float | None = None


class Store(ABC):
    """Items, questions, sources, votes and the rest of one project. Safe to use from many threads.

    A method that writes returns when what it wrote is on disk. A method that reads never waits for one that
    writes. Every method raises :class:`~groundswell.core.errors.StorageError` with one clear line if the
    disk or the database refuses.
    """

    # Items

    @abstractmethod
    def add_items(self, items: Iterable[Item]) -> Added:
        """Store items in the order given; those known already by id are left as they are.

        Every item is checked before the first is written. An import that is killed half-way has stored a
        beginning of it; the same import again adds the rest.

        Raises
        ------
        InputError
            If an item cannot be stored (no id, NUL or half a surrogate pair in a text, NaN, nested too deep).
        ConflictError
            If an id is known with another content.
        """

    @abstractmethod
    def item(self, id: str) -> Item:
        """One item. Raises :class:`NotFoundError`."""

    @abstractmethod
    def items(self, ids: Sequence[str]) -> list[Item]:
        """Several items in the order of ``ids``. Raises :class:`NotFoundError` if one is missing."""

    @abstractmethod
    def count_items(self) -> int:
        """How many items there are; O(log n)."""

    @abstractmethod
    def item_ids(self) -> list[str]:
        """All ids, in order of collection."""

    @abstractmethod
    def items_frame(self) -> pl.DataFrame:
        """All items in order of collection: ``item, text, media, group`` (String), then one column per metadata
        field under its own name and type (a field named like one of the four comes as ``meta.<name>``).
        Kept in memory until items are added; do not change it in place.
        """

    # Questions

    @abstractmethod
    def save_question(self, question: Question) -> Question:
        """Store a question and return it with its version: the newest if nothing changed, else one more."""

    @abstractmethod
    def question(self, name: str, version: int | None = None) -> Question:
        """A question, by default its newest version. Raises :class:`NotFoundError`."""

    @abstractmethod
    def questions(self) -> list[Question]:
        """The newest version of every question, in order of their first appearance."""

    # Sources

    @abstractmethod
    def save_source(self, question: str, info: SourceInfo, config: Mapping[str, Any]) -> None:
        """Store or replace a source of a question. Raises :class:`NotFoundError` if there is no such question."""

    @abstractmethod
    def sources(self, question: str) -> list[tuple[SourceInfo, dict[str, Any]]]:
        """The sources of a question with their settings, in order of their first appearance."""

    @abstractmethod
    def drop_source(self, question: str, name: str) -> None:
        """Forget a source; its votes and columns stay. Raises :class:`NotFoundError`."""

    # Votes

    @abstractmethod
    def add_votes(self, votes: Sequence[Vote]) -> list[bool]:
        """Append votes, all or none; ``True`` for each that is new, ``False`` for one that is stored already.

        An answer closes the open assignments of its source on that item. ``at`` is kept if given, else now.

        Raises
        ------
        ConflictError
            If a key is known with another content, or retracts a vote of another source, question or item.
        NotFoundError
            If the item, the version of the question or the vote that it retracts does not exist.
        InputError
            If a key is no UUID, or a value cannot be stored.
        """

    @abstractmethod
    def vote(self, key: str) -> Vote:
        """One vote as it was stored, effective or not. Raises :class:`NotFoundError`."""

    @abstractmethod
    def votes(
        self,
        question: str,
        *,
        item: str | None = None,
        source: str | None = None,
        effective: bool = True,
        newest: bool = False,
        limit: int | None = None,
    ) -> list[Vote]:
        """Votes in the order of the log, or ``newest`` first.

        ``effective`` leaves out what was superseded or retracted. A later vote of a source on an item and
        question supersedes its earlier ones for good. A vote that ``retracts`` another removes it, and a
        retracted retraction removes nothing any more. A retraction that abstains is no vote of its own.
        """

    @abstractmethod
    def votes_frame(self, question: str) -> pl.DataFrame:
        """Effective votes in the order of the log: ``key, item, source, answer`` (JSON, null if abstained),
        ``abstained, confidence, seconds, probability, stratum, version, at, note``.
        """

    @abstractmethod
    def count_votes(self, question: str, *, source: str | None = None) -> int:
        """How many effective votes there are, abstentions included."""

    @abstractmethod
    def head(self) -> str:
        """SHA-256 over the whole vote log as a chain, 64 hexadecimal digits: equal logs have equal heads.

        O(log n). 64 zeros if nobody has voted.
        """

    @abstractmethod
    def verify(self) -> int:
        """Recompute the chain and the effective votes from the log; how many votes were checked.

        Raises
        ------
        StorageError
            That names the first vote that was changed, or the first effective vote that does not follow.
        """

    # Assignments

    @abstractmethod
    def lease(
        self,
        question: str,
        source: str,
        candidates: Sequence[Assignment],
        n: int,
        overlap: int | None,
        now: float | None = None,
    ) -> list[Assignment]:
        """Hand the first ``n`` free candidates to ``source``, in one transaction; fewer if fewer are free.

        An item is free if ``source`` has neither voted on it (a skip is a vote) nor holds it, and fewer than
        ``overlap`` others have answered it or hold it. Skips of others do not count, and what stands in the
        stratum ``audit`` counts for candidates of that stratum alone, as all else does for all others.
        ``overlap=None``: no bound. A hold ends when it is answered, closed, or past its ``expires``. ``now`` is
        in seconds since 1970.
        """

    @abstractmethod
    def add_assignments(self, assignments: Sequence[Assignment]) -> None:
        """Store assignments without asking whether their items are free."""

    @abstractmethod
    def assignment(self, id: str) -> Assignment:
        """One assignment, open or not. Raises :class:`NotFoundError`."""

    @abstractmethod
    def open_assignments(
        self, question: str, *, source: str | None = None, now: float | None = None
    ) -> list[Assignment]:
        """Assignments neither answered nor closed nor expired, oldest first."""

    @abstractmethod
    def close_assignment(self, id: str) -> bool:
        """Give an item back; whether it was open. Raises :class:`NotFoundError`."""

    # Columns

    @abstractmethod
    def put_column(self, question: str, source: str, version: str, frame: pl.DataFrame) -> None:
        """Store an automatic source's votes; the same version again replaces them.

        ``frame`` holds ``item`` (String, each at most once, all known) and ``label`` (null = saw it and
        abstained), and whatever else there is: ``confidence``, ``p_<label>``.
        Raises :class:`InputError` if it does not.
        """

    @abstractmethod
    def columns(self, question: str) -> list[ColumnInfo]:
        """All columns of a question, the latest cast last."""

    @abstractmethod
    def column(self, question: str, source: str, version: str | None = None) -> pl.DataFrame:
        """One column, by default the latest cast. Raises :class:`NotFoundError`."""

    # Media

    @abstractmethod
    def put_media(self, content: Path | bytes, ending: str) -> str:
        """Store a file under the hash of its content and return that name, ``<sha256>.<ending>``."""

    @abstractmethod
    def media_path(self, name: str) -> Path:
        """Where the file lies. Raises :class:`NotFoundError`, also for a name that cannot be one."""

    # Predictions, people, the audit trail

    @abstractmethod
    def add_predictions(self, predictions: Sequence[Prediction]) -> int:
        """Log what a served model said; how many were new."""

    @abstractmethod
    def predictions_frame(self, model: str) -> pl.DataFrame:
        """What a model said, oldest first: ``id, at, label, confidence``, ``p_<label>``, then the input's fields.

        An input field named like one of these comes as ``input.<name>``.
        """

    @abstractmethod
    def save_person(self, name: str) -> None:
        """Note that a person exists; twice is once. Raises :class:`InputError` on a name that cannot be one."""

    @abstractmethod
    def people(self) -> list[str]:
        """Names, in order of their first appearance."""

    @abstractmethod
    def make_link(self, name: str) -> str:
        """A new secret that names this person, 43 characters, shown once: the store keeps its hash alone.

        Earlier ones of this person end. Raises :class:`NotFoundError`.
        """

    @abstractmethod
    def person_of(self, secret: str) -> str | None:
        """Whom a secret names, or ``None``."""

    @abstractmethod
    def record(self, event: str, data: Mapping[str, Any]) -> None:
        """Add a line to the audit trail. Lines are never changed or removed."""

    @abstractmethod
    def events(self, limit: int = 100) -> list[Event]:
        """The latest lines of the audit trail, newest first."""

    # Life

    @abstractmethod
    def close(self) -> None:
        """Finish what was handed in, and close. Twice is once."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
