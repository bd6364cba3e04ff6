"""What the checks find, and what they leave alone."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from groundswell.audit import audit
from groundswell.audit.leakage import told
from groundswell.core.belief import Beliefs, Reliability
from groundswell.core.errors import InputError, NotFoundError
from groundswell.core.interval import Interval
from groundswell.core.source import SourceInfo


def frame(texts, **fields):
    n = len(texts)
    fixed = {"item": [f"{(7919 * row) % 10007:x}q" for row in range(n)], "text": pl.Series(texts, dtype=pl.String)}
    return pl.DataFrame({**fixed, "media": pl.Series([None] * n, dtype=pl.String), **fields})


def beliefs(items, P, labels=("ham", "spam"), prior=None, reliability=()):
    P = np.asarray(P, float)
    prior = np.full(len(labels), 1 / len(labels)) if prior is None else np.asarray(prior)
    return Beliefs(items["item"].to_list(), list(labels), P, prior, list(reliability), "made up")


def votes(items, rows):
    ids = items["item"].to_list()
    return pl.DataFrame([(ids[row], who, label) for row, who, label in rows], ["item", "source", "label"], orient="row")


def distinct(n):
    return [f"text {row * 7919 % 10007} {chr(97 + row % 26) * 9} {row * row}" for row in range(n)]


def of(found, check):
    return [finding for finding in found if finding.check == check]


def test_a_wrong_answer_of_a_person():
    items = frame(distinct(60))
    truth = np.arange(60) % 2
    P = np.where(np.eye(2, dtype=bool)[truth], 0.95, 0.05)
    given = [(row, "ada", "spam" if truth[row] else "ham") for row in range(60)]
    given[7] = (7, "ada", "ham")
    found = audit(items, beliefs=beliefs(items, P), votes=votes(items, given), model_probabilities=P)
    about = [f for f in found if f.item == items["item"][7]]
    assert len(about) == 1
    assert about[0] == found[0]
    assert about[0].evidence["given"] == "ham"
    assert about[0].evidence["suggested"] == "spam"
    assert about[0].evidence["by"] == ["ada"]
    assert "ada answered 'ham'" in about[0].why
    assert not of(found, "disagreement")


def test_answers_may_come_as_json():
    items = frame(distinct(3))
    given = (
        votes(items, [(0, "ada", "spam")])
        .rename({"label": "answer"})
        .with_columns(pl.lit(json.dumps("spam")).alias("answer"))
    )
    found = audit(items, beliefs=beliefs(items, [[0.9, 0.1]] * 3), votes=given)
    assert [f.check for f in found] == ["answer-doubt"]
    with pytest.raises(InputError, match="neither a column label nor a column answer"):
        audit(items, beliefs=beliefs(items, [[0.9, 0.1]] * 3), votes=given.drop("answer"))


def test_items_on_which_nobody_spoke_have_no_wrong_label():
    items = frame(distinct(100))
    prior = [0.8, 0.2]
    P = np.tile([0.01, 0.99], (100, 1))
    assert audit(items, beliefs=beliefs(items, np.tile(prior, (100, 1)), prior=prior), model_probabilities=P) == []


def test_probabilities_of_the_wrong_shape():
    items = frame(distinct(30))
    with pytest.raises(InputError, match=r"shape \(30, 3\) for 30 items, 2 labels"):
        audit(items, beliefs=beliefs(items, [[0.9, 0.1]] * 30), model_probabilities=np.ones((30, 3)) / 3)


def test_disagreement():
    items = frame(distinct(4))
    rows = [(0, "ada", "ham"), (0, "bo", "spam"), (1, "ada", "ham"), (1, "bo", "ham"), (2, "ada", "ham")]
    rows += [(2, who, "spam") for who in ("bo", "cy", "di")]
    found = of(audit(items, beliefs=beliefs(items, [[0.5, 0.5]] * 4), votes=votes(items, rows)), "disagreement")
    assert [f.item for f in found] == [items["item"][0], items["item"][2]]
    assert found[0].why == "People disagree: ada 'ham' and bo 'spam'."
    assert found[0].severity > found[1].severity


def test_duplicates():
    items = frame(["the very same text", "something else", "the very same text", None, None, " ", " "])
    [found] = of(audit(items), "duplicate")
    assert found.evidence["spare"] == 1
    assert found.others == (items["item"][0], items["item"][2])
    assert "1 item repeats" in found.why


def test_duplicates_with_different_labels():
    items = frame(
        ["the very same text", "the very same text", "a nearly equal longer text", "A nearly equal, longer text"]
    )
    P = [[0.9, 0.1], [0.1, 0.9], [0.9, 0.1], [0.05, 0.95]]
    found = audit(items, beliefs=beliefs(items, P), checks=["duplicate", "near-duplicate"])
    assert [f.check for f in found if f.item] == ["duplicate"]
    assert "'ham' (1) and 'spam' (1)" in found[0].why
    unsure = beliefs(items, [[0.9, 0.1], [0.45, 0.55], [0.5, 0.5], [0.5, 0.5]])
    assert [f for f in audit(items, beliefs=unsure, checks=["duplicate"]) if f.item] == []
    rows = [(0, "ada", "ham"), (1, "ada", "spam")]
    people = audit(items, beliefs=beliefs(items, P), votes=votes(items, rows), checks=["duplicate"])
    assert people[0].severity > found[0].severity


def test_near_duplicates_with_different_labels():
    items = frame(["Win a free prize today, call now!", "lunch?", "Win a free prize today, call now!!"])
    found = audit(items, beliefs=beliefs(items, [[0.9, 0.1], [0.9, 0.1], [0.1, 0.9]]), checks=["near-duplicate"])
    assert [f.item is None for f in found] == [False, True]
    assert found[0].evidence["similarity"] > 0.9


def test_missing():
    items = frame(
        ["a", None, " ", "d"], media=[None, "x.png", None, None], age=[1, None, None, 4], town=["", "b", "c", "d"]
    )
    found = {f.evidence["field"]: f for f in of(audit(items), "missing")}
    assert set(found) == {"item", "age", "town"}
    assert found["item"].others == (items["item"][2],)
    assert found["item"].severity > 0.5 > found["age"].severity


def test_leakage():
    rng = np.random.default_rng(0)
    n = 600
    truth = (np.arange(n) >= 450).astype(int)  # the items came sorted
    rng.shuffle(truth[:500])
    P = np.where(np.eye(2, dtype=bool)[truth], 0.95, 0.05)
    items = frame(
        distinct(n),
        file=[f"{'spam' if t else 'ham'}{row:04d}.txt" for row, t in enumerate(truth)],
        verdict=["junk" if t else "fine" for t in truth],
        score=truth + rng.normal(0, 0.1, n),
        gap=[None if t else 1 for t in truth],
        town=rng.choice(["Bonn", "Kiel", "Ulm"], n),
        serial=[f"X{row * 31 % 997}" for row in range(n)],
        noise=rng.normal(size=n),
        hint=np.where(rng.random(n) < 0.7, truth, 1 - truth),
    )
    found = of(audit(items, beliefs=beliefs(items, P)), "leakage")
    assert {f.evidence["what"] for f in found} == {
        "the order of the items",
        "the beginning of 'file'",
        "the field 'verdict'",
        "the field 'score'",
        "the field 'gap'",
    }
    verdict = next(f for f in found if "verdict" in f.why)
    assert "guesses 100 % right" in verdict.why
    assert verdict.evidence["share_of_answer_told"] == pytest.approx(1.0)


def test_ids_in_order_leak():
    n = 200
    truth = (np.arange(n) >= 100).astype(int)
    P = np.where(np.eye(2, dtype=bool)[truth], 0.95, 0.05)
    order = np.random.default_rng(0).permutation(n)
    items = frame(distinct(n)).with_columns(pl.Series("item", [f"case-{row}" for row in order]))
    told_by = {f.evidence["what"] for f in audit(items, beliefs=beliefs(items, P[order]), checks=["leakage"])}
    assert told_by == {"the order of the ids"}


def test_shuffled_items_do_not_leak():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        truth = (rng.random(150) < 0.15).astype(int)
        P = np.where(np.eye(2, dtype=bool)[truth], 0.95, 0.05)
        items = frame(distinct(150), a=rng.integers(0, 40, 150), b=rng.normal(size=150), c=[str(n) for n in range(150)])
        assert audit(items, beliefs=beliefs(items, P), checks=["leakage"]) == []


def test_told_is_not_fooled_by_many_values():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 500)
    assert told(y, y).share == pytest.approx(1.0)
    assert told(np.arange(500), y).share == 0.0
    assert told(rng.integers(0, 250, 500), y).z < 4
    half = told(np.where(rng.random(500) < 0.5, y, rng.integers(0, 2, 500)), y)
    assert 0.05 < half.share < 0.4
    assert half.z > 5


def test_sources_below_chance():
    items = frame(distinct(2))

    def reliability(name, value, n=100, marked=False):
        interval = Interval(value, value - 0.05, value + 0.05, n=n)
        return Reliability(SourceInfo(name, kind="rule"), interval, 0.5, below_chance=marked)

    known = [
        reliability("bad", 0.3),
        reliability("fair", 0.48),
        reliability("few", 0.2, n=5),
        reliability("marked", 0.6, marked=True),
    ]
    found = audit(items, beliefs=beliefs(items, [[0.9, 0.1]] * 2, reliability=known), checks=["below-chance"])
    assert [f.evidence["source"] for f in found] == ["bad", "marked"]
    assert "right in only 30 % of its 100 votes" in found[0].why


def test_rare_labels():
    items = frame(distinct(200))
    P = np.zeros((200, 3)) + 0.01
    P[np.arange(200), [0] * 197 + [1] * 3] = 0.98
    found = audit(items, beliefs=beliefs(items, P, ["ham", "spam", "offensive"]), checks=["rare-label"])
    assert [f.why for f in found] == [
        "None of 200 items is labelled 'offensive'.",
        "Only 3 of 200 items are labelled 'spam'.",
    ]


def test_garbled():
    items = frame(["Ã„rger im BÃ¼ro", "Ärger im Büro", "Tom &amp; Ann", "a\ufffdb", "bell\x07", "R&D; AT&T", "ÎÏ"])
    found = {f.evidence["kind"]: f.others for f in audit(items, checks=["garbled"])}
    ids = items["item"].to_list()
    assert found == {"twice": (ids[0],), "entity": (ids[2],), "lost": (ids[3],), "control": (ids[4],)}


def test_limit_and_names():
    items = frame(["the same"] * 2 + ["a b c d e"] * 2)
    P = [[0.9, 0.1], [0.1, 0.9]] * 2
    assert len(audit(items, beliefs=beliefs(items, P), checks=["duplicate"])) == 3
    assert len(audit(items, beliefs=beliefs(items, P), checks=["duplicate"], limit=1)) == 1
    with pytest.raises(NotFoundError, match=r"No check 'duplicates'\. Did you mean 'duplicate'"):
        audit(items, checks=["duplicates"])
