"""What happened: predictions of served models, people and their links, the audit trail."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from sqlalchemy import Connection, insert, select, update

from groundswell.core.errors import InputError, NotFoundError, did_you_mean
from groundswell.core.ids import check_name
from groundswell.store import checks, frames
from groundswell.store.backend import Backend
from groundswell.store.base import Event, Prediction
from groundswell.store.items import chunks
from groundswell.store.schema import events, people, predictions


def prepare_predictions(given: Sequence[Prediction]) -> list[dict[str, Any]]:
    """The rows of predictions. Raises :class:`InputError` at the first that cannot be stored."""
    return [_prediction(prediction) for prediction in given]


def _prediction(given: Prediction) -> dict[str, Any]:
    if not isinstance(given, Prediction):
        raise InputError(f"A {type(given).__name__} is no Prediction")
    id = checks.key(given.id, "id of a prediction")
    where = f"prediction {id}"
    if not isinstance(given.label, str | int | float) or isinstance(given.label, bool):
        raise InputError("A label is a text or a number", where=where)
    return {
        "id": id,
        "model": checks.text(given.model, where, limit=checks.MAX_NAME, least=1),
        "at": checks.number(time.time() if given.at is None else given.at, where, 0),
        "input": checks.to_json(given.input, where, keep_order=True),
        "label": checks.to_json(given.label, where),
        "confidence": checks.number(given.confidence, where, 0, 1),
        "probabilities": checks.to_json(given.probabilities, where, keep_order=True),
    }


def add_predictions(connection: Connection, backend: Backend, rows: Sequence[dict[str, Any]]) -> int:
    """Store those that are new; how many."""
    backend.lock(connection, predictions)
    new = {row["id"]: row for row in rows}
    for part in chunks(list(new)):
        for id in connection.execute(select(predictions.c.id).where(predictions.c.id.in_(part))).scalars().all():
            del new[id]
    if new:
        connection.execute(insert(predictions), list(new.values()))
    return len(new)


def predictions_frame(connection: Connection, model: str) -> pl.DataFrame:
    """What a model said, oldest first."""
    names = ("id", "at", "label", "confidence", "probabilities", "input")
    query = select(*(predictions.c[name] for name in names)).where(predictions.c.model == model)
    rows = connection.execute(query.order_by(predictions.c.n)).all()
    id, at, label, confidence, probabilities, given = zip(*rows, strict=True) if rows else ((),) * 6
    fixed = {
        "id": pl.Series("id", id, pl.String),
        "at": frames.floats("at", at),
        "label": frames.column("label", [frames.value(text) for text in label]),
        "confidence": frames.floats("confidence", confidence),
    }
    spread = frames.spread(probabilities, "p", taken=())
    fixed |= {f"p_{name}": frames.floats(f"p_{name}", column) for name, column in spread.items()}
    return pl.DataFrame(fixed | frames.spread(given, "input", taken=fixed))


def save_person(connection: Connection, backend: Backend, name: str) -> None:
    """Note that a person exists."""
    statement = backend.upsert(people).on_conflict_do_nothing(index_elements=["name"])
    connection.execute(statement, {"name": check_name(name, "person"), "at": time.time()})


def every_person(connection: Connection) -> list[str]:
    """Names, in order of their first appearance."""
    return list(connection.execute(select(people.c.name).order_by(people.c.n)).scalars())


def make_link(connection: Connection, name: str) -> str:
    """A new secret for a person. Raises :class:`NotFoundError`."""
    secret = secrets.token_urlsafe(32)
    changed = connection.execute(update(people).where(people.c.name == name).values(link=hashed(secret)))
    if changed.rowcount == 0:
        raise NotFoundError(
            f"No person '{str(name)[:80]}'", hint=did_you_mean(str(name)[:80], every_person(connection))
        )
    return secret


def person_of(connection: Connection, link: str) -> str | None:
    """Whom the secret with this hash names."""
    # Looked up by its hash, so that the time it takes says nothing about the secrets there are.
    return connection.execute(select(people.c.name).where(people.c.link == link)).scalar()


def hashed(secret: str) -> str:
    """What the store keeps of a secret."""
    # A secret of 256 random bits cannot be guessed, so that a slow hash would add nothing.
    return hashlib.sha256(str(secret).encode("utf-8", "replace")).hexdigest()


def prepare_event(event: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The row of an event. Raises :class:`InputError`."""
    checks.text(event, "event", limit=checks.MAX_NAME, least=1)
    return {"at": time.time(), "event": event, "data": checks.to_json(data, f"event '{event}'", keep_order=True)}


def record(connection: Connection, rows: list[dict[str, Any]]) -> list[None]:
    """Add lines to the audit trail; a bulk function of the writer."""
    connection.execute(insert(events), rows)
    return [None] * len(rows)


def latest(connection: Connection, limit: int) -> list[Event]:
    """The latest lines, newest first."""
    rows = connection.execute(select(events).order_by(events.c.n.desc()).limit(limit))
    return [Event(row.n, row.at, row.event, frames.loads(row.data)) for row in rows]
