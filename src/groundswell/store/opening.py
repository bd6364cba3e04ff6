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
    backend = _backend(place, create=create, media=media)
    try:
        with backend.writing.begin() as connection:
            backend.prepare(connection, create=create)
            if migrate.version(connection) != migrate.NEWEST:
                migrate.upgrade(connection, backend.where)
    except GroundswellError:
        backend.close()
        raise
    except (SQLAlchemyError, OSError) as error:
        backend.close()
        raise backend.translate(error) from None
    return SqlStore(backend)


def _backend(place: str | Path, *, create: bool, media: Path | None) -> Backend:
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
    return sqlite.SqliteBackend(folder, media)
