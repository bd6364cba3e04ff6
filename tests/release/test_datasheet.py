"""The datasheet answers what a stranger asks, and marks nothing up."""

from __future__ import annotations

import polars as pl
import pytest

from groundswell.core.frame import Frame
from groundswell.release import certify, freeze
from groundswell.release.datasheet import plain, table


def _sheet(made):
    return (made.path / "datasheet.md").read_text()


def test_says_what_it_knows(items, beliefs, question, why, votes, tmp_path):
    certificate = certify([0] * 20, [0] * 19 + [1], n_items=100)
    made = freeze(
        tmp_path,
        "v1",
        items=items,
        beliefs=beliefs,
        question=question,
        frame=why,
        votes=votes,
        certificate=certificate,
    )
    sheet = _sheet(made)
    for wanted in (
        "Is the road good?",
        "Judge the road.",
        "| ada | person | 93.0 % \\(90.0–95.0\\) | 40.0 % | 40 |",
        "People gave 2 answers on 1 items.",
        certificate.sentence,
        "Only one person answered.",
        "People on \\*small\\* roads",
        "how many people answered it",
    ):
        assert wanted in sheet


def test_admits_what_it_does_not_know(items, beliefs, question, tmp_path):
    sheet = _sheet(freeze(tmp_path, "v1", items=items, beliefs=beliefs, question=question, frame=Frame("")))
    assert "nothing is certified" in sheet
    assert "Who could be harmed by it has not been written down." in sheet


def test_nothing_written_by_people_marks_up(items, beliefs, question, why, tmp_path):
    evil = items.with_columns(pl.lit("x").alias("<img src=x onerror=alert(1)>|"))
    sheet = _sheet(freeze(tmp_path, "v1", items=evil, beliefs=beliefs, question=question, frame=why))
    assert "<script" not in sheet
    assert "<img" not in sheet


@pytest.mark.parametrize("text", ["a\n# b", "[x](javascript:alert)", "`x`", "a | b", "<b>", "&lt;"])
def test_plain_is_one_inert_line(text):
    told = plain(text)
    assert "\n" not in told
    assert "<" not in told
    for mark in "`[]()|#":
        assert told.count(mark) == told.count(f"\\{mark}")


def test_long_texts_are_cut():
    assert len(plain("x" * 10_000)) == 2000


def test_tables_have_a_cell_a_column():
    lines = table(["a", "b"], [["1|2", "3"]]).splitlines()
    assert lines == ["| a | b |", "| --- | --- |", "| 1\\|2 | 3 |"]
