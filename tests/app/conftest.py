"""A small project in memory that has the shape the routes need, and clients of its app."""

from __future__ import annotations

import json
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import groundswell as gs
from groundswell.app import Access, create, create_predict
from groundswell.core.abstain import ABSTAIN
from groundswell.core.answers.choice import Choice
from groundswell.core.belief import Beliefs, Push, Reliability
from groundswell.core.errors import ConflictError, NotFoundError
from groundswell.core.finding import Finding
from groundswell.core.frame import Frame
from groundswell.core.ids import uuid7
from groundswell.core.interval import Interval
from groundswell.core.item import Item
from groundswell.core.question import Example, Question
from groundswell.core.source import SourceInfo
from groundswell.core.vote import Assignment, Vote
from groundswell.explore import MapView, explore

with warnings.catch_warnings():  # it would rather have another version of its HTTP client; this one does as well
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

BASE = "http://127.0.0.1:8765"
PAGE = {"origin": BASE, "sec-fetch-site": "same-origin"}
"""What a browser adds to requests that the server's own page sends."""

CERTAIN = {"value": 0.951, "low": 0.931, "high": 0.967, "n": 1114, "confidence": 0.95}


@dataclass
class Thing:
    """Anything with these attributes."""

    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)


@dataclass
class FakeProject:
    """Four messages, one rule, an unbounded queue. Votes live in memory."""

    path: Path | None = None
    name: str = "sms"
    frame: Frame = field(default_factory=lambda: Frame("Keep spam out"))
    asked: Question = field(
        default_factory=lambda: Question(
            "spam",
            Choice("spam", "ham"),
            text="Is it spam?",
            instructions="Judge the *message*.",
            examples=(Example("win", "spam", "a prize"),),
        )
    )
    stored: list[Item] = field(
        default_factory=lambda: [
            Item("a", "win a prize", meta={"label": "spam", "length": 3}),
            Item("b", "see you at 8", meta={"label": "ham", "length": 4}),
            Item("c/d e", "ok lor", meta={"label": "ham", "length": 2}),
            Item("d", "call 0906 now", meta={"label": "spam", "length": 3}),
        ]
    )
    votes: dict[str, Vote] = field(default_factory=dict)
    leases: dict[str, Assignment] = field(default_factory=dict)
    media: Path | None = None
    threads: set[str] = field(default_factory=set)

    def question(self, name: str | None = None) -> Question:
        self.threads.add(threading.current_thread().name)
        if name not in (None, self.asked.name):
            raise NotFoundError(f"No question '{name}'")
        return self.asked

    def questions(self) -> list[Question]:
        return [self.asked]

    def status(self, question: str) -> Any:
        return Thing(
            items=4,
            people=1,
            rules=1,
            answers=len(self.votes),
            findings=1,
            stages=[Thing(key="frame", title="Frame", state="done", figure="")],
            next=[Thing(key="L", title="Answer 20 questions", detail="4 minutes", href="/label")],
            accuracy=Interval(0.9, 0.8, 0.95, 40),
            certainty=[0] * 19 + [4],
            settled=3,
            doubtful=1,
        )

    def next(self, question: str, person: str, n: int) -> Any:
        self.question(question)
        done = self.answered_items(question, person)
        held = {a.item: a for a in self.leases.values() if a.source == person}
        for item in self.stored:
            if item.id not in done and item.id not in held:
                held[item.id] = Assignment(
                    uuid7(), question, 1, item.id, person, "The rules disagree.", "margin", 0.5, 9e9
                )
        asked = [held[item.id] for item in self.stored if item.id in held][:n]
        self.leases |= {a.id: a for a in asked}
        again = [Thing(assignment=a, item=self.item(a.item), suggestion="spam") for a in asked]
        return Thing(asked=again, remaining=4 - len(done), done=len(done), seconds_each=None)

    def vote(self, question: str, *, key: str, person: str, assignment: str, answer: Any, **given: Any) -> Any:
        self.question(question)
        held = self.leases.get(assignment)
        known = self.votes.get(key)
        made = Vote(
            key=key, question=question, source=person, item=given["item"], version=given["version"],
            answer=answer if answer is ABSTAIN else self.asked.answer.validate(answer),
            seconds=given["seconds"], note=given["note"], confidence=given["confidence"], at=1.0,
        )  # fmt: skip
        if known is None:
            if held is None or held.source != person or held.item != given["item"]:
                raise NotFoundError("No such assignment")
            del self.leases[assignment]
            self.votes[key] = made
        elif known != made:
            raise ConflictError("The key is known with another answer")
        return Thing(new=known is None, belief={"spam": 0.75, "ham": 0.25}, said=self.said(question, made.item))

    def undo(self, question: str, *, key: str, person: str, retracts: str) -> Any:
        old = self.votes.get(retracts)
        if old is None or old.source != person:
            raise NotFoundError("No such answer of yours")
        del self.votes[retracts]
        return Thing(new=True, asked=self.next(question, person, 1).asked[0])

    def mine(self, question: str, person: str, limit: int) -> list[Vote]:
        self.question(question)
        return [vote for vote in reversed(self.votes.values()) if vote.source == person][:limit]

    def open_items(self, question: str, person: str) -> set[str]:
        return {a.item for a in self.leases.values() if a.source == person}

    def answered_items(self, question: str, person: str) -> set[str]:
        return {vote.item for vote in self.votes.values() if vote.source == person}

    def hidden_fields(self, question: str) -> set[str]:
        self.question(question)
        return {"label"}

    def item(self, id: str) -> Item:
        found = {item.id: item for item in self.stored}
        if id not in found:
            raise NotFoundError(f"No item '{id}'")
        return found[id]

    def items(self, ids: list[str]) -> list[Item]:
        return [self.item(id) for id in ids]

    def votes_on(self, question: str, item: str) -> list[Vote]:
        return [vote for vote in self.votes.values() if vote.item == item]

    def said(self, question: str, item: str) -> list[Any]:
        return [Thing(source="prize", kind="rule", answer="spam"), Thing(source="shy", kind="rule", answer=None)]

    def current(self, question: str) -> Beliefs:
        self.question(question)
        rule = Reliability(SourceInfo("prize", "rule", "all"), Interval(0.9, 0.8, 0.95, 40), 1.0)
        p = np.array([0.9, 0.2, 0.4, 0.97])[: len(self.stored)]
        return Beliefs(
            [item.id for item in self.stored], ["spam", "ham"], np.stack([p, 1 - p], 1), np.array([0.13, 0.87]), [rule],
            "test", explainer=lambda row: [Push("prize", "spam", "spam", 1.5)],
        )  # fmt: skip

    def source_table(self, question: str) -> list[Any]:
        self.question(question)
        return [
            Thing(
                name="prize", kind="rule", group=None, version="1", definition="win|prize", n=4, coverage=1.0,
                overlap=0.0, conflict=0.0, accuracy=None, below_chance=False, derived=False,
            )
        ]  # fmt: skip

    def audit(self, question: str) -> list[Finding]:
        return [Finding("label-error", 0.9, "People say ham", "Look again", "a"), Finding("missing", 0.1, "w", "a")]

    def explore(self, question: str) -> dict[str, Any]:
        spam = ["spam", "ham", "ham", "spam"][: len(self.stored)]
        ids, zeros = [item.id for item in self.stored], np.zeros(len(self.stored))
        frame = pl.DataFrame({"item": ids, "text": [item.text for item in self.stored], "length": [3, 4, 2, 3]})
        found = dict(explore(frame, labels=pl.Series("label", spam)))
        return found | {"map": MapView(ids, zeros, zeros, zeros.astype(int), [["win"]], list(spam))}

    def releases(self) -> list[Any]:
        sure = Thing(
            sentence="At least 91 of 100", correct=Interval(0.95, 0.91, 0.98, 60), bound=0.91, n=60, method="x"
        )
        return [Thing(name="v1", at=1.0, n=4, certificate=sure, splits={"train": 4}, hash="0" * 64)]

    def models(self) -> list[Any]:
        rung = Thing(model="commonest", accuracy=Interval(0.87, 0.8, 0.9, 9), f1=None, against_previous=None)
        row = Thing(group="short", n=2, error=None)
        return [
            Thing(
                name="v1",
                release="v1",
                ladder=[rung],
                weights=[("win", "spam", 1.2)],
                groups={"length": [row]},
                card={},
            )
        ]

    def watch(self) -> list[Any]:
        drift = Thing(what="length", test="psi", statistic=0.3, p_value=None, level="changed", why="Longer")
        doubt = Thing(input={"text": "hm"}, label="ham", confidence=0.51, at=1.0)
        return [Thing(model="v1", n_predictions=9, drift=[drift], doubtful=[doubt])]

    def events(self, limit: int) -> list[Any]:
        return [Thing(at=1.0, event="framed", data={})]

    def media_path(self, name: str) -> Path:
        if self.media is None or not (self.media / name).is_file():
            raise NotFoundError("No such media file")
        return self.media / name

    def model_card(self, name: str) -> dict[str, Any]:
        if name != "v1":
            raise NotFoundError(f"No model '{name}'")
        return {"release": "v1", "labels": ["spam", "ham"], "ladder": [{"model": "logistic", "accuracy": CERTAIN}]}

    def predict(self, name: str, items: list[dict[str, Any]]) -> list[Any]:
        made = Thing(label="spam", confidence=0.9, p={"spam": 0.9, "ham": 0.1}, because=[("win", 1.2)])
        return [made for _ in items]


