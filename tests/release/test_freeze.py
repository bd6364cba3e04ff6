"""A release is whole, never changes, and notices when it was changed."""

from __future__ import annotations

import csv
import json
import os

import numpy as np
import polars as pl
import pytest

from groundswell.core.errors import ConflictError, InputError, NotFoundError, StorageError
from groundswell.release import certify, freeze, load


@pytest.fixture
def made(items, beliefs, question, why, votes, tmp_path):
    return freeze(
        tmp_path,
        "v1",
        items=items,
        beliefs=beliefs,
        question=question,
        frame=why,
        votes=votes,
        certificate=certify([0] * 20, [0] * 19 + [1], n_items=100),
        head="abc",
    )


def test_is_read_back_as_it_was_written(made, items, beliefs):
    back = load(made.path)
    assert back.manifest == made.manifest
    assert back.hash == made.hash
    assert back.name == "v1"
    assert back.n == 100
    assert back.labels == ("good", "bad")
    assert back.certificate.sentence == made.certificate.sentence
    frame = back.frame
    assert frame["item"].to_list() == items["item"].to_list()
    np.testing.assert_array_equal(back.soft_labels(frame), beliefs.probabilities)
    assert frame["label"].to_list() == [beliefs.label_of(item) for item in items["item"]]
    np.testing.assert_array_equal(frame["confidence"], beliefs.confidence)
    assert frame["people"].head(3).to_list() == [2, 0, 0]


def test_the_splits_are_the_whole_and_do_not_overlap(made):
    parts = [made.train, made.validation, made.test]
    assert sum(part.height for part in parts) == 100
    assert len({item for part in parts for item in part["item"]}) == 100
    groups = [set(part["group"]) for part in parts]
    assert not groups[0] & groups[1]
    assert not groups[0] & groups[2]
    with pytest.raises(NotFoundError, match="No split"):
        made.part("dev")


def test_every_format_holds_the_same(made):
    parquet = pl.read_parquet(made.path / "data.parquet")
    assert pl.read_csv(made.path / "data.csv", schema=parquet.schema).equals(parquet)
    assert pl.read_ndjson(made.path / "data.jsonl", schema=parquet.schema).equals(parquet)
    spreadsheet = pl.read_csv(made.path / "data.spreadsheet.csv")
    assert spreadsheet["text"].to_list() == parquet["text"].to_list()


def test_the_same_release_twice_has_the_same_hash(items, beliefs, question, why, tmp_path):
    options = {"items": items, "beliefs": beliefs, "question": question, "frame": why}
    one, two = (freeze(tmp_path / part, "v1", **options) for part in "ab")
    assert one.hash == two.hash
    assert freeze(tmp_path / "c", "v1", seed=1, **options).hash != one.hash


def test_a_release_is_never_overwritten(made, items, beliefs, question, why):
    before = {path.name: path.read_bytes() for path in made.path.iterdir()}
    with pytest.raises(ConflictError, match="'v1' already"):
        freeze(made.path.parent, "v1", items=items, beliefs=beliefs, question=question, frame=why)
    assert {path.name: path.read_bytes() for path in made.path.iterdir()} == before
    assert [path.name for path in made.path.parent.iterdir()] == ["v1"]


def test_own_columns_of_the_data_are_kept_under_another_name(items, beliefs, question, why, tmp_path):
    clash = items.with_columns(label=pl.lit("old"), p_bad=pl.lit(7), label_in_data=pl.lit("older"))
    made = freeze(tmp_path, "v1", items=clash, beliefs=beliefs, question=question, frame=why)
    frame = made.frame
    assert set(frame["label"]) <= {"good", "bad"}
    assert frame["label_in_data"].unique().to_list() == ["older"]
    assert frame["label_in_data_"].unique().to_list() == ["old"]
    assert frame["p_bad_in_data"].unique().to_list() == [7]
    assert made.manifest["renamed"] == {"label_in_data_": "label", "p_bad_in_data": "p_bad"}


def test_a_subset_of_the_items_may_be_released(items, beliefs, question, why, tmp_path):
    made = freeze(tmp_path, "v1", items=items[10:30], beliefs=beliefs, question=question, frame=why)
    assert made.frame["label"].to_list() == [beliefs.label_of(item) for item in items["item"][10:30]]


@pytest.mark.parametrize("file", ["data.parquet", "data.csv", "datasheet.md", "question.json", "votes.parquet"])
def test_a_changed_or_missing_file_is_noticed(made, file):
    path = made.path / file
    raw = path.read_bytes()
    path.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    with pytest.raises(InputError, match=f"'{file}' was changed"):
        load(made.path)
    path.unlink()
    with pytest.raises(InputError, match="is missing"):
        load(made.path)


