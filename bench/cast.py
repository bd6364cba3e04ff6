"""How long automatic sources take: ten patterns over 100,000 texts, and the other types beside them.

    python bench/cast.py [--texts 100000] [--json]

The texts are the demo's messages repeated in a fixed order, so that patterns meet what they were written for.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import time
from importlib.resources import files

import polars as pl

from groundswell.demo.rules import sources
from groundswell.sources import Lookup, Pattern, Search, Source, cast, heuristic

PATTERNS = {
    "premium": r"\b0?9\d{2}[\d ]{6,9}\b",
    "short-code": r"\b(?:te?xt|send|reply|msg)\b.{0,60}\bto:?\s+\d{4,6}\b",
    "price": r"\b\d{1,3}\s?p(?:pm|\s?/|\s?per\b)",
    "money": r"£\s?\d|\b\d[\d,]*\s?(?:pounds|gbp)\b",
    "web": r"\bwww\.|https?:",
    "prize": r"\b(?:prize|winner|award|jackpot)\w*",
    "free": r"\bfree\b",
    "urgent": r"\b(?:urgent|call now|guaranteed)\b",
    "nested": r"(a+)+$",
    "self": r"\b(?:i'm|i'll|i am|my)\b",
}


def texts(n: int) -> pl.DataFrame:
    """``n`` messages of the demo."""
    raw = gzip.decompress(files("groundswell.demo").joinpath("data/sms_spam.jsonl.gz").read_bytes())
    messages = [json.loads(line)["text"] for line in raw.decode("utf-8").splitlines()]
    return pl.DataFrame({"item": [str(i) for i in range(n)], "text": [messages[i % len(messages)] for i in range(n)]})


@heuristic
def short(item):
    """A Python function, called once a text."""
    return "ham" if item.text and len(item.text) < 40 else None


def median_seconds(chosen: list[Source], items: pl.DataFrame, rounds: int = 3) -> float:
    """Of three runs, after a small one to warm up."""
    cast(chosen, items[:100])
    found = []
    for _ in range(rounds):
        started = time.perf_counter()
        cast(chosen, items)
        found.append(time.perf_counter() - started)
    return statistics.median(found)


def main() -> None:
    """Print seconds per set of sources."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    items = texts(asked.texts)
    sets: dict[str, list[Source]] = {
        "ten patterns": [Pattern(name, pattern, answer="spam") for name, pattern in PATTERNS.items()],
        "ten searches": [
            Search(f"s{i}", f'(prize OR free OR "call now" OR word{i}*) AND NOT (lunch OR dinner)', answer="spam")
            for i in range(10)
        ],
        "one lookup of 1,000 words": [
            Lookup("l", [f"word{i}" for i in range(999)] + ["ringtone"], words=True, answer="spam")
        ],
        "one Python function": [short],
        f"the demo's {len(sources())} rules": sources(),
    }
    seconds = {name: round(median_seconds(chosen, items), 3) for name, chosen in sets.items()}
    if asked.json:
        print(json.dumps({"texts": asked.texts, "seconds": seconds}))
        return
    print(f"{asked.texts:,} texts, {items['text'].str.len_chars().mean():.0f} characters on average")
    for name, value in seconds.items():
        print(f"  {name:28} {value:7.3f} s  {asked.texts / value:12,.0f} texts/s")


if __name__ == "__main__":
    main()
