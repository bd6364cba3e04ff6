# ruff: noqa: D102 - what the methods do stands in backend.py
"""A project in a schema of a PostgreSQL server, for several workers at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine.interfaces import IsolationLevel
from sqlalchemy.exc import ArgumentError, DBAPIError

from groundswell.core.errors import InputError, MissingExtraError, NotFoundError, StorageError
from groundswell.core.ids import check_name
from groundswell.store.backend import Backend
from groundswell.store.schema import items

SCHEMA = "groundswell"
WAIT = "30s"
MANY = 100


class PostgresBackend(Backend):
    """One schema of a server. Columns are rows of it, and so are media unless there is a folder for them.

    Several processes may write at once. Whoever appends to a table whose rows are counted without gaps
    (votes, items) locks it until the commit; leases lock the items they hand out, and pass over those that
    another process is handing out (``FOR NO KEY UPDATE SKIP LOCKED``).
    """

    concurrent = True

    def __init__(self, address: str, media: Path | None = None) -> None:
        url, self.schema = split(address)
        server = f"{url.host or ''}:{url.port}" if url.port else url.host or ""
        self.where = f"postgresql://{server}/{url.database or ''}?schema={self.schema}"
        self.media = media
        self.columns = None
        self.writing = self._engine(url, "READ COMMITTED", 1, "SET synchronous_commit TO on")
        # What a reader reads in several steps is of one moment.
        self.reading = self._engine(url, "REPEATABLE READ", 16, "SET default_transaction_read_only TO on")

    def _engine(self, url: URL, isolation: IsolationLevel, most: int, also: str) -> Engine:
        try:
            engine = create_engine(
                url,
                isolation_level=isolation,
                pool_size=most,
                max_overflow=0,
                pool_timeout=60,
                connect_args={"connect_timeout": 10},
            )
        except ModuleNotFoundError:
            raise MissingExtraError("psycopg", "postgres") from None

        def connected(connection: Any, _: Any) -> None:
            connection.autocommit = True
            for line in (
                f'SET search_path TO "{self.schema}"',
                f"SET lock_timeout TO '{WAIT}'",
                f"SET application_name TO 'groundswell {self.schema}'",
                also,
            ):
                connection.execute(line)
            connection.autocommit = False

        # First of all listeners: SQLAlchemy asks the connection for its schema at once.
        event.listen(engine, "connect", connected, insert=True)
        return engine

    def prepare(self, connection: Connection, *, create: bool) -> None:
        connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended('groundswell.' || :s, 0))"), {"s": self.schema}
        )
        there = connection.execute(text("SELECT 1 FROM pg_namespace WHERE nspname = :s"), {"s": self.schema}).scalar()
        if there is None and create:
            connection.exec_driver_sql(f'CREATE SCHEMA "{self.schema}"')
        tables = connection.execute(text("SELECT to_regclass('alembic_version')")).scalar()
        if tables is None and not create:
            raise NotFoundError("There is no project here", where=self.where, hint="Make one with: groundswell new")

    def upsert(self, table: Table) -> Any:
        return insert(table)

    def append(self, connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        driver = connection.connection.driver_connection
        if len(rows) < MANY or driver is None:
            super().append(connection, table, rows)
            return
        names = ", ".join(f'"{name}"' for name in rows[0])
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(tuple(row.values()))

    def lock(self, connection: Connection, table: Table) -> None:
        connection.exec_driver_sql(f'LOCK TABLE "{table.name}" IN SHARE ROW EXCLUSIVE MODE')

    def hold(self, connection: Connection, items_wanted: Sequence[str], *, wait: bool) -> set[str]:
        query = select(items.c.id).where(items.c.id.in_(items_wanted)).order_by(items.c.n)
        return set(connection.execute(query.with_for_update(skip_locked=not wait, key_share=True)).scalars())

    def after_commit(self) -> None:
        """Nothing to do: the server keeps its own house."""

    def again(self, error: BaseException) -> bool:
        if not isinstance(error, DBAPIError):
            return False
        state = _state(error)
        return error.connection_invalidated or _unreachable(error) or state in ("40001", "40P01")

    def explain(self, error: BaseException) -> StorageError:
        if not isinstance(error, DBAPIError):
            return StorageError(f"The database refused: {error}", where=self.where)
        state = _state(error)
        for code, (what, hint) in _MEANING.items():
            if state.startswith(code):
                return StorageError(what, where=self.where, hint=hint)
        if error.connection_invalidated or _unreachable(error):
            reason = _line(error)
            return StorageError(f"The server does not answer: {reason}", where=self.where, hint="Is it running?")
        return StorageError(f"The database refused: {_line(error)}", where=self.where)

    def close(self) -> None:
        self.reading.dispose()
        self.writing.dispose()


def split(address: str) -> tuple[URL, str]:
    """The server's address and the schema in ``address``. Raises :class:`InputError`."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise InputError(
            "This is no address of a database", hint="postgresql://user@host/database?schema=name"
        ) from None
    schema = url.query.get("schema", SCHEMA)
    if not isinstance(schema, str):
        raise InputError("The address names two schemas", hint="postgresql://user@host/database?schema=name")
    return url.set(drivername="postgresql+psycopg").difference_update_query(["schema"]), check_name(schema, "schema")


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")


def _unreachable(error: DBAPIError) -> bool:
    state = _state(error)
    lost = type(error.orig).__name__ in ("OperationalError", "ConnectionTimeout") and not state
    return lost or state.startswith(("08", "57P"))


def _line(error: DBAPIError) -> str:
    lines = str(error.orig).strip().splitlines() or [""]
    return lines[0].rpartition("failed: ")[2][:200]


_MEANING = {
    "53100": ("The server's disk is full; nothing of this was stored", "Make room and try again"),
    "53300": ("The server has no connection left", "Raise max_connections, or use fewer workers"),
    "25006": ("The server is read-only", "Is this a standby?"),
    "42501": ("The server does not permit it to this user", "Grant the user CREATE on the database"),
    "28": ("The server refuses this user", "Check the name and the password"),
    "3D000": ("There is no such database on the server", "Create it first with createdb"),
    "55P03": (f"Another process has been writing for {WAIT}", "Wait for it, or end it"),
    "23001": ("Votes, items, questions and events are only ever appended to", "Retract with a new vote"),
}