def start(access: Access, app: Any, *, person: str | None = None, **options: Any) -> TestClient:
    """A client that opened the printed address."""
    client = TestClient(app, base_url=BASE, **options)
    response = client.get(f"/?{access.query(person)}", follow_redirects=False)
    assert response.status_code == 303, response.text
    return client


@pytest.fixture
def project(tmp_path: Path) -> FakeProject:
    return FakeProject(path=tmp_path)


@pytest.fixture
def access() -> Access:
    return Access(secret=b"s" * 32, token="the-token", owner="ada")


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """A page as a build would leave it."""
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Groundswell</title>" + "<p>page</p>" * 100)
    (folder / "assets" / "index-abc123.js").write_text("console.log(1);" * 100)
    (folder / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "secret.py").write_text("no file type of a page")
    return folder


@pytest.fixture
def app(project: FakeProject, access: Access, static: Path) -> Any:
    return create(project, access=access, static=static)


@pytest.fixture
def stranger(app: Any) -> TestClient:
    """A client without a session."""
    return TestClient(app, base_url=BASE)


@pytest.fixture
def owner(app: Any, access: Access) -> TestClient:
    return start(access, app)


@pytest.fixture
def ben(app: Any, access: Access) -> TestClient:
    """A person who came by their own link."""
    return start(access, app, person="ben")


