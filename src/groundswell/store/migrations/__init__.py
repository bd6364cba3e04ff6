"""Alembic migrations of the store, run when a project is opened."""
