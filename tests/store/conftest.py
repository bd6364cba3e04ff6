"""What the store's tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from groundswell import store
from groundswell.core.answers.choice import Choice
from groundswell.core.ids import uuid7
from groundswell.core.item import Item
from groundswell.core.question import Question
from groundswell.core.vote import Vote
from groundswell.store import Store


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a project can be made, on either back end."""
    if request.param == "sqlite":
        return str(tmp_path / "project")
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def begin() -> Callable[..., Store]:
    """Make a project with items ``i0`` to ``i<n-1>`` and the question ``q``."""

    def made(place: str | Path, n: int = 10, **named: Any) -> Store:
        s = store.open(place, create=True, **named)
        s.add_items(Item(f"i{k}", f"text {k}") for k in range(n))
        s.save_question(Question("q", Choice("spam", "ham")))
        return s

    return made


@pytest.fixture
def s(place: str, begin: Callable[..., Store]) -> Iterator[Store]:
    """Such a project, open."""
    with begin(place) as opened:
        yield opened


@pytest.fixture
def vote() -> Callable[..., Vote]:
    """A vote of ada on i0, or as told."""

    def made(item: str = "i0", source: str = "ada", answer: Any = "spam", **more: Any) -> Vote:
        return Vote(more.pop("key", None) or uuid7(), "q", 1, item, source, answer, **more)

    return made
