"""What every view must keep, whatever it shows. A new view is tested once it is registered."""

from __future__ import annotations

import datetime
import json

import numpy as np
import polars as pl
import pytest

from groundswell.explore import VIEWS, Subject, explore


def _frame(texts, **fields):
    n = len(texts)
    fixed = {
        "item": [f"i{row}" for row in range(n)],
        "text": pl.Series(texts, dtype=pl.String),
        "media": pl.Series([None] * n, dtype=pl.String),
        "group": pl.Series([None] * n, dtype=pl.String),
    }
    return pl.DataFrame({**fixed, **fields})


def _subjects():
    rng = np.random.default_rng(0)
    many = [f"message {row % 40} about {row % 7} things" for row in range(120)]
    odd = ["", " ", None, "\x1b[31mred", "<script>", "Äpfel 🍎" * 50, "a\nb\tc"]
    return {
        "no items": Subject(_frame([])),
        "one item": Subject(_frame(["hello"]), labels=pl.Series(["x"])),
        "two equal items": Subject(_frame(["hello", "hello"]), np.ones((2, 3)), pl.Series(["x", None])),
        "texts": Subject(_frame(many), rng.normal(size=(120, 8)), pl.Series(["a", "b"] * 60)),
        "one place": Subject(_frame(many), np.ones((120, 8)), pl.Series([None] * 120, dtype=pl.String)),
        "odd texts": Subject(_frame(odd, kind=odd), rng.normal(size=(7, 2)), pl.Series(odd)),
        "no texts": Subject(_frame([None] * 4, empty=[None] * 4)),
        "a table": Subject(
            _frame(
                [None] * 5,
                x=[1.0, float("nan"), float("inf"), None, 2.0],
                n=[1, 2, 3, None, 5],
                yes=[True, None, False, True, True],
                day=[datetime.date(2026, 1, 1)] * 5,
                parts=[[1, 2], [], None, [3], [3]],
                record=[{"a": 1}, None, {"a": 1}, {"a": None}, {"a": 2}],
            )
        ),
    }


every_view = pytest.mark.parametrize("name", list(VIEWS))
every_subject = pytest.mark.parametrize("subject", _subjects().values(), ids=_subjects().keys())


@every_view
@every_subject
def test_plain_data_and_text(name, subject):
    view = VIEWS[name](subject)
    if view is None:
        return
    data = view.to_json()
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["title"]
    assert data["sentence"].endswith(".")
    assert "\n" not in data["sentence"]
    text = view.to_text()
    assert view.title in text
    assert view.sentence in text
    assert all(line.isprintable() for line in text.split("\n"))
    assert max(map(len, text.split("\n")[2:]), default=0) <= 110


@every_view
@every_subject
def test_the_same_items_give_the_same_view(name, subject):
    first, second = VIEWS[name](subject), VIEWS[name](subject)
    assert (first and first.to_json()) == (second and second.to_json())


@every_subject
def test_explore_shows_what_there_is(subject):
    views = explore(subject.items, features=subject.features, labels=subject.labels, seed=subject.seed)
    assert {"counts", "missing", "duplicates"} <= set(views) <= set(VIEWS)
    assert ("balance" in views) == (subject.labels is not None)
    assert views["counts"].to_json()["items"] == len(subject.items)
