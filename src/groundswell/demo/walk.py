"""The road, walked once on the SMS Spam Collection.

The person who is asked along the way is played by the collection's own answers; nothing else sees them but the
scores in the figures, and no choice is made by them.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from groundswell import __version__, learn
from groundswell.core.belief import Beliefs
from groundswell.core.errors import ConflictError
from groundswell.demo import sms
from groundswell.demo.rules import sources as demo_rules
from groundswell.demo.score import Score, score
from groundswell.frame import template
from groundswell.project import Project, new

PERSON = "collection"
ASKED = 100
BATCH = 10
CHECKS = 150
POSITIVE = "spam"
FIGURES = "demo.json"


@dataclass
class Leg:
    """One step of the road: what happened in one paragraph, and its figures."""

    key: str
    title: str
    text: str = ""
    figures: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass
class Walk:
    """The legs walked so far. ``show`` is called with each when it is done, ``tick`` while it is under way."""

    project: Project
    gold: Mapping[str, str]
    show: Callable[[Leg], None]
    tick: Callable[[str, int, int], None]
    legs: list[Leg] = field(default_factory=list)

    @contextmanager
    def leg(self, key: str, title: str) -> Iterator[Leg]:
        """Time a leg, keep it and show it."""
        self.tick(title, 0, 0)
        leg = Leg(key, title)
        begun = time.perf_counter()
        yield leg
        leg.seconds = round(time.perf_counter() - begun, 2)
        self.legs.append(leg)
        self.show(leg)

    def score(self, beliefs: Beliefs) -> Score:
        """Beliefs about all items against the collection's own answers; silence counts as a guess."""
        said = [str(beliefs.labels[code]) for code in beliefs.codes]
        return score(said, [self.gold[str(item)] for item in beliefs.items])


def prepare(folder: Path, *, fresh: bool) -> dict[str, Any] | None:
    """Make the folder ready: the figures of an earlier walk that is complete, else ``None`` and an empty place.

    Raises
    ------
    ConflictError
        If the folder holds something that is not the demo.
    """
    done = folder / FIGURES
    if folder.exists() and any(folder.iterdir()):
        if not done.is_file():
            raise ConflictError(
                "The folder is not empty and not the demo's", where=str(folder), hint="Choose another with --folder"
            )
        state: dict[str, Any] = json.loads(done.read_text("utf-8"))
        if state.get("complete") and state.get("version") == __version__ and not fresh:
            return state
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    done.write_text(json.dumps({"complete": False, "version": __version__}), "utf-8")
    return None


def walk(
    folder: Path, *, show: Callable[[Leg], None], tick: Callable[[str, int, int], None] = lambda _t, _i, _n: None
) -> dict[str, Any]:
    """Walk the whole road in a folder that :func:`prepare` made ready; the figures, as they are also written there."""
    messages = sms.messages()
    begun = time.perf_counter()
    frame_begun = time.perf_counter()
    with new(folder, config=replace(template("spam"), sources=(), name="sms-spam")) as project:
        road = Walk(project, {}, show, tick)
        with road.leg("frame", "Frame") as leg:
            leg.text = (
                f"“{project.question().text}” {project.frame.task_why} The template 'spam' filled in groundswell.toml: "
                "labels, instructions with examples, the measure of success, who could be harmed."
            )
            leg.figures = {"labels": list(project.question().labels), "metrics": list(project.frame.metrics)}
        road.legs[0].seconds = round(time.perf_counter() - frame_begun, 2)
        road.gold = _collect(road, folder, messages)
        _explore(road)
        _cast(road)
        _believe(road)
        _ask(road)
        _audit(road)
        _release(road)
        _train(road)
        _watch(road)
        with road.leg("report", "Report") as leg:
            path = project.report(None, legs=road.legs, note=NOTE)
            leg.text = f"The road, its figures and pictures in one file: {path}"
            leg.figures = {"path": str(path), "bytes": path.stat().st_size}
    figures = {
        "data": sms.CITATION,
        "note": NOTE,
        "complete": True,
        "version": __version__,
        "seconds": round(time.perf_counter() - begun, 2),
        "goals": GOALS,
        "steps": {leg.key: {"seconds": leg.seconds, **leg.figures} for leg in road.legs},
    }
    (folder / FIGURES).write_text(json.dumps(figures, indent=2, default=str), "utf-8")
    return figures


