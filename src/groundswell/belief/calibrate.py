r"""Calibration by known answers: how certain to be, and which classes are over-called.

With at least 50 known answers, the model is fitted five times, each time with a fifth of them hidden. On the hidden
ones a scale t and an offset per class are fitted by penalised likelihood,

.. math:: P(k) \propto \exp(t \log q_i(k) + b_k), \quad
    \text{penalty } 2 (t - 1)^2 + 4 \sum_k b_k^2

and then applied to the fit with all of them. (J. C. Platt 1999, Probabilistic Outputs for Support Vector Machines;
C. Guo et al. 2017, On Calibration of Modern Neural Networks, https://doi.org/10.48550/arXiv.1706.04599.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from groundswell.core.votes import Floats, VoteTable

ENOUGH_GOLD = 50
FOLDS = 5
MOST_VOTES = 300_000
SCALE_PENALTY, OFFSET_PENALTY = 2.0, 4.0


@dataclass(frozen=True)
class Scale:
    """t, and b ``(n_labels,)``."""

    t: float
    b: Floats

    def apply(self, log_probabilities: Floats) -> Floats:
        """Calibrated log-evidence, not normalised."""
        return np.asarray(self.t * log_probabilities + self.b)


def calibrated(votes: VoteTable, predict: Callable[[VoteTable], Floats], seed: int) -> Scale | None:
    """The scale learned from known answers, or ``None`` if there are fewer than 50.

    Parameters
    ----------
    predict
        Fits a table and returns its posterior ``(n_items, n_labels)``.
    """
    if votes.gold is None or (votes.gold >= 0).sum() < ENOUGH_GOLD or votes.n_labels < 2:
        return None
    small = _small(votes)
    gold = np.asarray(small.gold)
    rows = np.flatnonzero((gold >= 0) & (np.diff(small.starts()) > 0))
    if len(rows) < ENOUGH_GOLD:
        return None
    fold = np.random.default_rng(seed).permutation(len(rows)) % FOLDS
    log_probabilities = np.empty((len(rows), votes.n_labels))
    for f in range(FOLDS):
        hidden = gold.copy()
        hidden[rows[fold == f]] = -1
        found = predict(replace(small, gold=hidden))[rows[fold == f]]
        log_probabilities[fold == f] = np.log(np.maximum(found, 1e-12))
    return fit_scale(log_probabilities, gold[rows].astype(np.intp))


def _small(votes: VoteTable) -> VoteTable:
    """All items with a known answer, and as many others as hold about 300,000 votes."""
    if votes.n_votes <= MOST_VOTES or votes.gold is None:
        return votes
    keep = votes.gold >= 0
    keep[:: max(1, votes.n_votes // MOST_VOTES)] = True
    return votes.take(np.flatnonzero(keep))


def fit_scale(log_probabilities: Floats, answers: npt.NDArray[np.intp]) -> Scale:
    """Penalised maximum likelihood of t in [0.05, 4] and b.

    Examples
    --------
    >>> sure = np.log(np.tile([[0.99, 0.01]], (100, 1)))
    >>> right_in_80 = np.repeat([0, 1], [80, 20])
    >>> round(fit_scale(sure, right_in_80).t, 1)
    0.3
    """
    from scipy.optimize import minimize  # half a second to import, needed only here

    n, k = log_probabilities.shape
    rows = np.arange(n)

    def loss(x: Floats) -> tuple[float, Floats]:
        t, b = x[0], x[1:]
        total = t * log_probabilities + b
        norm = np.logaddexp.reduce(total, axis=1)
        slope = np.exp(total - norm[:, None])
        slope[rows, answers] -= 1.0
        value = (norm - total[rows, answers]).sum() + SCALE_PENALTY * (t - 1) ** 2 + OFFSET_PENALTY * (b**2).sum()
        first = (slope * log_probabilities).sum() + 2 * SCALE_PENALTY * (t - 1)
        return float(value), np.concatenate([[first], slope.sum(0) + 2 * OFFSET_PENALTY * b])

    bounds = [(0.05, 4.0)] + [(-4.0, 4.0)] * k
    best = minimize(loss, np.concatenate([[1.0], np.zeros(k)]), jac=True, method="L-BFGS-B", bounds=bounds).x
    return Scale(float(best[0]), np.asarray(best[1:]))
