"""What every test under ``watch.TESTS`` must do; a new one is picked up by itself."""

from __future__ import annotations

import numpy as np
import pytest

from groundswell.core.errors import InputError
from groundswell.watch import TESTS


@pytest.fixture(params=list(TESTS))
def test(request):
    return TESTS[request.param]


def _sample(test, rng, n, shift=0.0):
    """From one source for every ``shift`` alike; the larger, the further from that of 0."""
    if test.takes == "numbers":
        return rng.normal(shift, 1.0, n)
    p = np.array([0.5, 0.3, 0.15, 0.05]) * np.exp(shift * np.arange(4))
    return rng.multinomial(n, p / p.sum()).astype(float)


def test_is_described(test):
    assert TESTS[test.name] is test
    assert test.takes in ("numbers", "categories")
    assert 0 < test.small < test.large
    assert test.source
    assert test.compare.__doc__


def test_equal_samples_show_nothing(test):
    sample = _sample(test, np.random.default_rng(0), 500)
    found = test(sample, sample)
    assert found.statistic == pytest.approx(0.0, abs=1e-9)
    assert found.p_value > 0.9


def test_p_is_below_alpha_as_often_as_it_says_without_change(test):
    """Of 1,000 comparisons of one source with itself about 50 may fall below .05; conservative is allowed."""
    rng = np.random.default_rng(1)
    for n, m in ((400, 400), (2000, 60)):
        low = sum(test(_sample(test, rng, n), _sample(test, rng, m)).p_value < 0.05 for _ in range(1000))
        assert low <= 75


def test_alarms_without_change_are_as_rare_as_alpha_says(test):
    rng = np.random.default_rng(2)
    alarms = 0
    for _ in range(500):
        found = test(_sample(test, rng, 1000), _sample(test, rng, 100))
        alarms += test.level(found, significant=found.p_value < 0.001) != "same"
    assert alarms <= 4  # 0.5 expected


def test_a_large_change_is_found(test):
    rng = np.random.default_rng(3)
    found = test(_sample(test, rng, 1000), _sample(test, rng, 300, shift=1.0))
    assert found.p_value < 1e-6
    assert test.level(found, significant=True) == "changed"


def test_a_larger_change_has_a_larger_statistic(test):
    rng = np.random.default_rng(4)
    base = _sample(test, rng, 5000)
    sizes = [test(base, _sample(test, rng, 5000, shift=s)).statistic for s in (0.2, 0.5, 1.0)]
    assert sizes == sorted(sizes)


def test_a_tiny_change_is_no_alarm_however_significant(test):
    rng = np.random.default_rng(5)
    found = test(_sample(test, rng, 200_000), _sample(test, rng, 200_000, shift=0.05))
    assert found.p_value < 0.01
    assert test.level(found, significant=True) == "same"


def test_size_does_not_depend_on_how_many_were_seen(test):
    rng = np.random.default_rng(6)
    base = _sample(test, rng, 20_000)
    few = np.mean([test(base, _sample(test, rng, 200, shift=0.7)).statistic for _ in range(50)])
    many = test(base, _sample(test, rng, 20_000, shift=0.7)).statistic
    assert few == pytest.approx(many, rel=0.25)


def test_figures_are_in_range(test):
    rng = np.random.default_rng(7)
    for n, m in ((1, 1), (2, 500), (30, 30)):
        found = test(_sample(test, rng, n), _sample(test, rng, m, shift=2.0))
        assert found.statistic >= 0
        assert 0 <= found.p_value <= 1


def test_constants_are_no_trouble(test):
    same = np.full(50, 3.0) if test.takes == "numbers" else np.array([50.0, 0.0])
    assert test(same, same).statistic == 0.0
    other = np.full(50, 4.0) if test.takes == "numbers" else np.array([0.0, 50.0])
    assert test(same, other).p_value < 0.001


def test_nonsense_is_refused(test):
    good = _sample(test, np.random.default_rng(0), 50)
    for bad in ([], [float("nan")] * len(good), [float("inf")] * len(good), [[1.0, 2.0]]):
        with pytest.raises(InputError):
            test(good, bad)
        with pytest.raises(InputError):
            test(bad, good)
    if test.takes == "categories":
        for bad in ([1.0, 2.0, 3.0], [-1.0, 2.0, 3.0, 4.0], [0.0] * 4):
            with pytest.raises(InputError):
                test(good, bad)
