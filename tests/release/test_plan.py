"""The price list: enough checks, and not one more than needed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from groundswell.core.errors import InputError
from groundswell.release import plan, prices
from groundswell.release.bounds import clopper_pearson, finite


def _chance(n, p, target):
    reached = np.array([clopper_pearson(int(x), n) >= target for x in range(n + 1)])
    return binom.pmf(np.arange(n + 1), n, p)[reached].sum()


@pytest.mark.parametrize(
    ("p", "margin", "chance"), [(0.9, 0.1, 0.9), (0.95, 0.05, 0.8), (0.99, 0.04, 0.9), (1.0, 0.05, 0.9)]
)
def test_is_the_fewest_that_hold_by_brute_force(p, margin, chance):
    found = plan(p, margin, chance=chance)
    expected = next(n for n in range(1, 2000) if _chance(n, p, p - margin) >= chance)
    assert found.checks == expected
    assert clopper_pearson(found.checks - found.wrong, found.checks) >= p - margin
    assert clopper_pearson(found.checks - found.wrong - 1, found.checks) < p - margin


def test_the_usual_prices():
    """About 1,230 checks at 95 % and 440 at 99 % by the normal approximation; these are exact."""
    assert [price.checks for price in prices()] == [2107, 1213, 634, 436]
    assert prices()[1].sentence == "If 95 % are right: 1,213 checks to certify at least 93 %."


def test_few_items_need_fewer_checks():
    found = plan(0.95, n_items=1000)
    assert found.checks < 600
    assert finite(found.checks - found.wrong, found.checks, 1000) >= 930
    assert plan(0.95, n_items=10**7).checks == plan(0.95).checks


def test_very_few_items_are_all_checked():
    assert plan(0.95, n_items=3).checks == 3
    assert plan(0.95, n_items=3).sentence == "If 95 % are right: check all 3."
    assert plan(0.95, n_items=1).checks == 1


def test_a_plan_keeps_its_promise_when_drawn():
    found = plan(0.9, 0.05, n_items=800)
    rng = np.random.default_rng(0)
    right = rng.permutation(800) < 720
    reached = [
        finite(int(rng.choice(right, found.checks, replace=False).sum()), found.checks, 800) / 800 >= 0.85
        for _ in range(500)
    ]
    assert np.mean(reached) >= 0.86


@pytest.mark.parametrize(
    "arguments",
    [
        {"accuracy": 0.0},
        {"accuracy": 1.1},
        {"margin": 0.0},
        {"margin": 0.99},
        {"confidence": 1.0},
        {"chance": 0.0},
        {"n_items": 0},
        {"accuracy": float("nan")},
        {"margin": float("nan")},
    ],
)
def test_nonsense_is_refused(arguments):
    with pytest.raises(InputError):
        plan(**arguments)
