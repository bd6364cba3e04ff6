"""Fixtures that every test may use."""

from __future__ import annotations

import os
import random
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _seeds() -> None:
    """Nothing may depend on chance; what uses the global generators by mistake is at least repeatable."""
    random.seed(0)
    np.random.seed(0)


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of other people's data files (votes, formats, tables), which are not part of the project.

    ``GROUNDSWELL_SHARED_DATA``, or ``shared/data`` beside the checkout.
    """
    named = os.environ.get("GROUNDSWELL_SHARED_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no shared data at {folder}; set GROUNDSWELL_SHARED_DATA to the folder that holds them")
    return folder


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """Address of a PostgreSQL server that tests may create schemas on: ``GROUNDSWELL_TEST_POSTGRES``."""
    url = os.environ.get("GROUNDSWELL_TEST_POSTGRES")
    if not url:
        pytest.skip("GROUNDSWELL_TEST_POSTGRES is unset (example: postgresql://postgres@127.0.0.1:5432/test)")
    return url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """Address of a schema of its own, dropped afterwards. The schema does not exist yet."""
    import psycopg
    from psycopg import sql

    schema = f"test_{uuid.uuid4().hex[:12]}"
    joint = "&" if "?" in postgres_server else "?"
    yield f"{postgres_server}{joint}schema={schema}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))


@pytest.fixture
def free_port() -> int:
    """A TCP port on the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
