"""Enhanced Bayesian Classifier Combination."""

from __future__ import annotations

from typing import Self

import numpy as np
from scipy.special import digamma

from groundswell.belief import em
from groundswell.belief.base import MODELS
from groundswell.belief.pooling import identity_like
from groundswell.belief.table_model import TableModel, setting_check
from groundswell.core.votes import Floats, VoteTable


@MODELS.register("ebcc")
class EBCC(TableModel):
    r"""EBCC: every class has subtypes, on which all sources err alike; so that errors may go together.

    An item has class k with :math:`\pi_k`, subtype m with :math:`\eta_{km}`, and source s answers y with
    :math:`v_{skmy}`. Fitted by mean-field variational Bayes with Dirichlet priors, as IBCC over class × subtype.

    E step: :math:`\log q_i(k, m) = \mathbb E\log\pi_k + \mathbb E\log\eta_{km} + \sum_v \mathbb E\log v_{s_v k m y_v}`

    M step: expected counts as in IBCC. Subtypes start from slightly different tables (``seed``), the classes from
    the vote shares.

    References
    ----------
    Y. Li, B. I. P. Rubinstein, T. Cohn (2019). Exploiting Worker Correlation for Label Aggregation in Crowdsourcing.
    ICML, PMLR 97, 3886–3895. https://proceedings.mlr.press/v97/li19i.html

    Examples
    --------
    >>> from groundswell.belief.simulate import crowd
    >>> votes, truth = crowd(n_items=500, accuracies=[0.9, 0.8, 0.6, 0.6, 0.6], n_labels=2, seed=0)
    >>> print(f"Accuracy: {(EBCC().fit(votes).beliefs().codes == truth).mean():.1%}")
    Accuracy: 89.0%
    """

    name = "ebcc"

    def __init__(
        self,
        subtypes: int = 5,
        diagonal: float = 4.0,
        off_diagonal: float = 1.0,
        max_iter: int = 100,
        tol: float = 1e-6,
        seed: int = 0,
    ) -> None:
        self.subtypes = subtypes
        self.diagonal = diagonal
        self.off_diagonal = off_diagonal
        self.max_iter = max_iter
        self.tol = tol
        self.seed = seed

    def fit(self, votes: VoteTable) -> Self:
        """Learn sources, subtypes and class balance."""
        setting_check("subtypes", self.subtypes, 1, 100)
        return super().fit(votes)

    def _subtypes(self, votes: VoteTable) -> int:  # noqa: ARG002
        return int(self.subtypes)

    def _update(self, votes: VoteTable) -> em.Update:
        k, m = votes.n_labels, int(self.subtypes)
        base = np.full((k, k), self.off_diagonal)
        np.fill_diagonal(base, self.diagonal)
        alpha = np.repeat(base, m, axis=1)
        noise = np.random.default_rng(self.seed).normal(0.0, 0.5, (votes.n_sources, k, k * m))
        first = [True]

        def update(counts: Floats, balance: Floats) -> tuple[Floats, Floats]:
            if first[0]:
                first[0] = False
                start = np.log(np.repeat(identity_like(k, 0.7), m, axis=1)) + noise
                return np.ascontiguousarray(start), np.full(k * m, -np.log(k * m))
            rows = counts + alpha
            table = digamma(rows) - digamma(rows.sum(1, keepdims=True))
            by_class = balance.reshape(k, m) + 1.0 / m
            classes = balance.reshape(k, m).sum(1) + 0.1
            log_pi = digamma(classes) - digamma(classes.sum())
            log_eta = digamma(by_class) - digamma(by_class.sum(1, keepdims=True))
            return np.ascontiguousarray(table), (log_pi[:, None] + log_eta).ravel()

        return update
