r"""Derived sources: models trained on beliefs about the very items that they vote on.

They are no independent evidence for what they were trained on, so they take no part in learning who is reliable.
At the end, what a cross-fitted model says joins the other evidence with two powers,

.. math:: \log P(k) = a\,\log q_{votes}(k) + b\,(\log q_{model}(k) - \log \bar q_{model}(k)) + \text{trusted votes}

With at least 50 trusted answers a and b are set by them (penalised logistic likelihood, each trusted answer left out
of its own evidence); otherwise a = 1 and b is set by how well the model foretells the votes' beliefs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from groundswell.belief.pooling import Treatment
from groundswell.core.votes import Floats, VoteTable

ENOUGH_TRUSTED = 50
TRUSTED = 0.9
SHRINK = 2.0
UNCHECKED_POWER = 0.5


@dataclass(frozen=True)
class Blend:
    """All evidence joined: ``probabilities (n_items, n_labels)``, the powers used, and each derived source's base."""

    probabilities: Floats
    votes_power: float
    model_power: Floats
    base: Floats
    notes: tuple[str, ...] = ()

    def distributions(self, votes: VoteTable, source: int) -> Floats:
        """What ``source`` said, one distribution per vote of it."""
        return _distributions(votes, np.flatnonzero(votes.source == source))

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


def blend(votes: VoteTable, plan: Treatment, evidence: Floats, table: Floats, prior: Floats) -> Blend:
    """Join tempered vote evidence ``(n_items, n_labels)``, derived sources and trusted votes."""
    k = votes.n_labels
    derived = np.flatnonzero(plan.derived)
    base = np.zeros((votes.n_sources, k))
    power = np.zeros(votes.n_sources)
    said = np.zeros((len(derived), votes.n_items, k))
    for j, s in enumerate(derived):
        rows = np.flatnonzero(votes.source == s)
        q = _distributions(votes, rows)
        base[s] = np.log(np.maximum(q.mean(0), 1e-9)) if len(rows) else np.log(prior)
        said[j, votes.item[rows]] = np.log(q) - base[s]
    trusted, answers = trusted_answers(votes, plan)
    notes: tuple[str, ...] = ()
    a = 1.0
    if len(derived) and len(trusted) >= ENOUGH_TRUSTED:
        a, power[derived] = _fit_powers(evidence[trusted], said[:, trusted], answers)
        notes = (f"Derived sources weighed by {len(trusted)} trusted answers.",)
    elif len(derived):
        power[derived] = UNCHECKED_POWER / len(derived)
        notes = (f"Derived sources weighed down, since fewer than {ENOUGH_TRUSTED} trusted answers check them.",)
    total = a * evidence + np.einsum("j,jik->ik", power[derived], said)
    known = np.flatnonzero(plan.known[votes.source])
    np.add.at(total, votes.item[known], table[votes.source[known], votes.label[known]])
    return Blend(softmax(total), a, power, base, notes)


def trusted_answers(votes: VoteTable, plan: Treatment) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Items with a known answer (gold, or a vote by a source with trust ≥ .9), and the answers."""
    answer = np.full(votes.n_items, -1, np.intp)
    sure = np.flatnonzero(np.nan_to_num(plan.trust)[votes.source] >= TRUSTED)
    answer[votes.item[sure]] = votes.label[sure]
    if votes.gold is not None:
        answer = np.where(votes.gold >= 0, votes.gold, answer)
    rows = np.flatnonzero(answer >= 0)
    return rows, answer[rows]


def _fit_powers(evidence: Floats, said: Floats, answers: npt.NDArray[np.intp]) -> tuple[float, Floats]:
    """Powers of the votes and of each derived source, ≥ 0, drawn to 1 and to 1 / (number of them)."""
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
    shifted = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(shifted / shifted.sum(1, keepdims=True))
