r"""How far each source can be trusted, with an interval that knows that the truth is not known.

A source's accuracy is the mean probability of its votes, :math:`a = \frac1n \sum_v q_{i_v}(y_v)`. Its variance has
three parts: chance in n votes; doubt about the truth of its items, which sources share (hence thrice the independent
figure); and the beliefs' being wrong together, by three tenths of their mean doubt u,

.. math:: \sigma^2 = \frac{a(1-a)}{n} + \frac{3}{n^2}\sum_v q_v(1-q_v) + (0.3\,u)^2

turned into the central interval of a Beta posterior worth :math:`a(1-a)/\sigma^2` votes.
"""

from __future__ import annotations

import numpy as np
from scipy.special import betaincinv

from groundswell.belief import kernel
from groundswell.core.belief import Reliability
from groundswell.core.interval import Interval
from groundswell.core.votes import Floats, VoteTable

PRIOR_VOTES = 1.0
SHARED_DOUBT = 3.0
WRONG_TOGETHER = 0.3
MAX_CELLS = 50_000_000


def accuracy_interval(
    right: float, n: float, *, doubt: float = 0.0, shared: float = 0.0, confidence: float = 0.95
) -> Interval:
    """Accuracy with its interval (Jeffreys: half a pseudo-vote on each side).

    Parameters
    ----------
    right, n
        Expected right votes, and votes.
    doubt
        Sum over votes of the variance of their being right.
    shared
        Mean doubt about the items, 0 to 1.

    Examples
    --------
    >>> print(accuracy_interval(45, 50))
    90.0 % (79.5–96.1)
    >>> print(accuracy_interval(45, 50, doubt=4.0, shared=0.1))
    90.0 % (65.6–98.6)
    """
    if n <= 0:
        return Interval(0.5, 0.0, 1.0, n=0, confidence=confidence)
    value = min(max(right / n, 0.0), 1.0)
    inner = (value * n + 0.5) / (n + 1.0)
    variance = inner * (1 - inner) / n + SHARED_DOUBT * doubt / n**2 + (WRONG_TOGETHER * shared) ** 2
    worth = inner * (1 - inner) / variance
    tail = (1 - confidence) / 2
    low, high = betaincinv(value * worth + 0.5, (1 - value) * worth + 0.5, [tail, 1 - tail])
    return Interval(value, float(min(low, value)), float(max(high, value)), n=round(n), confidence=confidence)


def reliabilities(votes: VoteTable, probabilities: Floats) -> list[Reliability]:
    """One entry per source, by the posterior ``(n_items, n_labels)``.

    Notes
    -----
    A row of the confusion matrix that no vote speaks for is shown as the source's overall vote shares; one
    pseudo-vote spread like that keeps rare rows from 0 and 1. A source is below chance if its whole interval lies
    under what votes like its own would hit blindly.
    """
    if votes.n_sources * votes.n_labels**2 > MAX_CELLS:
        return _accuracies(votes, probabilities)
    counts, doubt = _counts(votes, probabilities)
    votes_of = np.bincount(votes.source, minlength=votes.n_sources)
    truth = counts.sum((0, 1))
    found = []
    for s, info in enumerate(votes.sources):
        n = int(votes_of[s])
        share = (counts[s].sum(1) + 1e-9) / (n + 1e-9 * votes.n_labels)
        confusion = counts[s].T + PRIOR_VOTES * share
        chance = float((share * truth).sum() / truth.sum()) if truth.sum() else 1.0 / votes.n_labels
        shared = float(doubt[s, 1] / n) if n else 0.0
        accuracy = accuracy_interval(float(np.trace(counts[s])), n, doubt=float(doubt[s, 0]), shared=shared)
        found.append(
            Reliability(
                source=info,
                accuracy=accuracy,
                coverage=n / votes.n_items,
                confusion=confusion / confusion.sum(1, keepdims=True),
                below_chance=n > 0 and accuracy.high < chance,
            )
        )
    return found


def _accuracies(votes: VoteTable, probabilities: Floats) -> list[Reliability]:
    """Without confusion matrices, which would not fit in memory."""
    n = np.bincount(votes.source, minlength=votes.n_sources)
    said = probabilities[votes.item, votes.label]
    right, doubt = (np.bincount(votes.source, x, minlength=votes.n_sources) for x in (said, said * (1 - said)))
    return [
        Reliability(info, accuracy_interval(float(r), float(m), doubt=float(d)), coverage=float(m) / votes.n_items)
        for info, r, m, d in zip(votes.sources, right, n, doubt, strict=True)
    ]


def _counts(votes: VoteTable, probabilities: Floats) -> tuple[Floats, Floats]:
    """Expected votes y of source s where the truth is k at ``[s, y, k]``, and the doubt ``(n_sources, 2)``."""
    counts = np.zeros((votes.n_sources, votes.n_labels, votes.n_labels))
    doubt = np.zeros((votes.n_sources, 2))
    kernel.source_counts(votes.starts(), votes.source, votes.label, np.ascontiguousarray(probabilities), counts, doubt)
    return counts, doubt
