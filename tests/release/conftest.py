"""A small set of items with beliefs about them."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from groundswell.core.answers.choice import Choice
from groundswell.core.belief import Beliefs, Reliability
from groundswell.core.frame import Frame
from groundswell.core.interval import Interval
from groundswell.core.question import Question
from groundswell.core.source import SourceInfo


@pytest.fixture
def items():
    """100 texts by 20 authors; every tenth is a copy of the one before it."""
    texts = [f"message {i - (i % 10 == 9)} about the road" for i in range(100)]
    return pl.DataFrame(
        {
            "item": [f"i{i:03}" for i in range(100)],
            "text": texts,
            "media": pl.Series([None] * 100, dtype=pl.String),
            "group": [f"author{i // 5}" for i in range(100)],
            "length": [len(text) for text in texts],
        }
    )


@pytest.fixture
def beliefs(items):
    """30 % are bad, with certainties between .6 and 1."""
    rng = np.random.default_rng(0)
    bad = rng.random(100) < 0.3
    sure = rng.uniform(0.6, 1.0, 100)
    p = np.where(bad, sure, 1 - sure)
    source = Reliability(SourceInfo("ada", "person"), Interval(0.93, 0.9, 0.95, n=40), coverage=0.4)
    return Beliefs(
        items["item"].to_list(),
        ["good", "bad"],
        np.column_stack([1 - p, p]),
        np.array([0.7, 0.3]),
        [source],
        "dawid-skene",
        ("Only one person answered.",),
    )


@pytest.fixture
def question():
    """Good or bad."""
    return Question("state", Choice("good", "bad"), text="Is the road good?", instructions="Judge the road.")


@pytest.fixture
def why():
    """A frame with text that would mark something up."""
    return Frame("Find <script>alert(1)</script> bad roads", harmed="People on *small* roads", task="binary")


@pytest.fixture
def votes():
    """Three people's answers, one of them a skip."""
    return pl.DataFrame(
        {
            "key": ["1", "2", "3"],
            "item": ["i000", "i000", "i001"],
            "source": ["ada", "bob", "ada"],
            "answer": ['"good"', '"good"', None],
            "abstained": [False, False, True],
        }
    )
