"""The least certain predictions come first, each input once."""

from __future__ import annotations

import polars as pl
import pytest

from groundswell.core.errors import InputError
from groundswell.watch import doubtful

LOG = pl.DataFrame(
    {
        "id": ["1", "2", "3", "4"],
        "model": ["m"] * 4,
        "text": ["sure", "torn", "torn", "half"],
        "label": ["a", "b", "b", "a"],
        "confidence": [0.95, 0.5, 0.5, 0.6],
        "p_a": [0.95, 0.45, 0.45, 0.6],
        "p_b": [0.03, 0.5, 0.5, 0.4],
        "p_c": [0.02, 0.05, 0.05, 0.0],
        "at": [1.0, 2.0, 3.0, 4.0],
    }
)


def test_smallest_margin_first_and_each_input_once():
    found = doubtful(LOG, 3)
    assert found["text"].to_list() == ["torn", "half", "sure"]
    assert found["margin"].to_list() == pytest.approx([0.05, 0.2, 0.92])
    assert found["id"].to_list() == ["2", "4", "1"]


def test_without_probabilities_by_confidence():
    found = doubtful(LOG.select("text", "label", "confidence"), 2)
    assert found["text"].to_list() == ["torn", "half"]


def test_asks_for_no_more_than_there_are():
    assert doubtful(LOG, 100).height == 3
    assert doubtful(LOG, 0).height == 0
    assert doubtful(LOG[:0], 5).height == 0


def test_missing_probabilities_count_as_doubt():
    gap = pl.DataFrame(
        {"text": ["a", "b"], "p_x": [None, 0.6], "p_y": [None, 0.4]}, schema_overrides={"p_x": pl.Float64}
    )
    assert doubtful(gap, 1)["text"].to_list() == ["a"]


def test_nonsense_is_refused():
    with pytest.raises(InputError, match="No probabilities"):
        doubtful(pl.DataFrame({"text": ["a"]}), 1)
    with pytest.raises(InputError, match="n = -1"):
        doubtful(LOG, -1)
