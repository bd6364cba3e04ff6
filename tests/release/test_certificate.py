"""Certificates claim no more than they may."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.stats import binom, binomtest, hypergeom

from groundswell.core.errors import InputError
from groundswell.release import Certificate, certify
from groundswell.release.bounds import clopper_pearson, finite


def test_clopper_pearson_agrees_with_scipy():
    for right, n in ((0, 10), (5, 10), (10, 10), (291, 300)):
        expected = binomtest(right, n, alternative="greater").proportion_ci(0.95, method="exact").low
        assert clopper_pearson(right, n) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("p", [0.5, 0.9, 0.95, 0.99, 0.999])
@pytest.mark.parametrize("n", [10, 59, 300])
def test_the_binomial_bound_covers_exactly(p, n):
    """Not simulated: summed over every outcome."""
    outcomes = np.arange(n + 1)
    holds = np.array([clopper_pearson(int(x), n) <= p for x in outcomes])
    assert binom.pmf(outcomes, n, p)[holds].sum() >= 0.95


@pytest.mark.parametrize(("total", "n"), [(20, 5), (60, 30), (200, 40), (200, 199)])
def test_the_finite_bound_covers_exactly_and_is_no_looser(total, n):
    bounds = np.array([finite(x, n, total) for x in range(n + 1)])
    for truly in range(0, total + 1, max(1, total // 40)):
        outcomes = hypergeom.pmf(np.arange(n + 1), total, truly, n)
        assert outcomes[bounds <= truly].sum() >= 0.95 - 1e-9
    for x in range(n + 1):
        assert bounds[x] / total >= clopper_pearson(x, n) - 1e-9


def test_having_checked_all_one_knows():
    found = certify([0] * 50, [0] * 47 + [1] * 3)
    assert found.bound == pytest.approx(0.94)
    assert found.correct.low == found.correct.high == pytest.approx(0.94)
    assert found.bound_corrected == 1.0
    assert "checked all 50" in found.sentence


def test_corrections_count():
    found = certify([0] * 200, [0] * 190 + [1] * 10, n_items=400)
    assert found.bound_corrected == pytest.approx(found.bound + 10 / 400)
    assert (
        certify([0] * 20, [0] * 20, n_items=10_000).bound_corrected >= certify([0] * 20, [0] * 20, n_items=10_000).bound
    )


def test_the_method_follows_the_share_checked():
    assert "binomial" in certify([0] * 100, [0] * 100, n_items=10_000).method
    assert "hypergeometric" in certify([0] * 100, [0] * 100, n_items=1000).method
    assert "weighted" in certify([0] * 4, [0] * 4, [0.1, 0.2, 0.1, 0.2], 1000).method
    assert "binomial" in certify([0] * 4, [0] * 4, [0.1] * 4, 1000).method


def test_who_cannot_tell_counts_against_the_label():
    assert certify([0, 0, -1], [0, -1, -1], n_items=100).wrong == 2


def test_nothing_checked_certifies_nothing():
    found = certify([], [], n_items=10)
    assert found.bound == 0.0
    assert found.bound_corrected == 0.0
    assert "nothing is certified" in found.sentence
    json.dumps(found.to_json(), allow_nan=False)


def test_a_claim_is_never_rounded_up():
    found = certify([0] * 300, [0] * 291 + [1] * 9, n_items=100_000)
    assert found.bound == pytest.approx(0.94824, abs=1e-5)
    assert "at least 94.8 %" in found.sentence
    assert "at least 99.9 %" in certify([0] * 9000, [0] * 9000, n_items=10**6).sentence


def test_all_wrong():
    found = certify([0] * 50, [1] * 50, n_items=5000)
    assert found.bound == 0.0
    assert "none was right" in found.sentence


def test_survives_json():
    for found in (certify([0] * 30, [0] * 29 + [1], n_items=900), certify([], [], n_items=3)):
        back = Certificate.from_json(json.loads(json.dumps(found.to_json(), allow_nan=False)))
        assert back.sentence == found.sentence
        assert back.bound == found.bound
    with pytest.raises(InputError, match="Not a certificate"):
        Certificate.from_json({"bound": 1})


@pytest.mark.parametrize("informed", [True, False])
def test_the_weighted_bound_covers(informed):
    """Where checks go to doubtful items, and where they go astray."""
    rng = np.random.default_rng(0)
    doubt = rng.beta(0.3, 3.0, 4000)
    wrong = rng.random(4000) < doubt
    size = np.sqrt(doubt * (1 - doubt)) if informed else rng.random(4000)
    inclusion = np.minimum(1.0, 200 * (0.9 * size / size.sum() + 0.1 / 4000))
    covered = 0
    for _ in range(300):
        drawn = np.flatnonzero(rng.random(4000) < inclusion)
        found = certify(np.zeros(len(drawn)), wrong[drawn].astype(int), inclusion[drawn], 4000)
        covered += found.bound <= 1 - wrong.mean()
        assert found.correct.low <= found.correct.value <= found.correct.high
    assert covered >= 0.95 * 300 - 8  # two standard errors


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (([0, 1], [0]), "One check a label"),
        (([0, 1], [0, 1], [0.5]), "probabilities"),
        (([0, 1], [0, 1], [0.0, 0.5]), "not above 0"),
        (([0, 1], [0, 1], [0.5, 1.5]), "not above 0"),
        (([0, 1], [0, 1], [0.5, float("nan")]), "not above 0"),
        (([0, 1], [0, 1], None, 1), "2 checks of 1"),
    ],
)
def test_nonsense_is_refused(arguments, said):
    with pytest.raises(InputError, match=said):
        certify(*arguments)
    with pytest.raises(InputError, match="confidence"):
        certify([0], [0], confidence=1.0)
    with pytest.raises(InputError, match="right of"):
        clopper_pearson(5, 3)
    with pytest.raises(InputError, match="checks of"):
        finite(3, 5, 4)
