"""Questions, every version of them, and the sources that answer them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from groundswell.core.errors import NotFoundError, did_you_mean
from groundswell.core.question import Question
from groundswell.core.source import SourceInfo
from groundswell.store import checks
from groundswell.store.backend import Backend
from groundswell.store.frames import loads
from groundswell.store.schema import questions, sources


def save(connection: Connection, backend: Backend, question: Question) -> Question:
    """Store a question unless its newest version is the same; return it with its version."""
    config = checks.to_json(question.config(), f"question '{question.name}'", keep_order=True)
    backend.lock(connection, questions)
    newest = _row(connection, question.name, None)
    if newest is not None and newest.hash == question.hash:
        return replace(question, version=newest.version)
    version = 1 if newest is None else newest.version + 1
    n = newest.n if newest is not None else _next(connection, questions)
    connection.execute(
        insert(questions),
        {
            "name": question.name,
            "version": version,
            "n": n,
            "hash": question.hash,
            "config": config,
            "at": time.time(),
        },
    )
    return replace(question, version=version)


def fetch(connection: Connection, name: str, version: int | None) -> Question:
    """One question. Raises :class:`NotFoundError`."""
    row = _row(connection, name, version)
    if row is None:
        require(connection, name)
        raise NotFoundError(f"The question '{name}' has no version {version}")
    return Question.from_config(row.name, loads(row.config), row.version)


def every(connection: Connection) -> list[Question]:
    """The newest version of each."""
    rows = connection.execute(select(questions).order_by(questions.c.n, questions.c.version)).all()
    newest = {row.name: row for row in rows}
    return [Question.from_config(row.name, loads(row.config), row.version) for row in newest.values()]


def require(connection: Connection, name: str) -> None:
    """Raise :class:`NotFoundError` unless there is such a question."""
    if _row(connection, name, None) is None:
        known = connection.execute(select(questions.c.name).distinct()).scalars()
        raise NotFoundError(f"No question '{str(name)[:80]}'", hint=did_you_mean(str(name)[:80], known))


def _row(connection: Connection, name: str, version: int | None) -> Any:
    query = select(questions).where(questions.c.name == name)
    if version is not None:
        query = query.where(questions.c.version == version)
    return connection.execute(query.order_by(questions.c.version.desc()).limit(1)).first()


def _next(connection: Connection, table: Any) -> int:
    return int(connection.execute(select(func.coalesce(func.max(table.c.n), 0) + 1)).scalar_one())


def save_source(
    connection: Connection, backend: Backend, question: str, info: SourceInfo, config: Mapping[str, Any]
) -> None:
    """Store a source, or replace what was known of it."""
    where = f"source '{str(info.name)[:80]}'"
    checks.text(info.name, where, limit=checks.MAX_NAME, least=1)
    values = {
        "info": checks.to_json(asdict(info), where),
        "config": checks.to_json(config, where, keep_order=True),
        "at": time.time(),
    }
    require(connection, question)
    backend.lock(connection, sources)
    mine = (sources.c.question == question) & (sources.c.name == info.name)
    if connection.execute(update(sources).where(mine).values(values)).rowcount == 0:
        connection.execute(
            insert(sources), {"question": question, "name": info.name, "n": _next(connection, sources), **values}
        )


def every_source(connection: Connection, question: str) -> list[tuple[SourceInfo, dict[str, Any]]]:
    """The sources of a question. Raises :class:`NotFoundError` if there is no such question."""
    require(connection, question)
    rows = connection.execute(select(sources).where(sources.c.question == question).order_by(sources.c.n))
    return [(SourceInfo(**loads(row.info)), loads(row.config)) for row in rows]


def drop_source(connection: Connection, question: str, name: str) -> None:
    """Forget a source. Raises :class:`NotFoundError`."""
    mine = (sources.c.question == question) & (sources.c.name == name)
    if connection.execute(delete(sources).where(mine)).rowcount == 0:
        known = connection.execute(select(sources.c.name).where(sources.c.question == question)).scalars()
        raise NotFoundError(f"No source '{name[:80]}' for '{question[:80]}'", hint=did_you_mean(name[:80], known))
