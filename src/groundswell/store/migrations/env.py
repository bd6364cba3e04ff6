"""Alembic's entry: runs the migrations over the connection that the store hands in."""

from __future__ import annotations

from alembic import context

from groundswell.store.schema import metadata


def run() -> None:
    """Run what :mod:`groundswell.store.migrate` asked for."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        transactional_ddl=True,
        transaction_per_migration=False,
    )
    context.run_migrations()


# Alembic executes this file with the settings in place; to anybody else it is a module like any other.
if hasattr(context, "config"):
    run()
