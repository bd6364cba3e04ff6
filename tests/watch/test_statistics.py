"""Figures agree with SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from groundswell.watch import TESTS


@pytest.mark.parametrize("shift", [0.0, 0.3])
def test_ks_agrees_with_scipy(shift):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=300), rng.normal(shift, size=200)
    found, expected = TESTS["ks"](a, b), stats.ks_2samp(a, b, method="exact")
    assert found.statistic == pytest.approx(expected.statistic)
    assert found.p_value == pytest.approx(expected.pvalue, rel=0.1)


def test_ks_with_ties_agrees_with_scipy():
    a, b = np.array([1.0, 1, 2, 3, 3]), np.array([1.0, 2, 2, 2])
    assert TESTS["ks"](a, b).statistic == pytest.approx(stats.ks_2samp(a, b).statistic)


def test_chi2_agrees_with_scipy():
    table = np.array([[500.0, 300, 200], [220, 160, 120]])
    expected = stats.chi2_contingency(table, correction=False)
    found = TESTS["chi2"](*table)
    assert found.p_value == pytest.approx(expected.pvalue)
    even = np.array([[500.0, 300, 200], [440, 320, 240]])
    cramer = np.sqrt(stats.chi2_contingency(even, correction=False).statistic / even.sum())
    assert TESTS["chi2"](*even).statistic == pytest.approx(cramer)


def test_rare_categories_are_counted_together():
    before, now = np.array([500.0, 490, 2, 2, 3, 3]), np.array([250.0, 245, 0, 1, 2, 2])
    merged = stats.chi2_contingency([[500, 490, 10], [250, 245, 5]], correction=False)
    assert TESTS["chi2"](before, now).p_value == pytest.approx(merged.pvalue, abs=0.05)


def test_two_rare_categories_are_tested_exactly():
    found = TESTS["chi2"](np.array([990.0, 10]), np.array([27.0, 3]))
    law = stats.hypergeom(1030, 13, 30)
    assert found.p_value == pytest.approx(2 * law.sf(2))


def test_psi_is_the_textbook_sum_less_what_chance_alone_gives():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=100_000), rng.normal(0.5, size=100_000)
    edges = np.quantile(a, np.linspace(0.1, 0.9, 9))
    p, q = (np.bincount(np.searchsorted(edges, x), minlength=10) / len(x) for x in (a, b))
    assert TESTS["psi"](a, b).statistic == pytest.approx(((q - p) * np.log(q / p)).sum(), abs=0.002)


def test_psi_of_small_samples_is_not_inflated():
    rng = np.random.default_rng(0)
    found = [TESTS["psi"](rng.normal(size=1000), rng.normal(size=50)).statistic for _ in range(300)]
    assert np.mean(found) < 0.1
