"""The default model: what it must never do, and what it must do better than counting."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from groundswell.belief import believe, fit
from groundswell.belief.models.default import Default
from groundswell.belief.simulate import confused, crowd
from groundswell.core.errors import InputError
from groundswell.core.source import SourceInfo
from groundswell.core.votes import VoteTable


def one_sided(seed: int = 0, n: int = 1500) -> tuple[VoteTable, np.ndarray]:
    """Ten rules that each vote one class only, precision .6 to .95, coverage 5 to 30 %; 20 % of class 1."""
    rng = np.random.default_rng(seed)
    truth = (rng.random(n) < 0.2).astype(int)
    item, source, label, infos = [], [], [], []
    for s in range(10):
        y = s % 2
        hit = rng.random(n) < np.where(truth == y, 0.25, 0.02 if y else 0.06)
        rows = np.flatnonzero(hit)
        item += rows.tolist()
        source += [s] * len(rows)
        label += [y] * len(rows)
        infos.append(SourceInfo(f"rule{s}", kind="rule", saw="all"))
    return VoteTable.build(range(n), infos, ["ham", "spam"], item, source, label), truth


@pytest.mark.parametrize("kinds", [True, False])
def test_one_sided_rules_do_not_collapse(kinds: bool) -> None:
    votes, truth = one_sided()
    if not kinds:
        votes = dataclasses.replace(votes, sources=[SourceInfo(info.name) for info in votes.sources])
    ours, majority = (fit(votes, name).codes for name in ("default", "majority"))
    voted = np.diff(votes.starts()) > 0
    assert (ours == truth)[voted].mean() >= (majority == truth)[voted].mean() - 0.01
    assert set(ours.tolist()) == {0, 1}


def test_an_honest_person_among_rules_stays_honest() -> None:
    votes, truth = one_sided()
    asked = np.arange(0, 100, 10)
    both = VoteTable.build(
        votes.items,
        [*votes.sources, SourceInfo("ada", kind="person")],
        votes.labels,
        np.concatenate([votes.item, asked]),
        np.concatenate([votes.source, np.full(10, 10)]),
        np.concatenate([votes.label, truth[asked]]),
    )
    ada = fit(both).source("ada")
    assert ada.accuracy.value > 0.7
    assert not ada.below_chance


def test_trust_is_taken_at_its_word() -> None:
    votes, truth = one_sided()
    asked = np.arange(0, 200, 2)
    both = VoteTable.build(
        votes.items,
        [*votes.sources, SourceInfo("ada", kind="person", trust=0.99)],
        votes.labels,
        np.concatenate([votes.item, asked]),
        np.concatenate([votes.source, np.full(len(asked), 10)]),
        np.concatenate([votes.label, truth[asked]]),
    )
    beliefs = fit(both)
    assert (beliefs.codes[asked] == truth[asked]).mean() > 0.97


def test_swapped_classes_are_found_out() -> None:
    good, swap = np.eye(3) * 0.8 + 0.2 / 3, np.eye(3)[[1, 0, 2]] * 0.85 + 0.05
    votes, truth = confused(np.stack([good] * 4 + [swap] * 2), n_items=800, seed=1)
    ours, majority = fit(votes), fit(votes, "majority")
    assert (ours.codes == truth).mean() > (majority.codes == truth).mean() + 0.03
    assert ours.source("s4").confusion is not None


def test_a_source_that_contradicts_everybody_is_below_chance() -> None:
    votes, _ = crowd(n_items=400, accuracies=[0.9, 0.9, 0.9, 0.1], n_labels=2, seed=2)
    beliefs = fit(votes)
    assert beliefs.source("s3").below_chance
    assert not beliefs.source("s0").below_chance


def test_tempering_hardly_moves_labels_and_lowers_certainty() -> None:
    votes, _ = hard_and_easy(seed=3)
    plain, tempered = Default(temper=0.0).fit(votes).beliefs(), Default().fit(votes).beliefs()
    assert (plain.codes == tempered.codes).mean() > 0.98
    assert tempered.confidence.mean() < plain.confidence.mean()


def hard_and_easy(seed: int, n: int = 600) -> tuple[VoteTable, np.ndarray]:
    """Nine people who are right in 95 % of the easy items and in 45 % of the hard ones."""
    rng = np.random.default_rng(seed)
    truth, easy = rng.integers(0, 3, n), rng.random(n) < 0.6
    right = rng.random((n, 9)) < np.where(easy, 0.95, 0.45)[:, None]
    said = np.where(right, truth[:, None], (truth[:, None] + rng.integers(1, 3, (n, 9))) % 3)
    infos = [SourceInfo(f"s{s}", kind="person") for s in range(9)]
    return VoteTable.build(
        range(n), infos, [0, 1, 2], np.repeat(np.arange(n), 9), np.tile(range(9), n), said.ravel()
    ), truth


def expected_calibration_error(beliefs, truth) -> float:
    confidence, right = beliefs.confidence, beliefs.codes == truth
    part = np.minimum((confidence * 10).astype(int), 9)
    return sum(abs(confidence[part == b].mean() - right[part == b].mean()) * (part == b).mean() for b in set(part))


def test_independent_votes_are_not_tempered() -> None:
    votes, truth = crowd(n_items=2000, accuracies=[0.75] * 7, n_labels=3, seed=4)
    assert expected_calibration_error(fit(votes), truth) < 0.05


def copies(seed: int, declared: bool, people: int = 3, n: int = 600) -> tuple[VoteTable, np.ndarray]:
    """Three people at 80 % beside four near-copies of one model at 70 %."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 3, n)

    def noisy(accuracy: float) -> np.ndarray:
        return np.where(rng.random(n) < accuracy, truth, (truth + rng.integers(1, 3, n)) % 3)

    model = noisy(0.7)
    said = [noisy(0.8) for _ in range(people)]
    said += [np.where(rng.random(n) < 0.02, rng.integers(0, 3, n), model) for _ in range(4)]
    infos = [SourceInfo(f"person{s}", kind="person") for s in range(people)]
    infos += [SourceInfo(f"llm{s}", kind="llm", saw="all", group="one family" if declared else None) for s in range(4)]
    m = people + 4
    label = np.stack(said, 1).ravel()
    return VoteTable.build(range(n), infos, [0, 1, 2], np.repeat(np.arange(n), m), np.tile(range(m), n), label), truth


