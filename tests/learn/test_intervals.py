"""Intervals agree with published figures and cover as often as they say."""

from __future__ import annotations

import math

import numpy as np
import pytest

from groundswell.learn.intervals import difference, f1_interval, paired_difference, wilson


def test_wilson_agrees_with_newcombe_1998_table():
    found = wilson(15, 148)
    assert (found.low, found.high) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert (wilson(0, 20).low, wilson(0, 20).high) == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_difference_agrees_with_newcombe_1998():
    found = difference(wilson(56, 70), wilson(48, 80))
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_paired_difference_agrees_with_newcombe_1998():
    found = paired_difference(36, 12, 2, 0)
    assert (found.low, found.high) == pytest.approx((0.0569, 0.3404), abs=5e-5)


@pytest.mark.parametrize("p", [(0.9, 0.05, 0.02, 0.03), (0.6, 0.1, 0.1, 0.2)])
def test_paired_difference_covers(p):
    rng = np.random.default_rng(0)
    covered = 0
    for counts in rng.multinomial(200, p, 1000):
        found = paired_difference(*map(int, counts))
        covered += found.low <= p[1] - p[2] <= found.high
    assert covered >= 935


def test_f1_covers():
    rng = np.random.default_rng(0)
    p = (0.10, 0.01, 0.02)  # found, wrongly called, missed
    truth = 2 * p[0] / (2 * p[0] + p[1] + p[2])
    found = [f1_interval(*map(int, k[:3])) for k in rng.multinomial(400, (*p, 1 - sum(p)), 1000)]
    assert sum(one.low <= truth <= one.high for one in found) >= 930


def test_nothing_counted_means_nothing_known():
    found = wilson(0, 0)
    assert math.isnan(found.value)
    assert (found.low, found.high) == (0.0, 1.0)
    assert math.isnan(paired_difference(0, 0, 0, 0).value)
    assert math.isnan(difference(wilson(1, 2), wilson(0, 0)).value)
    assert math.isnan(f1_interval(0, 0, 0).value)


def test_equal_models_do_not_differ():
    found = paired_difference(100, 0, 0, 0)
    assert found.low <= 0.0 <= found.high
