"""Numbers, sets of labels and spans: better than counting, and clear about bad input."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from groundswell.belief.families import choices, numbers, spans
from groundswell.core.errors import InputError


def span(start: int, end: int, label: str = "PER") -> dict:
    return {"start": start, "end": end, "label": label}


def test_numbers_find_bias_and_noise() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(50, 15, 400)
    bias, noise = np.array([0, 0, 8, -8, 0, 0.0]), np.array([1, 2, 2, 2, 15, 20.0])
    said = truth[:, None] + bias + rng.normal(size=(400, 6)) * noise
    found = numbers(np.repeat(np.arange(400), 6), np.tile(np.arange(6), 400), said.ravel())
    ours, mean = (np.abs(x - x.mean() - truth + truth.mean()).mean() for x in (found.value, said.mean(1)))
    assert ours < 0.5 * mean
    assert found.noise[4] > 2.5 * found.noise[0]
    assert found.bias[2] - found.bias[3] == pytest.approx(16, abs=2)
    low, high = zip(*((found.of(row).low, found.of(row).high) for row in range(400)), strict=True)
    shift = (found.value - truth).mean()
    assert 0.9 < np.mean((np.array(low) - shift <= truth) & (truth <= np.array(high) - shift)) <= 1.0


def test_numbers_on_real_ratings_beat_mean_and_median(shared_data) -> None:
    folder = shared_data / "votes" / "emotion_numeric"
    votes, gold = (pl.read_csv(folder / f"{name}.csv.gz") for name in ("votes", "gold"))
    truth = dict(gold.iter_rows())
    found = numbers(votes["item"].to_list(), votes["source"].to_list(), votes["label"].to_numpy())
    plain = dict(votes.group_by("item").agg(pl.col("label").mean()).iter_rows())
    middle = dict(votes.group_by("item").agg(pl.col("label").median()).iter_rows())
    ours = dict(zip(found.items, found.value, strict=True))

    def error(guess: dict) -> float:
        return float(np.mean([abs(guess[item] - truth[item]) for item in truth if item in guess]))

    assert error(ours) < min(error(plain), error(middle))


@pytest.mark.parametrize(
    ("item", "source", "value", "message"),
    [([], [], [], "no vote"), (["a"], ["x"], [float("nan")], "Vote 1"), (["a"], ["x"], [1, 2], "differ in length")],
)
def test_bad_numbers(item, source, value, message: str) -> None:
    with pytest.raises(InputError, match=message):
        numbers(item, source, value)


def test_choices_are_independent_questions() -> None:
    rng = np.random.default_rng(1)
    truth = rng.random((300, 3)) < [0.5, 0.3, 0.1]
    item, source, answer = [], [], []
    for i in range(300):
        for s in range(5):
            said = truth[i] ^ (rng.random(3) < [0.05, 0.1, 0.05][s % 3])
            item.append(i)
            source.append(f"s{s}")
            answer.append([label for label, yes in zip("abc", said, strict=True) if yes])
    found = choices(item, source, answer, list("abc"))
    assert ((found.probabilities > 0.5) == truth).mean() > 0.985
    assert set(found.answer(0)) == {label for label, yes in zip("abc", truth[0], strict=True) if yes}


def test_choices_refuse_an_unknown_label() -> None:
    with pytest.raises(InputError, match="'z'"):
        choices(["a"], ["x"], [["z"]], ["a", "b"])
    with pytest.raises(InputError, match="no vote"):
        choices([], [], [], ["a"])


def test_spans_that_touch_stay_apart_and_bits_are_joined() -> None:
    two = [span(0, 5), span(5, 9)]
    found = spans(["d"] * 3, list("xyz"), [two, two, [span(0, 9)]], ["PER"])
    assert found.answer(0) == two
    found = spans(["d"] * 3, list("xyz"), [[span(0, 9)], [span(0, 9)], two], ["PER"])
    assert found.answer(0) == [span(0, 9)]


def test_spans_of_two_labels_and_overlaps() -> None:
    given = [[span(0, 5), span(7, 9, "ORG")], [span(0, 5), span(7, 9, "ORG")], [span(0, 5)]]
    assert spans(["d"] * 3, list("xyz"), given, ["PER", "ORG"]).answer(0) == given[0]
    over = [span(0, 9), span(2, 5, "ORG")]
    assert spans(["d"] * 3, list("xyz"), [over] * 3, ["PER", "ORG"]).answer(0) == over


def test_items_without_spans_are_kept() -> None:
    found = spans(["d", "e"], ["x", "x"], [[], [span(1, 2)]], ["PER"])
    assert list(found.items) == ["d", "e"]
    assert found.answer(0) == []


def test_spans_refuse_an_unknown_label() -> None:
    with pytest.raises(InputError, match="LOC"):
        spans(["d"], ["x"], [[span(0, 1, "LOC")]], ["PER"])


def test_spans_on_real_abstracts_beat_counting(shared_data) -> None:
    folder = shared_data / "votes" / "pico_spans"
    votes, gold = (pl.read_csv(folder / f"{name}.csv.gz", infer_schema=False) for name in ("votes", "gold"))
    truth = {item: {tuple(x) for x in json.loads(given)} for item, given in gold.iter_rows()}
    answer = [[span(a, b) for a, b in json.loads(given)] for given in votes["label"]]

    def f1(model: str, at_least: float) -> float:
        found = spans(
            votes["item"].to_list(), votes["source"].to_list(), answer, ["PER"], model=model, at_least=at_least
        )
        hit = total = 0
        for row, item in enumerate(found.items):
            if item in truth:
                said = {(x["start"], x["end"]) for x in found.answer(row)}
                hit += len(said & truth[item])
                total += len(said) + len(truth[item])
        return 2 * hit / total

    assert f1("ebcc", 0.3) > max(f1("majority", 0.5), f1("majority", 0.3)) + 0.02