@pytest.mark.parametrize(("people", "least"), [(3, 0.90), (2, 0.86)])
def test_copies_declared_as_a_group_do_not_outvote_people(people: int, least: float) -> None:
    accuracy, error = [], []
    for seed in range(4):
        votes, truth = copies(seed, declared=True, people=people)
        beliefs = fit(votes)
        accuracy.append((beliefs.codes == truth).mean())
        error.append(expected_calibration_error(beliefs, truth))
    assert np.mean(accuracy) > least
    assert np.mean(error) < 0.05


def test_a_lone_group_says_that_nothing_identifies_shared_errors() -> None:
    votes, _ = crowd(n_items=100, accuracies=[0.8, 0.8, 0.8], n_labels=2, seed=0)
    grouped = dataclasses.replace(votes, sources=[SourceInfo(s.name, group="g") for s in votes.sources])
    assert any("fewer than three groups" in note for note in fit(grouped).notes)


@pytest.mark.parametrize("prior", [[0.9, 0.07, 0.03], [0.95, 0.05]])
def test_rare_classes_stay_rare(prior) -> None:
    votes, truth = crowd(n_items=1500, accuracies=[0.8] * 6, n_labels=len(prior), seed=7, prior=prior)
    beliefs = fit(votes)
    assert (beliefs.codes == truth).mean() >= (fit(votes, "dawid-skene").codes == truth).mean() - 0.005
    assert abs(beliefs.prior[0] - prior[0]) < 0.05


