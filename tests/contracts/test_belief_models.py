"""Every registered belief model keeps these promises."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from sklearn.base import clone

from groundswell.belief import MODELS, fit
from groundswell.belief.simulate import crowd
from groundswell.core.belief import Beliefs
from groundswell.core.errors import InputError, NotFoundError
from groundswell.core.source import SourceInfo
from groundswell.core.votes import VoteTable

NAMES = list(MODELS)


def table(item, source, label, *, items=None, labels=None, sources=None, **more) -> VoteTable:
    n_sources = max(source, default=-1) + 1
    return VoteTable.build(
        items if items is not None else list(range(max(item, default=-1) + 1)),
        sources or [SourceInfo(f"s{k}") for k in range(n_sources)],
        labels if labels is not None else ["no", "yes"],
        item,
        source,
        label,
        **more,
    )


@pytest.fixture(params=NAMES)
def name(request) -> str:
    return request.param


def test_learns_from_a_crowd_better_than_a_single_source(name: str) -> None:
    votes, truth = crowd(n_items=600, accuracies=[0.85, 0.8, 0.75, 0.75, 0.7], n_labels=3, seed=1)
    beliefs = fit(votes, name)
    best_alone = 0.87
    assert (beliefs.codes == truth).mean() > best_alone


def test_shape_range_and_sum(name: str) -> None:
    votes, _ = crowd(n_items=50, accuracies=[0.8, 0.7], n_labels=4, seed=2)
    p = MODELS[name]().fit(votes).predict_proba()
    assert p.shape == (50, 4)
    assert p.min() >= 0
    np.testing.assert_allclose(p.sum(1), 1, atol=1e-9)


def test_beliefs_are_complete(name: str) -> None:
    votes, _ = crowd(n_items=50, accuracies=[0.8, 0.7, 0.9], n_labels=2, seed=2)
    beliefs = fit(votes, name)
    assert isinstance(beliefs, Beliefs)
    assert beliefs.model == name
    assert [r.source.name for r in beliefs.reliability] == ["s0", "s1", "s2"]
    for reliability in beliefs.reliability:
        assert 0 <= reliability.accuracy.low <= reliability.accuracy.value <= reliability.accuracy.high <= 1
        assert reliability.coverage == 1
    assert beliefs.prior.sum() == pytest.approx(1)


def test_explains_an_item_in_the_direction_of_the_votes(name: str) -> None:
    votes, _ = crowd(n_items=200, accuracies=[0.9, 0.9, 0.9, 0.9], n_labels=2, seed=3)
    beliefs = fit(votes, name)
    split = next(i for i in range(200) if len(set(votes.label[votes.item == i].tolist())) == 2)
    pushes = [push for push in beliefs.explain(split) if push.vote is not None]
    assert len(pushes) == 4
    for push in pushes:
        assert (push.log_odds > 0) == (push.vote == push.label)


def test_is_deterministic(name: str) -> None:
    votes, _ = crowd(n_items=80, accuracies=[0.8, 0.7, 0.6], n_labels=3, seed=4)
    first, second = (MODELS[name]().fit(votes).predict_proba() for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_can_be_cloned_and_set(name: str) -> None:
    model = MODELS[name]()
    copy = clone(model)
    assert copy.get_params() == model.get_params()
    assert copy is not model
    with pytest.raises(InputError, match="No setting"):
        model.set_params(nonsense=1)


def test_does_not_depend_on_the_order_of_the_votes(name: str) -> None:
    votes, _ = crowd(n_items=60, accuracies=[0.8, 0.7, 0.6], n_labels=3, seed=5)
    order = np.random.default_rng(0).permutation(votes.n_votes)
    again = VoteTable.build(
        votes.items, votes.sources, votes.labels, votes.item[order], votes.source[order], votes.label[order]
    )
    np.testing.assert_allclose(
        MODELS[name]().fit(votes).predict_proba(), MODELS[name]().fit(again).predict_proba(), atol=1e-9
    )


def test_clamps_known_answers(name: str) -> None:
    votes, truth = crowd(n_items=60, accuracies=[0.6, 0.6, 0.6], n_labels=2, seed=6)
    gold = np.full(60, -1)
    gold[:20] = truth[:20]
    known = dataclasses.replace(votes, gold=gold.astype(np.int16))
    beliefs = fit(known, name)
    np.testing.assert_allclose(beliefs.probabilities[np.arange(20), truth[:20]], 1, atol=1e-9)


def test_items_without_votes_get_the_commonest_label(name: str) -> None:
    votes = table([0, 1, 2, 3], [0, 0, 0, 0], [0, 0, 0, 1], items=list("abcdef"))
    beliefs = fit(votes, name)
    assert beliefs.label_of("f") == "no"
    assert np.isfinite(beliefs.probabilities).all()


@pytest.mark.parametrize(
    "votes",
    [
        table([0], [0], [0], labels=["only"]),
        table([0, 1], [0, 0], [0, 1]),
        table([0, 0], [0, 0], [0, 1]),
        table([], [], [], items=["a"], labels=["no", "yes"], sources=[SourceInfo("s")]),
        table([], [], [], items=["a"], labels=["no", "yes"], sources=[]),
        table([0, 0, 0] * 9, [0, 1, 2] * 9, [0, 0, 1] * 9),
        table([0, 0, 1, 1], [0, 1, 2, 3], [0, 0, 1, 1]),
        table([0, 1, 2], [0, 1, 2], [0, 0, 0]),
    ],
    ids=[
        "one label",
        "one source",
        "a source contradicts itself",
        "no votes",
        "no votes, no sources",
        "one contradicts all",
        "disconnected",
        "all votes alike",
    ],
)
def test_odd_input_gives_a_sane_belief(name: str, votes: VoteTable) -> None:
    beliefs = fit(votes, name)
    assert np.isfinite(beliefs.probabilities).all()
    np.testing.assert_allclose(beliefs.probabilities.sum(1), 1, atol=1e-9)
    for reliability in beliefs.reliability:
        assert np.isfinite([reliability.accuracy.value, reliability.accuracy.low, reliability.accuracy.high]).all()
    beliefs.explain(beliefs.items[0])


def test_no_labels_at_all_is_an_error(name: str) -> None:
    with pytest.raises(InputError, match="no vote"):
        fit(table([], [], [], items=["a"], labels=[], sources=[]), name)


def test_distribution_votes_are_heard(name: str) -> None:
    votes, truth = crowd(n_items=100, accuracies=[0.8, 0.8, 0.8], n_labels=2, seed=7)
    soft = np.zeros((votes.n_votes, 2))
    third = votes.source == 2
    soft[third] = 0.2
    soft[third, votes.label[third]] = 0.8
    beliefs = fit(dataclasses.replace(votes, soft=soft), name)
    assert (beliefs.codes == truth).mean() > 0.75


def test_an_unknown_model_lists_what_exists() -> None:
    with pytest.raises(NotFoundError, match="Did you mean 'majority'"):
        fit(table([0], [0], [0]), "majorty")
