"""MACE: Multi-Annotator Competence Estimation."""

from __future__ import annotations

import numpy as np
from scipy.special import digamma

from groundswell.belief import em
from groundswell.belief.base import MODELS
from groundswell.belief.table_model import TableModel, setting_check
from groundswell.core.votes import Floats, VoteTable


@MODELS.register("mace")
class MACE(TableModel):
    r"""MACE: a source either knows the answer or votes from a habit of its own.

    With probability :math:`\alpha_s` (competence) source s answers the truth, otherwise it draws from its habit
    :math:`\xi_s`: :math:`P(y \mid z = k) = \alpha_s [y = k] + (1 - \alpha_s) \xi_{sy}`. The truth is uniform.

    E step: :math:`q_i(k) \propto \prod_v P(y_v \mid k)`; a right vote was knowledge with probability
    :math:`\kappa_{sk} = \alpha_s / (\alpha_s + (1 - \alpha_s)\xi_{sk})`.

    M step, variational with priors Beta(``competence``, ``competence``) and Dirichlet(``habit``): knowledge
    :math:`\sum_k \kappa_{sk} n_{skk}`, the rest goes to habit; :math:`\exp\psi(\cdot)` of the pseudo-counts.

    References
    ----------
    D. Hovy, T. Berg-Kirkpatrick, A. Vaswani, E. Hovy (2013). Learning Whom to Trust with MACE. NAACL-HLT, 1120–1130.
    https://aclanthology.org/N13-1132

    Examples
    --------
    >>> from groundswell.belief.simulate import crowd
    >>> votes, truth = crowd(n_items=500, accuracies=[0.9, 0.8, 0.6, 0.6, 0.6], n_labels=2, seed=0)
    >>> print(f"Accuracy: {(MACE().fit(votes).beliefs().codes == truth).mean():.1%}")
    Accuracy: 88.8%
    """

    name = "mace"

    def __init__(self, competence: float = 0.5, habit: float = 10.0, max_iter: int = 100, tol: float = 1e-6) -> None:
        self.competence = competence
        self.habit = habit
        self.max_iter = max_iter
        self.tol = tol

    def _update(self, votes: VoteTable) -> em.Update:
        setting_check("competence", self.competence, 1e-6, 1e6)
        setting_check("habit", self.habit, 1e-6, 1e6)
        k = votes.n_labels
        diagonal = np.arange(k)
        alpha = np.full(votes.n_sources, 0.5)
        xi = np.full((votes.n_sources, k), 1.0 / k)

        def update(counts: Floats, balance: Floats) -> tuple[Floats, Floats]:  # noqa: ARG001  the truth is uniform
            right = np.einsum("skk->sk", counts)
            known = right * alpha[:, None] / np.maximum(alpha[:, None] + (1 - alpha[:, None]) * xi, 1e-12)
            total = counts.sum((1, 2))
            knows, guesses = known.sum(1) + self.competence, total - known.sum(1) + self.competence
            both = digamma(knows + guesses)
            yes, no = np.exp(digamma(knows) - both), np.exp(digamma(guesses) - both)
            alpha[:] = yes / (yes + no)
            said = counts.sum(2) - known + self.habit
            habit = np.exp(digamma(said) - digamma(said.sum(1, keepdims=True)))
            xi[:] = habit / habit.sum(1, keepdims=True)
            theta = np.repeat(((1 - alpha)[:, None] * xi)[:, :, None], k, axis=2)
            theta[:, diagonal, diagonal] += alpha[:, None]
            return np.log(np.maximum(theta, 1e-12)), np.full(k, -np.log(k))

        self.competence_ = alpha
        return update