def test_ten_thousand_labels() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 10_000, 200)
    said = np.where(rng.random((200, 5)) < 0.8, truth[:, None], rng.integers(0, 10_000, (200, 5)))
    infos = [SourceInfo(f"s{s}") for s in range(5)]
    item, source = np.repeat(np.arange(200), 5), np.tile(np.arange(5), 200)
    votes = VoteTable.build(range(200), infos, list(range(10_000)), item, source, said.ravel())
    beliefs = fit(votes)
    assert (beliefs.codes == truth).mean() > 0.95
    assert "too many" in beliefs.notes[0]
    assert len(beliefs.explain(0)) == 5
    with pytest.raises(InputError, match="too many for confusion matrices"):
        fit(votes, "dawid-skene")


def test_known_answers_set_the_certainty() -> None:
    votes, truth = crowd(n_items=800, accuracies=[0.75] * 6, n_labels=2, seed=8)
    rng = np.random.default_rng(0)
    flip = rng.random(800) < 0.3
    truth = np.where(flip, 1 - truth, truth)  # all sources share an error in three items of ten
    gold = np.full(800, -1)
    gold[:120] = truth[:120]
    beliefs = fit(dataclasses.replace(votes, gold=gold.astype(np.int16)))
    left = slice(120, None)
    right = (beliefs.codes == truth)[left].mean()
    assert beliefs.confidence[left].mean() == pytest.approx(right, abs=0.06)
    assert fit(votes).confidence.mean() > right + 0.15


def test_a_derived_source_covers_silent_items_but_is_not_believed_blindly() -> None:
    votes, truth = one_sided()
    rng = np.random.default_rng(5)
    n = votes.n_items
    right = np.where(rng.random(n) < 0.94, truth, 1 - truth)
    soft_model = np.full((n, 2), 0.1)
    soft_model[np.arange(n), right] = 0.9
    joint = VoteTable.build(
        votes.items,
        [*votes.sources, SourceInfo("model", kind="model", saw="all", derived=True)],
        votes.labels,
        np.concatenate([votes.item, np.arange(n)]),
        np.concatenate([votes.source, np.full(n, 10)]),
        np.concatenate([votes.label, soft_model.argmax(1)]),
        soft=np.concatenate([np.zeros((votes.n_votes, 2)), soft_model]),
    )
    without, with_model = fit(votes), fit(joint)
    assert (with_model.codes == truth).mean() > (without.codes == truth).mean()
    assert any("Derived" in note for note in with_model.notes)
    assert [push.source for push in with_model.explain(0) if push.source == "model"]
    gold = np.full(n, -1)
    gold[:150] = truth[:150]
    checked = fit(dataclasses.replace(joint, gold=gold.astype(np.int16)))
    assert (checked.codes == truth)[150:].mean() > 0.9


@pytest.mark.parametrize("family", ["crowd", "lf", "llm"])
def test_real_choice_sets_never_far_under_majority(shared_data, family: str) -> None:
    for folder in sorted((shared_data / "votes").iterdir()):
        small = folder / "meta.json"
        if not small.exists() or f'"family": "{family}"' not in small.read_text() or folder.name == "emotion_numeric":
            continue
        votes, gold = folder / "votes.csv.gz", folder / "gold.csv.gz"
        figures = {}
        for model in ("majority", "default"):
            figures[model] = accuracy(believe(votes, model=model), gold)
        assert figures["default"] >= figures["majority"] - 0.01, folder.name


def accuracy(beliefs, gold_path) -> float:
    """Share right among gold items, ties shared."""
    import polars as pl

    gold = pl.read_csv(gold_path, infer_schema=False)
    labels = {label: k for k, label in enumerate(beliefs.labels)}
    rows = {item: i for i, item in enumerate(beliefs.items)}
    shares = []
    for item, label in gold.select("item", "label").iter_rows():
        if item in rows:
            p = beliefs.probabilities[rows[item]]
            top = p >= p.max() - 1e-9
            shares.append(float(label in labels and top[labels[label]]) / top.sum())
    return float(np.mean(shares))
