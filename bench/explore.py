"""Seconds, by the clock and of the processor, to look at 100,000 texts: views, map, near-duplicates, checks.

Run: ``PYTHONPATH=src python bench/explore.py``
"""

from __future__ import annotations

import random
import time

import numpy as np
import polars as pl

from groundswell.audit import CHECKS, Case
from groundswell.core.belief import Beliefs
from groundswell.core.similar import near
from groundswell.explore import VIEWS, Subject, map2d

N, D, K = 100_000, 64, 20


def main() -> None:
    """Make texts and features around 20 centres, and time."""
    rng = np.random.default_rng(0)
    centre = rng.integers(0, K, N)
    features = rng.normal(size=(K, D))[centre] + 0.5 * rng.normal(size=(N, D))
    words = [f"word{n}" for n in range(2_000)]
    choice = random.Random(0)
    texts = [" ".join(choice.choices(words[100 * c : 100 * c + 400] or words, k=13)) for c in centre.tolist()]
    texts[-5_000:] = [text + " again" for text in texts[:5_000]]
    none = pl.Series([None] * N, dtype=pl.String)
    items = pl.DataFrame({"item": [str(n) for n in range(N)], "text": texts, "media": none, "group": none})
    items = items.with_columns(pl.Series("place", rng.integers(0, 50, N)), pl.Series("length", rng.normal(size=N)))
    truth = (centre > 15).astype(int)
    P = np.where(np.eye(2, dtype=bool)[truth], 0.9, 0.1)
    wrong = rng.random(N) < 0.02
    believed = np.where(wrong[:, None], P[:, ::-1], P)
    beliefs = Beliefs(items["item"].to_list(), ["no", "yes"], believed, np.array([0.8, 0.2]), [], "made up")

    def timed(name: str, run: object) -> None:
        start, busy = time.perf_counter(), time.process_time()
        run()  # type: ignore[operator]
        seconds, busy = time.perf_counter() - start, time.process_time() - busy
        print(f"{name:24} {seconds:6.2f} s (processor {busy:.2f} s)")

    timed("near-duplicates", lambda: near(texts))
    timed("map", lambda: map2d(features))
    timed("map of 5,572", lambda: map2d(features[:5_572]))
    subject = Subject(items, features, pl.Series(truth).cast(pl.String))
    for name, make in VIEWS.items():
        timed(f"view {name}", lambda make=make: make(subject))
    for name, check in CHECKS.items():
        timed(f"check {name}", lambda check=check: check(Case(items, beliefs, None, P)))


if __name__ == "__main__":
    main()
