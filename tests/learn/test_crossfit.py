"""Out-of-fold probabilities never look at the row that they are about."""

from __future__ import annotations

import time

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from groundswell.core.errors import InputError
from groundswell.learn import crossfit
from groundswell.learn.crossfit import fold_of
from groundswell.learn.soft import balanced, fit_soft


def _blobs(n=300, k=2, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, k, n)
    return rng.normal(size=(n, 5)) + 2.0 * np.eye(k, 5)[y], np.eye(k)[y], y


@pytest.mark.parametrize("k", [2, 3, 5])
def test_learns_and_gives_probabilities(k):
    x, q, y = _blobs(k=k)
    p = crossfit(sp.csr_matrix(x), q)
    np.testing.assert_allclose(p.sum(1), 1.0)
    assert (p >= 0).all()
    assert (p.argmax(1) == y).mean() > 0.65


def test_solver_agrees_with_scikit_learn():
    for k in (2, 3):
        x, q, y = _blobs(k=k)
        w, b = fit_soft(x, q, np.ones(len(x)), C=1.0, tolerance=1e-8, rounds=500)
        theirs = LogisticRegression(C=1.0, tol=1e-8, max_iter=1000).fit(x, y).predict_proba(x)
        z = np.exp(x @ w + b)
        np.testing.assert_allclose(z / z.sum(1, keepdims=True), theirs, atol=2e-4)


def test_own_label_never_leaks():
    """Features that name each row: whoever sees its own label predicts it, whoever does not can only guess."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 200)
    p = crossfit(sp.identity(200, format="csr"), np.eye(2)[y], C=1e6)
    assert 0.3 < (p.argmax(1) == y).mean() < 0.7


def test_copies_stay_on_one_side():
    rng = np.random.default_rng(0)
    y = np.repeat(rng.integers(0, 2, 100), 2)
    x = sp.csr_matrix(np.repeat(np.eye(100), 2, axis=0))
    apart = crossfit(x, np.eye(2)[y], C=1e6)
    together = crossfit(x, np.eye(2)[y], C=1e6, groups=np.repeat(np.arange(100), 2))
    assert (apart.argmax(1) == y).mean() > 0.7  # the control: copies give each other away
    assert (together.argmax(1) == y).mean() < 0.7


def test_a_row_of_weight_zero_is_predicted_but_teaches_nothing():
    x, q, y = _blobs()
    wrong = q[:, ::-1].copy()
    mixed = np.vstack([q, wrong])
    weights = np.r_[np.ones(300), np.zeros(300)]
    p = crossfit(np.vstack([x, x]), mixed, weights)
    assert (p[:300].argmax(1) == y).mean() > 0.85
    assert (p[300:].argmax(1) == y).mean() > 0.85


def test_rows_of_zeros_count_as_unlabelled():
    x, q, y = _blobs()
    q[:100] = 0.0
    p = crossfit(x, q)
    assert np.isfinite(p).all()
    assert (p[:100].argmax(1) == y[:100]).mean() > 0.85


def test_soft_labels_are_reproduced():
    x = np.repeat([[0.0], [1.0]], 100, axis=0)
    q = np.repeat([[0.7, 0.3], [0.1, 0.9]], 100, axis=0)
    np.testing.assert_allclose(crossfit(x, q, C=1e6), q, atol=0.02)


def test_is_deterministic_and_depends_on_its_seed():
    x, q, _ = _blobs()
    np.testing.assert_array_equal(crossfit(x, q, seed=1), crossfit(x, q, seed=1))
    assert not np.array_equal(crossfit(x, q, seed=1), crossfit(x, q, seed=2))


def test_corner_cases_have_sane_results():
    assert crossfit(np.zeros((0, 3)), np.zeros((0, 2))).shape == (0, 2)
    np.testing.assert_array_equal(crossfit(np.ones((3, 2)), np.ones((3, 1))), np.ones((3, 1)))
    one_label = crossfit(np.random.default_rng(0).normal(size=(20, 3)), np.tile([1.0, 0.0], (20, 1)))
    assert (one_label[:, 0] > 0.9).all()
    nothing = crossfit(np.ones((10, 2)), np.zeros((10, 3)))
    np.testing.assert_allclose(nothing, 1 / 3)
    more_labels_than_rows = crossfit(np.random.default_rng(0).normal(size=(4, 3)), np.eye(4, 9), folds=2)
    np.testing.assert_allclose(more_labels_than_rows.sum(1), 1.0)


@pytest.mark.parametrize(
    "arguments",
    [
        (np.ones((3, 2)), np.ones((4, 2))),
        (np.ones(3), np.ones((3, 2))),
        (np.ones((3, 2)), np.full((3, 2), np.nan)),
        (np.full((3, 2), np.inf), np.ones((3, 2))),
        (np.ones((3, 2)), -np.ones((3, 2))),
        (np.ones((3, 2)), np.ones((3, 2)), np.ones(2)),
        (np.ones((3, 2)), np.ones((3, 2)), -np.ones(3)),
        (np.ones((3, 2)), np.ones((3, 2)), None, 1),
        (np.ones((3, 2)), np.ones((3, 2)), None, 7),
        (np.ones((3, 2)), np.ones((3, 0))),
    ],
)
def test_nonsense_is_refused(arguments):
    with pytest.raises(InputError):
        crossfit(*arguments)


def test_groups_must_fit():
    with pytest.raises(InputError, match="groups"):
        crossfit(np.ones((3, 2)), np.ones((3, 2)), groups=[1, 2])


def test_folds_keep_groups_whole_and_strata_even():
    rng = np.random.default_rng(0)
    groups = rng.integers(0, 400, 1000)
    strata = (groups % 7 == 0).astype(int)
    fold = fold_of(groups, strata, 5, seed=3)
    for group in np.unique(groups):
        assert len(set(fold[groups == group])) == 1
    rare = np.bincount(fold[strata == 1], minlength=5)
    assert rare.min() > 0.5 * rare.mean()


def test_balancing_lifts_the_rare_and_keeps_the_sum():
    q = np.eye(2)[[0] * 90 + [1] * 10]
    s = np.ones(100)
    half, full = balanced(q, s), balanced(q, s, 1.0)
    assert half.sum() == pytest.approx(100)
    assert half[-1] / half[0] == pytest.approx(3.0)
    assert full[-1] / full[0] == pytest.approx(9.0)
    np.testing.assert_array_equal(balanced(q, np.zeros(100)), np.zeros(100))


def test_is_fast_on_sparse_texts():
    """5,572 rows with 200 of 45,000 features each: about half a second of processor time, 2 s are promised."""
    rng = np.random.default_rng(0)
    rows = np.repeat(np.arange(5572), 200)
    columns = (45_000 * rng.random(len(rows)) ** 3).astype(int)
    x = sp.csr_matrix((np.full(len(rows), 0.07), (rows, columns)), shape=(5572, 45_000))
    noisy = x @ rng.normal(size=45_000) + rng.normal(0, 0.5, 5572)
    q = np.eye(2)[(noisy > np.quantile(noisy, 0.87)).astype(int)]
    begin = time.process_time()
    crossfit(x, q)
    assert time.process_time() - begin < 4.0
