"""Dawid–Skene."""

from __future__ import annotations

from groundswell.belief import em
from groundswell.belief.base import MODELS
from groundswell.belief.table_model import TableModel, as_table, log_balance, setting_check
from groundswell.core.votes import Floats, VoteTable


@MODELS.register("dawid-skene")
class DawidSkene(TableModel):
    r"""Dawid and Skene's model: every source has its own confusion matrix.

    The true class :math:`z_i` has prior :math:`\pi`; source s answers y where the truth is k with probability
    :math:`\theta_{sky}`, independently of all others.

    E step: :math:`q_i(k) \propto \pi_k \prod_{v \in i} \theta_{s_v k y_v}`

    M step: :math:`\theta_{sky} \propto \sum_{v: s_v = s, y_v = y} q_{i_v}(k) + \alpha`,
    :math:`\pi_k \propto \sum_i q_i(k)`

    Strong where every source has answered many items; with few answers a source, or sources that only ever vote one
    class, the likelihood is flat and EM drifts to one class.

    Parameters
    ----------
    smoothing
        α, pseudo-votes in every cell.

    References
    ----------
    A. P. Dawid, A. M. Skene (1979). Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm.
    Applied Statistics 28(1), 20–28. https://doi.org/10.2307/2346806

    Examples
    --------
    >>> from groundswell.belief.simulate import crowd
    >>> votes, truth = crowd(n_items=500, accuracies=[0.9, 0.8, 0.6, 0.6, 0.6], n_labels=2, seed=0)
    >>> beliefs = DawidSkene().fit(votes).beliefs()
    >>> print(f"Accuracy: {(beliefs.codes == truth).mean():.1%}")
    Accuracy: 85.2%
    >>> print(beliefs.source("s0").accuracy)
    86.5 % (79.2–91.9)
    """

    name = "dawid-skene"

    def __init__(self, smoothing: float = 0.01, max_iter: int = 100, tol: float = 1e-6) -> None:
        self.smoothing = smoothing
        self.max_iter = max_iter
        self.tol = tol

    def _update(self, votes: VoteTable) -> em.Update:  # noqa: ARG002
        setting_check("smoothing", self.smoothing, 1e-9, 1e6)

        def update(counts: Floats, balance: Floats) -> tuple[Floats, Floats]:
            theta = counts.transpose(0, 2, 1) + self.smoothing
            return as_table(theta / theta.sum(2, keepdims=True)), log_balance(balance, floor=0.01)

        return update
