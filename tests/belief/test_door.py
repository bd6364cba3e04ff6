"""The stateless door takes tables of any make and says clearly what is wrong with a bad one."""

from __future__ import annotations

import gzip
import json

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from groundswell.belief import believe, to_frame, vote_table, write
from groundswell.core.errors import BadRowsError, GroundswellError, InputError, NotFoundError, StorageError

ROWS = [
    {"item": "a", "source": "ada", "label": "spam"},
    {"item": "a", "source": "bob", "label": "spam"},
    {"item": "a", "source": "cy", "label": "ham"},
    {"item": "b", "source": "ada", "label": "ham"},
    {"item": "b", "source": "bob", "label": "ham"},
    {"item": "c", "source": "cy", "label": "ham"},
]
COLUMNS = {name: [row[name] for row in ROWS] for name in ("item", "source", "label")}


def as_file(tmp_path, ending: str):
    path = tmp_path / f"votes{ending}"
    frame = pl.DataFrame(ROWS)
    if ending == ".parquet":
        frame.write_parquet(path)
        return path
    text = {
        ".csv": frame.write_csv(),
        ".tsv": frame.write_csv(separator="\t"),
        ".jsonl": "\n".join(json.dumps(row) for row in ROWS),
        ".json": json.dumps(ROWS),
    }[ending.removesuffix(".gz")]
    path.write_bytes(gzip.compress(text.encode()) if ending.endswith(".gz") else text.encode())
    return path


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".jsonl", ".json", ".parquet", ".csv.gz", ".jsonl.gz"])
def test_reads_files(tmp_path, ending: str) -> None:
    beliefs = believe(as_file(tmp_path, ending))
    assert list(beliefs.items) == ["a", "b", "c"]
    assert list(beliefs.labels) == ["ham", "spam"]
    assert beliefs.label_of("a") == "spam"


@pytest.mark.parametrize("make", [lambda: ROWS, lambda: COLUMNS, lambda: pl.DataFrame(ROWS), lambda: pd.DataFrame(ROWS),
                                  lambda: pa.table(COLUMNS), lambda: pl.DataFrame(ROWS).lazy(),
                                  lambda: pd.DataFrame(ROWS).astype("category"),
                                  lambda: {k: np.array(v) for k, v in COLUMNS.items()}])  # fmt: skip
def test_reads_tables_of_any_make_alike(make) -> None:
    expected = believe(ROWS)
    found = believe(make())
    assert list(found.items) == list(expected.items)
    np.testing.assert_array_equal(found.probabilities, expected.probabilities)


@pytest.mark.parametrize("labels", [[True, False], [0, 1], [0.5, 1.5], ["b", "a"], [1, "one"], [(1, 2), (3, 4)]])
def test_labels_come_back_in_their_type(labels) -> None:
    beliefs = believe({"item": ["x", "y"], "source": ["s", "s"], "label": labels})
    assert beliefs.label_of("x") == labels[0]
    assert type(beliefs.label_of("y")) is type(labels[1])


def test_numbers_in_texts_are_sorted_as_numbers() -> None:
    votes = {"item": ["x", "y", "z"], "source": ["s"] * 3, "label": ["10", "9", "2"]}
    assert believe(votes).labels == ["2", "9", "10"]


def test_a_missing_label_is_an_abstention() -> None:
    votes = vote_table(
        {"item": ["x", "y", "z"], "source": ["s"] * 3, "label": ["a", None, float("nan")]}, items={"item": ["z", "w"]}
    )
    assert votes.n_votes == 1
    assert list(votes.items) == ["z", "w", "x", "y"]


def test_the_same_vote_twice_counts_once_and_a_contradiction_twice() -> None:
    votes = vote_table({"item": ["x"] * 3, "source": ["s"] * 3, "label": ["a", "a", "b"]})
    assert votes.n_votes == 2


def test_sources_table() -> None:
    listed = {
        "source": ["ada", "rule", "later"],
        "kind": ["person", "rule", ""],
        "saw": ["asked", "all", None],
        "group": ["", "g", None],
        "trust": ["0.9", "", ""],
        "derived": ["", "no", "true"],
    }
    votes = vote_table(ROWS, sources=listed)
    infos = {info.name: info for info in votes.sources}
    assert infos["ada"].trust == 0.9
    assert infos["ada"].group is None
    assert infos["rule"].saw == "all"
    assert infos["later"].derived
    assert infos["bob"].kind == "source"


def test_gold_is_clamped_and_may_name_new_items_and_labels() -> None:
    beliefs = believe(ROWS, gold={"item": ["a", "new"], "label": ["ham", "eggs"]})
    assert beliefs.of("a")["ham"] == 1
    assert beliefs.of("new")["eggs"] == 1


def test_ids_as_numbers_here_and_texts_there_are_the_same() -> None:
    votes = vote_table(
        {"item": [7, 8], "source": ["s", "s"], "label": ["a", "b"]}, gold={"item": ["7"], "label": ["b"]}
    )
    assert votes.n_items == 2
    assert votes.gold is not None
    assert votes.gold.tolist() == [1, -1]


