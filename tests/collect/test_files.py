"""Paths, globs, folders, texts and pictures."""

from __future__ import annotations

import gzip
import os
import struct
import zlib

import pytest
from PIL import Image

from groundswell.collect import collect
from groundswell.core.errors import BadRowsError, GroundswellError, InputError, NotFoundError


def test_a_folder_of_texts(tmp_path):
    for name in ("pos/b.txt", "pos/a.txt", "neg/c.txt", "neg/.hidden.txt", ".git/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"text of {name}")
    (tmp_path / "notes.doc").write_text("ignored")
    got = collect(tmp_path, group="folder")
    assert [(item.meta["file"], item.meta["folder"], item.group) for item in got.items] == [
        ("c.txt", "neg", "neg"),
        ("a.txt", "pos", "pos"),
        ("b.txt", "pos", "pos"),
    ]
    assert [path.name for path in got.ignored] == ["notes.doc"]
    by_glob = collect(f"{tmp_path}/**/*.txt")
    assert {item.id for item in by_glob.items} == {item.id for item in got.items}
    assert len(collect([tmp_path, tmp_path / "pos/a.txt", f"{tmp_path}/pos/*"]).items) == 3


def test_a_folder_with_a_bad_file(tmp_path):
    (tmp_path / "a.txt").write_text("fine")
    (tmp_path / "b.txt").write_text("   ")
    (tmp_path / "c.txt").write_bytes(b"")
    with pytest.raises(InputError, match=r"c\.txt: The file is empty"):
        collect(tmp_path)
    got = collect(tmp_path, skip_bad=True)
    assert [item.text for item in got.items] == ["fine"]
    assert got.bad == [(2, "b.txt: holds only blanks"), (3, "c.txt: The file is empty")]


def test_links_out_of_a_folder_are_left_out(tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "a.txt").write_text("open")
    (folder / "b.txt").symlink_to(tmp_path / "secret.txt")
    assert [item.text for item in collect(folder).items] == ["open"]


def test_folders_of_several_kinds_and_of_none(tmp_path):
    with pytest.raises(InputError, match="The folder holds no file"):
        collect(tmp_path)
    (tmp_path / "a.xyz").write_text("x")
    with pytest.raises(InputError, match="No file here has an ending that is read"):
        collect(tmp_path)
    with pytest.raises(InputError, match=r"No reader for the ending '\.xyz'.*csv, image, json"):
        collect(tmp_path / "a.xyz")
    assert collect(tmp_path / "a.xyz", reader="text").items[0].text == "x"
    with pytest.raises(NotFoundError, match=r"No reader 'cvs'\. Did you mean 'csv'"):
        collect(tmp_path / "a.xyz", reader="cvs")
    (tmp_path / "a.csv").write_text("text\nx\n")
    (tmp_path / "b.txt").write_text("x")
    with pytest.raises(InputError, match="several kinds"):
        collect(tmp_path)


def test_paths_that_lead_nowhere(tmp_path):
    (tmp_path / "reports.csv").write_text("text\nx\n")
    with pytest.raises(NotFoundError, match=r"Did you mean 'reports\.csv'\?"):
        collect(tmp_path / "report.csv")
    with pytest.raises(NotFoundError, match="does not exist or may not be read"):
        collect(tmp_path / "none/report.csv")
    with pytest.raises(NotFoundError, match="No file matches"):
        collect(f"{tmp_path}/*.json")
    with pytest.raises(InputError, match="No path was given"):
        collect([])
    with pytest.raises(InputError, match="NUL"):
        collect("a\0b.csv")
    (tmp_path / "loop.csv").symlink_to(tmp_path / "gone.csv")
    with pytest.raises(InputError, match="leads nowhere"):
        collect(tmp_path / "loop.csv")


def test_a_name_with_brackets_is_a_name(tmp_path):
    (tmp_path / "a[1].csv").write_text("text\nx\n")
    assert len(collect(f"{tmp_path}/a[1].csv").items) == 1


def test_names_that_are_no_text(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9\n.txt")).write_text("hello")
    [item] = collect(tmp_path).items
    assert item.meta["file"] == "caf\ufffd\ufffd.txt"
    item.provenance.origin.encode()
    (tmp_path / os.fsdecode(b"caf\xe9\n.png")).write_text("hello")
    with pytest.raises(GroundswellError) as raised:
        collect(tmp_path / os.fsdecode(b"caf\xe9\n.png"))
    assert "\n" not in str(raised.value)
    str(raised.value).encode()


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "jsonl", "parquet", "txt", "png"])
def test_what_may_not_be_read(open_folder, nobody, ending):
    closed = open_folder / "closed"
    closed.mkdir()
    for path in (open_folder / f"a.{ending}", closed / f"a.{ending}"):
        path.write_text("text\nx\n")
    (open_folder / f"a.{ending}").chmod(0)
    closed.chmod(0)
    with nobody():
        for path in (open_folder / f"a.{ending}", closed, closed / f"a.{ending}", f"{closed}/*.{ending}"):
            with pytest.raises(GroundswellError, match=r"permission denied|may not be read|No file matches"):
                collect(path)


def test_gzip_bomb(tmp_path):
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"text\n" + b"x\n" * 100_000_000, 9))
    with pytest.raises(InputError, match="unpacks to more than 64 MB"):
        collect(tmp_path / "a.csv.gz")


def _png(width, height):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


def test_pictures(tmp_path):
    image = Image.new("RGB", (30, 20), "red")
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(tmp_path / "turned.jpg", exif=exif)
    image.save(tmp_path / "wrongly_named.png", format="GIF")
    got = collect(tmp_path)
    assert [dict(item.meta) for item in got.items] == [
        {"file": "turned.jpg", "width": 30, "height": 20, "orientation": 6},
        {"file": "wrongly_named.png", "width": 30, "height": 20},
    ]
    assert [item.media.rpartition(".")[2] for item in got.items] == ["jpg", "gif"]
    assert set(got.media) == {item.media for item in got.items}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (_png(50_000, 50_000), "claims more than 100 million"),
        (_png(10_001, 10_000), "claims 10,001 × 10,000 pixels"),
        (_png(30, 30)[:60], "damaged|not a picture"),
        (b"<svg onload='alert(1)'/>", "not a picture"),
        (b"", "empty"),
    ],
)
def test_bad_pictures_are_refused(tmp_path, content, reason):
    Image.new("RGB", (3, 3)).save(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(content)
    with pytest.raises(BadRowsError, match=rf"row 2: b\.png: .*({reason})"):
        collect(tmp_path)
    assert len(collect(tmp_path, skip_bad=True).items) == 1


def test_progress(tmp_path):
    for n in range(3):
        (tmp_path / f"{n}.txt").write_text(str(n))
    seen = []
    collect(tmp_path, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_real_pictures(shared_data):
    got = collect(shared_data / "media/images/trashnet")
    assert len(got.items) == len(got.media) == 36
    assert {item.meta["folder"] for item in got.items} == {"cardboard", "glass", "metal", "paper", "plastic", "trash"}
