"""GLAD: generative model of labels, abilities and difficulties."""

from __future__ import annotations

from typing import Self

import numpy as np
from scipy.special import expit

from groundswell.belief.base import MODELS, BeliefModel, require_votes
from groundswell.belief.derived import softmax
from groundswell.belief.explain import Part, pushes
from groundswell.belief.reliability import reliabilities
from groundswell.core.belief import Beliefs, Push
from groundswell.core.votes import Floats, VoteTable

STEPS = 10
LIMIT = 4.0


@MODELS.register("glad")
class GLAD(BeliefModel):
    r"""GLAD: a source's ability meets an item's difficulty.

    :math:`P(y_v = z_i) = \sigma(a_s b_i)` with ability :math:`a_s \sim N(1, 1)` and easiness
    :math:`\log b_i \sim N(0, 1)`; wrong answers are even.

    E step: :math:`q_i(k) \propto \pi_k \prod_{v: y_v = k} (K - 1)\, e^{a_{s_v} b_i}`

    M step: damped diagonal Newton steps on a and log b; with :math:`\delta_v = q_i(y_v) - \sigma(a_s b_i)` the
    gradients are :math:`\sum_v \delta_v b_i - (a_s - 1)` and :math:`\sum_v \delta_v a_s b_i - \log b_i`.

    References
    ----------
    J. Whitehill, P. Ruvolo, T. Wu, J. Bergsma, J. Movellan (2009). Whose Vote Should Count More: Optimal Integration
    of Labels from Labelers of Unknown Expertise. NIPS 22, 2035–2043.

    Examples
    --------
    >>> from groundswell.belief.simulate import crowd
    >>> votes, truth = crowd(n_items=500, accuracies=[0.9, 0.8, 0.6, 0.6, 0.6], n_labels=2, seed=0)
    >>> print(f"Accuracy: {(GLAD().fit(votes).beliefs().codes == truth).mean():.1%}")
    Accuracy: 88.8%
    """

    def __init__(self, max_iter: int = 50, tol: float = 1e-4) -> None:
        self.max_iter = max_iter
        self.tol = tol

    def fit(self, votes: VoteTable) -> Self:
        """Learn abilities, difficulties and class balance."""
        require_votes(votes)
        self.votes_ = votes
        self.ability_ = np.ones(votes.n_sources)
        self._log_easy = np.zeros(votes.n_items)
        self.prior_ = np.full(votes.n_labels, 1.0 / votes.n_labels)
        posterior = self._posterior()
        voted = np.diff(votes.starts()) > 0
        for _ in range(self.max_iter):
            self._maximise(posterior)
            balance = posterior[voted].sum(0) + 1.0
            self.prior_ = balance / balance.sum()
            before, posterior = posterior, self._posterior()
            if np.abs(posterior - before).max(initial=0.0) < self.tol:
                break
        self.probabilities_ = posterior
        return self

    def _evidence(self) -> Floats:
        """Log-odds that each vote brings for its own label, ``(n_votes,)``."""
        votes = self.votes_
        odds = self.ability_[votes.source] * np.exp(self._log_easy[votes.item])
        return np.asarray(odds + np.log(max(votes.n_labels - 1, 1)))

    def _posterior(self) -> Floats:
        votes, k = self.votes_, self.votes_.n_labels
        sums = np.bincount(votes.item * k + votes.label, self._evidence(), minlength=votes.n_items * k)
        found = softmax(sums.reshape(votes.n_items, k) + np.log(self.prior_))
        if votes.gold is not None:
            rows = np.flatnonzero(votes.gold >= 0)
            found[rows] = np.eye(k)[votes.gold[rows]]
        return np.asarray(found)

    def _maximise(self, posterior: Floats) -> None:
        votes = self.votes_
        right = posterior[votes.item, votes.label]
        for _ in range(STEPS):
            ability, easy = self.ability_[votes.source], np.exp(self._log_easy)[votes.item]
            p = expit(ability * easy)
            miss, spread = right - p, p * (1 - p)
            up = np.bincount(votes.source, miss * easy, minlength=votes.n_sources) - (self.ability_ - 1)
            down = np.bincount(votes.source, spread * easy**2, minlength=votes.n_sources) + 1
            up_easy = np.bincount(votes.item, miss * ability * easy, minlength=votes.n_items) - self._log_easy
            down_easy = np.bincount(votes.item, spread * (ability * easy) ** 2, minlength=votes.n_items) + 1
            self.ability_ = np.clip(self.ability_ + 0.5 * up / down, -LIMIT, LIMIT)
            self._log_easy = np.clip(self._log_easy + 0.5 * up_easy / down_easy, -LIMIT, LIMIT)

    def predict_proba(self) -> Floats:
        """``(n_items, n_labels)``, rows sum to 1."""
        return self.probabilities_

    def beliefs(self) -> Beliefs:
        """The posterior with its reasons."""
        votes = self.votes_
        return Beliefs(
            items=votes.items,
            labels=votes.labels,
            probabilities=self.probabilities_,
            prior=self.prior_,
            reliability=reliabilities(votes, self.probabilities_),
            model="glad",
            settings=self.get_params(),
            explainer=self._explain,
        )

    def _explain(self, row: int) -> list[Push]:
        votes = self.votes_
        first, last = np.searchsorted(votes.item, [row, row + 1])
        strength = self._evidence()
        parts = []
        for v in range(first, last):
            evidence = np.zeros(votes.n_labels)
            evidence[votes.label[v]] = strength[v]
            parts.append(Part(votes.sources[votes.source[v]].name, votes.labels[votes.label[v]], evidence))
        return pushes(votes.labels, parts, np.log(self.prior_))
