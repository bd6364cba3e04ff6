"""Agreement figures against hand calculation and published examples."""

from __future__ import annotations

import numpy as np
import pytest

from groundswell.belief.agreement import agreement, cohen_kappa, fleiss_kappa, krippendorff_alpha
from groundswell.belief.simulate import crowd
from groundswell.core.source import SourceInfo
from groundswell.core.votes import VoteTable

# Krippendorff (2011), the reliability data of section C: four observers, twelve units, five values.
UNITS = [
    [1, 1, 1],
    [2, 2, 3, 2],
    [3, 3, 3, 3],
    [3, 3, 3, 3],
    [2, 2, 2, 2],
    [1, 2, 3, 4],
    [4, 4, 4, 4],
    [1, 1, 2, 1],
    [2, 2, 2, 2],
    [5, 5, 5],
    [1, 1],
    [3],
]


def published() -> VoteTable:
    item, source, label = [], [], []
    for i, given in enumerate(UNITS):
        for s, y in enumerate(given):
            item.append(i)
            source.append(s)
            label.append(y - 1)
    return VoteTable.build(range(12), [SourceInfo(f"o{s}") for s in range(4)], [1, 2, 3, 4, 5], item, source, label)


def test_alpha_matches_the_published_figures() -> None:
    nominal, interval = agreement(published()), agreement(published(), ordered=True)
    assert nominal.alpha is not None
    assert interval.alpha is not None
    assert nominal.alpha.value == pytest.approx(0.743, abs=5e-4)
    assert interval.alpha.value == pytest.approx(0.849, abs=5e-4)
    assert krippendorff_alpha(UNITS, lambda a, b: float(a != b))[0] == pytest.approx(0.743, abs=5e-4)
    assert krippendorff_alpha(UNITS, lambda a, b: (a - b) ** 2)[0] == pytest.approx(0.849, abs=5e-4)


def test_fleiss_matches_the_published_figure() -> None:
    # Fleiss (1971) as tabled on many pages: 10 subjects, 14 raters, 5 categories, kappa .210.
    table = np.array(
        [[0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
         [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7]], float)  # fmt: skip
    assert fleiss_kappa(table) == pytest.approx(0.210, abs=5e-4)


def test_cohen_is_undefined_where_both_say_one_thing() -> None:
    assert cohen_kappa(np.array([[4.0, 0.0], [0.0, 0.0]])) is None


def test_undefined_figures_explain_themselves() -> None:
    lone = VoteTable.build(["a"], [SourceInfo("s")], ["x", "y"], [0], [0], [0])
    assert agreement(lone).alpha is None
    assert "two sources" in agreement(lone).why[0]
    alike = VoteTable.build(["a"], [SourceInfo("s"), SourceInfo("t")], ["x", "y"], [0, 0], [0, 1], [0, 0])
    assert agreement(alike).alpha is None
    assert "undefined" in agreement(alike).why[0]
    assert krippendorff_alpha([[1, 1]], lambda a, b: float(a != b))[1].startswith("All answers are the same")


def test_the_interval_covers_the_figure_of_a_large_sample() -> None:
    large, _ = crowd(n_items=20_000, accuracies=[0.8, 0.8, 0.8], n_labels=2, seed=99)
    target = agreement(large).alpha
    assert target is not None
    covered = 0
    for seed in range(60):
        votes, _ = crowd(n_items=150, accuracies=[0.8, 0.8, 0.8], n_labels=2, seed=seed)
        found = agreement(votes).alpha
        assert found is not None
        covered += found.low <= target.value <= found.high
    assert covered >= 52
