"""Tables: the columns, the rows and their numbers."""

from __future__ import annotations

import datetime
import decimal
import json
import time

import polars as pl
import pytest
from PIL import Image

from groundswell.collect import collect
from groundswell.core.errors import BadRowsError, GroundswellError, InputError, NotFoundError


@pytest.fixture
def write(tmp_path):
    def put(name, content, encoding="utf-8"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return put


def test_types_of_columns(write):
    path = write("a.csv", "text,n,x,yes,code,gap\nfirst,1,1.5,true,007,\nsecond,-2,NA,false,12,\n")
    first, second = collect(path).items
    assert first.meta == {"n": 1, "x": 1.5, "yes": True, "code": "007", "gap": None}
    assert second.meta == {"n": -2, "x": None, "yes": False, "code": "12", "gap": None}


def test_a_row_keeps_its_id_when_a_later_row_changes_the_type_of_a_column(write):
    before = collect(write("a.csv", "text,n\nfirst,1\nsecond,2\n")).items
    after = collect(write("a.csv", "text,n\nfirst,1\nsecond,2\nthird,unknown\n")).items
    assert [item.id for item in after[:2]] == [item.id for item in before]
    assert [item.meta["n"] for item in after] == ["1", "2", "unknown"]


def test_ragged_rows_have_row_and_line_numbers(write):
    path = write("a.csv", 'text,n\n"one\nlong\nfield",1\ntwo\n\nthree,3,3\nfour,4\n')
    with pytest.raises(BadRowsError) as raised:
        collect(path)
    assert raised.value.rows == [
        (2, "line 5: 1 fields where the header has 2"),
        (3, "line 7: 3 fields where the header has 2"),
    ]
    assert "2 of 4 rows" in str(raised.value)
    assert "--skip-bad" in str(raised.value)
    kept = collect(path, skip_bad=True)
    assert [(item.text, item.provenance.row) for item in kept.items] == [("one\nlong\nfield", 1), ("four", 4)]
    assert kept.bad == raised.value.rows
    assert kept.blank == 1


def test_quotes(write):
    with pytest.raises(BadRowsError, match="row 1: line 2: a quotation mark that opens here is never closed"):
        collect(write("a.csv", 'text,n\n"never closed,1\nb,2\n'))
    with pytest.raises(BadRowsError, match="something follows a closing quotation mark"):
        collect(write("a.csv", 'text,n\n"a" b,1\nb,2\n'))
    assert collect(write("a.csv", 'text,n\nsay "hi",1\nb,2\n')).items[0].text == 'say "hi"'


def test_nothing_usable_is_an_error_even_with_skip_bad(write):
    with pytest.raises(BadRowsError, match="Nothing was collected"):
        collect(write("a.csv", "text,n\na\nb,2,3\n"), skip_bad=True)


@pytest.mark.parametrize("content", ["text\n", "text\n\n\n", "text,n\n,\n"])
def test_no_rows(write, content):
    with pytest.raises(InputError, match="holds no rows"):
        collect(write("a.csv", content))


def test_byte_order_marks(write):
    for encoding in ("utf-8-sig", "utf-16"):
        items = collect(write("a.csv", "text,label\nÄpfel,a\n", encoding)).items
        assert [(item.text, item.meta) for item in items] == [("Äpfel", {"label": "a"})]


def test_encodings(write):
    path = write("a.csv", "text,n\nplain,1\nÄpfel,2\n", "latin-1")
    with pytest.raises(InputError, match=r"Line 3 is not UTF-8 \(byte 0xC4\).*--encoding latin-1"):
        collect(path)
    assert collect(path, encoding="latin-1").items[1].text == "Äpfel"
    with pytest.raises(InputError, match="--encoding cp1252"):
        collect(write("b.csv", "text\n„quoted“ – so\n", "cp1252"))
    with pytest.raises(InputError, match="--encoding utf-16-le"):
        collect(write("c.csv", "text,n\nplain,1\n", "utf-16-le"))
    with pytest.raises(InputError, match="No encoding 'utf-9'"):
        collect(path, encoding="utf-9")
    with pytest.raises(InputError, match="Cannot be read as hex"):
        collect(path, encoding="hex")


def test_separators(write):
    semicolons = collect(write("a.csv", "text;n\na, b and c;1\nd;2\n"))
    assert [(item.text, item.meta["n"]) for item in semicolons.items] == [("a, b and c", 1), ("d", 2)]
    assert semicolons.notes == ["The columns are taken to be separated by semicolons"]
    one_column = collect(write("b.csv", "text\nfirst; second\nthird\n"))
    assert [item.text for item in one_column.items] == ["first; second", "third"]
    assert collect(write("c.csv", "text, label\na, b\n")).items[0].meta == {"label": "b"}


def test_a_header_that_is_none(write):
    with pytest.raises(InputError, match=r"looks like data.*--no-header"):
        collect(write("a.csv", "3,Fears for a pension\n4,The race is on\n3,Another headline\n"))
    with pytest.raises(InputError, match="looks like data"):
        collect(write("a.csv", f"ham,{'long ' * 30}\nspam,short\n"))
    got = collect(write("a.csv", "3,Fears for a pension fund\n4,The race is on now\n"), header=False)
    assert [(item.text, item.meta, item.provenance.row) for item in got.items] == [
        ("Fears for a pension fund", {"column_1": 3}, 1),
        ("The race is on now", {"column_1": 4}, 2),
    ]
    years = collect(write("b.csv", "town,2019,2020\nBonn,5,6\nKiel,7,8\n"))
    assert years.items[0].meta == {"town": "Bonn", "2019": 5, "2020": 6}


def test_names_of_columns(write):
    got = collect(write("a.csv", "text,,n,n,item\na,b,1,2,x\nb,c,3,4,y\n"))
    assert got.items[0].meta == {"column_2": "b", "n": 1, "n_2": 2, "item_": "x"}
    assert len(got.notes) == 2
    repeated = write("b.csv", "text,n\na,1\ntext,n\nb,2\n")
    with pytest.raises(BadRowsError, match="row 2: line 3: repeats the header"):
        collect(repeated)


def test_columns_that_every_row_lacks_are_empty(write):
    got = collect(write("a.csv", "text,n,Approve,Reject\na,1\nb,2\n"))
    assert got.items[0].meta == {"n": 1, "Approve": None, "Reject": None}
    assert "last 2 columns" in got.notes[0]


def test_many_columns(write):
    names = ",".join(f"c{n}" for n in range(10_000))
    row = ",".join(["1"] * 10_000)
    assert len(collect(write("a.csv", f"{names}\n{row}\n{row}\n")).items[1].meta) == 10_000
    with pytest.raises(InputError, match="20,000 columns, more than 16,384"):
        collect(write("b.csv", f"{names},{names}\n"))


def test_wrong_column(write):
    path = write("a.csv", "body,borough\nhello there,north\n")
    with pytest.raises(NotFoundError, match=r"No column 'boddy'. Did you mean 'body'\?"):
        collect(path, text="boddy")
    for role in ("media", "id", "group"):
        with pytest.raises(NotFoundError, match="No column 'nothing'"):
            collect(path, **{role: "nothing"})


def test_the_text_is_guessed_only_without_doubt(write):
    named = collect(write("a.csv", "id,body,label\n1,hello,x\n"))
    assert named.items[0].text == "hello"
    assert named.notes == ["The text is taken from the column 'body'"]
    prose = "label,what,date\n" + "".join(
        f"x,this reads like text {n},Wed Jan 24 09:48:10 PST 2018\n" for n in range(9)
    )
    assert collect(write("b.csv", prose)).items[0].text == "this reads like text 0"
    doubtful = write("c.csv", "title,body,comment\nmy own short title,the long body of it,a remark on it\n")
    with pytest.raises(InputError, match=r"Several columns could be the text: 'body', 'comment'"):
        collect(doubtful)
    assert collect(doubtful, text="").items[0].text is None
    table = collect(write("d.csv", "x,y\n1,2\n3,4\n"))
    assert [item.text for item in table.items] == [None, None]
    assert "each row is an item of its fields" in table.notes[0]


def test_ids_and_groups(write):
    got = collect(write("a.csv", "key,text,town\nA1,hello,Bonn\nA2,hello,\n"), id="key", group="town")
    assert [(item.id, item.group) for item in got.items] == [("A1", "Bonn"), ("A2", None)]
    assert got.items[0].meta == {"town": "Bonn"}
    clash = write("b.csv", "key,text\nA1,hello\nA2,there\nA1,other\nA1,hello\n")
    with pytest.raises(BadRowsError) as raised:
        collect(clash, id="key")
    assert raised.value.rows == [(3, "the id 'A1' stands for something else in row 1")]
    kept = collect(clash, id="key", skip_bad=True)
    assert (len(kept.items), kept.repeated) == (2, 1)
    with pytest.raises(BadRowsError, match="the id in 'key' is empty"):
        collect(write("c.csv", "key,text\n,hello\nb,there\n"), id="key")


def test_the_same_text_in_two_files_is_one_item(write):
    write("f/a.csv", "text\nhello\nhello\n")
    write("f/b.csv", "text\nhello\nother\n")
    got = collect(write("f/c.csv", "text\nlast\n").parent)
    assert [item.text for item in got.items] == ["hello", "hello", "other", "last"]
    assert got.repeated == 1
    write("f/b.csv", "text,n\nhello\nother,1\n")
    with pytest.raises(BadRowsError, match=r"row 1: b\.csv: line 2: 1 fields"):
        collect(str(got.files[0].parent / "*.csv"))


def test_json_shapes(write):
    assert [i.text for i in collect(write("a.json", '["first", "second"]')).items] == ["first", "second"]
    wrapped = collect(write("b.json", '{"version": 1, "data": [{"text": "a", "deep": {"x": [1]}}, {}]}'))
    assert wrapped.items[0].meta == {"deep": {"x": [1]}}
    assert wrapped.blank == 1
    for content, match in (
        ("{}", "no list of records"),
        ('{"a": [1], "b": [2]}', r"Several lists stand in it \(a, b\)"),
        ("[{]", "Not JSON"),
        ('{"a": 1}\n{"a": 2}', r"\.jsonl"),
    ):
        with pytest.raises(InputError, match=match):
            collect(write("c.json", content))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("NaN", "NaN is not a JSON value"),
        ("-Infinity", "-Infinity is not a JSON value"),
        ("1e400", "the field 'x' holds inf"),
        ("9" * 5000, "thousands of digits"),
        ("[" * 70 + "]" * 70, "nested more than 64 deep"),
        ("[" * 100_000 + "]" * 100_000, "nested too deep"),
        (r'"\ud800"', r"half of a surrogate pair \(U\+D800\)"),
        (r'"a\u0000b"', "NUL"),
        (r'{"a\ud800": 1}', "half of a surrogate pair"),
        ('1, "x": 2', "the field 'x' stands there twice"),
        ("1", None),
    ],
)
def test_json_values_that_are_none(write, value, reason):
    path = write("a.jsonl", f'{{"text": "good"}}\n\n{{"text": "bad", "x": {value}}}\n')
    if reason is None:
        assert len(collect(path).items) == 2
        return
    with pytest.raises(BadRowsError, match=reason) as raised:
        collect(path)
    assert [row for row, _ in raised.value.rows] == [3]
    assert [item.text for item in collect(path, skip_bad=True).items] == ["good"]


