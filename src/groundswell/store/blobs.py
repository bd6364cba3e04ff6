"""What is too large for a row where there is a folder: automatic votes as Parquet, and media."""

from __future__ import annotations

import io
import re
import tempfile
import time
from pathlib import Path

import polars as pl
from sqlalchemy import Connection, func, select

from groundswell.core.errors import InputError, NotFoundError, StorageError, did_you_mean
from groundswell.core.ids import digest
from groundswell.store import checks, files
from groundswell.store.backend import Backend
from groundswell.store.base import ColumnInfo
from groundswell.store.items import MEDIA_NAME
from groundswell.store.questions import require
from groundswell.store.schema import columns, media

LARGEST_ROW = 512 * 2**20


def check_column(question: str, source: str, version: str, frame: pl.DataFrame, known: pl.Series) -> None:
    """Raise :class:`InputError` unless ``frame`` can be a column over the items ``known``."""
    where = f"column of '{str(source)[:80]}'"
    for name in (question, source, version):
        checks.text(name, where, limit=checks.MAX_NAME, least=1)
    if not isinstance(frame, pl.DataFrame):
        raise InputError(f"A polars DataFrame is needed, not {type(frame).__name__}", where=where)
    for name in ("item", "label"):
        if name not in frame.columns:
            raise InputError(f"No column '{name}'", where=where, hint=f"Columns: {', '.join(frame.columns)}")
    item = frame["item"]
    if item.dtype != pl.String:
        raise InputError(f"The ids of the items are {item.dtype}, not texts", where=where)
    if item.null_count() or item.n_unique() < len(item):
        raise InputError("An item is missing or stands twice", where=where, hint="One row for each item")
    strangers = item.filter(~item.is_in(known.implode()))
    if len(strangers):
        raise InputError(f"{len(strangers):,} items are unknown, such as '{strangers[0][:80]}'", where=where)


def column_file(question: str, source: str, version: str) -> str:
    """The name of the file of a column: readable, and different for different columns."""
    readable = re.sub(r"[^a-z0-9_-]+", "-", source.lower())[:40]
    return f"{question}.{readable}.{digest([question, source, version])}.parquet"


def put_column(backend: Backend, question: str, source: str, version: str, frame: pl.DataFrame) -> bytes | None:
    """Write the file of a column; or return its bytes, where they belong in a row."""
    if backend.columns is None:
        stream = io.BytesIO()
        frame.write_parquet(stream, compression="zstd")
        return stream.getvalue()
    with files.whole(backend.columns, column_file(question, source, version)) as file:
        frame.write_parquet(file, compression="zstd")
    return None


def note_column(
    connection: Connection, backend: Backend, question: str, source: str, version: str, rows: int, data: bytes | None
) -> None:
    """Note that a column is there, and is the latest."""
    require(connection, question)
    backend.lock(connection, columns)
    n = connection.execute(select(func.coalesce(func.max(columns.c.n), 0) + 1)).scalar_one()
    values = {"n": n, "rows": rows, "at": time.time(), "data": data}
    statement = backend.upsert(columns).on_conflict_do_update(
        index_elements=["question", "source", "version"], set_=values
    )
    connection.execute(statement, {"question": question, "source": source, "version": version, **values})


def every_column(connection: Connection, question: str) -> list[ColumnInfo]:
    """The columns of a question, the latest last."""
    table = columns.c
    query = select(table.source, table.version, table.rows, table.at).where(table.question == question)
    return [ColumnInfo(*row) for row in connection.execute(query.order_by(table.n))]


def find_column(connection: Connection, question: str, source: str, version: str | None) -> tuple[str, bytes | None]:
    """The version of a column and its bytes, if they are in the row. Raises :class:`NotFoundError`."""
    table = columns.c
    query = select(table.version, table.data).where(table.question == question, table.source == source)
    if version is not None:
        query = query.where(table.version == version)
    row = connection.execute(query.order_by(table.n.desc()).limit(1)).first()
    if row is None:
        known = {info.source for info in every_column(connection, question)}
        if version is not None and source in known:
            raise NotFoundError(f"No votes of '{source}' in its version '{version[:80]}'")
        raise NotFoundError(
            f"No votes of '{str(source)[:80]}' on '{str(question)[:80]}'", hint=did_you_mean(str(source)[:80], known)
        )
    return row.version, row.data


def read_column(backend: Backend, question: str, source: str, version: str, data: bytes | None) -> pl.DataFrame:
    """The table of a column. Raises :class:`StorageError` if its file is gone or damaged."""
    if data is not None:
        return pl.read_parquet(io.BytesIO(data))
    file = (backend.columns or Path()) / column_file(question, source, version)
    try:
        return pl.read_parquet(io.BytesIO(files.read(file)))
    except (pl.exceptions.PolarsError, NotFoundError) as cause:
        what = "is gone" if isinstance(cause, NotFoundError) else "is damaged"
        raise StorageError(f"The column {what}", where=str(file), hint="Cast the source again") from None


class Media:
    """Files under the hash of their content, in a folder or in rows."""

    def __init__(self, backend: Backend) -> None:
        self._folder = backend.media
        self._cache: tempfile.TemporaryDirectory[str] | None = None

    def name(self, content: Path | bytes, ending: str) -> str:
        """What the content will be called. Raises :class:`InputError` on an ending that cannot be one."""
        ending = str(ending).removeprefix(".").lower()
        name = f"{files.sha256(content)}.{ending}"
        if not MEDIA_NAME.match(name):
            raise InputError(f"'{ending[:80]}' cannot end the name of a media file", hint="Such as png, jpg, mp3")
        return name

    def put(self, content: Path | bytes, name: str) -> bytes | None:
        """Write the file, if it is not there; or return its bytes, where they belong in a row."""
        if self._folder is None:
            data = b"".join(files.parts(content))
            if len(data) > LARGEST_ROW:
                raise InputError("The file is larger than 512 MiB", hint="Keep media in a folder: media=")
            return data
        if not (self._folder / name).is_file():
            with files.whole(self._folder, name) as file:
                for part in files.parts(content):
                    file.write(part)
        return None

    def kept(self, name: str) -> Path | None:
        """Where the file lies, if it is on this machine. Raises :class:`NotFoundError` on an impossible name."""
        if not isinstance(name, str) or not MEDIA_NAME.match(name):
            raise NotFoundError(f"No media file '{str(name)[:80]}'")
        if self._folder is None and self._cache is None:
            return None
        file = (self._folder or Path(self._cache.name if self._cache else "")) / name
        return file if file.is_file() else None

    def keep(self, name: str, data: bytes | None) -> Path:
        """Lay the bytes of a row down as a file. Raises :class:`NotFoundError` if there are none."""
        if data is None:
            raise NotFoundError(f"No media file '{name}'")
        if self._cache is None:
            self._cache = tempfile.TemporaryDirectory(prefix="groundswell-media-")
        with files.whole(Path(self._cache.name), name) as file:
            file.write(data)
        return Path(self._cache.name) / name

    def close(self) -> None:
        """Remove what was laid down."""
        if self._cache is not None:
            self._cache.cleanup()
            self._cache = None


def note_media(connection: Connection, backend: Backend, name: str, data: bytes) -> None:
    """Store the bytes of a media file in a row, once."""
    statement = backend.upsert(media).on_conflict_do_nothing(index_elements=["name"])
    connection.execute(statement, {"name": name, "bytes": len(data), "at": time.time(), "data": data})


def media_bytes(connection: Connection, name: str) -> bytes | None:
    """The bytes of a media file that is kept in a row."""
    return connection.execute(select(media.c.data).where(media.c.name == name)).scalar()
