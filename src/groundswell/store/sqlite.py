# ruff: noqa: D102 - what the methods do stands in backend.py
"""A project in a folder: SQLite with a write-ahead log, every commit on disk before it is acknowledged."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, QueuePool, Table, create_engine, event
from sqlalchemy.dialects.sqlite import insert

from groundswell.core.errors import NotFoundError, StorageError
from groundswell.store.backend import Backend
from groundswell.store.lock import FileLock

FILE = "project.db"
BUSY = 30.0
SMALL_WAL = 4 * 2**20
LARGE_WAL = 64 * 2**20


def _pragmas(*lines: str) -> Any:
    def connected(connection: sqlite3.Connection, _: Any) -> None:
        # SQLAlchemy's "begin" event below opens the transactions, not the driver.
        connection.isolation_level = None
        cursor = connection.cursor()
        for line in lines:
            cursor.execute(f"PRAGMA {line}")
        cursor.close()

    return connected


def _begin(statement: str) -> Any:
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    return begin


def _engine(file: Path, mode: str, begin: str, pragmas: Sequence[str], *, most: int) -> Engine:
    address = f"file:{quote(str(file))}?mode={mode}"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, timeout=BUSY, check_same_thread=False)

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, pool_size=most, max_overflow=-1)
    event.listen(engine, "connect", _pragmas(*pragmas))
    event.listen(engine, "begin", _begin(begin))
    return engine


_EVERY = ("foreign_keys=ON", "trusted_schema=OFF", "temp_store=MEMORY")
_WRITER = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "wal_autocheckpoint=0",
    "recursive_triggers=ON",
    "cache_size=-65536",
    *_EVERY,
)
_READER = ("query_only=ON", "cache_size=-16384", *_EVERY)


class SqliteBackend(Backend):
    """``project.db`` in a folder.

    One process at a time holds ``project.lock`` and alone copies the write-ahead log back into the database
    (SQLite before 3.51.3 can corrupt a database when several connections do that). Other processes may
    read and write beside it; their writes wait for one another, up to 30 seconds.

    Where the folder or the file cannot be written to, the project can be read.
    """

    concurrent = False

    def __init__(self, folder: Path, media: Path | None = None) -> None:
        self.where = str(folder)
        self.file = folder / FILE
        self.media = media or folder / "media"
        self.columns = folder / "columns"
        self._lock = FileLock(folder / "project.lock")
        self._wal = Path(f"{self.file}-wal")
        self._due = SMALL_WAL
        there = self.file.exists()
        self.read_only = there and not (os.access(folder, os.W_OK) and os.access(self.file, os.W_OK))
        if self.read_only:
            # Without a log beside it nobody is writing, and no shared memory for it can be made here.
            mode = "ro" if self._wal.exists() else "ro&immutable=1"
            self.writing = self.reading = _engine(self.file, mode, "BEGIN", _READER, most=16)
        else:
            # The log shrinks when it is begun anew, so that its size tells how much is to be folded back.
            limit = f"journal_size_limit={SMALL_WAL // 2}"
            self.writing = _engine(self.file, "rwc", "BEGIN IMMEDIATE", (*_WRITER, limit), most=1)
            self.reading = _engine(self.file, "ro", "BEGIN", _READER, most=16)

    def exists(self) -> bool:
        return self.file.exists()

    def prepare(self, connection: Connection, *, create: bool) -> None:
        """Nothing to do: BEGIN IMMEDIATE has made everybody else wait."""

    def upsert(self, table: Table) -> Any:
        return insert(table)

    def lock(self, connection: Connection, table: Table) -> None:
        """Nothing to do: BEGIN IMMEDIATE has made every other writer wait."""

    def hold(self, connection: Connection, items: Sequence[str], *, wait: bool) -> set[str]:  # noqa: ARG002
        return set(items)

    def after_commit(self) -> None:
        if self.read_only:
            return
        size = self._wal.stat().st_size if self._wal.exists() else 0
        if size < SMALL_WAL:
            self._due = SMALL_WAL
        if size < self._due or not self._lock.take():
            return
        self._due = size + SMALL_WAL
        with self.writing.connect() as connection:
            driver = connection.connection.driver_connection
            if driver is None:
                return
            if size < LARGE_WAL:
                driver.execute("PRAGMA wal_checkpoint(PASSIVE)")
                return
            # Readers keep the log from starting anew: wait for them, but not for long.
            driver.execute("PRAGMA busy_timeout=250")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            driver.execute(f"PRAGMA busy_timeout={int(1000 * BUSY)}")

    def again(self, error: BaseException) -> bool:  # noqa: ARG002
        return False

    def explain(self, error: BaseException) -> StorageError:
        cause = getattr(error, "orig", error)
        name = getattr(cause, "sqlite_errorname", None) or type(cause).__name__
        for code, (what, hint) in _MEANING.items():
            if str(name).startswith(code):
                return StorageError(what, where=self.where, hint=hint)
        return StorageError(f"The database refused: {cause} ({name})", where=self.where)

    def close(self) -> None:
        self.reading.dispose()
        self._last_checkpoint()
        self.writing.dispose()
        self._lock.release()

    def _last_checkpoint(self) -> None:
        if self.read_only or not self.file.exists() or not self._lock.take():
            return
        try:
            with self.writing.connect() as connection:
                driver = connection.connection.driver_connection
                if driver is not None:
                    driver.execute("PRAGMA busy_timeout=250")
                    driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except Exception:  # noqa: BLE001, S110 - the log stays beside the database and is read at the next open
            pass


def missing(folder: Path) -> NotFoundError:
    """What is said where there is no project."""
    return NotFoundError("There is no project here", where=str(folder), hint="Make one with: groundswell new")


_MEANING = {
    "SQLITE_FULL": ("The disk is full; nothing of this was stored", "Make room and try again"),
    "SQLITE_READONLY": (
        "The project is read-only; nothing of this was stored",
        "Check the permissions of the folder and of project.db",
    ),
    "SQLITE_CANTOPEN": ("project.db cannot be opened", "Check the permissions of the folder"),
    "SQLITE_PERM": ("project.db cannot be opened", "Check the permissions of the folder"),
    "SQLITE_BUSY": (f"Another process has been writing for {BUSY:.0f} seconds", "Wait for it, or end it"),
    "SQLITE_LOCKED": ("Another process is writing", "Wait for it, or end it"),
    "SQLITE_NOTADB": ("project.db is not a database of ours", "Restore it from a copy"),
    "SQLITE_CORRUPT": ("project.db is damaged", "Restore it from a copy"),
    "SQLITE_IOERR": ("The disk failed to read or write", "Check the disk; nothing of this was stored"),
}