NOTE = (
    "The person who is asked is played by the collection's own answers. Scores compare with those answers over all "
    "5,572 messages; where no source spoke, the belief's best guess counts."
)
GOALS = {
    "rules: F1 points above majority": 5,
    "after 100 answers: F1": 0.96,
    "trained model on held-out items: F1": 0.95,
}


def _collect(road: Walk, folder: Path, messages: list[tuple[str, str]]) -> dict[str, str]:
    with road.leg("collect", "Collect") as leg:
        raw = folder / "messages.jsonl"
        raw.write_text("".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text, _ in messages), "utf-8")
        found = road.project.collect(raw, text="text")
        again = road.project.collect(raw, text="text")
        leg.text = (
            f"{found.new:,} real text messages from {sms.CITATION}. Collecting the same file again added {again.new}. "
            "The answers stay outside the project."
        )
        leg.figures = {"items": found.new, "again": again.new}
    ids = road.project.items_frame["item"].to_list()
    return dict(zip(ids, (label for _, label in messages), strict=True))


def _explore(road: Walk) -> None:
    with road.leg("explore", "Explore") as leg:
        views = {name: view.to_json() for name, view in road.project.explore().items()}
        told = [str(views[name]["sentence"]) for name in ("counts", "lengths", "duplicates", "missing", "map")]
        leg.text = " ".join(told)
        leg.figures = {
            "exact duplicates": views["duplicates"]["exact"]["spare"],
            "clusters": len(views["map"]["clusters"]),
        }


def _cast(road: Walk) -> None:
    with road.leg("cast", "Cast") as leg:
        rules = demo_rules()
        road.project.add_source(*rules)
        road.project.cast(progress=lambda name, i, n: road.tick(f"Cast: {name}", i, n))
        rows = [row for row in road.project.source_table() if not row.derived]
        votes = sum(row.n for row in rows)
        best = max(rows, key=lambda row: row.coverage)
        leg.text = (
            f"{len(rows)} rules written from common sense (patterns, searches, look-ups, Python functions) cast "
            f"{votes:,} votes; the widest, '{best.name}', speaks on {best.coverage:.0%} of the messages."
        )
        leg.figures = {"sources": len(rows), "votes": votes}


def _believe(road: Walk) -> None:
    with road.leg("believe", "Believe") as leg:
        majority = road.score(road.project.believe(model="majority"))
        votes = road.score(road.project.believe(derived=False))
        beliefs = road.project.believe()
        rules = road.score(beliefs)
        leg.text = (
            f"From the rules alone, majority vote finds spam with F1 {majority.f1:.3f}. Beliefs, which learn how far "
            f"each rule can be trusted, find it with F1 {votes.f1:.3f}; with a model of the texts, trained on these "
            f"beliefs, as one more source that is marked as derived, {rules.f1:.3f} (accuracy {rules.accuracy:.1%})."
        )
        leg.figures = {
            "majority": vars(majority),
            "beliefs from votes": vars(votes),
            "beliefs from rules": vars(rules),
            "f1 points above majority": round(100 * (rules.f1 - majority.f1), 2),
            "balance": {str(k): round(float(p), 4) for k, p in zip(beliefs.labels, beliefs.prior, strict=True)},
        }


def _ask(road: Walk) -> None:
    with road.leg("ask", "Ask") as leg:
        answers = 0
        curve = []
        reason = ""
        while answers < ASKED:
            asked = road.project.ask(of=PERSON, n=min(BATCH, ASKED - answers))
            for one in asked:
                road.project.vote(one, answer=road.gold[one.item.id])
                reason = reason or one.why
            answers += len(asked)
            found = road.score(road.project.believe())
            curve.append({"answers": answers, "f1": round(found.f1, 4), "accuracy": round(found.accuracy, 4)})
            road.tick("Ask", answers, ASKED)
        leg.text = (
            f"{answers} questions, the most useful first (the first one because: {reason}) The person is played by the "
            f"collection's own answers. Beliefs about all messages now: F1 {found.f1:.3f}, accuracy "
            f"{found.accuracy:.1%}."
        )
        leg.figures = {"answers": answers, "beliefs": vars(found), "curve": curve}


