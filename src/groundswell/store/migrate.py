"""Bring the tables of a project up to this version of the code, when it is opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from groundswell.core.errors import StorageError

if TYPE_CHECKING:
    from alembic.config import Config

NEWEST = "0001"
FOLDER = Path(__file__).parent / "migrations"


def version(connection: Connection) -> str | None:
    """The version of the tables, or ``None`` where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(connection: Connection, where: str, to: str | None = None) -> None:
    """Run the migrations that are missing, inside the transaction of ``connection``.

    Raises
    ------
    StorageError
        If the tables were made by a newer version of the code, or are somebody else's.
    """
    from alembic import command
    from alembic.script import ScriptDirectory

    found = version(connection)
    known = [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()]
    if found is not None and found not in known:
        raise StorageError(
            f"This project was made by a newer Groundswell (tables {found}, known here up to {NEWEST})",
            where=where,
            hint="Upgrade with: pip install --upgrade groundswell",
        )
    strangers = set(inspect(connection).get_table_names()) if found is None else set()
    if strangers:
        raise StorageError(f"The database holds other tables already ({', '.join(sorted(strangers)[:3])})", where=where)
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, to or NEWEST)


def config() -> Config:
    """Alembic's settings."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    return settings
