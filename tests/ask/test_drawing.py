"""Recorded probabilities are the true ones, the blind stratum is blind, reasons give nothing away."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundswell.ask import Draw, draw, expected_gain, inclusion, why
from groundswell.ask.stopping import doubtful
from groundswell.core.belief import Beliefs
from groundswell.core.errors import InputError
from groundswell.core.source import SourceInfo
from groundswell.core.votes import VoteTable


@pytest.mark.parametrize("n, share", [(1, 0.1), (5, 0.1), (5, 0.5), (7, 0.3), (20, 0.25), (5, 0.0), (5, 1.0)])
def test_recorded_probabilities_match_how_often_items_are_drawn(n, share):
    rng = np.random.default_rng(5)
    scores = np.linspace(1, 0, 20)
    times = np.zeros(20)
    recorded = np.full(20, np.nan)
    rounds = 4_000
    for _ in range(rounds):
        for d in draw(scores, np.ones(20, bool), n, strategy="margin", random_share=share, rng=rng):
            times[d.row] += 1
            assert np.isnan(recorded[d.row]) or recorded[d.row] == pytest.approx(d.probability)
            recorded[d.row] = d.probability
    found = times / rounds
    expected = np.nan_to_num(recorded)
    assert expected.sum() == pytest.approx(n)
    error = 4.5 * np.sqrt(np.maximum(expected * (1 - expected), 1e-12) / rounds) + 1e-9
    assert (np.abs(found - expected) <= error).all()


def test_totals_weighted_by_them_are_unbiased():
    rng = np.random.default_rng(8)
    scores = rng.random(60)
    y = (scores > 0.6) + rng.random(60)
    estimates = [
        sum(
            y[d.row] / d.probability
            for d in draw(scores, np.ones(60, bool), 15, strategy="margin", random_share=0.4, rng=rng)
        )
        for _ in range(3_000)
    ]
    error = 4.5 * np.std(estimates) / np.sqrt(len(estimates))
    assert abs(np.mean(estimates) - y.sum()) < error
    plain = [sum(y[np.argsort(-scores)[:15]]) / 15 * 60]
    assert abs(plain[0] - y.sum()) > error  # what taking the best alone would have said


def test_the_blind_stratum_is_a_fair_sample_and_stands_anywhere():
    rng = np.random.default_rng(2)
    rows, positions = [], []
    for _ in range(3_000):
        found = draw(np.arange(30.0), np.ones(30, bool), 6, strategy="margin", random_share=1 / 6, rng=rng)
        assert sum(d.stratum == "random" for d in found) == 1
        position = next(i for i, d in enumerate(found) if d.stratum == "random")
        positions.append(position)
        rows.append(found[position].row)
        best = [d.row for d in found if d.stratum == "margin"]
        assert best == sorted(best, reverse=True)
    for counts in (np.bincount(rows, minlength=30) / 3_000 * 30, np.bincount(positions, minlength=6) / 3_000 * 6):
        assert np.abs(counts - 1).max() < 0.5


def test_ties_are_broken_at_random():
    rng = np.random.default_rng(1)
    first = {
        draw(np.zeros(50), np.ones(50, bool), 1, strategy="margin", random_share=0, rng=rng)[0].row for _ in range(60)
    }
    assert len(first) > 20


def test_random_strategy_is_blind_throughout():
    found = draw(np.arange(10.0), np.ones(10, bool), 4, strategy="random", rng=np.random.default_rng(0))
    assert {d.stratum for d in found} == {"random"}
    assert {d.probability for d in found} == {0.4}


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 40), st.integers(0, 50), st.floats(0, 1), st.integers(0, 10**6))
def test_any_draw_is_complete_and_sound(n_items, n, share, seed):
    rng = np.random.default_rng(seed)
    eligible = rng.random(n_items) < 0.8
    found = draw(rng.random(n_items), eligible, n, strategy="margin", random_share=share, rng=rng)
    assert len(found) == min(n, eligible.sum())
    assert len({d.row for d in found}) == len(found)
    assert all(eligible[d.row] and 0 < d.probability <= 1 for d in found)


def test_same_seed_same_draw():
    one, two = (
        draw(np.arange(50.0), np.ones(50, bool), 9, strategy="margin", rng=np.random.default_rng(4)) for _ in range(2)
    )
    assert one == two


def test_a_large_pool_is_quick_and_its_probabilities_do_not_overflow():
    found = draw(np.random.default_rng(0).random(1_000_000), np.ones(1_000_000, bool), 200, strategy="margin",
                 rng=np.random.default_rng(0))  # fmt: skip
    assert all(np.isfinite(d.probability) for d in found)
    assert {round(d.probability, 6) for d in found if d.stratum == "random"} == {round(20 / 1_000_000, 6)}


def test_inclusion_sums_to_n():
    for n, m in ((10, 0), (10, 3), (10, 10), (1, 1)):
        assert sum(inclusion(rank, 40, n, m) for rank in range(1, 41)) == pytest.approx(n)


def test_bad_input():
    rng = np.random.default_rng(0)
    with pytest.raises(InputError, match="A share is 0 to 1"):
        draw(np.zeros(3), np.ones(3, bool), 1, strategy="margin", random_share=1.5, rng=rng)
    with pytest.raises(InputError, match="NaN"):
        draw(np.array([np.nan]), np.ones(1, bool), 1, strategy="margin", rng=rng)
    with pytest.raises(InputError, match="NaN or differ"):
        draw(np.zeros(3), np.ones(2, bool), 1, strategy="margin", rng=rng)


RULES = [SourceInfo("r1", "rule"), SourceInfo("r2", "rule"), SourceInfo("ada", "person"), SourceInfo("bo", "person")]


@pytest.mark.parametrize(
    "votes, p, stratum, expected",
    [
        ([], 0.5, "margin", "No rule spoke about it."),
        ([], 0.95, "margin", "No rule spoke about it; this checks the guess."),
        ([(0, 0), (1, 1)], 0.5, "margin", "The rules disagree about it."),
        ([(0, 0), (1, 0)], 0.6, "margin", "What spoke about it is often wrong."),
        ([(0, 0)], 0.6, "margin", "Only one source spoke about it, and not a sure one."),
        ([(0, 0), (1, 0)], 0.99, "margin", "It is among the least certain that are left."),
        ([(2, 0), (3, 1)], 0.5, "margin", "People disagree about it."),
        ([(0, 0), (2, 1)], 0.5, "margin", "Somebody's answer and the rules disagree."),
        ([(0, 0), (1, 1)], 0.5, "random", "Drawn at random, so that the figures stay honest."),
        ([(0, 0), (1, 1)], 0.5, "typical", "It is typical of many items, and few like it are answered."),
        ([(0, 0)], 0.5, "audit", "A check for the certificate."),
    ],
)
def test_why(votes, p, stratum, expected):
    # Two further items stand before and after, so that only the right rows are read.
    item = [0, *[1 for _ in votes], 2]
    table = VoteTable.build(["x", "y", "z"], RULES, ["spam", "ham"], item, [0, *[s for s, _ in votes], 1],
                            [1, *[y for _, y in votes], 0])  # fmt: skip
    probabilities = np.array([[0.9, 0.1], [p, 1 - p], [0.9, 0.1]])
    beliefs = Beliefs(["x", "y", "z"], ["spam", "ham"], probabilities, probabilities[0], [], "test")
    said = why(Draw(1, 1.0, stratum, 1.0), beliefs, table)
    assert said == expected
    assert "spam" not in said
    assert "ham" not in said


def test_models_that_disagree_are_called_models():
    infos = [SourceInfo("m", "model"), SourceInfo("l", "llm")]
    table = VoteTable.build(["x"], infos, [0, 1], [0, 0], [0, 1], [0, 1])
    p = np.array([[0.5, 0.5]])
    assert why(Draw(0, 1.0, "margin", 1.0), Beliefs(["x"], [0, 1], p, p[0], [], "t"), table) == (
        "The models disagree about it."
    )


def test_expected_gain_is_honest_about_what_it_does_not_know():
    assert expected_gain([0, 10, 20], [100, 90, 80]) is None
    assert expected_gain([], []) is None
    steady = expected_gain([0, 10, 20, 30, 40], [400, 380, 360, 340, 320], 100)
    assert (steady.value, steady.low, steady.high) == (200, 200, 200)
    assert expected_gain([0, 1, 2, 3, 4], [9, 7, 5, 3, 1], 100).value == 1  # no more than are left
    noisy = expected_gain([0, 10, 20, 30, 40], [400, 401, 350, 352, 300], 10)
    assert noisy.low < noisy.value < noisy.high
    assert noisy.low == 0
    with pytest.raises(InputError):
        expected_gain([5, 3], [1, 1])


def test_expected_gain_covers_the_next_step_mostly():
    rng = np.random.default_rng(0)
    hits = 0
    for _ in range(400):
        settled = rng.poisson(15, 11)
        left = 1_000 - np.cumsum(settled)
        interval = expected_gain(list(range(0, 100, 10)), left[:10].tolist(), 10)
        hits += interval.low <= 15 <= interval.high
    assert hits / 400 > 0.9


def test_doubtful_counts_what_is_not_sure():
    p = np.array([[0.95, 0.05], [0.6, 0.4], [0.9, 0.1]])
    assert doubtful(Beliefs([0, 1, 2], [0, 1], p, p[0], [], "t")) == 1
