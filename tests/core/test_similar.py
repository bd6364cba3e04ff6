"""Near duplicates against a comparison of all pairs."""

from __future__ import annotations

import random
import time

import numpy as np
import pytest

from groundswell.core import similar
from groundswell.core.similar import near, same

WORDS = [f"w{n}ord" for n in range(400)]


def _pieces(text):
    text = " ".join(text.casefold().split()).ljust(5)
    return {text[n : n + 5] for n in range(len(text) - 4)}


def _texts(n, seed=0):
    rng = random.Random(seed)
    texts = []
    for _ in range(n):
        words = rng.choices(WORDS, k=rng.randrange(4, 25))
        texts.append(" ".join(words))
        if rng.random() < 0.3:
            words[rng.randrange(len(words))] = rng.choice(WORDS)
            texts.append(" ".join(words))
    return texts


def test_against_all_pairs():
    texts = _texts(600)
    sets = [_pieces(text) for text in texts]
    group = {row: n for n, alike in enumerate(near(texts)) for row in alike.rows}
    true = wrong = found = 0
    for a in range(len(texts)):
        for b in range(a):
            if texts[a] != texts[b] and len(sets[a] & sets[b]) / len(sets[a] | sets[b]) >= 0.8:
                true += 1
                found += group.get(a, -1) == group.get(b, -2)
    for alike in near(texts):
        first, *others = alike.rows
        linked = any(len(sets[first] & sets[o]) / len(sets[first] | sets[o]) >= 0.8 for o in others)
        wrong += len(alike.rows) == 2 and not linked
    assert true > 80
    assert found >= 0.99 * true
    assert wrong == 0


def test_same_and_near_do_not_overlap():
    assert near(["equal text here", "equal text here"]) == []
    assert [a.rows for a in same(["x", "y", "x", None, None])] == [(0, 2)]
    mixed = near(["equal text here, or so", "Equal text here, or so", "equal text here, or so"])
    assert mixed == [similar.Alike((0, 1, 2), 1.0)]


@pytest.mark.parametrize("texts", [[], [None], ["", " "], ["a"], ["a", "b"], ["ab", "AB"], ["é" * 3, "\ud800x"]])
def test_small_and_odd(texts):
    groups = near(texts)
    assert (len(groups) == 1) == (texts == ["ab", "AB"])


def test_threshold():
    texts = ["one two three four five six seven eight nine ten", "one two three four five six seven eight nine tin"]
    assert len(near(texts, threshold=0.8)) == 1
    assert near(texts, threshold=0.99) == []


def test_the_seed_decides():
    texts = _texts(100)
    assert near(texts, seed=3) == near(texts, seed=3)


def test_long_texts_are_sampled_consistently(monkeypatch):
    monkeypatch.setattr(similar, "_BUDGET", 5_000)
    texts = [" ".join(random.Random(n).choices(WORDS, k=100)) for n in range(50)]
    texts += [text + " end" for text in texts[:10]]
    assert [alike.rows for alike in near(texts)] == [(n, 50 + n) for n in range(10)]


def test_speed():
    rng = np.random.default_rng(0)
    texts = [" ".join(WORDS[w] for w in row) for row in rng.integers(0, 400, (20_000, 12))]
    texts += [f"Your code is {n:06d}, do not share it with anybody" for n in range(5_000)]
    start = time.process_time()
    assert sum(len(alike.rows) for alike in near(texts)) > 3_500
    assert time.process_time() - start < 5  # 0.7 s of processor time is usual
