"""Items: checked by the caller, written in small transactions, read whole or one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import polars as pl
from sqlalchemy import Connection, bindparam, func, select

from groundswell.core.errors import ConflictError, InputError, NotFoundError
from groundswell.core.item import Item, Provenance
from groundswell.store import checks, frames
from groundswell.store.backend import Backend
from groundswell.store.schema import items

T = TypeVar("T")

CHUNK = 2000
MEDIA_NAME = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{1,10}\Z")
_CONTENT = ("text", "media", "meta", "group")

_by_ids = select(items).where(items.c.id.in_(bindparam("ids", expanding=True)))
_contents = select(items.c.id, *(items.c[name] for name in _CONTENT)).where(
    items.c.id.in_(bindparam("ids", expanding=True))
)
_count = select(func.coalesce(func.max(items.c.n), 0))
_frame = select(items.c.id, items.c.text, items.c.media, items.c["group"], items.c.meta).order_by(items.c.n)


def chunks(rows: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """``rows`` in parts of at most ``size``."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def prepare(given: Iterable[Item]) -> list[dict[str, Any]]:
    """The rows of items. Raises :class:`InputError` at the first that cannot be stored."""
    return [_row(item, number) for number, item in enumerate(given, 1)]


def _row(item: Item, number: int) -> dict[str, Any]:
    if not isinstance(item, Item):
        raise InputError(f"Item {number} is a {type(item).__name__}, not an Item")
    name = item.id if isinstance(item.id, str) and item.id else f"number {number}"
    where = f"item {name[:80]!r}"
    if item.media is not None and not (isinstance(item.media, str) and MEDIA_NAME.match(item.media)):
        raise InputError(
            f"{str(item.media)[:80]!r} names no media file", where=where, hint="Use the name that put_media returned"
        )
    origin = item.provenance
    return {
        "id": checks.text(item.id, where, limit=checks.MAX_ID, least=1),
        "text": checks.optional_text(item.text, where),
        "media": item.media,
        "meta": checks.to_json(item.meta, where, keep_order=True) if item.meta else "{}",
        "group": checks.optional_text(item.group, where, limit=checks.MAX_ID),
        "origin": None if origin is None else checks.text(origin.origin, where),
        "row": None if origin is None or origin.row is None else checks.whole(origin.row, where, 0, 2**62),
        "reader": None if origin is None else checks.text(origin.reader, where, limit=checks.MAX_NAME),
    }


def unknown(connection: Connection, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of ``rows`` that are not stored yet, each id once.

    Raises
    ------
    ConflictError
        If an id is known with another content.
    """
    found = connection.execute(_contents, {"ids": [row["id"] for row in rows]}) if count(connection) else ()
    known = {id: content for id, *content in found}
    new = []
    for row in rows:
        content = [row[name] for name in _CONTENT]
        if row["id"] not in known:
            known[row["id"]] = content
            new.append(row)
        elif known[row["id"]] != content:
            raise ConflictError(
                f"The item '{row['id'][:80]}' exists already with another content",
                hint="An item never changes, since votes refer to it: give what is new an id of its own",
            )
    return new


def add(connection: Connection, backend: Backend, rows: Sequence[dict[str, Any]]) -> int:
    """Store those of ``rows`` that are new; how many."""
    backend.lock(connection, items)
    new = unknown(connection, rows)
    start = count(connection)
    if new:
        backend.append(connection, items, [{"n": start + i, **row} for i, row in enumerate(new, 1)])
    return len(new)


def count(connection: Connection) -> int:
    """How many items there are."""
    return int(connection.execute(_count).scalar_one())


def fetch(connection: Connection, ids: Sequence[str]) -> list[Item]:
    """Items in the order of ``ids``. Raises :class:`NotFoundError`."""
    possible = [id for id in ids if checks.storable(id)]
    rows = {row.id: row for part in chunks(possible) for row in connection.execute(_by_ids, {"ids": list(part)})}
    for id in ids:
        if id not in rows:
            raise NotFoundError(f"No item {str(id)[:80]!r}")
    return [_item(rows[id]) for id in ids]


def _item(row: Any) -> Item:
    origin = None if row.origin is None else Provenance(row.origin, row.row, row.reader)
    return Item(row.id, row.text, row.media, frames.loads(row.meta), row.group, origin)


def frame(connection: Connection) -> pl.DataFrame:
    """All items as a table."""
    rows = connection.execute(_frame).all()
    id, text, media, group, meta = zip(*rows, strict=True) if rows else ((),) * 5
    fixed = {"item": id, "text": text, "media": media, "group": group}
    return pl.DataFrame(
        {name: pl.Series(name, values, pl.String) for name, values in fixed.items()}
        | frames.spread(meta, "meta", taken=fixed)
    )
