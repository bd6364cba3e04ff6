"""Small real-looking tables."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

HAM = ["see you at lunch", "are you home yet", "ok thanks for the lift", "call me when you wake up", "i am on the bus"]
SPAM = [
    "win a free prize now",
    "free entry claim now",
    "urgent you have won cash",
    "txt win to 80082",
    "claim your cash",
]
PLACES = ["leeds", "york", "bath", "hull", "derby", "ely", "truro", "wells", "ripon", "durham"]


@pytest.fixture
def messages() -> pl.DataFrame:
    """200 short texts, 60 of them spam, and who wrote them."""
    rng = np.random.default_rng(0)
    rows = []
    for i in range(200):
        spam = i % 10 < 3
        text = f"{rng.choice(SPAM if spam else HAM)} {rng.choice(PLACES)} {rng.integers(10, 99)}"
        rows.append({"item": f"i{i}", "text": text, "network": ["a", "b"][i % 2], "answer": "spam" if spam else "ham"})
    return pl.DataFrame(rows)


@pytest.fixture
def houses() -> pl.DataFrame:
    """120 rows: price = 3 · size − 20 · (city = B) + 50 + noise."""
    rng = np.random.default_rng(1)
    size, city = rng.uniform(20, 200, 120), rng.integers(0, 2, 120)
    price = 3 * size - 20 * city + 50 + rng.normal(0, 2, 120)
    return pl.DataFrame({"size": size, "city": np.array(["A", "B"])[city], "price": price})
