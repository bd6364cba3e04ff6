"""What every reader must keep, whichever format it reads. A new reader is tested once it is registered.

A reader of rows needs an entry in ``WRITERS`` that writes its format; the suite fails without one.
"""

from __future__ import annotations

import csv
import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from PIL import Image

from groundswell.collect import READERS, collect
from groundswell.core.errors import GroundswellError, NotFoundError
from groundswell.core.ids import canonical

TEXTS = ["one line", 'two "quoted"\nlines, with a comma', "drei Äpfel 🍎", "one line", "x" * 200_000]


def _delimited(delimiter: str) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        with path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, delimiter=delimiter)
            writer.writerows([("text", "n"), *((text, n % 2) for n, text in enumerate(TEXTS))])
        return path

    return write


def _json(path: Path) -> Path:
    path.write_text(json.dumps([{"text": text, "n": n % 2} for n, text in enumerate(TEXTS)]), encoding="utf-8")
    return path


def _jsonl(path: Path) -> Path:
    lines = [json.dumps({"text": text, "n": n % 2}, ensure_ascii=False) + "\n" for n, text in enumerate(TEXTS)]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def _parquet(path: Path) -> Path:
    pl.DataFrame({"text": TEXTS, "n": [n % 2 for n in range(len(TEXTS))]}).write_parquet(path)
    return path


def _texts(path: Path) -> Path:
    path.mkdir()
    for n, text in enumerate(TEXTS):
        (path / f"{n}.txt").write_text(text, encoding="utf-8")
    return path


def _images(path: Path) -> Path:
    path.mkdir()
    for n, colour in enumerate(("red", "green", "blue", "red", "white")):
        Image.new("RGB", (4 + n % 3, 3), colour).save(path / f"{n}.png")
    shutil.copy(path / "0.png", path / "3.png")
    return path


WRITERS: dict[str, Callable[[Path], Path]] = {
    "csv": _delimited(","),
    "tsv": _delimited("\t"),
    "json": _json,
    "jsonl": _jsonl,
    "parquet": _parquet,
    "text": _texts,
    "image": _images,
}

every_reader = pytest.mark.parametrize("name", list(READERS))


def _write(name: str, folder: Path) -> Path:
    ending = "" if READERS[name].whole_files else READERS[name].endings[0]
    return WRITERS[name](folder / f"data{ending}")


@every_reader
def test_reads_back_what_was_written(name, tmp_path):
    items = collect(_write(name, tmp_path)).items
    assert len(items) == len({item.id for item in items}) == 5
    if name == "image":
        assert [item.meta["width"] for item in items] == [4, 5, 6, 4, 5]
        assert all(item.media and item.text is None for item in items)
    else:
        assert [item.text for item in items] == TEXTS


@every_reader
def test_the_same_data_twice_gives_the_same_ids(name, tmp_path):
    path = _write(name, tmp_path)
    first = collect(path)
    assert [item.id for item in collect(path).items] == [item.id for item in first.items]
    moved = path.rename(tmp_path / f"moved{path.suffix}")
    assert [item.id for item in collect(moved).items] == [item.id for item in first.items]


@every_reader
def test_equal_content_within_a_file_is_two_items(name, tmp_path):
    items = collect(_write(name, tmp_path)).items
    same = (lambda item: item.media) if name == "image" else (lambda item: item.text)
    assert same(items[0]) == same(items[3])
    assert items[0].id != items[3].id


@every_reader
def test_every_item_knows_where_it_came_from(name, tmp_path):
    path = _write(name, tmp_path)
    for n, item in enumerate(collect(path).items, 1):
        assert item.provenance is not None
        assert item.provenance.reader == name
        assert Path(item.provenance.origin).is_relative_to(path)
        assert item.provenance.row == (None if READERS[name].whole_files else n)


@every_reader
def test_metadata_are_json(name, tmp_path):
    for item in collect(_write(name, tmp_path)).items:
        assert json.loads(canonical(dict(item.meta))) == dict(item.meta)


@every_reader
def test_gzip(name, tmp_path):
    if READERS[name].whole_files:
        pytest.skip("folders are not gzipped")
    path = _write(name, tmp_path)
    zipped = path.with_name(path.name + ".gz")
    zipped.write_bytes(gzip.compress(path.read_bytes()))
    assert [item.id for item in collect(zipped).items] == [item.id for item in collect(path).items]
    zipped.write_bytes(gzip.compress(path.read_bytes())[:-20])
    with pytest.raises(GroundswellError, match="not whole gzip"):
        collect(zipped)


BAD_FILES = {
    "empty": b"",
    "zeros": b"\0" * 5000,
    "noise": bytes(range(256)) * 40,
    "png": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "zip": b"PK\x03\x04" + bytes(range(200)),
    "half utf-8": "text\nÄpfel".encode()[:-5] + b"\xff\xfe\xfa",
    "blank": b"\n\n\n",
    "deep": b"[" * 100_000,
    "half parquet": b"PAR1" + b"\1" * 50,
}


@every_reader
@pytest.mark.parametrize("content", BAD_FILES.values(), ids=BAD_FILES.keys())
def test_nonsense_is_one_clear_line(name, content, tmp_path):
    if name == "text" and content.startswith(b"["):
        pytest.skip("brackets are text")
    path = tmp_path / f"bad{READERS[name].endings[0]}"
    path.write_bytes(content)
    with pytest.raises(GroundswellError) as raised:
        collect(path)
    line = str(raised.value)
    assert "bad" in line
    assert "\n" not in line
    assert 10 < len(line) < 600


@every_reader
def test_missing_files(name, tmp_path):
    with pytest.raises(NotFoundError, match="No such file"):
        collect(tmp_path / f"none{READERS[name].endings[0]}")
