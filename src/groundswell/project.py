"""A project: one folder, and one short method per verb. Everything is wired here; nothing is computed here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import polars as pl

from groundswell import collect as collecting
from groundswell import frame as frames
from groundswell import learn, sources, store
from groundswell.core.abstain import AbstainType
from groundswell.core.answers import AnswerType
from groundswell.core.belief import Beliefs
from groundswell.core.errors import ConflictError, InputError, NotFoundError, UnsupportedClaimError
from groundswell.core.finding import Finding
from groundswell.core.frame import Frame
from groundswell.core.ids import check_name, uuid7
from groundswell.core.item import Item
from groundswell.core.question import Question
from groundswell.core.vote import Vote
from groundswell.release import Certificate, Release
from groundswell.wiring import casting, certify, features, models, reporting, road
from groundswell.wiring.beliefs import Live, fit
from groundswell.wiring.desk import Asked, Desk, Queue, Receipt, Said, Undone
from groundswell.wiring.models import ModelInfo, Prediction, ReleaseInfo, Watched
from groundswell.wiring.workspace import CONFIG, Workspace

Progress = Callable[[str, int, int], None]
STALE_ANSWERS = 25
"""Answers after which the app draws its map anew."""


def new(
    path: str | Path, *, template: str | None = None, config: frames.ProjectConfig | None = None, override: str = ""
) -> Project:
    """Begin a project in a folder, from a template or from settings of your own.

    Parameters
    ----------
    path
        A folder that does not exist yet, or is empty of a project.
    template
        Name of one of :data:`groundswell.frame.TEMPLATES`.
    override
        Why to go on although the frame asks for something that labels cannot support; recorded.

    Raises
    ------
    UnsupportedClaimError
        If the frame asks for such a thing and there is no override.
    ConflictError
        If a project is there already.
    """
    root = Path(path)
    if (root / CONFIG).exists():
        raise ConflictError("A project is here already", where=str(root), hint="Open it, or choose another folder")
    if config is None:
        config = frames.template(template) if template else frames.ProjectConfig(name=folder_name(root))
    if template or not config.name:
        config = replace(config, name=folder_name(root))
    warnings = guarded(config, override)
    frame = replace(config.frame, override=override.strip(), warnings=tuple(str(w) for w in warnings))
    config = replace(config, frame=frame)
    try:
        root.mkdir(parents=True, exist_ok=True)
        frames.save(root / CONFIG, config)
    except OSError as e:
        raise InputError(f"The folder cannot be written ({e.strerror})", where=str(root)) from None
    project = Project(Workspace(root, store.open(root, create=True), config))
    project.record(
        "framed", {"template": template or "", "override": override.strip(), "warnings": list(frame.warnings)}
    )
    return project


def guarded(asked: frames.ProjectConfig | Question, override: str) -> list[frames.ClaimWarning]:
    """What the guard has to say about a frame or a question; raises unless there is nothing, or an override."""
    warnings = frames.guard(asked)
    if warnings and not override.strip():
        raise UnsupportedClaimError(
            str(warnings[0]),
            hint=f"To go on all the same, give a reason with --override, or as override in {CONFIG}; it is recorded",
        )
    return warnings


def open_project(path: str | Path = ".", *, create: bool = True, seed: int = 0) -> Project:
    """Open the project in a folder; begin an empty one if there is none and ``create`` is true.

    Raises
    ------
    NotFoundError
        If there is none and ``create`` is false.
    """
    root = Path(path)
    if not (root / CONFIG).is_file():
        if not create:
            raise NotFoundError(
                f"No project here: {CONFIG} is missing", where=str(root), hint="Begin one with: groundswell new NAME"
            )
        return new(root)
    config = frames.load(root / CONFIG)
    guarded(config, config.frame.override)
    return Project(Workspace(root, store.open(root, create=True), config, seed))


def folder_name(root: Path) -> str:
    """A project's name from its folder: lower case, and ``-`` for what a name cannot hold."""
    letters = [c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in root.resolve().name.lower()]
    return check_name("".join(letters).strip("-_")[:63] or "project", "project")


