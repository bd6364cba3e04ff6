"""Splits keep together what belongs together, and labels even."""

from __future__ import annotations

import time

import numpy as np
import polars as pl
import pytest

from groundswell.core.errors import InputError
from groundswell.release import split
from groundswell.release.split import belonging


def _sides(parts, names):
    return {name: set(parts[np.array(names) == name]) for name in set(names)}


def test_groups_and_copies_stay_together(items):
    parts = split(items, ["x"] * 100)
    assert all(len(sides) == 1 for sides in _sides(parts, items["group"].to_list()).values())
    assert all(len(sides) == 1 for sides in _sides(parts, items["text"].to_list()).values())
    assert set(parts) == {0, 1, 2}


def test_links_reach_over_others():
    frame = pl.DataFrame({"item": list("abcd"), "text": ["one", "two", "two", "three"], "group": ["g", "g", "h", None]})
    assert belonging(frame).tolist() == [0, 0, 0, 1]


def test_copies_but_for_case_and_spaces_are_copies():
    frame = pl.DataFrame({"item": list("abcd"), "text": ["Call  me", "call me ", "call\tME", "call you"]})
    assert belonging(frame).tolist() == [0, 0, 0, 1]


def test_missing_texts_and_groups_link_nothing():
    frame = pl.DataFrame({"item": list("abc"), "text": [None, None, ""], "group": [None, None, None]}).cast(
        {"text": pl.String, "group": pl.String}
    )
    assert len(set(belonging(frame))) == 3


def test_equal_media_are_copies_whatever_is_written_about_them():
    frame = pl.DataFrame({"item": list("abc"), "text": [None, None, None], "media": ["x.png", "x.png", "y.png"]})
    assert belonging(frame.cast({"text": pl.String})).tolist() == [0, 0, 1]


def test_equal_rows_of_a_table_are_copies():
    frame = pl.DataFrame({"item": list("abc"), "age": [1, 1, 2], "tags": [["a"], ["a"], ["a"]]})
    assert belonging(frame).tolist() == [0, 0, 1]


def test_labels_are_spread_evenly():
    frame = pl.DataFrame({"item": [str(i) for i in range(1000)], "text": [f"t{i}" for i in range(1000)]})
    labels = np.where(np.arange(1000) % 10 == 0, "rare", "common")
    parts = split(frame, labels.tolist(), seed=3)
    for part, share in enumerate((0.8, 0.1, 0.1)):
        assert (parts == part).sum() == pytest.approx(1000 * share, abs=2)
        assert (labels[parts == part] == "rare").sum() == pytest.approx(100 * share, abs=1)


def test_large_groups_are_shared_out_as_far_as_possible():
    frame = pl.DataFrame({"item": [str(i) for i in range(300)], "group": [f"g{i // 30}" for i in range(300)]})
    parts = split(frame, ["x"] * 300, shares=(0.6, 0.2, 0.2))
    assert [(parts == part).sum() for part in range(3)] == [180, 60, 60]


def test_a_share_of_nothing_gets_nothing():
    frame = pl.DataFrame({"item": [str(i) for i in range(50)]})
    parts = split(frame, ["x"] * 50, shares=(0.5, 0.0, 0.5))
    assert set(parts) == {0, 2}


def test_depends_on_its_seed_alone():
    frame = pl.DataFrame({"item": [str(i) for i in range(100)], "text": [f"t{i}" for i in range(100)]})
    np.testing.assert_array_equal(split(frame, ["x"] * 100, seed=1), split(frame, ["x"] * 100, seed=1))
    assert (split(frame, ["x"] * 100, seed=1) != split(frame, ["x"] * 100, seed=2)).any()


def test_nothing_to_split():
    assert split(pl.DataFrame({"item": []}), []).tolist() == []


@pytest.mark.parametrize(
    "shares", [(0.5, 0.5), (0.5, 0.5, 0.5), (1.5, -0.5, 0.0), (float("nan"), 0.5, 0.5), (0.2, 0.2, 0.2, 0.4)]
)
def test_shares_that_are_none_are_refused(items, shares):
    with pytest.raises(InputError, match="shares"):
        split(items, ["x"] * 100, shares=shares)
    with pytest.raises(InputError, match="labels for"):
        split(items, ["x"])


def test_copies_are_as_common_among_test_items_as_among_all():
    texts = [f"t{i}" for i in range(1000)] + [f"copy{i // 2}" for i in range(1000)]
    frame = pl.DataFrame({"item": [str(i) for i in range(2000)], "text": texts})
    shares = [
        np.mean([texts[i].startswith("copy") for i in np.flatnonzero(split(frame, ["x"] * 2000, seed=s) == 2)])
        for s in range(10)
    ]
    assert np.mean(shares) == pytest.approx(0.5, abs=0.05)


def test_a_hundred_thousand_items_are_quick():
    frame = pl.DataFrame({"item": [str(i) for i in range(100_000)], "text": [f"t{i % 90_000}" for i in range(100_000)]})
    begin = time.process_time()
    parts = split(frame, ["x", "y"] * 50_000)
    assert time.process_time() - begin < 5.0
    assert (parts == 0).sum() == pytest.approx(80_000, abs=3)


def test_labels_of_one_item_each_reach_every_split():
    frame = pl.DataFrame({"item": [str(i) for i in range(1000)], "text": [f"t{i}" for i in range(1000)]})
    parts = split(frame, list(range(1000)))
    assert [(parts == part).sum() for part in range(3)] == pytest.approx([800, 100, 100], abs=40)
