"""Label errors put there on purpose are found again."""

from __future__ import annotations

import time

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from groundswell.audit.confident import suspects
from groundswell.core.errors import InputError


@pytest.mark.parametrize(("rate", "precision", "recall"), [(0.05, 0.75, 0.70), (0.1, 0.80, 0.75), (0.2, 0.85, 0.75)])
def test_wrong_digits_are_found(rate, precision, recall):
    X, truth = load_digits(return_X_y=True)
    X = X / 16
    rng = np.random.default_rng(0)
    given = truth.copy()
    wrong = rng.random(len(truth)) < rate
    given[wrong] = (given[wrong] + rng.integers(1, 10, wrong.sum())) % 10
    model = LogisticRegression(max_iter=200, C=0.5, tol=0.01)
    P = cross_val_predict(model, X, given, cv=3, method="predict_proba")
    found = suspects(given, P)
    hit = wrong[found.rows]
    assert hit.mean() >= precision
    assert hit.sum() / wrong.sum() >= recall
    # The worst are the surest.
    assert hit[: len(hit) // 4].mean() > hit.mean()
    right = truth[found.rows] == found.better
    assert right[hit].mean() > 0.9


def test_clean_labels_of_a_sure_model_raise_nothing():
    truth = np.arange(300) % 3
    P = np.where(np.eye(3, dtype=bool)[truth], 0.9, 0.05)
    found = suspects(truth, P)
    assert len(found.rows) == 0
    np.testing.assert_allclose(found.joint, np.eye(3) / 3)


def test_the_joint_by_hand():
    # Three items given 0, of which one is confidently 1; two items given 1. Thresholds .6 and .85.
    P = np.array([[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.2, 0.8], [0.1, 0.9]])
    found = suspects([0, 0, 0, 1, 1], P)
    assert found.rows.tolist() == [2]
    assert found.better.tolist() == [1]
    assert found.margin[0] == pytest.approx(0.8)
    np.testing.assert_allclose(found.joint, np.array([[2, 1], [0, 2]]) / 5)


def test_items_without_a_label_are_left_alone():
    P = np.array([[0.9, 0.1]] * 5 + [[0.1, 0.9]] * 6)
    found = suspects([0, 0, 0, 0, -1, 0, 1, 1, 1, 1, 1], P)
    assert found.rows.tolist() == [5]
    assert len(suspects([-1, -1], P[:2]).rows) == 0
    assert len(suspects([], np.empty((0, 2))).rows) == 0


def test_labels_that_nobody_was_given():
    P = np.array([[0.1, 0.2, 0.7]] * 10)
    assert len(suspects([0] * 5 + [1] * 5, P).joint) == 3


def test_wrong_shapes():
    for given, P in (([0], [[0.5, 0.5], [0.5, 0.5]]), ([2], [[0.5, 0.5]]), ([0], [[np.nan, 1.0]]), ([0], [0.5])):
        with pytest.raises(InputError):
            suspects(given, P)


def test_speed():
    rng = np.random.default_rng(0)
    P = rng.dirichlet(np.full(10, 0.2), 100_000)
    given = np.where(rng.random(100_000) < 0.9, P.argmax(1), rng.integers(0, 10, 100_000))
    start = time.process_time()
    suspects(given, P)
    assert time.process_time() - start < 1.0  # 0.03 s of processor time is usual
