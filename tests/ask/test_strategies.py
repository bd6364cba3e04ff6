"""Each strategy's own formula, against a plain loop."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest

from groundswell.ask import STRATEGIES
from groundswell.core.belief import Beliefs
from groundswell.core.errors import InputError, NotFoundError


def scores(name, p, *, features=None, eligible=None, answered=None, seed=0):
    p = np.asarray(p, dtype=float)
    n = len(p)
    model = Beliefs(list(range(n)), list(range(p.shape[1])), p, p.mean(0), [], "test")
    return STRATEGIES[name](
        model,
        features=features,
        eligible=np.ones(n, bool) if eligible is None else eligible,
        answered=np.full(n, -1) if answered is None else answered,
        rng=np.random.default_rng(seed),
    )


PROBABILITIES = np.vstack(
    [np.random.default_rng(3).dirichlet(np.full(4, 0.5), 500), [[0.25] * 4, [1, 0, 0, 0], [0.5, 0.5, 0, 0]]]
)


def brute_margin(row):
    first = max(row)
    rest = sorted(row)[:-1]
    return 1 - (first - max(rest))


@pytest.mark.parametrize(
    "name, formula",
    [
        ("margin", brute_margin),
        ("least-confident", lambda row: 1 - max(row)),
        ("entropy", lambda row: -sum(p * math.log(p) for p in row if p > 0) / math.log(len(row))),
    ],
)
def test_formula(name, formula):
    expected = [formula(row) for row in PROBABILITIES.tolist()]
    assert np.allclose(scores(name, PROBABILITIES), expected, atol=1e-12)


def test_ends_of_the_scale():
    for name in ("margin", "entropy"):
        found = scores(name, PROBABILITIES)
        assert found[-3] == pytest.approx(1)
        assert found[-2] == pytest.approx(0, abs=1e-12)
    assert scores("margin", PROBABILITIES)[-1] == pytest.approx(1)
    assert scores("entropy", PROBABILITIES)[-1] == pytest.approx(0.5)


def test_random_differs_by_seed_alone():
    one, same, other = (scores("random", PROBABILITIES, seed=s) for s in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def blobs(sizes, seed=0):
    """Tight groups far apart on the sphere, the first row of each in the middle."""
    rng = np.random.default_rng(seed)
    rows, owner = [], []
    for k, size in enumerate(sizes):
        centre = np.eye(len(sizes))[k] * 5
        rows.append(np.vstack([centre, centre + rng.normal(scale=0.3, size=(size - 1, len(sizes)))]))
        owner += [k] * size
    return np.vstack(rows), np.array(owner)


def test_typical_takes_one_of_every_group_before_a_second_of_any():
    features, owner = blobs([80, 70, 60, 50])
    # 20 clusters over 4 groups: the first 20 rows come from 20 clusters, so every group is there early.
    found = scores("typical", np.full((260, 2), 0.5), features=features)
    assert set(owner[np.argsort(-found)[:20]]) == {0, 1, 2, 3}


def test_typical_prefers_the_middle_of_a_group_to_its_rim():
    # 20 groups, one for every cluster; each has a dense middle (first 15 rows) and a loose rim (5 rows).
    rng = np.random.default_rng(2)
    scale = np.repeat([0.02, 0.6], [15, 5])[:, None]
    features = np.vstack([np.eye(20)[k] * 4 + rng.normal(size=(20, 20)) * scale for k in range(20)])
    found = scores("typical", np.full((400, 2), 0.5), features=features)
    first = np.argsort(-found)[:20]
    assert len(set(first // 20)) >= 18
    assert (first % 20 < 15).all()


def test_typical_leaves_outliers_to_the_end():
    rng = np.random.default_rng(2)
    crowd = np.array([4.0, 0, 0, 0, 0, 0]) + rng.normal(scale=0.3, size=(300, 6))
    alone = -5 * np.eye(6)[:3]
    found = scores("typical", np.full((303, 2), 0.5), features=np.vstack([crowd, alone]))
    assert (found[300:] < np.median(found[:300])).all()


def test_typical_leaves_a_group_that_has_an_answer_for_later():
    features, owner = blobs([90, 30])
    # One answer in each of the large group's clusters.
    answered = np.where(owner == 0, 0, -1)
    found = scores("typical", np.full((120, 2), 0.5), features=features, answered=answered, eligible=answered < 0)
    open_ = answered < 0
    assert (found[~open_] == -np.inf).all()
    half = np.where(np.arange(120) < 45, 0, -1)
    both = scores("typical", np.full((120, 2), 0.5), features=features, answered=half, eligible=half < 0)
    first = np.argsort(-both)[:10]
    assert (owner[first] == 1).sum() >= 5


def test_typical_needs_features_and_auto_does_without():
    p = np.full((10, 2), 0.5)
    with pytest.raises(InputError, match="needs features"):
        scores("typical", p)
    with pytest.raises(InputError, match="rows of features"):
        scores("typical", p, features=np.ones((3, 2)))
    assert np.array_equal(scores("auto", PROBABILITIES), scores("margin", PROBABILITIES))


def test_auto_turns_to_margin_at_five_answers_a_label():
    features = np.random.default_rng(0).normal(size=(503, 5))
    for count, chosen in ((19, "typical"), (20, "margin")):
        answered = np.where(np.arange(503) < count, 0, -1)
        given = {"features": features, "answered": answered}
        assert np.array_equal(scores("auto", PROBABILITIES, **given), scores(chosen, PROBABILITIES, **given))


def test_a_hundred_thousand_items_take_seconds():
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.ones(2), 100_000)
    features = rng.normal(size=(100_000, 32))
    started = time.perf_counter()
    scores("margin", p)
    assert time.perf_counter() - started < 1
    started = time.perf_counter()
    scores("typical", p, features=features)
    assert time.perf_counter() - started < 20


def test_a_strategy_that_does_not_exist():
    with pytest.raises(NotFoundError, match=r"Did you mean 'margin'\? Known: auto, entropy, least-confident, margin"):
        STRATEGIES["margni"]