@pytest.fixture
def model(project: FakeProject) -> TestClient:
    """A client of the prediction service."""
    return TestClient(create_predict(project, "v1"), base_url=BASE)


def ballot(client: TestClient, **changes: Any) -> dict[str, Any]:
    """The body of a vote on the first question that this client is asked."""
    found = client.get("/api/questions/spam/next").json()["assignments"][0]
    body = {"key": uuid7(), "assignment": found["id"], "item": found["item"]["id"], "version": 1, "answer": "ham"}
    return body | changes


@pytest.fixture
def post() -> Any:
    """Send JSON as the server's own page does."""

    def send(client: TestClient, path: str, body: Any, **headers: str) -> Any:
        return client.post(path, json=body, headers=PAGE | headers)

    return send


@pytest.fixture
def make_ballot() -> Any:
    return ballot


@pytest.fixture
def page_headers() -> dict[str, str]:
    return dict(PAGE)


@pytest.fixture
def enter() -> Any:
    return start


@pytest.fixture
def images(project: FakeProject, tmp_path: Path) -> Path:
    """The project's media folder."""
    folder = tmp_path / "media"
    folder.mkdir()
    project.media = folder
    return folder


SPAM = [
    "win a free prize now",
    "claim your free ringtone",
    "you have won cash call 0906",
    "free entry to win",
    "urgent prize",
]
HAM = [
    "see you at home later",
    "ok lor then i go",
    "are you coming for lunch",
    "happy birthday mum",
    "running late sorry",
]
ODD = ["<img src=x onerror=alert(1)>", "ünïcödé 😀 \u202e", "=cmd|'/C calc'!A0"]


def messages():
    """40 messages with the answer in a field of their own."""
    spam = [f"{SPAM[i % 5]} {i}" for i in range(15)]
    ham = [f"{HAM[i % 5]} {i}" for i in range(22)] + ODD
    return [{"text": t, "gold": "spam", "length": len(t)} for t in spam] + [
        {"text": t, "gold": "ham", "length": len(t)} for t in ham
    ]


def make(folder):
    """A project with 40 messages, two rules and a legacy system, cast."""
    project = gs.open(folder)
    project.add_question("spam", gs.Choice("spam", "ham"), text="Is it spam?", instructions="Judge the *message*.")
    file = folder.parent / f"{folder.name}.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in messages()))
    project.collect(file, text="text")
    project.add_source(
        gs.Pattern("prize", "win|prize|free", answer="spam"), gs.Pattern("chat", r"\b(ok|home|late)\b", answer="ham")
    )
    project.cast()
    return project


@pytest.fixture
def make_project() -> Any:
    return make


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Any]:
    """A real project with 40 messages."""
    with make(tmp_path / "sms") as project:
        yield project


@pytest.fixture
def real_access():
    return Access(secret=b"r" * 32, token="the-token", owner="ada")


@pytest.fixture
def ada(real, real_access, enter):
    return enter(real_access, create(real, access=real_access))