def _audit(road: Walk) -> None:
    with road.leg("audit", "Audit") as leg:
        findings = road.project.audit()
        counts: dict[str, int] = {}
        for finding in findings:
            counts[finding.check] = counts.get(finding.check, 0) + 1
        listed = ", ".join(f"{check} {n}" for check, n in counts.items())
        leg.text = (
            f"{len(findings)} findings ({listed}). The worst: {findings[0].why}" if findings else "Nothing found."
        )
        leg.figures = {"findings": len(findings), "by check": counts}


def _release(road: Walk) -> None:
    with road.leg("release", "Release") as leg:
        project = road.project
        beliefs = project.believe()
        truth = road.score(beliefs)
        project.certify(checks=CHECKS)
        while asked := project.ask(of=PERSON, n=50):
            checks = [one for one in asked if one.assignment.stratum == "audit"]
            for one in checks:
                project.vote(one, answer=road.gold[one.item.id])
            if not checks:
                break
        made = project.release(name="v1")
        certificate = made.certificate
        if certificate is None:
            raise ConflictError("The demo's certificate is missing")
        leg.text = (
            f"{certificate.sentence} The truth, known here alone: "
            f"{truth.accuracy:.2%}. Frozen as v1 (hash {made.hash[:12]}) with splits, a datasheet and soft labels."
        )
        leg.figures = {
            "items": made.manifest["items"],
            "hash": made.hash,
            "certificate": {
                "bound": certificate.bound,
                "checks": certificate.n,
                "confidence": certificate.confidence,
                "truth": truth.accuracy,
                "holds": truth.accuracy >= certificate.bound,
            },
        }


def _train(road: Walk) -> None:
    with road.leg("train", "Train") as leg:
        project = road.project
        trained = project.train("v1")
        held, found = _held_out(road)
        ladder = [
            {
                "model": rung.model,
                "accuracy": rung.accuracy.value if rung.accuracy else None,
                "f1": rung.f1.value if rung.f1 else None,
            }
            for rung in trained.ladder
        ]
        top = ", ".join(feature for feature, label, _ in trained.weights if label == POSITIVE)[:80]
        leg.text = (
            f"A ladder of {len(ladder)} models on the labels of v1; kept: {trained.kept}. It looks at {top} … "
            f"Trained from the beginning without {held} messages and all that was said about them, the same model "
            f"finds spam among them with F1 {found.f1:.3f}, accuracy {found.accuracy:.1%}."
        )
        leg.figures = {"kept": trained.kept, "ladder": ladder, "held out": vars(found)}


def _held_out(road: Walk) -> tuple[int, Score]:
    """A model from beliefs that know nothing of the held-out messages, against the collection's answers to them."""
    project = road.project
    held = project.load_release("v1").test
    names = frozenset(held["item"].to_list())
    beliefs = project.believe(leave_out=names)
    texts = project.items_frame.filter(~pl.col("item").is_in(list(names))).select("item", "text")
    model = learn.train(texts, "label", weights=beliefs.probabilities, labels=[str(label) for label in beliefs.labels])
    said = [str(label) for label in model.predict(held.select("text")).to_list()]
    return len(names), score(said, [road.gold[item] for item in held["item"].to_list()])


def _watch(road: Walk) -> None:
    with road.leg("serve", "Serve and watch") as leg:
        held = road.project.load_release("v1").test
        texts = held["text"].to_list()
        answered = serve_once(road.project, texts)
        watched = road.project.watch("v1")[0]
        shifted = [d for d in watched.drift if d.level != "same"]
        taken = road.project.offer("v1", 10)
        leg.text = (
            f"The model answered {answered} held-out messages over HTTP. Against the training data "
            + (f"{len(shifted)} things have shifted: {shifted[0].why} " if shifted else "nothing has shifted. ")
            + f"The 10 that the model doubts most are offered back as questions ({taken} of them new to the project)."
        )
        leg.figures = {"predictions": answered, "drifted": [d.what for d in shifted], "offered back": taken}


def serve_once(project: Project, texts: list[str]) -> int:
    """Serve the model on a free port of the loopback, ask it over HTTP, stop it; how many answers came."""
    import httpx

    from groundswell import app

    with app.running(app.create_predict(project, "v1")) as address, httpx.Client(base_url=address) as client:
        answered = 0
        for begin in range(0, len(texts), 100):
            body = {"items": [{"text": text} for text in texts[begin : begin + 100]]}
            reply = client.post("/predict", json=body, timeout=30.0)
            reply.raise_for_status()
            answered += len(reply.json()["predictions"])
    return answered