def test_numbers_beyond_64_bits_keep_their_digits(write):
    path = write("a.jsonl", f'{{"text": "a", "x": {2**63}, "y": {2**63 - 1}}}\n')
    assert collect(path).items[0].meta == {"x": str(2**63), "y": 2**63 - 1}
    assert collect(write("a.csv", f"text,x\na,{2**63}\nb,1\n")).items[0].meta == {"x": str(2**63)}


def test_text_that_is_none(write):
    path = write("a.jsonl", '{"text": ["a"]}\n{"text": 5}\n{"other": 1}\n"bare"\n7\n')
    with pytest.raises(BadRowsError) as raised:
        collect(path)
    assert raised.value.rows == [
        (1, "the field 'text' holds a list, not text"),
        (5, "holds a number where a record or a text was expected"),
    ]
    assert [item.text for item in collect(path, skip_bad=True).items] == ["5", None, "bare"]


def test_line_separators_inside_json(write):
    path = write("a.jsonl", json.dumps({"text": "a\u2028b"}, ensure_ascii=False) + "\r\n")
    assert collect(path).items[0].text == "a\u2028b"


def test_huge_fields(write):
    long = "word " * 40_000
    assert collect(write("a.csv", f"text,n\n{long},1\n")).items[0].text == long
    with pytest.raises(BadRowsError, match="row 1: line 2: a field holds more than 10,000,000 characters"):
        collect(write("b.csv", f"text,n\n{'x' * 10_000_001},1\nb,2\n"))
    with pytest.raises(BadRowsError, match="holds 10,000,001 characters"):
        collect(write("b.jsonl", f'"{"x" * 10_000_001}"\n"b"\n'))


