"""The map keeps neighbours together, and the clusters are found again."""

from __future__ import annotations

import time

import numpy as np
import pytest
from scipy import sparse

from groundswell.core.errors import InputError
from groundswell.explore import map2d
from groundswell.explore.clusters import density_clusters, terms
from groundswell.explore.layout import LANDMARKS, layout, nearest


def _blobs(n, k=5, d=30, seed=0, spread=0.3):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, k, n)
    centres = rng.normal(size=(k, d))
    return centres[truth] + spread * rng.normal(size=(n, d)), truth


def _purity(cluster, truth):
    inside = cluster >= 0
    hits = sum(np.bincount(truth[cluster == c]).max() for c in np.unique(cluster[inside]))
    return hits / inside.sum()


@pytest.mark.parametrize("n", [400, 2000])
def test_clusters_are_found_again(n):
    X, truth = _blobs(n)
    view = map2d(X, seed=1)
    assert len(view.cluster_terms) == 5
    assert _purity(view.cluster, truth) > 0.99
    assert (view.cluster >= 0).mean() > 0.99
    sizes = [cluster["n"] for cluster in view.clusters]
    assert sizes == sorted(sizes, reverse=True)


def test_landmarks_carry_the_rest():
    X, truth = _blobs(LANDMARKS + 4000)
    start = time.process_time()
    view = map2d(X)
    assert time.process_time() - start < 20  # 3 s of processor time is usual
    assert _purity(view.cluster, truth) > 0.99


def test_neighbours_stay_neighbours():
    X, _ = _blobs(800, k=1, d=3, spread=1.0)
    unit = (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)
    places = layout(X)
    before, _ = nearest(unit, unit, 11)
    apart = ((places[:, None] - places[None]) ** 2).sum(2)
    after = np.argsort(apart, axis=1)[:, :11]
    kept = np.mean([len(set(a) & set(b)) for a, b in zip(before.tolist(), after.tolist(), strict=True)]) / 11
    assert kept > 0.6  # by chance 0.014


def test_the_frame():
    X, _ = _blobs(300)
    places = layout(X)
    assert places.shape == (300, 2)
    np.testing.assert_allclose(places.mean(0), 0, atol=1e-2)
    assert np.sqrt((places**2).sum(1).mean()) == pytest.approx(1)
    np.testing.assert_array_equal(places, layout(X))


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 5, 20])
def test_few_items(n):
    view = map2d(np.random.default_rng(0).normal(size=(n, 4)))
    assert len(view.x) == n
    assert np.isfinite(view.x).all()
    view.to_text()


def test_sparse_features():
    X, truth = _blobs(300, d=80)
    view = map2d(sparse.csr_matrix(X))
    assert _purity(view.cluster, truth) > 0.99


def test_all_the_same():
    view = map2d(np.ones((50, 3)))
    assert np.isfinite(view.x).all()


def test_bad_features():
    for features in (np.array([[1.0, np.nan]]), np.ones(3), np.array([["a"]])):
        with pytest.raises(InputError):
            map2d(features)
    with pytest.raises(InputError, match="1 labels for 2 rows"):
        map2d(np.ones((2, 2)), ["a"])


def test_density_clusters_by_hand():
    rng = np.random.default_rng(0)
    places = np.concatenate([rng.normal(c, 0.1, (200, 2)) for c in ((0, 0), (2, 0), (0, 2))] + [np.array([[5.0, 5.0]])])
    codes = density_clusters(places)
    assert codes[-1] == -1  # a lone point is no cluster
    assert [len(set(codes[start : start + 200])) for start in (0, 200, 400)] == [1, 1, 1]
    assert len(set(codes)) == 4
    assert density_clusters(np.empty((0, 2))).shape == (0,)


def test_terms_by_hand():
    texts = ["free prize call", "free prize now", "free call now prize"] * 5 + ["see you at lunch", "lunch at one"] * 10
    codes = np.array([0] * 15 + [1] * 20)
    spam, ham = terms(texts, codes)
    assert {"free", "prize"} <= set(spam)
    assert {"lunch", "at"} <= set(ham)
    assert not set(spam) & set(ham)


def test_labels_are_counted_by_cluster():
    X, truth = _blobs(400, k=2)
    view = map2d(X, [["a", "b"][t] for t in truth])
    assert [len(c["labels"]) for c in view.clusters] == [1, 1]
    assert view.sentence == "The items fall into 2 clusters; 2 of them hold nearly one answer only."
