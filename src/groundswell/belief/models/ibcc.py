"""Independent Bayesian Classifier Combination, variational."""

from __future__ import annotations

import numpy as np
from scipy.special import digamma

from groundswell.belief import em
from groundswell.belief.base import MODELS
from groundswell.belief.table_model import TableModel, setting_check
from groundswell.core.votes import Floats, VoteTable


@MODELS.register("ibcc")
class IBCC(TableModel):
    r"""IBCC: Dawid–Skene with Dirichlet priors, fitted by mean-field variational Bayes.

    :math:`\pi \sim \mathrm{Dir}(\nu)`, :math:`\theta_{sk} \sim \mathrm{Dir}(\alpha_k)` with ``diagonal`` pseudo-votes
    on the right label and ``off_diagonal`` on each other one.

    E step: :math:`\log q_i(k) = \mathbb E \log \pi_k + \sum_v \mathbb E \log \theta_{s_v k y_v}` + const., with
    :math:`\mathbb E \log \theta_{sky} = \psi(\alpha_{ky} + n_{sky}) - \psi(\sum_{y'} \alpha_{ky'} + n_{sky'})`

    M step: :math:`n_{sky} = \sum_{v: s_v = s, y_v = y} q_{i_v}(k)`

    References
    ----------
    H.-C. Kim, Z. Ghahramani (2012). Bayesian Classifier Combination. AISTATS, PMLR 22, 619–627.
    E. Simpson, S. Roberts, I. Psorakis, A. Smith (2013). Dynamic Bayesian Combination of Multiple Imperfect
    Classifiers. https://doi.org/10.1007/978-3-642-36406-8_1

    Examples
    --------
    >>> from groundswell.belief.simulate import crowd
    >>> votes, truth = crowd(n_items=500, accuracies=[0.9, 0.8, 0.6, 0.6, 0.6], n_labels=2, seed=0)
    >>> print(f"Accuracy: {(IBCC().fit(votes).beliefs().codes == truth).mean():.1%}")
    Accuracy: 86.4%
    """

    name = "ibcc"

    def __init__(
        self,
        diagonal: float = 2.0,
        off_diagonal: float = 1.0,
        balance: float = 1.0,
        max_iter: int = 100,
        tol: float = 1e-6,
    ) -> None:
        self.diagonal = diagonal
        self.off_diagonal = off_diagonal
        self.balance = balance
        self.max_iter = max_iter
        self.tol = tol

    def _update(self, votes: VoteTable) -> em.Update:
        for name in ("diagonal", "off_diagonal", "balance"):
            setting_check(name, getattr(self, name), 1e-6, 1e6)
        alpha = np.full((votes.n_labels, votes.n_labels), self.off_diagonal)
        np.fill_diagonal(alpha, self.diagonal)

        def update(counts: Floats, balance: Floats) -> tuple[Floats, Floats]:
            rows = counts + alpha
            table = digamma(rows) - digamma(rows.sum(1, keepdims=True))
            nu = balance + self.balance
            return np.ascontiguousarray(table), np.asarray(digamma(nu) - digamma(nu.sum()))

        return update