def test_nul_in_csv(write):
    with pytest.raises(BadRowsError, match="row 2: line 3: holds a NUL"):
        collect(write("a.csv", "text,n\n" + "a,1\n" + "b\0,2\n" + "c,3\n" * 1000))


def test_parquet_types(tmp_path):
    path = tmp_path / "a.parquet"
    pl.DataFrame(
        {
            "text": ["a", None],
            "day": [datetime.date(2026, 1, 2), None],
            "at": [datetime.datetime(2026, 1, 2, 3), None],
            "took": [datetime.timedelta(minutes=1), None],
            "price": [decimal.Decimal("1.50"), None],
            "x": [float("nan"), 1.0],
            "kind": pl.Series(["k", None], dtype=pl.Categorical),
            "parts": [[1, 2], []],
            "record": [{"a": float("nan")}, None],
        }
    ).write_parquet(path)
    first, second = collect(path).items
    assert first.meta == {
        "day": "2026-01-02",
        "at": "2026-01-02T03:00:00",
        "took": 60.0,
        "price": 1.5,
        "x": None,
        "kind": "k",
        "parts": [1, 2],
        "record": {"a": None},
    }
    assert second.text is None
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(InputError, match="PAR1 is missing"):
        collect(path)
    pl.DataFrame({"text": ["a"], "raw": [b"\0"]}).write_parquet(path)
    with pytest.raises(InputError, match="'raw' holds binary data"):
        collect(path)


