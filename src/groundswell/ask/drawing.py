"""Drawing: from scores to the items that are asked, each with the probability of having been drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from groundswell.ask.base import Mask
from groundswell.core.errors import InputError
from groundswell.core.votes import Floats

RANDOM = "random"


@dataclass(frozen=True, slots=True)
class Draw:
    """One item that is asked.

    Parameters
    ----------
    row
        Of the beliefs.
    score
        The strategy's.
    stratum
        ``random`` if drawn blindly, else the name of the strategy.
    probability
        With which the item had been among the n drawn, by either way; in (0, 1]. It holds if all n are asked.
    """

    row: int
    score: float
    stratum: str
    probability: float


def draw(
    scores: Floats,
    eligible: Mask,
    n: int,
    *,
    strategy: str,
    random_share: float = 0.1,
    rng: np.random.Generator,
) -> list[Draw]:
    """``n`` different items (all, if fewer are eligible), in the order of asking.

    Of the N eligible items, m are first drawn blindly, each set of m alike; m is ``n · random_share``, rounded up
    or down at random so that its mean is exact. Then come the n − m best of the rest by score, ties broken at
    random. The blind ones are spread evenly at random over the order.

    The item with the ρ-th best score is therefore drawn, given m, with the probability

        π(ρ | m) = m/N + (1 − m/N) · P(H ≥ ρ − (n − m)),   H ~ Hypergeometric(N − 1, ρ − 1, m):

    blindly; or else by score, if at least ρ − (n − m) of the ρ − 1 better ones had been drawn blindly. The recorded
    probability is its mean over the one or two values of m. With ``random_share`` above 0 it is above 0 for every
    eligible item, so that Σ y/π over the drawn is an unbiased total (Horvitz and Thompson 1952,
    doi:10.1080/01621459.1952.10483446); the mean over the stratum ``random`` is an unbiased mean.

    Parameters
    ----------
    scores
        ``(n_items,)``, larger = more useful.
    eligible
        ``(n_items,)``; ``-inf`` in the scores excludes as well.
    random_share
        In [0, 1].

    Raises
    ------
    InputError
        If the share or n makes no sense, or a score is not a number.
    """
    scores = np.asarray(scores, dtype=np.float64)
    if n < 0 or not 0.0 <= random_share <= 1.0:
        raise InputError(f"Cannot draw {n} items with a random share of {random_share}", hint="A share is 0 to 1")
    if np.isnan(scores).any() or scores.shape != np.shape(eligible):
        raise InputError("The scores hold NaN or differ in length from the eligible items")
    rows = np.flatnonzero(np.asarray(eligible) & (scores > -np.inf))
    n = min(n, len(rows))
    if strategy == RANDOM:
        random_share = 1.0
    if n == 0:
        return []
    low = math.floor(n * random_share)
    fraction = n * random_share - low
    m = low + int(rng.random() < fraction)
    ranked = rows[np.lexsort((rng.random(len(rows)), -scores[rows]))]
    blind = set(rng.choice(len(rows), m, replace=False).tolist())
    best = [rank for rank in range(len(rows)) if rank not in blind][: n - m] if m < n else []
    queue: list[tuple[int, str]] = [(rank, strategy) for rank in best]
    for position, rank in zip(np.sort(rng.choice(n, m, replace=False)).tolist(), _shuffled(blind, rng), strict=True):
        queue.insert(position, (rank, RANDOM))

    def probability(rank: int) -> float:
        lower = inclusion(rank + 1, len(rows), n, low)
        return (
            lower if fraction == 0 else (1 - fraction) * lower + fraction * inclusion(rank + 1, len(rows), n, low + 1)
        )

    return [
        Draw(int(ranked[rank]), float(scores[ranked[rank]]), stratum, min(1.0, probability(rank)))
        for rank, stratum in queue
    ]


def _shuffled(ranks: set[int], rng: np.random.Generator) -> list[int]:
    order: npt.NDArray[np.int_] = np.array(sorted(ranks), dtype=np.int64)
    rng.shuffle(order)
    return [int(rank) for rank in order]


def inclusion(rank: int, n_eligible: int, n: int, m: int) -> float:
    """π(rank | m) of :func:`draw`: the item of that rank (from 1) is among the n drawn, m of them blindly.

    Examples
    --------
    >>> [round(inclusion(rank, 100, 10, 1), 6) for rank in (1, 10, 50)]
    [1.0, 0.1, 0.01]
    """
    blind = m / n_eligible
    need = rank - (n - m)
    if need <= 0 and m < n:
        return 1.0
    tail = 0.0
    if m < n:
        top = min(m, rank - 1)
        tail = math.fsum(_hypergeometric(h, n_eligible - 1, rank - 1, m) for h in range(need, top + 1))
    return blind + (1 - blind) * min(1.0, tail)


def _hypergeometric(h: int, total: int, marked: int, drawn: int) -> float:
    """P(h of ``drawn`` are marked), ``marked`` of ``total`` being so."""
    if h > marked or drawn - h > total - marked or h < 0:
        return 0.0
    return math.exp(_log_choose(marked, h) + _log_choose(total - marked, drawn - h) - _log_choose(total, drawn))


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
