r"""Groups: sources that may share their errors, discounted by what they agree beyond their skill.

Votes alone cannot tell four copies and three honest people from four perfect sources and three who share errors: the
knowledge comes from the sources' ``group``. Skill is learned from agreement *across* groups only. For two sources
that are independent given the truth, the covariance of their answers summed over classes,

.. math:: c_{ij} = P(y_i = y_j) - \sum_k P(y_i = k) P(y_j = k) = u_i u_j,

is a product of their skills; u is fitted to the pairs in different groups. What two sources of one group agree
beyond that, relative to what is left to agree on, is their shared error

.. math:: \rho_{ij} = \frac{c_{ij} - u_i u_j}{\sqrt{(v_i - u_i^2)(v_j - u_j^2)}}, \quad v_i = 1 - \sum_k P(y_i = k)^2

and the evidence of source i is weighed by :math:`1 / (1 + \sum_j \rho_{ij})`: ten perfect copies count as one.
A rank-one model of agreement is what FlyingSquid solves in triplets: D. Y. Fu et al. (2020), Fast and Three-rious,
https://doi.org/10.48550/arXiv.2002.11955
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from groundswell.core.votes import Floats, VoteTable

MOST_SOURCES = 400
SAMPLE_VOTES = 300_000
FEWEST_COMMON = 10
ROUNDS = 200


@dataclass(frozen=True)
class Groups:
    """``weight (n_sources,)`` in (0, 1], ``block (n_sources,)`` codes (a lone source is a block), and ``notes``."""

    weight: Floats
    block: npt.NDArray[np.intp]
    notes: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether some source is discounted."""
        return bool((self.weight < 1.0).any())


def blocks(votes: VoteTable) -> npt.NDArray[np.intp]:
    """A code per source: one for each group, one for each source without a group."""
    names: dict[tuple[bool, str], int] = {}
    keys = [(info.group is not None, info.group or info.name) for info in votes.sources]
    return np.array([names.setdefault(key, len(names)) for key in keys], np.intp)


def discount(votes: VoteTable) -> Groups:
    """Weights of the sources by the agreement within their groups beyond what their skills explain."""
    block = blocks(votes)
    weight = np.ones(votes.n_sources)
    voting = np.bincount(votes.source, minlength=votes.n_sources) > 0
    sizes = np.bincount(block[voting], minlength=block.max(initial=0) + 1)
    shared = np.flatnonzero(voting & (sizes[block] > 1))
    if not len(shared):
        return Groups(weight, block)
    if len(np.unique(block[voting])) < 3:
        note = (
            "All sources belong to fewer than three groups, so that votes cannot tell shared errors from skill. "
            "Known answers would."
        )
        return Groups(weight, block, (note,))
    lone = np.flatnonzero(voting & (sizes[block] == 1))
    chosen = np.concatenate([shared[:MOST_SOURCES], lone[: max(MOST_SOURCES - len(shared), 50)]])
    common, covariance, spread = _covariances(votes, chosen)
    skill = _skills(common, covariance, block[chosen], spread)
    left = np.sqrt(np.maximum(spread - skill**2, 1e-3))
    excess = (covariance - np.outer(skill, skill)) / np.outer(left, left)
    same = (block[chosen][:, None] == block[chosen]) & (common >= FEWEST_COMMON)
    np.fill_diagonal(same, False)
    rho = np.where(same, np.clip(excess, 0.0, 1.0), 0.0)
    weight[chosen] = 1.0 / (1.0 + rho.sum(1))
    return Groups(weight, block)


def _covariances(votes: VoteTable, chosen: npt.NDArray[np.intp]) -> tuple[Floats, Floats, Floats]:
    """Common items, summed class covariance over them ``(n, n)``, and each source's own ``(n,)``."""
    place = np.full(votes.n_sources, -1)
    place[chosen] = np.arange(len(chosen))
    rows = np.flatnonzero(place[votes.source] >= 0)
    if len(rows) > SAMPLE_VOTES:
        rows = rows[votes.item[rows] < votes.item[rows[SAMPLE_VOTES]]]
    items, item = np.unique(votes.item[rows], return_inverse=True)
    said = np.full((len(chosen), len(items)), -1, np.int16)
    said[place[votes.source[rows]], item] = votes.label[rows]
    common = np.zeros((len(chosen), len(chosen)))
    agree, chance = common.copy(), common.copy()
    spoke = (said >= 0).astype(np.float64)
    common = spoke @ spoke.T
    for k in np.unique(said[said >= 0]):
        mine = (said == k).astype(np.float64)
        agree += mine @ mine.T
        together = mine @ spoke.T
        chance += together * together.T
    n = np.maximum(common, 1.0)
    covariance = agree / n - chance / n**2
    return common, covariance, np.maximum(np.diag(covariance), 1e-3)


def _skills(common: Floats, covariance: Floats, block: npt.NDArray[np.intp], spread: Floats) -> Floats:
    """u ≥ 0 with u_i u_j ≈ c_ij over pairs of different groups, by coordinate descent weighted by common items.

    A pair's weight is shared out over the copies, so that a large group does not outvote the others' estimate.
    """
    sizes = np.bincount(block)[block]
    weight = np.where((block[:, None] != block) & (common >= 2), common, 0.0) / np.outer(sizes, sizes)
    skill = 0.7 * np.sqrt(spread)
    for _ in range(ROUNDS):
        before = skill.copy()
        for i in range(len(skill)):
            bottom = float((weight[i] * skill**2).sum())
            if bottom > 0:
                fitted = float((weight[i] * covariance[i] * skill).sum()) / bottom
                skill[i] = min(max(fitted, 0.0), float(np.sqrt(spread[i])))
        if np.abs(skill - before).max() < 1e-6:
            break
    return skill
