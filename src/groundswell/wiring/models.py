"""Releases and models: freezing, training, evaluating, predicting, watching."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from groundswell import learn, release, watch
from groundswell.core.belief import Beliefs
from groundswell.core.errors import InputError, NotFoundError, did_you_mean
from groundswell.core.ids import to_plain, uuid7
from groundswell.core.interval import Interval
from groundswell.core.item import Item, Provenance, content_id
from groundswell.core.question import Question
from groundswell.store import Prediction as Logged
from groundswell.wiring import certify
from groundswell.wiring.workspace import Workspace

RELEASES, MODELS, REPORT = "releases", "models", "report.json"
RESERVED = ("item", "media", "label", "confidence", "split", "group", "people")
MOST_DOUBTFUL = 20
MOST_WEIGHTS = 40
MOST_GROUPS = 12


# Releases


@dataclass(frozen=True)
class ReleaseInfo:
    """A release at a glance. ``at`` is in seconds since 1970; ``splits`` counts items."""

    name: str
    at: float
    n: int
    certificate: release.Certificate | None
    splits: Mapping[str, int]
    hash: str


def freeze(ws: Workspace, question: Question, beliefs: Beliefs, name: str) -> release.Release:
    """Freeze the labels: those that were certified if there is a certificate for all items, else the current ones."""
    if not ws.voting(question) and not ws.store.count_votes(question.name):
        raise InputError(
            "Nobody has said anything about these items yet",
            hint="Let rules vote (cast) or people answer (label) first",
        )
    plan = certify.newest_plan(ws, question)
    certificate = certify.certificate(ws, question)
    if plan is not None and certificate is not None and len(plan.frozen) == len(beliefs):
        beliefs = certify.candidate(ws, question, plan, beliefs)
    else:
        certificate = None
    made = release.freeze(
        ws.root / RELEASES,
        name,
        items=ws.items(),
        beliefs=beliefs,
        question=question,
        frame=ws.frame,
        votes=ws.store.votes_frame(question.name),
        certificate=certificate,
        head=ws.store.head(),
        seed=ws.seed,
    )
    ws.store.record(
        "released", {"release": name, "question": question.name, "hash": made.hash, "items": made.manifest["items"]}
    )
    return made


def releases(ws: Workspace) -> list[ReleaseInfo]:
    """All releases, newest first."""
    found = []
    for folder in (ws.root / RELEASES).glob("*/manifest.json"):
        one = ws.keep(("release", folder.parent.name), folder.stat().st_mtime, lambda f=folder: _info(f.parent))
        found.append(one)
    return sorted(found, key=lambda one: -one.at)


def _info(folder: Path) -> ReleaseInfo:
    one = release.load(folder)
    told, at = one.manifest, (folder / "manifest.json").stat().st_mtime
    return ReleaseInfo(one.name, at, int(told["items"]), one.certificate, dict(told["splits"]), one.hash)


def load_release(ws: Workspace, name: str) -> release.Release:
    """A release, its hashes verified. Raises :class:`NotFoundError`."""
    folder = ws.root / RELEASES / name
    if not (folder / "manifest.json").is_file():
        raise NotFoundError(f"No release '{name}'", hint=did_you_mean(name, [r.name for r in releases(ws)]))
    return release.load(folder)


# Models


@dataclass(frozen=True)
class Rung:
    """A model of the ladder. ``against_previous`` and ``against_commonest`` are gains in accuracy."""

    model: str
    accuracy: Interval | None
    f1: Interval | None
    against_previous: Interval | None
    against_commonest: Interval | None


@dataclass(frozen=True)
class GroupRow:
    """Error rate of one group; ``None`` where it is too small to judge."""

    group: str
    n: int
    error: Interval | None


@dataclass(frozen=True)
class ModelInfo:
    """A trained model at a glance. ``weights``: (feature, label, weight), strongest first."""

    name: str
    release: str
    at: float
    kept: str
    ladder: Sequence[Rung]
    weights: Sequence[tuple[str, str, float]]
    groups: Mapping[str, Sequence[GroupRow]]
    card: Mapping[str, Any]


def train(
    ws: Workspace, name: str, *, watch: Callable[[Any], None] | None = None, model: str | None = None
) -> ModelInfo:
    """Train the ladder on the release's training items, keep its last model, and report it on the test items.

    Labels are soft: an item counts for each label as much as it is believed. A single ``model`` stands beside
    ``commonest`` alone.
    """
    frozen = load_release(ws, name)
    labels = list(frozen.labels)
    learned, test, caveat = parts(frozen, ws.seed)
    options: dict[str, Any] = {
        "weights": learn.soft_labels(learned, labels),
        "labels": labels,
        "columns": feature_columns(learned),
    }
    if watch is not None:
        options["watch"] = watch
    by = group_columns(test)
    rungs = learn.ladder(
        learned, test, "label", models=None if model is None else [model], by=by, seed=ws.seed, **options
    )
    best = rungs[-1]
    positive = ws.frame.positive or labels[-1]
    folder = ws.root / MODELS / name
    best.model.save(folder, overwrite=True)
    info = ModelInfo(
        name=name,
        release=name,
        at=time.time(),
        kept=best.name,
        ladder=[_rung(rung, positive) for rung in rungs],
        weights=[(r["feature"], r["label"], r["weight"]) for r in _both_ways(best.model, labels)],
        groups=_groups(best.evaluation.groups),
        card={
            **best.model.card(),
            "release": {"name": name, "hash": frozen.hash, "items": frozen.manifest["items"]},
            "frame": _frame_card(ws),
            **({"caveat": caveat} if caveat else {}),
            "on test items": {"n": best.evaluation.n, "accuracy": best.evaluation.accuracy, "positive": positive},
        },
    )
    (folder / REPORT).write_text(json.dumps(info, default=to_plain, ensure_ascii=False, indent=1), "utf-8")
    ws.store.record("trained", {"model": name, "kept": best.name, "release": name})
    return info


def parts(frozen: release.Release, seed: int) -> tuple[pl.DataFrame, pl.DataFrame, str]:
    """Items to learn from and to be judged on, and what has to be said about them.

    Raises
    ------
    InputError
        If there are fewer than five items.
    """
    if len(frozen.test):
        return frozen.train, frozen.test, ""
    if len(frozen.validation):
        return frozen.train, frozen.validation, "The release has no test items; its validation items were used."
    if len(frozen.train) < 5:
        raise InputError(
            f"The release '{frozen.name}' has {len(frozen.train)} items", hint="A model needs at least five"
        )
    order = frozen.train.sample(fraction=1.0, shuffle=True, seed=seed)
    fifth = max(len(order) // 5, 1)
    return order[fifth:], order[:fifth], "Groups are too large to split: test and training items share groups."


def _rung(rung: learn.Rung, positive: str) -> Rung:
    known = {str(score.label) for score in rung.evaluation.labels}
    return Rung(
        rung.name,
        rung.evaluation.accuracy,
        rung.evaluation.f1(positive) if positive in known else None,
        rung.before.gain if rung.before else None,
        rung.commonest.gain if rung.commonest else None,
    )


def _both_ways(model: learn.Model, labels: Sequence[str]) -> list[dict[str, Any]]:
    """The strongest weights, each under the label that it argues for."""
    rows = [row for row in model.weights(top=4 * MOST_WEIGHTS).to_dicts() if row["feature"] != "(bias)"]
    found = []
    for row in rows:
        if row["weight"] < 0 and len(labels) == 2:
            found.append({**row, "label": labels[0], "weight": -row["weight"]})
        elif row["weight"] > 0:
            found.append(row)
    return found[:MOST_WEIGHTS]


def _groups(rates: Sequence[Any]) -> dict[str, list[GroupRow]]:
    found: dict[str, list[GroupRow]] = {}
    for rate in rates:
        if rate.measure == "wrong":
            row = GroupRow(rate.group, rate.rate.n, None if rate.too_small else rate.rate)
            found.setdefault(rate.column, []).append(row)
    return found


def _frame_card(ws: Workspace) -> dict[str, str]:
    frame = ws.frame
    return {
        "purpose": frame.purpose,
        "used by": frame.used_by,
        "who could be harmed": frame.harmed,
        "success": frame.success,
    }


def feature_columns(frame: pl.DataFrame) -> list[str] | None:
    """What a model may learn from: the text where there is one, else the items' own fields.

    Raises
    ------
    InputError
        If the items are pictures.
    """
    if (
        "media" in frame.columns
        and frame["media"].null_count() < len(frame)
        and frame["text"].null_count() == len(frame)
    ):
        raise InputError(
            "These items are pictures; the models here learn from text and fields",
            hint="The release's Parquet file names every picture with its labels, for a model of your own",
        )
    if "text" in frame.columns and frame["text"].null_count() < len(frame):
        return ["text"]
    fields = [c for c in frame.columns if c not in RESERVED and not c.startswith("p_")]
    return fields or None


def group_columns(frame: pl.DataFrame) -> list[str]:
    """Columns with few values, by which error rates are reported."""
    fields = [c for c in frame.columns if c not in (*RESERVED, "text") and not c.startswith("p_")]
    return [c for c in fields if not frame.schema[c].is_nested() and 1 < frame[c].n_unique() <= MOST_GROUPS]


def infos(ws: Workspace) -> list[ModelInfo]:
    """All trained models, newest first."""
    return sorted((_load_info(path) for path in (ws.root / MODELS).glob(f"*/{REPORT}")), key=lambda one: -one.at)


def _load_info(path: Path) -> ModelInfo:
    told = json.loads(path.read_text("utf-8"))
    figures = ("accuracy", "f1", "against_previous", "against_commonest")
    ladder = [Rung(model=r["model"], **{name: _interval(r[name]) for name in figures}) for r in told["ladder"]]
    groups = {
        column: [GroupRow(r["group"], r["n"], _interval(r["error"])) for r in rows]
        for column, rows in told["groups"].items()
    }
    weights = [(str(f), str(label), float(w)) for f, label, w in told["weights"]]
    return ModelInfo(**{**told, "ladder": ladder, "groups": groups, "weights": weights})


def _interval(told: Mapping[str, Any] | None) -> Interval | None:
    return None if told is None else Interval(**told)


def info(ws: Workspace, name: str) -> ModelInfo:
    """One trained model. Raises :class:`NotFoundError`."""
    path = ws.root / MODELS / name / REPORT
    if not path.is_file():
        known = [one.name for one in infos(ws)]
        raise NotFoundError(
            f"No model '{name}'", hint=did_you_mean(name, known) if known else "Train one: groundswell train"
        )
    return _load_info(path)


def load(ws: Workspace, name: str) -> learn.Model:
    """A trained model, ready to predict. Raises :class:`NotFoundError`."""
    stamp = info(ws, name).at
    found: learn.Model = ws.keep(("model", name), stamp, lambda: learn.load(ws.root / MODELS / name))
    return found


def evaluate(ws: Workspace, name: str, by: str | None) -> learn.Evaluation:
    """A model on the test items of its release, against their labels."""
    _, test, _ = parts(load_release(ws, info(ws, name).release), ws.seed)
    return learn.evaluate(load(ws, name), test, "label", by=by, seed=ws.seed)


# Predict and watch


@dataclass(frozen=True)
class Prediction:
    """A prediction. ``because``: (feature, how far it argues for what was predicted), strongest first."""

    label: str
    confidence: float
    p: Mapping[str, float]
    because: Sequence[tuple[str, float]]


def predict(ws: Workspace, name: str, items: Sequence[Mapping[str, Any]], *, log: bool = True) -> list[Prediction]:
    """Predict items given by their fields; every prediction is logged unless ``log`` is false."""
    model = load(ws, name)
    frame = input_frame(items, model.features.columns)
    told = model.predict_frame(frame)
    because = model.explain(frame, top=8)
    labels = [str(label) for label in model.labels]
    predictions = [
        Prediction(str(row["label"]), float(row["confidence"]), {k: float(row[f"p_{k}"]) for k in labels}, tuple(why))
        for row, why in zip(told.iter_rows(named=True), because, strict=True)
    ]
    if log:
        ws.store.add_predictions(
            [
                Logged(uuid7(), name, dict(given), made.label, made.confidence, made.p)
                for given, made in zip(items, predictions, strict=True)
            ]
        )
    return predictions


def input_frame(items: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> pl.DataFrame:
    """Items as a table with the columns that a model needs. Raises :class:`InputError` if an item lacks one."""
    for i, item in enumerate(items, start=1):
        missing = [column for column in columns if column not in item]
        if missing:
            raise InputError(f"Item {i} has no field '{missing[0]}'", hint=f"The model needs: {', '.join(columns)}")
    try:
        return pl.DataFrame({column: [item[column] for item in items] for column in columns}, strict=True)
    except (TypeError, pl.exceptions.PolarsError) as e:
        raise InputError(f"The items' fields differ in kind: {str(e).splitlines()[0][:200]}") from None


@dataclass(frozen=True)
class Doubtful:
    """A logged prediction that the model is least sure of."""

    input: Mapping[str, Any]
    label: str
    confidence: float
    at: float | None


@dataclass(frozen=True)
class Watched:
    """A model in use: how many predictions, what has drifted, what it doubts."""

    model: str
    n_predictions: int
    drift: Sequence[watch.Drift]
    doubtful: Sequence[Doubtful]


def watched(ws: Workspace, name: str | None) -> list[Watched]:
    """A report for each model that has predicted, or for the one named."""
    names = [info(ws, name).name] if name is not None else [one.name for one in infos(ws)]
    found = [ws.keep(("watched", one), _log_stamp(ws, one), partial(_watch_one, ws, one)) for one in names]
    return [one for one in found if one.n_predictions or name is not None]


def _log_stamp(ws: Workspace, name: str) -> tuple[int, float]:
    return len(ws.store.predictions_frame(name)), info(ws, name).at


def _watch_one(ws: Workspace, name: str) -> Watched:
    logged = ws.store.predictions_frame(name)
    if not len(logged):
        return Watched(name, 0, (), ())
    model = load(ws, name)
    frozen = load_release(ws, info(ws, name).release)
    training = frozen.train
    # A model is surer of what it was trained on than of anything new, so compare with what it was not.
    unseen = pl.concat([frozen.validation, frozen.test])
    columns = [c for c in model.features.columns if c in logged.columns]
    shares = [f"p_{label}" for label in model.labels]
    drift = watch.drift(
        training.select(columns),
        logged.select(columns),
        probabilities_reference=model.predict_proba(unseen if len(unseen) else training),
        probabilities_current=logged.select(shares).to_numpy(),
        labels=[str(label) for label in model.labels],
        seed=ws.seed,
    )
    rows = watch.doubtful(logged, MOST_DOUBTFUL)
    doubts = [
        Doubtful({c: row[c] for c in columns}, str(row["label"]), float(row["confidence"]), row["at"])
        for row in rows.iter_rows(named=True)
    ]
    return Watched(name, len(logged), tuple(drift), tuple(doubts))


def offer(ws: Workspace, name: str, n: int) -> int:
    """Take the ``n`` most doubtful inputs back as items; how many were new."""
    logged = ws.store.predictions_frame(name)
    if not len(logged):
        raise InputError(f"The model '{name}' has predicted nothing yet", hint="Serve it: groundswell serve")
    fields = [c for c in load(ws, name).features.columns if c in logged.columns and c != "text"]
    made = []
    for row in watch.doubtful(logged, n).iter_rows(named=True):
        text, meta = row.get("text"), {c: row[c] for c in fields}
        made.append(
            Item(content_id(text, None, meta), text, None, meta, None, Provenance(f"watch:{name}", None, "watch"))
        )
    added = ws.store.add_items({item.id: item for item in made}.values())
    ws.store.record("offered", {"model": name, "asked": len(made), "new": added.new})
    return added.new


def card(ws: Workspace, name: str) -> Mapping[str, Any]:
    """The model card: what it was trained on, how good it is, for whom, what it looks at."""
    one = info(ws, name)
    told: Mapping[str, Any] = json.loads(
        json.dumps({**one.card, "ladder": one.ladder, "groups": one.groups}, default=to_plain)
    )
    return told