def test_pictures_named_by_a_table(write, tmp_path):
    outside = tmp_path / "secret.png"
    Image.new("RGB", (2, 2)).save(outside)
    (tmp_path / "t/in").mkdir(parents=True)
    Image.new("RGB", (7, 5)).save(tmp_path / "t/in/a.png")
    (tmp_path / "t/link.png").symlink_to(outside)
    names = ["in/a.png", "../secret.png", str(outside), "link.png", "none.png", "https://a.b/c.png", "t.csv"]
    path = write("t/t.csv", "image,label\n" + "".join(f"{name},x\n" for name in names))
    with pytest.raises(BadRowsError) as raised:
        collect(path, media="image")
    reasons = dict(raised.value.rows)
    assert set(reasons) == {2, 3, 4, 5, 6, 7}
    assert all("outside the table's folder" in reasons[row] for row in (2, 3, 4))
    assert "no file" in reasons[5]
    assert "is an address" in reasons[6]
    assert "not a picture" in reasons[7]
    kept = collect(path, media="image", skip_bad=True)
    assert kept.items[0].meta == {"width": 7, "height": 5, "label": "x"}
    assert kept.media == {kept.items[0].media: tmp_path / "t/in/a.png"}


def test_speed(write):
    rows = "".join(f"text number {n} of many with some words in it,{n % 7},place {n % 500}\n" for n in range(20_000))
    path = write("a.csv", "text,n,place\n" + rows)
    start = time.process_time()
    assert len(collect(path).items) == 20_000
    assert time.process_time() - start < 2.0  # of processor time; 0.2 s is usual


def test_real_files(shared_data):
    tables = shared_data / "tables"
    with pytest.raises(InputError, match="--encoding cp1252"):
        collect(tables / "sms_spam.csv")
    sms = collect(tables / "sms_spam.csv", encoding="latin-1")
    assert len(sms.items) == 5572
    assert sms.items[0].text.startswith("Go until jurong point")
    assert sum(item.meta["v1"] == "spam" for item in sms.items) == 747
    assert len(collect(tables / "youtube_spam").items) == 1138
    assert len(collect(tables / "ag_news_test.csv.gz", header=False, text="column_3").items) == 7600
    doccano = shared_data / "formats/doccano/import"
    assert [item.text for item in collect(doccano / "example.utf16.csv").items] == ["AAA", "BBB", "CCC"]
    assert len(collect(shared_data / "formats/crowd_csv/empty_rows.csv").items) == 27
    with pytest.raises(BadRowsError, match="row 1: line 2: 3 fields where the header has 2"):
        collect(doccano / "text_classification/example.invalid.2.csv")


def test_no_real_file_ends_in_a_traceback(shared_data):
    tried = [
        path for path in (shared_data / "formats").rglob("*") if path.suffix in (".csv", ".json", ".jsonl", ".tsv")
    ]
    assert len(tried) > 50
    read = 0
    for path in tried:
        said = ""
        try:
            read += len(collect(path).items) > 0
        except GroundswellError as e:
            said = str(e)
        assert "\n" not in said
    assert read > len(tried) // 3
