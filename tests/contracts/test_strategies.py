"""What every strategy must do; picked up from the registry."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from groundswell.ask import STRATEGIES, draw
from groundswell.core.belief import Beliefs
from groundswell.core.errors import InputError

N, K, D = 300, 3, 8


def beliefs(p):
    p = np.asarray(p, dtype=float)
    labels = [f"l{k}" for k in range(p.shape[1])]
    return Beliefs([f"i{i}" for i in range(len(p))], labels, p, p.mean(0) if len(p) else p.sum(0), [], "test")


@pytest.fixture
def world():
    rng = np.random.default_rng(1)
    return {
        "beliefs": beliefs(rng.dirichlet(np.ones(K), N)),
        "features": rng.normal(size=(N, D)),
        "eligible": rng.random(N) < 0.7,
        "answered": np.where(rng.random(N) < 0.05, rng.integers(0, K, N), -1),
    }


def scores(name, world, seed=0, **changes):
    given = world | changes
    model = given.pop("beliefs")
    return STRATEGIES[name](model, **given, rng=np.random.default_rng(seed))


@pytest.fixture(params=list(STRATEGIES))
def name(request):
    return request.param


def test_scores_are_in_range_and_only_the_eligible_have_one(name, world):
    found = scores(name, world)
    assert found.shape == (N,)
    assert found.dtype == np.float64
    assert (found[~world["eligible"]] == -np.inf).all()
    inside = found[world["eligible"]]
    assert (inside >= 0).all()
    assert (inside <= 1).all()
    assert len(np.unique(inside)) > 10


def test_the_same_seed_gives_the_same_scores(name, world):
    assert np.array_equal(scores(name, world, 7), scores(name, world, 7))


def test_nothing_that_it_is_given_is_changed(name, world):
    before = {key: value.copy() for key, value in world.items() if key != "beliefs"}
    p = world["beliefs"].probabilities.copy()
    scores(name, world)
    assert np.array_equal(world["beliefs"].probabilities, p)
    assert all(np.array_equal(world[key], before[key]) for key in before)


def test_certain_beliefs_coinciding_features_and_no_items_are_no_trouble(name, world):
    flat = beliefs(np.tile([1.0, 0.0, 0.0], (N, 1)))
    found = scores(name, world, beliefs=flat, features=np.ones((N, D)))
    assert not np.isnan(found).any()
    zeros = scores(name, world, features=np.zeros((N, D)))
    assert not np.isnan(zeros).any()
    nothing = np.zeros(0)
    empty = scores(
        name, world, beliefs=beliefs(np.zeros((0, K))), features=np.zeros((0, D)), eligible=nothing.astype(bool),
        answered=nothing.astype(int),
    )  # fmt: skip
    assert empty.shape == (0,)


def test_sparse_features_are_as_good_as_dense_ones(name, world):
    assert np.allclose(scores(name, world, features=sparse.csr_matrix(world["features"])), scores(name, world))


def test_one_label_is_no_trouble(name, world):
    assert not np.isnan(scores(name, world, beliefs=beliefs(np.ones((N, 1))))).any()


def test_masks_of_the_wrong_length_are_refused(name, world):
    with pytest.raises(InputError, match="eligible"):
        scores(name, world, eligible=np.ones(N + 1, bool))


def test_nobody_eligible_draws_nothing(name, world):
    found = scores(name, world, eligible=np.zeros(N, bool))
    rng = np.random.default_rng(0)
    assert draw(found, np.zeros(N, bool), 5, strategy=name, rng=rng) == []


def test_what_is_drawn_is_eligible_and_named(name, world):
    found = scores(name, world)
    draws = draw(found, world["eligible"], 30, strategy=name, random_share=0.2, rng=np.random.default_rng(0))
    assert len({d.row for d in draws}) == 30
    assert all(world["eligible"][d.row] for d in draws)
    assert {d.stratum for d in draws} == {name, "random"}
    assert all(0 < d.probability <= 1 for d in draws)
