"""Wawa: worker agreement with aggregate."""

from __future__ import annotations

from typing import Self

import numpy as np

from groundswell.belief.base import MODELS, BeliefModel, require_votes
from groundswell.belief.reliability import reliabilities
from groundswell.core.belief import Beliefs, Push
from groundswell.core.votes import Floats, VoteTable


@MODELS.register("wawa")
class Wawa(BeliefModel):
    r"""Wawa: a vote weighs as much as its source agrees with the majority.

    :math:`w_s` = share of the votes of s that name the majority's label; belief
    :math:`q_i(k) \propto \sum_{v: y_v = k} w_{s_v}`. No matrix of labels by labels: it takes any number of labels.

    References
    ----------
    Appen (2021). Calculating Worker Agreement with Aggregate (Wawa), as in crowd-kit: D. Ustalov, N. Pavlichenko,
    B. Tseitlin (2024). https://doi.org/10.21105/joss.06227

    Examples
    --------
    >>> from groundswell.belief.simulate import crowd
    >>> votes, truth = crowd(n_items=500, accuracies=[0.9, 0.8, 0.6, 0.6, 0.6], n_labels=2, seed=0)
    >>> print(f"Accuracy: {(Wawa().fit(votes).beliefs().codes == truth).mean():.1%}")
    Accuracy: 83.0%
    """

    def fit(self, votes: VoteTable) -> Self:
        """Two weighted counts."""
        require_votes(votes)
        self.votes_ = votes
        shares = self._weighted(np.ones(votes.n_sources))
        top = shares[votes.item, votes.label] >= shares.max(1)[votes.item] - 1e-12
        n = np.bincount(votes.source, minlength=votes.n_sources)
        self.agreement_ = np.bincount(votes.source, top, minlength=votes.n_sources) / np.maximum(n, 1)
        self.probabilities_ = self._weighted(np.maximum(self.agreement_, 1e-6))
        return self

    def _weighted(self, weight: Floats) -> Floats:
        votes, k = self.votes_, self.votes_.n_labels
        flat = votes.item.astype(np.int64) * k + votes.label
        sums = np.bincount(flat, weight[votes.source], minlength=votes.n_items * k).reshape(votes.n_items, k)
        overall = sums.sum(0) + 0.5 / k
        self.prior_ = overall / overall.sum()
        total = sums.sum(1, keepdims=True)
        found = np.where(total > 0, sums / np.maximum(total, 1e-12), self.prior_)
        if votes.gold is not None:
            rows = np.flatnonzero(votes.gold >= 0)
            found[rows] = 0.0
            found[rows, votes.gold[rows]] = 1.0
        return np.asarray(found)

    def predict_proba(self) -> Floats:
        """``(n_items, n_labels)``, rows sum to 1."""
        return self.probabilities_

    def beliefs(self) -> Beliefs:
        """The weighted shares, with each source's agreement as its reliability."""
        votes = self.votes_
        return Beliefs(
            items=votes.items,
            labels=votes.labels,
            probabilities=self.probabilities_,
            prior=self.prior_,
            reliability=reliabilities(votes, self.probabilities_),
            model="wawa",
            explainer=self._explain,
        )

    def _explain(self, row: int) -> list[Push]:
        """Every vote's share of the weight on the item."""
        votes = self.votes_
        first, last = np.searchsorted(votes.item, [row, row + 1])
        best = int(self.probabilities_[row].argmax())
        weight = np.maximum(self.agreement_[votes.source[first:last]], 1e-6)
        return [
            Push(
                votes.sources[votes.source[v]].name,
                votes.labels[votes.label[v]],
                votes.labels[best],
                float(w / weight.sum() * (1 if votes.label[v] == best else -1)),
            )
            for v, w in zip(range(first, last), weight, strict=True)
        ]
