"""Each rung is compared with the one before and with the commonest answer, honestly."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from scipy.stats import binomtest

from groundswell import learn
from groundswell.core.errors import InputError, NotFoundError
from groundswell.learn.ladder import RUNGS, compare


def test_every_model_is_a_rung_of_its_kind():
    for kind, names in RUNGS.items():
        assert set(names) == {name for name, part in learn.MODELS.items() if kind in part.kinds}


def test_rungs_stand_in_order_and_beat_the_commonest(messages):
    rungs = learn.ladder(messages[:140], messages[140:], "answer")
    assert [rung.name for rung in rungs] == list(RUNGS["classification"])
    assert rungs[0].before is None
    assert rungs[0].commonest is None
    for before, rung in pairwise(rungs):
        assert rung.before.other == before.name
        assert rung.commonest.other == "commonest"
        assert rung.commonest.better
        expected = rung.evaluation.accuracy.value - before.evaluation.accuracy.value
        assert rung.before.gain.value == pytest.approx(expected)
        assert rung.to_text().startswith(rung.name)


def test_numbers_are_compared_in_their_unit(houses):
    rungs = learn.ladder(houses[:80], houses[80:], "price", kind="regression")
    assert [rung.name for rung in rungs] == ["commonest", "linear", "sklearn-ridge"]
    gain = rungs[0].evaluation.numbers.mean_absolute.value - rungs[1].evaluation.numbers.mean_absolute.value
    assert rungs[1].before.gain.value == pytest.approx(gain)
    assert rungs[1].before.better
    assert rungs[1].before.p is None
    assert "against commonest (better)" in rungs[1].to_text()


def test_the_commonest_comes_first_whoever_is_chosen(messages):
    rungs = learn.ladder(messages[:140], messages[140:], "answer", models=["naive-bayes"])
    assert [rung.name for rung in rungs] == ["commonest", "naive-bayes"]


def test_equal_models_do_not_differ():
    losses = np.array([0.0, 1, 0, 0])
    found = compare("x", losses, losses, kind="classification")
    assert found.p == 1.0
    assert not found.better


def test_p_is_the_exact_mcnemar():
    new, old = np.repeat([0.0, 1.0, 0.0], [50, 3, 12]), np.repeat([0.0, 0.0, 1.0], [50, 3, 12])
    assert compare("x", new, old, kind="classification").p == pytest.approx(binomtest(3, 15).pvalue)


def test_chance_differences_are_seldom_called_better():
    rng = np.random.default_rng(0)
    calls = sum(
        compare("x", *(rng.random((2, 200)) < 0.2).astype(float), kind="classification").better for _ in range(400)
    )
    assert calls <= 20  # 2.5 % expected


def test_options_reach_the_training(messages):
    soft = np.where(messages["answer"].to_numpy()[:, None] == np.array(["ham", "spam"]), 0.9, 0.1)
    rungs = learn.ladder(messages, messages, "answer", models=["logistic"], weights=soft, labels=["ham", "spam"])
    assert rungs[-1].model.card()["soft_labels"]


def test_nonsense_is_refused(messages):
    with pytest.raises(NotFoundError):
        learn.ladder(messages, messages, "answer", models=["best"])
    with pytest.raises(InputError, match="kind"):
        learn.ladder(messages, messages, "answer", kind="sorting")
    with pytest.raises(InputError, match="only the label"):
        learn.ladder(*[messages.filter(pl.col("answer") == "ham")] * 2, "answer")
