r"""Agreement between sources: percent, Cohen's κ, Fleiss' κ and Krippendorff's α, with jackknife intervals.

α works for every answer type through its distance: :math:`\alpha = 1 - D_o / D_e`, the observed disagreement within
items over the disagreement expected by chance.

References
----------
J. Cohen (1960). A Coefficient of Agreement for Nominal Scales. https://doi.org/10.1177/001316446002000104
J. L. Fleiss (1971). Measuring Nominal Scale Agreement Among Many Raters. https://doi.org/10.1037/h0031619
K. Krippendorff (2011). Computing Krippendorff's Alpha-Reliability. https://repository.upenn.edu/asc_papers/43
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from groundswell.core.interval import Interval
from groundswell.core.votes import Floats, VoteTable

MAX_PAIRS = 2_000_000
NORMAL_975 = 1.959963984540054
Distance = Callable[[Any, Any], float]


@dataclass(frozen=True)
class Agreement:
    """Agreement figures; ``None`` where undefined, with the reason in ``why``.

    ``percent`` and ``alpha`` are over all pairs of votes on one item, ``fleiss`` over items with the commonest number
    of votes, ``cohen`` holds a κ per pair of sources with common items.
    """

    percent: Interval | None
    fleiss: Interval | None
    alpha: Interval | None
    cohen: dict[tuple[str, str], float]
    why: tuple[str, ...] = ()


def agreement(votes: VoteTable, *, ordered: bool = False) -> Agreement:
    """Agreement on a choice question.

    Parameters
    ----------
    ordered
        Whether the labels form a scale; α then counts squared steps (interval distance on the codes).

    Examples
    --------
    >>> from groundswell.belief.simulate import crowd
    >>> votes, _ = crowd(n_items=400, accuracies=[0.9, 0.9, 0.9], n_labels=2, seed=0)
    >>> found = agreement(votes)
    >>> print(found.percent)
    85.2 % (82.3–88.0)
    >>> print(f"α = {found.alpha.value:.2f}")
    α = 0.70
    """
    table = _table(votes)
    n = table.sum(1)
    table = table[n >= 2]
    if not len(table):
        reason = "No item has votes of two sources, so that there is nothing to compare."
        return Agreement(None, None, None, {}, (reason,))
    why: list[str] = []
    k = votes.n_labels
    codes = np.arange(k, dtype=float)
    distance = (codes[:, None] - codes) ** 2 if ordered else 1.0 - np.eye(k)
    percent = _jackknife(_percent, table)
    fleiss = _fleiss(table, why)
    alpha = None
    if (table.sum(0) > 0).sum() < 2:
        why.append("All votes name the same label: chance agreement is 1, so that κ and α are undefined.")
    else:
        alpha = _jackknife(lambda t: _alpha(t, distance), table)
    return Agreement(percent, fleiss, alpha, cohen_pairs(votes), tuple(why))


def _table(votes: VoteTable) -> Floats:
    table = np.zeros((votes.n_items, votes.n_labels))
    np.add.at(table, (votes.item, votes.label), 1.0)
    return table


def _percent(table: Floats) -> float:
    n = table.sum(1)
    pairs = n * (n - 1)
    return float(((table * (table - 1)).sum(1)).sum() / pairs.sum())


def _fleiss(table: Floats, why: list[str]) -> Interval | None:
    sizes = table.sum(1).astype(int)
    commonest = int(np.bincount(sizes).argmax())
    same = table[sizes == commonest]
    if len(same) < len(table):
        why.append(f"Fleiss' κ is over the {len(same):,} of {len(table):,} items with {commonest} votes.")
    if (same.sum(0) > 0).sum() < 2:
        return None
    return _jackknife(fleiss_kappa, same)


def fleiss_kappa(table: Floats) -> float:
    r"""Fleiss' κ of counts ``(n_items, n_labels)`` with equally many votes per item.

    :math:`\kappa = (\bar P - \bar P_e) / (1 - \bar P_e)`

    Examples
    --------
    >>> round(fleiss_kappa(np.array([[3.0, 0.0], [0.0, 3.0], [2.0, 1.0]])), 3)
    0.55
    """
    share = table.sum(0) / table.sum()
    expected = float((share**2).sum())
    return (_percent(table) - expected) / (1 - expected) if expected < 1 else float("nan")


def _alpha(table: Floats, distance: Floats) -> float:
    """Krippendorff's α from counts per item and a distance between labels."""
    n = table.sum(1)
    within = np.einsum("ij,jk,ik->i", table, distance, table) / np.maximum(n - 1, 1)
    total = table.sum(0)
    size = total.sum()
    expected = float(total @ distance @ total) / (size - 1)
    return 1.0 - float(within.sum()) / expected if expected > 0 else float("nan")


