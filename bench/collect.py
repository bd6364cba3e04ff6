"""Seconds, by the clock and of the processor, to collect 100,000 rows from each table format.

Run: ``PYTHONPATH=src python bench/collect.py``
"""

from __future__ import annotations

import csv
import json
import random
import tempfile
import time
from pathlib import Path

import polars as pl

from groundswell.collect import collect

N = 100_000
WORDS = (
    "the of and to in is you that it he was for on are as with his they at be this have from or one had by " * 2
).split()


def rows() -> list[dict[str, object]]:
    """``N`` texts of about 80 characters with a label, a number and a place."""
    rng = random.Random(0)
    return [
        {
            "text": " ".join(rng.choices(WORDS, k=20)) + f" {n % 97_000}",
            "label": rng.choice(["spam", "ham"]),
            "length": rng.randrange(1_000),
            "place": f"place {rng.randrange(500)}",
        }
        for n in range(N)
    ]


def main() -> None:
    """Write the files, read each back, print one line per format."""
    data = rows()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "a.csv").open("w", newline="") as stream:
            writer = csv.DictWriter(stream, list(data[0]))
            writer.writeheader()
            writer.writerows(data)
        (folder / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in data))
        (folder / "a.json").write_text(json.dumps(data))
        pl.DataFrame(data).write_parquet(folder / "a.parquet")
        for ending in ("csv", "jsonl", "json", "parquet"):
            start, busy = time.perf_counter(), time.process_time()
            items = collect(folder / f"a.{ending}").items
            seconds, busy = time.perf_counter() - start, time.process_time() - busy
            print(f"{ending:8} {len(items):7,} items {seconds:6.2f} s (processor {busy:.2f} s)")


if __name__ == "__main__":
    main()
