"""Figures agree with scikit-learn, and come with their intervals."""

from __future__ import annotations

import json
import math

import numpy as np
import polars as pl
import pytest
from sklearn import metrics

from groundswell import learn
from groundswell.core.errors import InputError, NotFoundError
from groundswell.learn.calibration import calibrate
from groundswell.learn.groups import group_rates
from groundswell.learn.numbers import number_errors


def _random(n=500, k=3, seed=0):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, k, n)
    p = rng.dirichlet(np.ones(k), n) + 1.0 * np.eye(k)[truth] * rng.random((n, 1))
    return truth, p / p.sum(1, keepdims=True)


@pytest.mark.parametrize("k", [2, 3, 6])
def test_scores_agree_with_scikit_learn(k):
    truth, p = _random(k=k)
    said = p.argmax(1)
    found = learn.score(list(range(k)), truth, p)
    precision, recall, f1, n = metrics.precision_recall_fscore_support(truth, said, zero_division=0)
    assert found.accuracy.value == pytest.approx(metrics.accuracy_score(truth, said))
    assert [s.precision.value for s in found.labels] == pytest.approx(precision)
    assert [s.recall.value for s in found.labels] == pytest.approx(recall)
    assert [s.f1.value for s in found.labels] == pytest.approx(f1)
    assert [s.n for s in found.labels] == n.tolist()
    assert found.macro_f1 == pytest.approx(f1.mean())
    np.testing.assert_array_equal(found.confusion, metrics.confusion_matrix(truth, said))
    assert found.calibration.log_loss == pytest.approx(metrics.log_loss(truth, p))
    assert found.labels[0].average_precision == pytest.approx(metrics.average_precision_score(truth == 0, p[:, 0]))


def test_every_interval_holds_its_figure():
    truth, p = _random()
    found = learn.score(["a", "b", "c"], truth, p)
    for figure in [found.accuracy, *(f for s in found.labels for f in (s.precision, s.recall, s.f1))]:
        assert 0 <= figure.low <= figure.value <= figure.high <= 1


def test_brier_of_two_labels_is_twice_scikit_learns():
    truth, p = _random(k=2)
    assert calibrate(p, truth).brier == pytest.approx(2 * metrics.brier_score_loss(truth, p[:, 1]))


def test_calibration_error_is_zero_for_honest_and_large_for_boastful_probabilities():
    rng = np.random.default_rng(0)
    p1 = rng.random(20_000)
    truth = (rng.random(20_000) < p1).astype(int)
    honest = calibrate(np.column_stack([1 - p1, p1]), truth)
    assert honest.error < 0.02
    assert sum(b.right.n for b in honest.bins) == 20_000
    sure = np.where(p1 > 0.5, 0.999, 0.001)
    assert calibrate(np.column_stack([1 - sure, sure]), truth).error == pytest.approx(0.25, abs=0.02)


def test_a_label_that_is_never_there_has_no_figures():
    found = learn.score(["a", "b"], np.zeros(10, int), np.tile([0.9, 0.1], (10, 1)))
    assert math.isnan(found.label("b").recall.value)
    assert found.label("b").average_precision is None
    assert found.macro_f1 == 1.0
    json.dumps(found.to_json(), allow_nan=False)


def test_evaluates_a_model_and_its_groups(messages):
    model = learn.train(messages[:120], "answer")
    found = learn.evaluate(model, messages[120:], by="network")
    assert found.n == 80
    assert found.f1("spam").value > 0.9
    assert {rate.group for rate in found.groups} == {"a", "b"}
    assert "F1" in found.to_text()
    json.dumps(found.to_json(), allow_nan=False)


def test_rows_without_a_truth_are_left_out(messages):
    model = learn.train(messages, "answer")
    gaps = messages.with_columns(answer=pl.when(pl.int_range(pl.len()) < 30).then("answer"))
    assert learn.evaluate(model, gaps).n == 30
    with pytest.raises(InputError, match="No row has a truth"):
        learn.evaluate(model, gaps[30:])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"target": "anser"}, "Did you mean 'answer'"),
        ({"by": "netwrk"}, "Did you mean 'network'"),
        ({"target": "network"}, "holds the label 'a'"),
    ],
)
def test_nonsense_is_refused(messages, arguments, said):
    model = learn.train(messages, "answer")
    with pytest.raises(InputError, match=said):
        learn.evaluate(model, messages, **arguments)
    with pytest.raises(NotFoundError, match="Did you mean 'spam'"):
        learn.evaluate(model, messages).f1("spma")


def test_groups_that_differ_are_told_from_those_that_do_not():
    rng = np.random.default_rng(0)
    groups = rng.choice(["a", "b", "c"], 3000)
    truth = rng.integers(0, 2, 3000)
    wrong = rng.random(3000) < np.where(groups == "c", 0.3, 0.1)
    rates = group_rates("g", groups.tolist(), truth, np.where(wrong, 1 - truth, truth), ["no", "yes"])
    overall = {rate.group: rate for rate in rates if rate.measure == "wrong"}
    assert overall["c"].differs
    assert overall["c"].difference.low > 0.1
    assert overall["c"].rate.value == pytest.approx(0.3, abs=0.05)
    assert {rate.measure for rate in rates} == {"wrong", "missed no", "missed yes"}


def test_equal_groups_are_seldom_called_different():
    alarms = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        truth = rng.integers(0, 2, 500)
        said = np.where(rng.random(500) < 0.15, 1 - truth, truth)
        groups = rng.choice(list("abcd"), 500).tolist()
        alarms += any(rate.differs for rate in group_rates("g", groups, truth, said, ["no", "yes"]))
    assert alarms <= 10


def test_small_groups_are_shown_but_not_judged():
    truth = np.zeros(100, int)
    said = np.r_[np.ones(5, int), np.zeros(95, int)]
    rates = group_rates("g", [None] * 5 + ["big"] * 95, truth, said, ["no", "yes"])
    small = next(rate for rate in rates if rate.group == "(missing)")
    assert small.too_small
    assert not small.differs
    assert small.rate.n == 5
    assert "too few" in small.to_text()


def test_one_group_alone_has_nothing_to_be_compared_with():
    assert group_rates("g", ["a"] * 10, np.zeros(10, int), np.zeros(10, int), ["no"]) == []


def test_number_errors_agree_with_scikit_learn():
    rng = np.random.default_rng(0)
    y = rng.normal(size=200)
    f = y + rng.normal(0, 0.3, 200)
    found = number_errors(y, f)
    assert found.mean_absolute.value == pytest.approx(metrics.mean_absolute_error(y, f))
    assert found.root_mean_squared.value == pytest.approx(metrics.root_mean_squared_error(y, f))
    assert found.explained.value == pytest.approx(metrics.r2_score(y, f))
    for figure in (found.mean_absolute, found.root_mean_squared, found.explained):
        assert figure.low < figure.value < figure.high


def test_numbers_that_never_vary_explain_nothing():
    found = number_errors(np.ones(5), np.ones(5))
    assert math.isnan(found.explained.value)
    assert found.mean_absolute.value == 0.0


def test_evaluates_numbers(houses):
    model = learn.train(houses[:80], "price", kind="regression")
    found = learn.evaluate(model, houses[80:])
    assert found.numbers.explained.value > 0.99
    json.dumps(found.to_json(), allow_nan=False)
    with pytest.raises(InputError, match="by group"):
        learn.evaluate(model, houses, by="city")