def test_an_added_file_is_noticed(made):
    (made.path / "extra.txt").write_text("x")
    with pytest.raises(InputError, match=r"'extra\.txt' does not belong"):
        load(made.path)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        "[" * 100_000,
        '{"format": "groundswell-release", "version": 2}',
        '{"format": "groundswell-release", "version": 1}',
    ],
)
def test_a_damaged_manifest_is_one_clear_line(made, content):
    (made.path / "manifest.json").write_text(content)
    with pytest.raises(InputError) as caught:
        load(made.path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        {"labels": "good"},
        {"labels": [1, 2]},
        {"name": None},
        {"items": "many"},
        {"files": []},
        {"certificate": {"bound": 1}},
        {"certificate": [1]},
        {"head": "\ud800"},
        {"head": float("nan")},
    ],
)
def test_a_manifest_that_says_nonsense_is_one_clear_line(made, change):
    path = made.path / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(InputError) as caught:
        load(made.path)
    assert "\n" not in str(caught.value)


def test_soft_labels_need_rows_of_the_release(made, items):
    with pytest.raises(InputError, match="No column 'p_good'"):
        made.soft_labels(items)


@pytest.mark.parametrize("name", ["../outside", "/etc/hostname", "sub/data.csv"])
def test_a_manifest_cannot_reach_outside(made, name):
    path = made.path / "manifest.json"
    told = json.loads(path.read_text())
    told["files"][name] = told["files"]["data.csv"]
    path.write_text(json.dumps(told))
    with pytest.raises(InputError, match="is missing"):
        load(made.path)


def test_no_release_there(tmp_path):
    with pytest.raises(NotFoundError, match="No release here"):
        load(tmp_path)


@pytest.mark.parametrize("name", ["../x", "A", "", "a/b", "x" * 64])
def test_names_that_cannot_be_folders_are_refused(items, beliefs, question, why, tmp_path, name):
    with pytest.raises(InputError, match="cannot name a release"):
        freeze(tmp_path, name, items=items, beliefs=beliefs, question=question, frame=why)


def test_items_that_make_no_sense_are_refused(items, beliefs, question, why, tmp_path):
    options = {"beliefs": beliefs, "question": question, "frame": why}
    with pytest.raises(InputError, match="no item to release"):
        freeze(tmp_path, "v1", items=items[:0], **options)
    with pytest.raises(InputError, match="listed once"):
        freeze(tmp_path, "v1", items=pl.concat([items, items]), **options)
    with pytest.raises(NotFoundError, match="No item 'new'"):
        freeze(tmp_path, "v1", items=items.with_columns(item=pl.lit("new"))[:1], **options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_named(items, beliefs, question, why, tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError, match="cannot be written"):
        freeze(tmp_path, "v1", items=items, beliefs=beliefs, question=question, frame=why)


def test_a_failed_release_leaves_nothing(items, beliefs, question, why, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(__import__("groundswell.release.tables", fromlist=["x"]).WRITERS, "data.jsonl", fail)
    with pytest.raises(StorageError, match="No space left"):
        freeze(tmp_path, "v1", items=items, beliefs=beliefs, question=question, frame=why)
    assert list(tmp_path.iterdir()) == []


def test_where_a_folder_should_be_is_a_file(items, beliefs, question, why, tmp_path):
    (tmp_path / "releases").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        freeze(tmp_path / "releases", "v1", items=items, beliefs=beliefs, question=question, frame=why)


def test_odd_values_survive(beliefs, question, why, items, tmp_path):
    odd = items[:4].with_columns(
        text=pl.Series(['a,"b"\n\r\nc', "\x00\ud7ff", "", None]),
        tags=pl.Series([["x", "é"], [], None, ['"']]),
        score=pl.Series([1e300, -0.0, None, 0.1]),
    )
    made = freeze(tmp_path, "v1", items=odd, beliefs=beliefs, question=question, frame=why)
    assert made.frame["text"].to_list() == odd["text"].to_list()
    assert made.frame["tags"].to_list() == odd["tags"].to_list()
    assert pl.read_ndjson(made.path / "data.jsonl")["text"].to_list() == odd["text"].to_list()
    with (made.path / "data.csv").open(encoding="utf-8", newline="") as f:
        back = list(csv.DictReader(f))
    assert [row["text"] for row in back] == ['a,"b"\n\r\nc', "\x00\ud7ff", "", ""]
    assert [row["tags"] for row in back] == ['["x","é"]', "[]", "", '["\\""]']
    lines = (made.path / "data.csv").read_text(encoding="utf-8").splitlines()
    assert lines[-2].startswith('i002,"",')  # an empty text is not a missing one
    assert lines[-1].startswith("i003,,")
