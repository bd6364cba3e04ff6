r"""Derived sources: models trained on beliefs about the very items that they vote on.

They are no independent evidence for what they were trained on, so they take no part in learning who is reliable.
At the end, what a cross-fitted model says joins the other evidence with two powers,

.. math:: \log P(k) = a\,\log q_{votes}(k) + b\,(\log q_{model}(k) - \log \bar q_{model}(k)) + \text{trusted votes}

With at least 50 items answered by people (or known) a and b are set by them: penalised logistic likelihood, with
people's answers left out of the evidence that they check. Otherwise a = 1 and b = 1, shared out among the derived
sources.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from groundswell.belief.pooling import Treatment
from groundswell.core.votes import Floats, VoteTable

ENOUGH_CHECKED = 50
SHRINK = 2.0
UNCHECKED_POWER = 1.0


@dataclass(frozen=True)
class Blend:
    """All evidence joined: ``probabilities (n_items, n_labels)``, the powers used, and each derived source's base."""

    probabilities: Floats
    votes_power: float
    model_power: Floats
    base: Floats
    notes: tuple[str, ...] = ()

    def evidence(self, votes: VoteTable, vote: int) -> Floats:
        """Log-evidence ``(n_labels,)`` of one vote of a derived source."""
        s = int(votes.source[vote])
        said = np.log(_distributions(votes, np.array([vote]))[0])
        return np.asarray(self.model_power[s] * (said - self.base[s]))


def _distributions(votes: VoteTable, rows: npt.NDArray[np.intp]) -> Floats:
    """Distributions behind some votes; a plain vote counts as 90 % on its label."""
    k = votes.n_labels
    plain = np.full((len(rows), k), 0.1 / max(k - 1, 1))
    plain[np.arange(len(rows)), votes.label[rows]] = 0.9 if k > 1 else 1.0
    if votes.soft is not None:
        soft = votes.soft[rows]
        given = soft.sum(1) > 0
        plain[given] = soft[given]
    clipped = np.maximum(plain, 1e-6)
    return np.asarray(clipped / clipped.sum(1, keepdims=True))


def blend(votes: VoteTable, plan: Treatment, evidence: Floats, table: Floats, power: Floats, prior: Floats) -> Blend:
    """Join tempered vote evidence, derived sources and vouched-for votes.

    Parameters
    ----------
    evidence
        ``(n_items, n_labels)``: log-posterior of the independent votes that nobody vouches for, tempered.
    table, power
        Log-evidence per vote, and the power ``(n_items,)`` to which it was tempered.
    """
    k = votes.n_labels
    derived = np.flatnonzero(plan.derived)
    known = np.flatnonzero(plan.known[votes.source])
    if not len(derived):
        return Blend(softmax(_add_known(evidence, votes, known, table)), 1.0, np.zeros(votes.n_sources), evidence[:0])
    base = np.zeros((votes.n_sources, k))
    said = np.zeros((len(derived), votes.n_items, k))
    for j, s in enumerate(derived):
        rows = np.flatnonzero(votes.source == s)
        q = _distributions(votes, rows)
        base[s] = np.log(np.maximum(q.mean(0), 1e-9)) if len(rows) else np.log(prior)
        said[j, votes.item[rows]] = np.log(q) - base[s]
    checks, answers = checked_answers(votes, plan, softmax(_add_known(evidence, votes, known, table)))
    powers = np.zeros(votes.n_sources)
    votes_power = 1.0
    if len(checks) >= ENOUGH_CHECKED:
        others = _without_people(evidence, votes, plan, table, power)[checks]
        votes_power, powers[derived] = _fit_powers(others, said[:, checks], answers)
        note = f"Derived sources weighed by {len(checks)} answers of people or known answers."
    else:
        powers[derived] = UNCHECKED_POWER / len(derived)
        note = f"Derived sources are unchecked: fewer than {ENOUGH_CHECKED} items were answered by people."
    total = votes_power * evidence + np.einsum("j,jik->ik", powers[derived], said)
    return Blend(softmax(_add_known(total, votes, known, table)), votes_power, powers, base, (note,))


def _add_known(evidence: Floats, votes: VoteTable, known: npt.NDArray[np.intp], table: Floats) -> Floats:
    if not len(known):
        return evidence
    total = evidence.copy()
    np.add.at(total, votes.item[known], table[votes.source[known], votes.label[known]])
    return total


def _without_people(evidence: Floats, votes: VoteTable, plan: Treatment, table: Floats, power: Floats) -> Floats:
    """The evidence of the machines alone: people's answers check it, so they may not be part of it."""
    people = np.flatnonzero((plan.people & ~plan.known)[votes.source])
    rows = votes.item[people]
    total = evidence.copy()
    np.subtract.at(total, rows, table[votes.source[people], votes.label[people]] * power[rows, None])
    return total


def checked_answers(
    votes: VoteTable, plan: Treatment, probabilities: Floats
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Items with a known answer or a person's, and the answer: as known, else the likeliest with the person's vote."""
    by_person = np.zeros(votes.n_items, bool)
    by_person[votes.item[plan.people[votes.source]]] = True
    answer = np.where(by_person, probabilities.argmax(1), -1)
    if votes.gold is not None:
        answer = np.where(votes.gold >= 0, votes.gold, answer)
    rows = np.flatnonzero(answer >= 0)
    return rows, answer[rows]


def _fit_powers(evidence: Floats, said: Floats, answers: npt.NDArray[np.intp]) -> tuple[float, Floats]:
    """Powers of the votes and of each derived source, ≥ 0, drawn to 1 and to 1 / (number of them)."""
    from scipy.optimize import minimize  # half a second to import, needed only here

    n = len(said)
    centre = np.concatenate([[1.0], np.full(n, 1.0 / n)])

    def loss(x: Floats) -> float:
        total = x[0] * evidence + np.einsum("j,jik->ik", x[1:], said)
        chosen = total[np.arange(len(answers)), answers] - np.logaddexp.reduce(total, axis=1)
        return float(-chosen.sum() + SHRINK * ((x - centre) ** 2).sum())

    best = minimize(loss, centre, method="L-BFGS-B", bounds=[(0.05, 3.0)] + [(0.0, 3.0)] * n)
    return float(best.x[0]), np.asarray(best.x[1:])


def softmax(logits: Floats) -> Floats:
    """Rows to distributions.

    Examples
    --------
    >>> softmax(np.log([[1.0, 3.0]]))
    array([[0.25, 0.75]])
    """
    shifted = logits - logits.max(1, keepdims=True)
    np.exp(shifted, out=shifted)
    shifted /= shifted.sum(1, keepdims=True)
    return np.asarray(shifted)
