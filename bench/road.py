"""The first half of the road on many items: seconds to collect, cast ten patterns, believe and list 100,000 texts.

Run: python bench/road.py [N]
"""

from __future__ import annotations

import csv
import random
import sys
import tempfile
import time
from pathlib import Path

import groundswell as gs

WORDS = ["free", "win", "prize", "call", "now", "love", "home", "lunch", "late", "train", "crack", "pothole"]
WORDS += ["meeting", "invoice", "thanks", "please", "street"]
PATTERNS = {
    "spam": ["free|win", r"prize\b", r"call\s+now", r"\d{5,}", "invoice"],
    "ham": ["love|home", "lunch", "late|train", "thanks", "meeting|please"],
}


def texts(n: int) -> list[str]:
    """Texts of about 80 characters, all different."""
    rng = random.Random(0)
    return [f"{' '.join(rng.choices(WORDS, k=12))} {rng.randrange(10**6)} #{i}" for i in range(n)]


def main() -> None:
    """Time each verb and print a table."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "items.csv"
        with file.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(["text"])
            writer.writerows([text] for text in texts(n))
        with gs.open(Path(folder) / "project") as project:
            project.add_question("spam", gs.Choice("spam", "ham"))
            for answer, patterns in PATTERNS.items():
                project.add_source(*[gs.Pattern(f"{answer}-{i}", p, answer=answer) for i, p in enumerate(patterns)])
            for verb, act in (
                ("collect (read, check, store)", lambda: project.collect(file, text="text")),
                ("cast ten patterns", project.cast),
                ("believe (first fit of the process)", project.believe),
                ("list all beliefs", lambda: listed(project)),
                ("choose the next 10 questions by margin", lambda: project.ask(of="ada", n=10, strategy="margin")),
            ):
                begun, busy = time.perf_counter(), time.process_time()
                act()
                rows.append((verb, time.perf_counter() - begun, time.process_time() - busy))
    print(f"| {n:,} items | seconds | processor seconds |\n| --- | --- | --- |")
    for verb, seconds, busy in rows:
        print(f"| {verb} | {seconds:.2f} | {busy:.2f} |")


def listed(project: gs.Project) -> int:
    """Every item with its label and confidence, as ``groundswell believe -o`` writes them."""
    from groundswell import belief

    with tempfile.TemporaryDirectory() as folder:
        belief.write(project.believe(), Path(folder) / "beliefs.csv")
    return len(project.believe())


if __name__ == "__main__":
    main()
