"""What differs between the databases: connecting, locking, and what their errors mean."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert
from sqlalchemy.exc import SQLAlchemyError

from groundswell.core.errors import ConflictError, NotFoundError, StorageError


class Backend(ABC):
    """One database under a store.

    ``writing`` has one connection, used by the writer thread alone; ``reading`` as many as there are readers.
    ``media`` and ``columns`` are the folders of files, or ``None`` where their bytes are kept in rows.
    """

    writing: Engine
    reading: Engine
    where: str
    media: Path | None
    columns: Path | None
    concurrent: bool
    read_only: bool = False

    @abstractmethod
    def prepare(self, connection: Connection, *, create: bool) -> None:
        """See that there is a project, or room for one, and that nobody else is changing its tables.

        Raises
        ------
        NotFoundError
            If there is no project and none is to be made.
        """

    @abstractmethod
    def upsert(self, table: Table) -> Any:
        """An insert that knows ``on_conflict_do_update`` and ``on_conflict_do_nothing``."""

    @abstractmethod
    def lock(self, connection: Connection, table: Table) -> None:
        """Make other writers of ``table`` wait until this transaction ends; readers go on."""

    @abstractmethod
    def hold(self, connection: Connection, items: Sequence[str], *, wait: bool) -> set[str]:
        """Lock these items against other leases; those already locked are left out, or waited for."""

    @abstractmethod
    def after_commit(self) -> None:
        """House-keeping, called by the writer thread between transactions."""

    @abstractmethod
    def again(self, error: BaseException) -> bool:
        """Whether the same transaction may succeed when tried again (connection lost, deadlock)."""

    @abstractmethod
    def explain(self, error: BaseException) -> StorageError:
        """One clear line for an error of the driver."""

    @abstractmethod
    def close(self) -> None:
        """Let go of every connection."""

    def exists(self) -> bool:
        """Whether there is something to read from."""
        return True

    def may_change(self) -> None:
        """Raise :class:`StorageError` if the tables must be changed and cannot be."""
        if self.read_only:
            raise StorageError(
                "The project is read-only and of an older version",
                where=self.where,
                hint="Open it once where it can be written to",
            )

    def reset(self) -> None:
        """Forget the writer's connection after an error whose effect on it is unknown."""
        self.writing.dispose()

    def append(self, connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Insert many rows that are all new and have the same fields."""
        connection.execute(insert(table), rows)

    def translate(self, error: Exception) -> Exception:
        """An error of the database as one of ours; any other, a mistake of ours, as it is."""
        if not isinstance(error, SQLAlchemyError | OSError):
            return error
        text = str(getattr(error, "orig", error)).lower()
        if "foreign key" in text:
            return NotFoundError("Something that this refers to does not exist", where=self.where)
        if "unique" in text or "duplicate key" in text:
            return ConflictError("It exists already", where=self.where)
        return self.explain(error)
