"""Intervals on a source's accuracy cover the truth as often as they say."""

from __future__ import annotations

import numpy as np
import pytest

from groundswell.belief import fit
from groundswell.belief.simulate import crowd


@pytest.mark.parametrize(
    ("n_items", "n_sources", "votes_per_item", "n_labels"),
    [(300, 20, 5, 2), (300, 20, 5, 4), (1000, 20, 3, 2), (300, 60, 5, 3)],
)
def test_intervals_cover(n_items: int, n_sources: int, votes_per_item: int, n_labels: int) -> None:
    covered = []
    for seed in range(8):
        accuracies = np.random.default_rng(seed).uniform(0.55, 0.95, n_sources)
        votes, _ = crowd(
            n_items=n_items, accuracies=accuracies, n_labels=n_labels, seed=seed, votes_per_item=votes_per_item
        )
        for reliability, truth in zip(fit(votes).reliability, accuracies, strict=True):
            covered.append(reliability.accuracy.low <= truth <= reliability.accuracy.high)
    assert 0.92 <= np.mean(covered) <= 0.99


def test_confusion_rows_are_distributions_and_near_the_truth() -> None:
    votes, _ = crowd(n_items=3000, accuracies=[0.9, 0.8, 0.7, 0.7, 0.6], n_labels=3, seed=0)
    for reliability, truth in zip(fit(votes).reliability, [0.9, 0.8, 0.7, 0.7, 0.6], strict=True):
        assert reliability.confusion is not None
        np.testing.assert_allclose(reliability.confusion.sum(1), 1)
        np.testing.assert_allclose(np.diag(reliability.confusion), truth, atol=0.06)
