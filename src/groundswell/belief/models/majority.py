"""Majority vote."""

from __future__ import annotations

from typing import Self

import numpy as np

from groundswell.belief import kernel
from groundswell.belief.base import MODELS, BeliefModel, require_votes
from groundswell.belief.reliability import reliabilities
from groundswell.core.belief import Beliefs, Push
from groundswell.core.votes import Floats, VoteTable


@MODELS.register("majority")
class Majority(BeliefModel):
    r"""Majority vote: an item's belief is the share of its votes.

    .. math:: P(z_i = k) = \frac{1}{n_i} \sum_{v \in i} [y_v = k]

    An item without a vote gets the overall shares. A distribution vote counts as its distribution. Known answers are
    clamped. All sources weigh the same, so that three copies of one source outvote two honest ones.

    Examples
    --------
    >>> from groundswell.belief.simulate import crowd
    >>> votes, truth = crowd(n_items=500, accuracies=[0.9, 0.8, 0.6, 0.6, 0.6], n_labels=2, seed=0)
    >>> beliefs = Majority().fit(votes).beliefs()
    >>> print(f"Accuracy: {(beliefs.codes == truth).mean():.1%}")
    Accuracy: 83.0%
    """

    def fit(self, votes: VoteTable) -> Self:
        """Count."""
        require_votes(votes)
        self.votes_ = votes
        shares = np.zeros((votes.n_items, votes.n_labels))
        if votes.soft is None:
            kernel.shares(0, votes.n_items, votes.starts(), votes.label, shares)
        else:
            plain = votes.soft.sum(1) == 0
            np.add.at(shares, (votes.item[plain], votes.label[plain]), 1.0)
            np.add.at(shares, votes.item[~plain], votes.soft[~plain])
        total = shares.sum(1, keepdims=True)
        overall = shares.sum(0) + 0.5
        self.prior_ = overall / overall.sum()
        shares = np.where(total > 0, shares / np.maximum(total, 1e-12), self.prior_)
        if votes.gold is not None:
            known = votes.gold >= 0
            shares[known] = np.eye(votes.n_labels)[votes.gold[known]]
        self.probabilities_: Floats = shares
        return self

    def predict_proba(self) -> Floats:
        """``(n_items, n_labels)`` shares."""
        return self.probabilities_

    def beliefs(self) -> Beliefs:
        """The shares, with each source's agreement with them as its reliability."""
        votes = self.votes_
        return Beliefs(
            items=votes.items,
            labels=votes.labels,
            probabilities=self.probabilities_,
            prior=self.prior_,
            reliability=reliabilities(votes, self.probabilities_),
            model="majority",
            explainer=self._explain,
        )

    def _explain(self, row: int) -> list[Push]:
        """Every vote weighs 1 over the number of votes."""
        first, last = np.searchsorted(self.votes_.item, [row, row + 1])
        best = int(self.probabilities_[row].argmax())
        return [
            Push(
                self.votes_.sources[self.votes_.source[v]].name,
                self.votes_.labels[self.votes_.label[v]],
                self.votes_.labels[best],
                (1.0 if self.votes_.label[v] == best else -1.0) / (last - first),
            )
            for v in range(first, last)
        ]
