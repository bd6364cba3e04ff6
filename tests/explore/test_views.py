"""What the views say, checked by hand."""

from __future__ import annotations

import polars as pl
import pytest

from groundswell.core.errors import InputError
from groundswell.explore import explore


def frame(**columns):
    n = len(next(iter(columns.values())))
    given = {"item": [f"i{row}" for row in range(n)], "text": None, "media": None, "group": None} | columns
    return pl.DataFrame({k: pl.Series([None] * n, dtype=pl.String) if v is None else v for k, v in given.items()})


def test_counts():
    view = explore(frame(text=["ab", None, "c"], media=["x.png"] * 3, group=["g", "g", "h"], n=[1, 2, 3]))["counts"]
    assert view.sentence == "2 texts and 3 pictures, each with 1 further field, in 2 groups."
    assert view.to_json()["characters"] == 3
    assert explore(frame(n=[1]))["counts"].sentence == "1 table row, each with 1 further field."


def test_lengths():
    view = explore(frame(text=["x" * n for n in range(1, 101)] + ["x" * 5000, "  ", None]))["lengths"]
    data = view.to_json()
    assert (data["n"], data["minimum"], data["median"], data["maximum"]) == (101, 1, 51, 5000)
    assert sum(data["bins"]) == 101
    assert len(data["edges"]) == len(data["bins"]) + 1
    assert data["edges"][1] == 5
    assert data["bins"][:3] == [4, 5, 5]
    assert data["bins"][-1] == 7  # 95 to 100, and the long one


def test_missing():
    view = explore(frame(text=["a", None, " ", "d"], x=[1.0, float("nan"), None, 2.0], y=[1, 2, 3, 4]))["missing"]
    assert view.fields == [("text", 2), ("x", 2)]
    assert view.sentence == "2 items (50.0 %) have no 'text'; 1 other field has gaps too."
    assert explore(frame(text=["a"]))["missing"].sentence == "Nothing is missing."


def test_duplicates():
    texts = [
        "Win a free prize today, call now!",
        "lunch?",
        "lunch?",
        "WIN a free prize today, call now!!",
        None,
        "",
        "",
    ]
    data = explore(frame(text=texts))["duplicates"].to_json()
    assert [group["items"] for group in data["exact"]["groups"]] == [["i1", "i2"]]
    assert [group["items"] for group in data["near"]["groups"]] == [["i0", "i3"]]
    assert data["exact"]["spare"] == data["near"]["spare"] == 1
    pictures = explore(frame(media=["a.png", "b.png", "a.png"]))["duplicates"].to_json()
    assert pictures["exact"]["groups"][0]["items"] == ["i0", "i2"]
    rows = explore(frame(x=[1, 2, 1], y=["a", "a", "a"]))["duplicates"].to_json()
    assert rows["exact"]["groups"][0]["items"] == ["i0", "i2"]


def test_balance():
    labels = pl.Series(["ham"] * 96 + ["spam"] * 4 + [None] * 10)
    view = explore(frame(text=["x"] * 110), labels=labels)["balance"]
    assert view.labels == [("ham", 96), ("spam", 4)]
    assert view.unknown == 10
    assert "rare (4.0 %), so accuracy alone would mislead" in view.sentence


def test_fields():
    data = explore(frame(n=[1, 2, 2, None], town=["Bonn", "Kiel", "Bonn", "Bonn"]))["fields"].to_json()["fields"]
    assert data[0] | {"name": "n", "kind": "number", "minimum": 1.0, "median": 2.0, "maximum": 2.0} == data[0]
    assert data[1]["top"] == [["Bonn", 3], ["Kiel", 1]]


def test_lengths_that_do_not_fit():
    with pytest.raises(InputError, match="2 labels for 1 items"):
        explore(frame(text=["a"]), labels=pl.Series(["x", "y"]))


def test_real_messages(shared_data):
    sms = pl.read_csv(shared_data / "tables/sms_spam.csv", encoding="latin-1", columns=[0, 1])
    views = explore(frame(text=sms["v2"].to_list()), labels=sms["v1"])
    assert views["duplicates"].to_json()["exact"]["spare"] == 403
    assert views["balance"].labels == [("ham", 4825), ("spam", 747)]
