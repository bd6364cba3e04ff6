"""One-coin Dawid–Skene."""

from __future__ import annotations

import numpy as np

from groundswell.belief import em
from groundswell.belief.base import MODELS
from groundswell.belief.table_model import TableModel, log_balance, setting_check
from groundswell.core.votes import Floats, VoteTable

LIMIT = 1e-3


@MODELS.register("one-coin")
class OneCoin(TableModel):
    r"""One-coin Dawid–Skene: a source is right with one probability, and wrong evenly.

    :math:`P(y \mid z = k) = a_s` if y = k, else :math:`(1 - a_s) / (K - 1)`.

    E step: :math:`q_i(k) \propto \pi_k \prod_{v \in i} P(y_v \mid k)`

    M step: :math:`a_s = \frac{c\,\bar a + \sum_{v: s_v = s} q_{i_v}(y_v)}{c + n_s}`, drawn to the mean
    :math:`\bar a` of all sources by c pseudo-votes. Right where people are few and classes are rare.

    References
    ----------
    Y. Zhang, X. Chen, D. Zhou, M. I. Jordan (2016). Spectral Methods Meet EM: A Provably Optimal Algorithm for
    Crowdsourcing. Journal of Machine Learning Research 17(102), 1–44. https://doi.org/10.48550/arXiv.1406.3824

    Examples
    --------
    >>> from groundswell.belief.simulate import crowd
    >>> votes, truth = crowd(n_items=500, accuracies=[0.9, 0.8, 0.6, 0.6, 0.6], n_labels=2, seed=0)
    >>> print(f"Accuracy: {(OneCoin().fit(votes).beliefs().codes == truth).mean():.1%}")
    Accuracy: 90.4%
    """

    name = "one-coin"

    def __init__(self, pseudo_votes: float = 4.0, max_iter: int = 100, tol: float = 1e-6) -> None:
        self.pseudo_votes = pseudo_votes
        self.max_iter = max_iter
        self.tol = tol

    def _update(self, votes: VoteTable) -> em.Update:  # noqa: ARG002
        setting_check("pseudo_votes", self.pseudo_votes, 0, 1e9)

        def update(counts: Floats, balance: Floats) -> tuple[Floats, Floats]:
            accuracy = np.clip(shrunk_accuracy(counts, self.pseudo_votes), LIMIT, 1 - LIMIT)
            return coin_table(accuracy, counts.shape[1]), log_balance(balance)

        return update


def shrunk_accuracy(counts: Floats, pseudo_votes: float) -> Floats:
    """``(n_sources,)`` accuracies, drawn to their mean."""
    right = np.einsum("skk->s", counts)
    total = counts.sum((1, 2))
    mean = right.sum() / max(total.sum(), 1e-12) if total.sum() else 0.7
    return np.asarray((right + pseudo_votes * mean) / np.maximum(total + pseudo_votes, 1e-12))


def coin_table(accuracy: Floats, n_labels: int) -> Floats:
    """Log-evidence ``(n_sources, n_labels, n_labels)`` of sources that are wrong evenly."""
    wrong = np.log((1 - accuracy) / max(n_labels - 1, 1))
    table = np.broadcast_to(wrong[:, None, None], (len(accuracy), n_labels, n_labels)).copy()
    diagonal = np.arange(n_labels)
    table[:, diagonal, diagonal] = np.log(accuracy)[:, None]
    return table