@pytest.mark.parametrize(
    ("votes", "more", "message"),
    [
        ({"item": ["a"], "source": ["s"]}, {}, "No column 'label'"),
        ({"item": ["a"], "sorce": ["s"], "label": ["x"]}, {}, "Did you mean 'sorce'"),
        ({"item": ["a", None], "source": ["s", "s"], "label": ["x", "y"]}, {}, "1 rows have no item"),
        ({"item": ["a"], "source": [None], "label": ["x"]}, {}, "no source"),
        ({"item": ["a"], "source": ["s"], "label": [["x"]]}, {}, "label is a list"),
        ({"item": ["a"], "source": ["s"], "label": ["x", "y"]}, {}, "differ in length"),
        ({"item": "abc", "source": ["s"], "label": ["x"]}, {}, "not a list"),
        (42, {}, "The votes are a int"),
        ([], {}, "No column 'item'"),
        ({"item": [], "source": [], "label": []}, {}, "no vote"),
        (ROWS, {"sources": {"source": ["ada"], "kind": ["persn"]}}, "Did you mean 'person'"),
        (ROWS, {"sources": {"source": ["ada"], "saw": ["some"]}}, "saw='some'"),
        (ROWS, {"sources": {"source": ["ada"], "trust": ["high"]}}, "trust is 'high'"),
        (ROWS, {"sources": {"source": ["ada"], "trust": [1.5]}}, "trust 1.5"),
        (ROWS, {"sources": {"name": ["ada"]}}, "No column 'source'"),
        (ROWS, {"gold": {"item": ["a", "a"], "label": ["ham", "spam"]}}, "two different known answers"),
        (ROWS, {"gold": {"item": [None], "label": ["ham"]}}, "Row 1 has no item"),
        (ROWS, {"items": {"id": ["a"]}}, "No column 'item'"),
        (ROWS, {"model": "defualt"}, "Did you mean 'default'"),
    ],
)
def test_bad_tables_get_one_clear_line(votes, more, message: str) -> None:
    with pytest.raises(GroundswellError) as error:
        believe(votes, **more)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "content", "error", "message"),
    [
        ("a.csv", b"", InputError, "The file is empty"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\x00\x00", InputError, "no UTF-8 text"),
        ("a.csv", b"a\0b,c\n1,2", InputError, "binary"),
        ("a.csv", b"item,source,label\na,b\nc,d,e,f", InputError, "no table"),
        ("a.csv.gz", b"not gzip", InputError, "Cannot be read"),
        ("a.jsonl", b'{"item": "a"}\n[1]', BadRowsError, "Line 2"),
        ("a.jsonl", b"{", BadRowsError, "Line 1"),
        ("a.json", b"{", InputError, "no JSON"),
        ("a.json", b"[" * 100_000, InputError, "no JSON"),
        ("a.parquet", b"PAR0", InputError, "no Parquet"),
        ("a.xlsx", b"x", InputError, "Unknown ending"),
    ],
)
def test_bad_files_get_one_clear_line(tmp_path, name, content, error, message) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error, match=message) as raised:
        believe(path)
    assert name in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_missing_file_and_a_folder(tmp_path) -> None:
    with pytest.raises(NotFoundError, match="No such file"):
        believe(tmp_path / "none.csv")
    with pytest.raises(InputError, match="folder"):
        believe(tmp_path)


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".jsonl", ".csv.gz", ".jsonl.gz"])
def test_writes_what_it_shows(tmp_path, ending: str) -> None:
    beliefs = believe(ROWS)
    path = write(beliefs, tmp_path / f"beliefs{ending}")
    back = {"csv": pl.read_csv, "parquet": pl.read_parquet, "jsonl": pl.read_ndjson}[path.name.split(".")[1]](
        path if not ending.endswith(".gz") else gzip.decompress(path.read_bytes())
    )
    assert back.columns == ["item", "label", "confidence", "p_ham", "p_spam"]
    assert back["label"].to_list() == ["spam", "ham", "ham"]
    np.testing.assert_allclose(back["p_spam"].to_numpy(), beliefs.probabilities[:, 1])


def test_labels_that_look_alike_get_columns_of_their_own() -> None:
    frame = to_frame(believe({"item": ["x", "y"], "source": ["s", "s"], "label": [1, "1"]}))
    assert frame.columns == ["item", "label", "confidence", "p_1", "p_'1'"]


def test_cannot_write(tmp_path) -> None:
    with pytest.raises(InputError, match="Unknown ending"):
        write(believe(ROWS), tmp_path / "beliefs.doc")
    with pytest.raises(StorageError, match="Cannot be written"):
        write(believe(ROWS), tmp_path / "none" / "beliefs.csv")


def test_texts_help_where_no_rule_spoke(shared_data) -> None:
    folder = shared_data / "votes" / "youtube"
    gold = dict(pl.read_csv(folder / "gold.csv.gz", infer_schema=False).select("item", "label").iter_rows())
    items = pl.read_csv(folder / "items.csv.gz", infer_schema=False)

    def right(beliefs) -> float:
        said = dict(zip(beliefs.items, (beliefs.labels[code] for code in beliefs.codes), strict=True))
        return float(np.mean([said[item] == gold[item] for item in gold]))

    without = believe(folder / "votes.csv.gz", items=items.select("item"))
    with_text = believe(folder / "votes.csv.gz", items=items)
    assert right(with_text) > right(without) + 0.04
    assert any(r.source.name == "text-model" and r.source.derived for r in with_text.reliability)


def test_few_texts_are_not_read() -> None:
    beliefs = believe(ROWS, items={"item": ["a", "b", "c"], "text": ["x", "y", None]})
    assert [r.source.name for r in beliefs.reliability] == ["ada", "bob", "cy"]