def _jackknife(measure: Callable[[Floats], float], table: Floats, parts: int = 50) -> Interval:
    """A figure with a 95 % normal interval from a delete-a-group jackknife over items."""
    value = measure(table)
    groups = min(parts, len(table))
    if groups < 2:
        return Interval(value, float("nan"), float("nan"), n=len(table))
    which = np.arange(len(table)) % groups
    left_out = np.array([measure(table[which != g]) for g in range(groups)])
    left_out = left_out[np.isfinite(left_out)]
    spread = float(np.sqrt((groups - 1) / groups * ((left_out - left_out.mean()) ** 2).sum()))
    half = NORMAL_975 * spread
    return Interval(value, max(-1.0, value - half), min(1.0, value + half), n=len(table))


def cohen_pairs(votes: VoteTable, *, at_least: int = 2, most: int = 2_000) -> dict[tuple[str, str], float]:
    """Cohen's κ for pairs of sources with ``at_least`` common items, at most ``most`` pairs; undefined ones left out.

    Examples
    --------
    >>> from groundswell.belief.simulate import crowd
    >>> votes, _ = crowd(n_items=400, accuracies=[0.9, 0.9], n_labels=2, seed=0)
    >>> {pair: round(kappa, 2) for pair, kappa in cohen_pairs(votes).items()}
    {('s0', 's1'): 0.7}
    """
    answers: dict[int, dict[int, int]] = {}
    for item, source, label in zip(votes.item.tolist(), votes.source.tolist(), votes.label.tolist(), strict=True):
        answers.setdefault(source, {})[item] = label
    found: dict[tuple[str, str], float] = {}
    ordered = sorted(answers, key=lambda s: -len(answers[s]))[: int(np.sqrt(2 * most)) + 1]
    for at, a in enumerate(ordered):
        for b in ordered[at + 1 :]:
            common = answers[a].keys() & answers[b].keys()
            if len(common) < at_least or len(found) >= most:
                continue
            joint = np.zeros((votes.n_labels, votes.n_labels))
            for item in common:
                joint[answers[a][item], answers[b][item]] += 1
            kappa = cohen_kappa(joint)
            if kappa is not None:
                found[votes.sources[a].name, votes.sources[b].name] = kappa
    return found


def cohen_kappa(joint: Floats) -> float | None:
    r"""Cohen's κ of a joint table of counts ``(n_labels, n_labels)``; ``None`` if both always say one label.

    :math:`\kappa = (p_o - p_e) / (1 - p_e)`

    Examples
    --------
    >>> cohen_kappa(np.array([[20.0, 5.0], [10.0, 15.0]]))
    0.4
    """
    p = joint / joint.sum()
    expected = float(p.sum(1) @ p.sum(0))
    if expected >= 1:
        return None
    return round((float(np.trace(p)) - expected) / (1 - expected), 12)


def krippendorff_alpha(
    answers: Sequence[Sequence[Hashable | Any]], distance: Distance, *, seed: int = 0
) -> tuple[float | None, str]:
    """Krippendorff's α of any answer type, by its own distance.

    Parameters
    ----------
    answers
        For each item the answers it got.
    distance
        Of two answers, 0 if the same; an answer type's ``distance``.
    seed
        Expected disagreement is taken over all pairs, or over 2,000,000 drawn pairs where there are more.

    Returns
    -------
    tuple
        α, or ``None`` and why it is undefined.

    Examples
    --------
    >>> krippendorff_alpha([[1, 1], [2, 2], [3, 4]], lambda a, b: abs(a - b) ** 2)[0]
    0.8780487804878049
    >>> krippendorff_alpha([[1], [2]], lambda a, b: abs(a - b))
    (None, 'No item has two answers, so that there is nothing to compare.')
    """
    paired = [list(given) for given in answers if len(given) >= 2]
    if not paired:
        return None, "No item has two answers, so that there is nothing to compare."
    pool = [answer for given in paired for answer in given]
    size = len(pool)
    within = 0.0
    for given in paired:
        pairs = sum(distance(a, b) for at, a in enumerate(given) for b in given[at + 1 :])
        within += 2 * pairs / (len(given) - 1)
    if size * (size - 1) // 2 <= MAX_PAIRS:
        apart = [distance(a, b) for at, a in enumerate(pool) for b in pool[at + 1 :]]
        expected = float(np.mean(apart)) if apart else 0.0
    else:
        drawn = np.random.default_rng(seed).integers(0, size, (MAX_PAIRS // 10, 2))
        expected = float(np.mean([distance(pool[a], pool[b]) for a, b in drawn if a != b]))
    if expected == 0:
        return None, "All answers are the same: chance agreement is 1, so that α is undefined."
    return 1.0 - within / size / expected, ""
