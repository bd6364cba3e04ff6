"""How far each source can be trusted, from the expected counts of a fit."""

from __future__ import annotations

import numpy as np
from scipy.special import betaincinv

from groundswell.core.belief import Reliability
from groundswell.core.interval import Interval
from groundswell.core.votes import Floats, VoteTable

PRIOR_VOTES = 1.0


def accuracy_interval(right: float, n: float, confidence: float = 0.95) -> Interval:
    """Accuracy with the central interval of its Beta posterior (Jeffreys: half a pseudo-vote on each side).

    Parameters
    ----------
    right, n
        Expected right votes, and votes.

    Examples
    --------
    >>> print(accuracy_interval(45, 50))
    90.0 % (79.5–96.1)
    """
    tail = (1 - confidence) / 2
    low, high = betaincinv(right + 0.5, n - right + 0.5, [tail, 1 - tail])
    value = right / n if n else 0.5
    return Interval(float(value), float(min(low, value)), float(max(high, value)), n=round(n), confidence=confidence)


def reliabilities(votes: VoteTable, counts: Floats) -> list[Reliability]:
    """One entry per source.

    Parameters
    ----------
    counts
        ``(n_sources, n_labels, n_labels)``: expected votes y of source s where the truth is k, at ``[s, y, k]``.

    Notes
    -----
    A row of the confusion matrix that no vote speaks for is shown as the source's overall vote shares; one
    pseudo-vote spread like that keeps rare rows from 0 and 1.
    """
    n = np.bincount(votes.source, minlength=votes.n_sources)
    right = np.einsum("skk->s", counts)
    total = counts.sum((1, 2))
    truth = counts.sum((0, 1))
    found = []
    for s, info in enumerate(votes.sources):
        share = (counts[s].sum(1) + 1e-9) / (total[s] + 1e-9 * votes.n_labels)
        confusion = counts[s].T + PRIOR_VOTES * share
        chance = float((share * truth).sum() / truth.sum()) if truth.sum() else 1.0 / votes.n_labels
        accuracy = accuracy_interval(float(min(right[s], total[s])), float(total[s]))
        found.append(
            Reliability(
                source=info,
                accuracy=accuracy,
                coverage=float(n[s]) / votes.n_items,
                confusion=confusion / confusion.sum(1, keepdims=True),
                below_chance=bool(total[s] > 0 and accuracy.high < chance),
            )
        )
    return found
