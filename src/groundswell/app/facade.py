# ruff: noqa: D102 - the properties of a Protocol are explained in its own docstring
"""What the routes need of a project, as types. ``groundswell.project.Project`` has this shape; a test says so.

Everything here may block (disk, database, inference): routes call it from the thread pool, never from the event loop,
and from many threads at once. A name that does not exist raises :class:`~groundswell.core.errors.NotFoundError`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from groundswell.app.facade_reports import Event, ModelReport, Predicted, Release, View, WatchReport
from groundswell.core.abstain import AbstainType
from groundswell.core.belief import Beliefs
from groundswell.core.finding import Finding
from groundswell.core.frame import Frame
from groundswell.core.interval import Interval
from groundswell.core.item import Item
from groundswell.core.question import Question
from groundswell.core.vote import Assignment, Vote


class Stage(Protocol):
    """One stage of the road; ``figure`` is a word such as ``12`` or ``96.9 %``, or empty."""

    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def state(self) -> Literal["done", "open", "next"]: ...
    @property
    def figure(self) -> str: ...


class Step(Protocol):
    """Something to do next. ``href`` is a path of the page, such as ``/label``."""

    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def detail(self) -> str: ...
    @property
    def href(self) -> str: ...


class Status(Protocol):
    """Where the project stands on one question. ``certainty``: 20 bins of confidence from 1/K to 1."""

    @property
    def items(self) -> int: ...
    @property
    def people(self) -> int: ...
    @property
    def rules(self) -> int: ...
    @property
    def answers(self) -> int: ...
    @property
    def findings(self) -> int: ...
    @property
    def stages(self) -> Sequence[Stage]: ...
    @property
    def next(self) -> Sequence[Step]: ...
    @property
    def accuracy(self) -> Interval | None: ...
    @property
    def certainty(self) -> Sequence[int]: ...
    @property
    def settled(self) -> int: ...
    @property
    def doubtful(self) -> int: ...


class Asked(Protocol):
    """An assignment with its item; ``suggestion`` is an answer, or ``None`` where the question shows none."""

    @property
    def assignment(self) -> Assignment: ...
    @property
    def item(self) -> Item: ...
    @property
    def suggestion(self) -> Any | None: ...


class Queue(Protocol):
    """The next questions for one person. ``seconds_each`` is their median pace."""

    @property
    def asked(self) -> Sequence[Asked]: ...
    @property
    def remaining(self) -> int: ...
    @property
    def done(self) -> int: ...
    @property
    def seconds_each(self) -> float | None: ...


class Said(Protocol):
    """What an automatic source said of an item: a label, or ``None`` where it abstained."""

    @property
    def source(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def answer(self) -> Any | None: ...


class Receipt(Protocol):
    """The vote is on disk; ``new`` is false if its key was known. ``belief`` is the item's, updated."""

    @property
    def new(self) -> bool: ...
    @property
    def belief(self) -> Mapping[str, float]: ...
    @property
    def said(self) -> Sequence[Said]: ...


class Undone(Protocol):
    """A vote was taken back; ``asked`` asks it again, ``None`` if it can be asked no more."""

    @property
    def new(self) -> bool: ...
    @property
    def asked(self) -> Asked | None: ...


class SourceRow(Protocol):
    """One source of a question. ``definition`` is one line a person can read (the pattern, the query)."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def group(self) -> str | None: ...
    @property
    def version(self) -> str: ...
    @property
    def definition(self) -> str: ...
    @property
    def n(self) -> int: ...
    @property
    def coverage(self) -> float: ...
    @property
    def overlap(self) -> float: ...
    @property
    def conflict(self) -> float: ...
    @property
    def accuracy(self) -> Interval | None: ...
    @property
    def below_chance(self) -> bool: ...
    @property
    def derived(self) -> bool: ...


class Facade(Protocol):
    """A project as the routes see it."""

    @property
    def name(self) -> str: ...

    @property
    def path(self) -> Path | None:
        """The project's folder; ``None`` on a database server."""

    @property
    def frame(self) -> Frame: ...

    def question(self, name: str | None = None) -> Question:
        """The newest version of a question; of the first one without a name."""

    def questions(self) -> Sequence[Question]:
        """All, newest versions."""

    def status(self, question: str) -> Status:
        """Where the project stands."""

    # labelling

    def next(self, question: str, person: str, n: int) -> Queue:
        """Up to ``n`` questions for ``person``: first those that are theirs already (open, unexpired), then new ones.

        Asking again therefore gives the same ones. Items whose answer is among their own fields come without them.
        """

    def vote(
        self,
        question: str,
        *,
        key: str,
        person: str,
        assignment: str,
        item: str,
        version: int,
        answer: Any | AbstainType,
        seconds: float | None,
        note: str,
        confidence: float | None,
    ) -> Receipt:
        """Store an answer; returns once it is on disk.

        The answer is checked against ``version`` of the question. An assignment that has expired is still accepted;
        one of another person or item raises :class:`NotFoundError`. A key known with other content raises
        :class:`ConflictError`.
        """

    def undo(self, question: str, *, key: str, person: str, retracts: str) -> Undone:
        """Take back a vote of this person; another person's raises :class:`NotFoundError`."""

    def mine(self, question: str, person: str, limit: int) -> Sequence[Vote]:
        """This person's effective votes, newest first."""

    def open_items(self, question: str, person: str) -> Set[str]:
        """Items that this person has been asked and has not answered."""

    def answered_items(self, question: str, person: str) -> Set[str]:
        """Items that this person has answered or skipped."""

    def hidden_fields(self, question: str) -> Set[str]:
        """Fields of the items that hold an answer (gold, a legacy system's): shown to nobody who is to answer."""

    # reading

    def item(self, id: str) -> Item:
        """One item."""

    def items(self, ids: Sequence[str]) -> Sequence[Item]:
        """Several, in the order of ``ids``."""

    def votes_on(self, question: str, item: str) -> Sequence[Vote]:
        """All effective votes of people on an item."""

    def said(self, question: str, item: str) -> Sequence[Said]:
        """What the automatic sources said of an item."""

    def current(self, question: str) -> Beliefs:
        """The newest beliefs at hand, without waiting for a fit that is under way. Items are ids, labels texts."""

    def source_table(self, question: str) -> Sequence[SourceRow]:
        """All sources of a question."""

    def audit(self, question: str) -> Sequence[Finding]:
        """Findings, worst first."""

    def explore(self, question: str) -> Mapping[str, View]:
        """View name to view; each has ``to_json()``."""

    def releases(self) -> Sequence[Release]:
        """Newest first."""

    def models(self) -> Sequence[ModelReport]:
        """Newest first."""

    def watch(self) -> Sequence[WatchReport]:
        """One report per model in use."""

    def events(self, limit: int) -> Sequence[Event]:
        """The audit trail, newest first."""

    def media_path(self, name: str) -> Path:
        """Where a media file lies. ``name`` has been checked to be ``<64 hexadecimal digits>.<ending>``."""

    # the prediction service

    def model_card(self, name: str) -> Mapping[str, Any]:
        """What to know of a model before using it; JSON values."""

    def predict(self, name: str, items: Sequence[Mapping[str, Any]]) -> Sequence[Predicted]:
        """Predict items given by their fields, and log the predictions for ``watch``.

        Raises :class:`~groundswell.core.errors.InputError` on fields that the model cannot use.
        """


if TYPE_CHECKING:
    from groundswell.project import Project

    def _fits(project: Project) -> Facade:
        """The type checker proves it."""
        return project