class Project:
    """A question, a pile of data, and everything that was said about it.

    Open one with :func:`groundswell.open`; close it, or use it in a ``with`` statement.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._ws = workspace
        self._live: dict[str, Live] = {}
        self._desks: dict[str, Desk] = {}
        self._ws.sync_questions()

    # the project

    @property
    def name(self) -> str:
        """Its name."""
        return self._ws.config.name

    @property
    def path(self) -> Path:
        """Its folder."""
        return self._ws.root

    @property
    def frame(self) -> Frame:
        """Why it exists."""
        return self._ws.frame

    @property
    def config(self) -> frames.ProjectConfig:
        """The settings in ``groundswell.toml``."""
        return self._ws.config

    @property
    def items_frame(self) -> pl.DataFrame:
        """All items: item, text, media, group and the metadata fields."""
        return self._ws.items()

    @property
    def head(self) -> str:
        """A hash over the vote log: equal logs, equal heads."""
        return self._ws.store.head()

    def record(self, event: str, data: Mapping[str, Any]) -> None:
        """Add a line to the audit trail."""
        self._ws.store.record(event, data)

    def close(self) -> None:
        """Wait for what runs in the background and close the store."""
        for live in self._live.values():
            live.wait()
        self._ws.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # frame

    def question(self, name: str | None = None) -> Question:
        """The newest version of a question; of the first one without a name."""
        return self._ws.question(name)

    def questions(self) -> list[Question]:
        """All, newest versions."""
        return [self._ws.question(question.name) for question in self._ws.config.questions]

    def add_question(
        self,
        name: str,
        answer: AnswerType,
        *,
        text: str = "",
        instructions: str = "",
        overlap: int = 1,
        override: str = "",
    ) -> Question:
        """Ask something of every item. The same question again changes nothing; a changed one is a new version.

        Raises
        ------
        UnsupportedClaimError
            If it asks for something that labels cannot support and ``override`` gives no reason to go on.
        """
        question = Question(name, answer, text=text or name, instructions=instructions, overlap=overlap)
        given = override.strip() or self.frame.override
        if warnings := guarded(question, given):
            frame = replace(self.frame, override=given, warnings=tuple(str(w) for w in warnings))
            self._ws.config = replace(self._ws.config, frame=frame)
            self.record("overridden", {"question": name, "override": given, "warnings": list(frame.warnings)})
        others = [q for q in self._ws.config.questions if q.name != name]
        self._ws.config = replace(self._ws.config, questions=(*others, question))
        saved = self._ws.save_question(question)
        self._ws.save_config()
        self._expire()
        return saved

    # collect and explore

    def collect(
        self,
        paths: str | Path | Sequence[str | Path],
        *,
        progress: Callable[[int, int], None] | None = None,
        **options: Any,
    ) -> casting.Collection:
        """Read files or folders into items; see :func:`groundswell.collect.collect` for the options."""
        found = casting.collect_into(self._ws, collecting.collect(paths, progress=progress, **options))
        self._expire()
        return found

    def explore(self, question: str | None = None) -> Mapping[str, Any]:
        """Counts, lengths, gaps, duplicates, balance, and a map with clusters: view name to view."""
        asked = self._maybe(question)
        if asked is None or not self._believable(asked):
            return casting.views(self._ws, asked, None)
        live = self._live_of(asked)
        if live.background:  # the map takes seconds: while people are answering it follows in steps
            return casting.views(self._ws, asked, live.current(), step=STALE_ANSWERS)
        return casting.views(self._ws, asked, live.fresh())

    # sources

    def add_source(self, *added: sources.Source, question: str | None = None) -> None:
        """Let sources vote on a question from the next ``cast`` on."""
        casting.add(self._ws, self.question(question), added)

    def source(
        self, name: str | None = None, *, kind: str = "heuristic", question: str | None = None, **options: Any
    ) -> Callable[[Callable[..., Any]], Any]:
        """Decorator: the function is a source. It takes an item and returns a label or ``ABSTAIN``."""
        if kind != "heuristic":
            raise InputError(f"A function cannot be a source of kind '{kind}'", hint="Use kind='heuristic'")

        def register(function: Callable[..., Any]) -> Any:
            made = sources.heuristic(name=name or function.__name__, **options)(function)
            self.add_source(made, question=question)
            return made

        return register

    def cast(
        self, question: str | Question | None = None, *, allow_code: bool = False, progress: Progress | None = None
    ) -> list[casting.Cast]:
        """Let every automatic source vote on every item. What has not changed is not computed again."""
        return casting.cast_all(self._ws, self._of(question), allow_code=allow_code, progress=progress)

    def source_table(self, question: str | Question | None = None) -> Sequence[casting.Row]:
        """Coverage, overlap, conflict and estimated accuracy of every source."""
        asked = self._of(question)
        return casting.rows(self._ws, asked, self._live_of(asked).current()) if self._believable(asked) else []

    # believe

    def believe(
        self,
        question: str | Question | None = None,
        *,
        model: str = "default",
        derived: bool = True,
        leave_out: Set[str] = frozenset(),
    ) -> Beliefs:
        """What is true of every item, and how far each source can be trusted, from every vote in the log.

        With ``derived`` a model that is trained on the beliefs joins as one more source, of the default model alone.
        Items in ``leave_out`` do not exist for it: nothing is learned from them, not even from their texts.
        """
        asked = self._of(question)
        if model != "default" or leave_out or not derived:
            derived = derived and model == "default"
            return fit(self._ws, asked, model=model, derived=derived, leave_out=leave_out).beliefs
        return self._live_of(asked).fresh().beliefs

    def current(self, question: str | Question | None = None) -> Beliefs:
        """The newest beliefs at hand, without waiting for a re-fit that is under way."""
        return self._live_of(self._of(question)).current().beliefs

    # ask and vote

    def ask(
        self, question: str | Question | None = None, *, of: str, n: int = 1, strategy: str = "auto"
    ) -> list[Asked]:
        """The most useful questions for somebody, each with the reason why."""
        return list(self._desk(self._of(question)).next(of, n, strategy).asked)

    def next(self, question: str, person: str, n: int) -> Queue:
        """The same for the labelling page, with the person's progress; beliefs follow in the background."""
        asked = self._of(question)
        self._live_of(asked).background = True
        return self._desk(asked).next(person, n)

    def vote(
        self,
        question: str | Asked | None,
        *,
        answer: Any | AbstainType,
        key: str | None = None,
        person: str | None = None,
        assignment: str | None = None,
        item: str | None = None,
        version: int | None = None,
        **details: Any,
    ) -> Receipt:
        """Store an answer; returns once it is on disk. ``p.vote(asked, answer=…)`` is the short form."""
        if isinstance(question, Asked):
            given = question.assignment
            return self._desk(self._of(given.question)).vote(
                key=key or uuid7(),
                person=given.source,
                assignment=given.id,
                item=given.item,
                version=given.version,
                answer=answer,
                **details,
            )
        if person is None or assignment is None or item is None or version is None:
            raise InputError("A vote needs its person, assignment, item and version", hint="Or pass what ask() gave")
        return self._desk(self._of(question)).vote(
            key=key or uuid7(),
            person=person,
            assignment=assignment,
            item=item,
            version=version,
            answer=answer,
            **details,
        )

    def answer(
        self, question: str | None, *, item: str, person: str, answer: Any | AbstainType, note: str = ""
    ) -> Receipt:
        """Store an answer to an item of one's own choice; it counts in no random sample."""
        return self._desk(self._of(question)).answer(item=item, person=person, answer=answer, note=note)

    def warm(self) -> None:
        """Work out in the background what the first question and the first page need."""
        for question in self.questions():
            if self._believable(question):
                live = self._live_of(question)
                live.background = True
                live.refit_soon()

    def undo(self, question: str | None, *, person: str, retracts: str, key: str | None = None) -> Undone:
        """Take back an answer and ask its item again."""
        return self._desk(self._of(question)).undo(key=key or uuid7(), person=person, retracts=retracts)

    def mine(self, question: str, person: str, limit: int = 50) -> list[Vote]:
        """This person's effective votes, newest first."""
        return self._desk(self._of(question)).mine(person, limit)

    def open_items(self, question: str, person: str) -> Set[str]:
        """Items that this person has been asked and has not answered."""
        return self._desk(self._of(question)).open_items(person)

    def answered_items(self, question: str, person: str) -> Set[str]:
        """Items that this person has answered or skipped."""
        return self._desk(self._of(question)).answered(person)

    def hidden_fields(self, question: str) -> Set[str]:
        """Fields that hold an answer (a legacy system's): shown to nobody who is to answer."""
        return casting.answer_fields(self._ws, self._of(question))

    def said(self, question: str, item: str) -> list[Said]:
        """What the automatic sources said of an item."""
        return self._desk(self._of(question)).said(item)

    def votes_on(self, question: str, item: str) -> list[Vote]:
        """All effective votes of people on an item."""
        return self._ws.store.votes(self._of(question).name, item=item)

    # items

    def item(self, id: str) -> Item:
        """One item."""
        return self._ws.store.item(id)

    def items(self, ids: Sequence[str]) -> list[Item]:
        """Several, in the order of ``ids``."""
        return self._ws.store.items(ids)

    def media_path(self, name: str) -> Path:
        """Where a media file lies."""
        return self._ws.store.media_path(name)

    # audit, certify, release

    def audit(self, question: str | Question | None = None) -> list[Finding]:
        """What seems to be wrong with the data and the labels, worst first."""
        asked = self._maybe(question)
        if asked is None or not self._believable(asked):
            return casting.findings(self._ws, asked, None)
        live = self._live_of(asked)
        found: list[Finding] = self._ws.keep(
            ("audit", asked.name), live.stamp(), lambda: casting.findings(self._ws, asked, live.fresh())
        )
        return found

    def certify(self, question: str | Question | None = None, *, checks: int | None = None) -> Certificate | None:
        """How right the labels are. With ``checks``, freeze them and draw that many items for people to check."""
        asked = self._of(question)
        if checks is not None:
            certify.draw_plan(self._ws, asked, self.believe(asked), checks)
        return certify.certificate(self._ws, asked)

    def release(self, question: str | Question | None = None, name: str = "v1") -> Release:
        """Freeze a dataset: hashed, split, hard and soft labels, a datasheet, and the certificate if there is one."""
        return models.freeze(self._ws, self._of(question), self.believe(question), check_name(name, "release"))

    def releases(self) -> Sequence[ReleaseInfo]:
        """Newest first."""
        return models.releases(self._ws)

    def load_release(self, name: str) -> Release:
        """A release, its hashes verified."""
        return models.load_release(self._ws, name)

    # train, evaluate, serve, watch

    def train(
        self, name: str = "v1", *, watch: Callable[[Any], None] | None = None, model: str | None = None
    ) -> ModelInfo:
        """Train a ladder of models on a release and keep the best under the release's name."""
        return models.train(self._ws, check_name(name, "release"), watch=watch, model=model)

    def evaluate(self, name: str = "v1", *, by: str | None = None) -> Any:
        """How right a trained model is on the release's test items, and for whom it errs more."""
        return models.evaluate(self._ws, name, by)

    def models(self) -> Sequence[ModelInfo]:
        """Newest first."""
        return models.infos(self._ws)

    def model(self, name: str) -> learn.Model:
        """A trained model."""
        return models.load(self._ws, name)

    def model_card(self, name: str) -> Mapping[str, Any]:
        """What to know of a model before using it."""
        return models.card(self._ws, name)

    def predict(self, name: str, items: Sequence[Mapping[str, Any]], *, log: bool = True) -> Sequence[Prediction]:
        """Predict items given by their fields, and log the predictions for ``watch``."""
        return models.predict(self._ws, name, items, log=log)

    def watch(self, name: str | None = None) -> Sequence[Watched]:
        """How far the inputs and predictions have drifted from the training data, one report per model in use."""
        return models.watched(self._ws, name)

    def offer(self, name: str, n: int = 20) -> int:
        """Take the most doubtful of the served inputs back as items; how many were new."""
        new = models.offer(self._ws, name, n)
        self._expire()
        return new

    # where it stands

    def report(
        self, path: Path | None = None, *, question: str | None = None, legs: Sequence[Any] = (), note: str = ""
    ) -> Path:
        """Write one self-contained HTML file: the road, its figures and pictures; its path."""
        asked = self._of(question)
        status, beliefs = self.status(question), self._current(question)
        findings = self.audit(question) if status.items else []
        texts = {item.id: item.text or "" for item in self.items([f.item for f in findings[:20] if f.item])}
        sections = [
            reporting.framing(self.frame, asked),
            *reporting.walked(legs, note),
            reporting.exploring(self.explore(question), beliefs),
            reporting.casting(self.source_table(question) if beliefs else [], len(asked.labels)),
            reporting.believing(status, len(asked.labels)),
            reporting.auditing(findings, texts),
            reporting.releasing(self.releases()),
            *reporting.training(self.models()),
            reporting.watching(self.watch()),
        ]
        return reporting.write(path or self.path / "report.html", self.name, sections, status, asked.text)

    def status(self, question: str | None = None) -> road.Status:
        """Where the project stands, and what to do next."""
        asked = self._of(question)
        return road.status(
            self._ws,
            asked,
            self._live_of(asked),
            findings=casting.known_findings(self._ws, asked),
            releases=[r.name for r in self.releases()],
            models=[m.name for m in self.models()],
            served=sum(w.n_predictions for w in self.watch()),
        )

    def events(self, limit: int = 100) -> Sequence[Any]:
        """The audit trail, newest first."""
        return self._ws.store.events(limit)

    # within

    def _of(self, question: str | Question | None) -> Question:
        return self._ws.question(question.name if isinstance(question, Question) else question)

    def _maybe(self, question: str | Question | None) -> Question | None:
        return self._of(question) if self._ws.config.questions else None

    def _live_of(self, question: Question) -> Live:
        with self._ws.lock:
            if question.name not in self._live:
                live = self._live[question.name] = Live(self._ws, question.name)
                live.after.append(lambda: features.embedding(self._ws))
                live.after.append(lambda: road.accuracy(self._ws, self._of(question.name)))
            return self._live[question.name]

    def _desk(self, question: Question) -> Desk:
        with self._ws.lock:
            if question.name not in self._desks:
                self._desks[question.name] = Desk(self._ws, question.name, self._live_of(question))
            return self._desks[question.name]

    def _expire(self) -> None:
        for live in self._live.values():
            live.expire()

    def _believable(self, question: Question) -> bool:
        return casting.believable(self._ws, question)

    def _current(self, question: str | None) -> Beliefs | None:
        asked = self._maybe(question)
        return self._live_of(asked).current().beliefs if asked is not None and self._believable(asked) else None
