"""Spreadsheets run nothing."""

from __future__ import annotations

import polars as pl
import pytest

from groundswell.release.tables import flat, spreadsheet_safe


@pytest.mark.parametrize(
    "cell", ["=cmd|'/C calc'!A0", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "|x", "%0A=1"]
)
def test_formulas_are_quoted(cell):
    assert spreadsheet_safe(pl.DataFrame({"x": [cell]}))["x"][0] == f"'{cell}"


def test_names_of_columns_too():
    assert spreadsheet_safe(pl.DataFrame({"=x": [1], "y": [2]})).columns == ["'=x", "y"]


def test_ordinary_values_stay():
    frame = pl.DataFrame({"text": ["hello", "a=b", None, ""], "n": [-1, 2, 3, 4]})
    assert spreadsheet_safe(frame).equals(frame)


def test_nested_and_binary_values_become_text():
    frame = flat(pl.DataFrame({"l": [[1, None], None], "s": [{"a": "é"}, {"a": None}], "b": [b"\x00\xff", None]}))
    assert frame["l"].to_list() == ["[1,null]", None]
    assert frame["s"].to_list() == ['{"a":"é"}', '{"a":null}']
    assert frame["b"].to_list() == ["00ff", None]
