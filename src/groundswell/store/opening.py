"""Open a project, wherever it is."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from groundswell.core.errors import GroundswellError, InputError
from groundswell.store import files, migrate, sqlite
from groundswell.store.backend import Backend
from groundswell.store.base import Store
from groundswell.store.sql import SqlStore


def open(place: str | Path, *, create: bool = False, media: Path | None = None) -> Store:
    """The store of a project.

    Parameters
    ----------
    place
        A folder (SQLite, ``project.db`` in it), or ``postgresql://user@host/database?schema=name``.
    create
        Make the project if there is none.
    media
        A folder for media files; by default ``media`` in the project's folder, or rows in PostgreSQL.

    Raises
    ------
    NotFoundError
        If there is no project and none is to be made.
    StorageError
        If it cannot be opened: damaged, not permitted, or made by a newer Groundswell.
    """
    database = backend(place, create=create, media=media)
    try:
        if not _is_current(database):
            database.may_change()
            with database.writing.begin() as connection:
                database.prepare(connection, create=create)
                if migrate.version(connection) != migrate.NEWEST:
                    migrate.upgrade(connection, database.where)
    except GroundswellError:
        database.close()
        raise
    except (SQLAlchemyError, OSError) as error:
        database.close()
        raise database.translate(error) from None
    return SqlStore(database)


def _is_current(database: Backend) -> bool:
    """Whether there is nothing to make or change; told without waiting for whoever is writing."""
    if not database.exists():
        return False
    with database.reading.connect() as connection:
        return migrate.version(connection) == migrate.NEWEST


def backend(place: str | Path, *, create: bool, media: Path | None = None) -> Backend:
    """The database of a project, nothing of it read yet. Raises :class:`NotFoundError` or :class:`InputError`."""
    address = str(place)
    if address.startswith(("postgresql://", "postgres://")):
        from groundswell.store.postgres import PostgresBackend  # its driver is an extra

        return PostgresBackend(address, media)
    if "://" in address:
        raise InputError(
            f"'{address.partition('://')[0]}://' is no kind of project", hint="Use a folder or postgresql://"
        )
    folder = Path(place)
    if not (folder / sqlite.FILE).exists():
        if not create:
            raise sqlite.missing(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise files.error(error, folder) from None
        except ValueError:
            raise InputError(f"{address[:80]!r} cannot name a folder") from None
    return sqlite.SqliteBackend(folder, media)
