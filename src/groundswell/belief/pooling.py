r"""M steps of the default model: every source drawn to what its kind is like.

Three treatments, one table:

* **confusion** – a source that answers questions: its row :math:`\theta_{sk\cdot}` is drawn to a row of few parameters
  of its own (MACE's: it knows the answer or follows a habit) and to the prototype of its kind.
* **precision** – a rule that speaks up for one class: conditioning on "it voted" would make its likelihood flat, so
  it gets :math:`P(k \mid y)` with a strong prior, and a vote brings :math:`\log P(k \mid y) - w \log \pi_k`. It
  always argues for something, so it cannot collapse.
* **known** – a source whose trust is given: fixed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import digamma

from groundswell.belief.em import Update
from groundswell.belief.models.one_coin import shrunk_accuracy
from groundswell.core.source import SourceInfo
from groundswell.core.votes import Floats, VoteTable

EXPECTED_ACCURACY = {
    "person": 0.95,
    "rule": 0.85,
    "lookup": 0.9,
    "legacy": 0.85,
    "llm": 0.75,
    "model": 0.8,
    "gold": 0.999,
    "source": 0.75,
}
MOST_TRUST = 0.999
RULE_WEIGHT = 0.5
"""Least power of the class balance in what a rule's vote brings."""
COMPETENCE, HABIT, HABIT_STEPS = 0.5, 3.0, 8


@dataclass(frozen=True)
class Pooling:
    """How strongly sources are drawn together; in votes.

    Parameters
    ----------
    weight
        Power of the class balance in the posterior, 0 to 1.
    own
        Pseudo-votes on each confusion row, shaped like the source's own row of few parameters.
    habits
        Whether that row is MACE's (competence and a habit of its own) or one coin with its kind's errors.
    kind
        Pseudo-votes on each confusion row, shaped like the prototype of its kind.
    anchor
        Pseudo-votes behind the expected accuracy of a kind.
    precision_votes, precision
        Pseudo-votes behind a rule's precision, and the expected precision.
    """

    weight: float = 0.5
    own: float = 6.0
    habits: bool = True
    kind: float = 2.0
    anchor: float = 20.0
    precision_votes: float = 700.0
    precision: float = 0.9


@dataclass(frozen=True)
class Treatment:
    """Which source gets which of the three treatments: ``(n_sources,)`` masks and values.

    ``trust`` is NaN where none is known; ``kind`` numbers the kinds present.
    """

    one_sided: npt.NDArray[np.bool_]
    trust: Floats
    kind: npt.NDArray[np.intp]
    expected: Floats
    derived: npt.NDArray[np.bool_]
    people: npt.NDArray[np.bool_]

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """Sources whose trust is given."""
        return ~np.isnan(self.trust)


def treatment(votes: VoteTable) -> Treatment:
    """Decide from what is known of the sources and, where nothing is, from how they vote."""
    kinds = sorted({info.kind for info in votes.sources})
    one_sided = np.array([info.kind in ("rule", "lookup") for info in votes.sources], bool)
    unknown = np.array([info.kind == "source" for info in votes.sources], bool)
    return Treatment(
        one_sided=one_sided | (unknown & _speaks_for_one(votes)) if unknown.any() else one_sided,
        trust=np.array([_trust(info) for info in votes.sources], float),
        kind=np.array([kinds.index(info.kind) for info in votes.sources], np.intp),
        expected=np.array([EXPECTED_ACCURACY[kind] for kind in kinds], float),
        derived=np.array([info.derived for info in votes.sources], bool),
        people=np.array([info.kind in ("person", "gold") for info in votes.sources], bool),
    )


def _trust(info: SourceInfo) -> float:
    if info.trust is not None:
        return min(info.trust, MOST_TRUST)
    return MOST_TRUST if info.kind == "gold" else float("nan")


def _speaks_for_one(votes: VoteTable) -> npt.NDArray[np.bool_]:
    """Sources that only ever vote one label, if most votes come from such sources and chance does not explain it.

    A person who happened to see five easy items is not a rule: the same label n times in a row must have had a
    probability below 1 % at the overall shares of the votes.
    """
    flat = votes.source.astype(np.int64) * votes.n_labels + votes.label
    counts = np.bincount(flat, minlength=votes.n_sources * votes.n_labels).reshape(votes.n_sources, votes.n_labels)
    n = counts.sum(1)
    share = counts.sum(0) / max(counts.sum(), 1.0)
    top = counts.argmax(1)
    constant = (counts.max(1, initial=0.0) == n) & (n > 0)
    surprising = n * np.log(np.maximum(share[top], 1e-12)) < np.log(0.01)
    if n[constant & surprising].sum() < 0.5 * n.sum():
        return np.zeros(votes.n_sources, bool)
    return np.asarray(constant)


def pooled_update(plan: Treatment, settings: Pooling, n_labels: int) -> Update:
    """The M step for these sources."""
    known = np.flatnonzero(plan.known)
    fixed = np.where(plan.known, plan.trust, 0.5)[known]
    rules = np.flatnonzero(plan.one_sided & ~plan.known)

    def update(counts: Floats, balance: Floats) -> tuple[Floats, Floats]:
        log_pi = np.log((balance + 1.0) / (balance + 1.0).sum())
        table = confusion_table(counts, plan, settings)
        table[rules] = precision_table(counts[rules], settings) - max(settings.weight, RULE_WEIGHT) * log_pi
        if len(known):
            table[known] = known_table(fixed, n_labels)
        return table, settings.weight * log_pi

    return update


def confusion_table(counts: Floats, plan: Treatment, settings: Pooling) -> Floats:
    """``log θ[s, vote, truth]``, each row drawn to the source's own simple row and to its kind's prototype."""
    n_labels = counts.shape[1]
    rows = counts.transpose(0, 2, 1)
    theta = np.empty(rows.shape)
    for kind, expected in enumerate(plan.expected):
        mine = plan.kind == kind
        base = settings.anchor / n_labels * identity_like(n_labels, float(expected))
        prototype = rows[mine].sum(0) + base
        prototype /= prototype.sum(1, keepdims=True)
        anchored = np.concatenate([counts[mine], base[None]])
        simple = habit_rows(anchored)[:-1] if settings.habits else coin_rows(anchored, prototype)[:-1]
        theta[mine] = rows[mine] + settings.own * simple + settings.kind * prototype + 1e-3
    theta /= theta.sum(2, keepdims=True)
    return np.ascontiguousarray(np.log(theta).transpose(0, 2, 1))


def habit_rows(counts: Floats) -> Floats:
    r"""MACE's rows ``[s, truth, vote]``: :math:`\alpha_s [y = k] + (1 - \alpha_s) \xi_{sy}`.

    Competence α and habit ξ are those that explain the counts ``[s, vote, truth]``, by a few steps of variational EM
    with a Beta prior of weight 1 on α and a Dirichlet prior of 3 on each ξ.
    """
    n, k, _ = counts.shape
    right = np.einsum("skk->sk", counts)
    said, total = counts.sum(2), counts.sum((1, 2))
    alpha, xi = np.full(n, 0.5), np.full((n, k), 1.0 / k)
    for _ in range(HABIT_STEPS):
        known = right * alpha[:, None] / np.maximum(alpha[:, None] + (1 - alpha[:, None]) * xi, 1e-12)
        knows = known.sum(1) + COMPETENCE
        guesses = total - known.sum(1) + COMPETENCE
        yes, no = np.exp(digamma(knows)), np.exp(digamma(guesses))
        alpha = yes / (yes + no)
        pseudo = said - known + HABIT
        xi = np.exp(digamma(pseudo))
        xi /= xi.sum(1, keepdims=True)
    theta = np.repeat(((1 - alpha)[:, None] * xi)[:, None, :], k, axis=1)
    diagonal = np.arange(k)
    theta[:, diagonal, diagonal] += alpha[:, None]
    return theta


def coin_rows(counts: Floats, prototype: Floats) -> Floats:
    """Rows ``[s, truth, vote]`` that are right with one probability and wrong as the prototype is."""
    diagonal = np.arange(counts.shape[1])
    accuracy = shrunk_accuracy(counts, 4.0)
    wrong = prototype.copy()
    wrong[diagonal, diagonal] = 0.0
    wrong /= np.maximum(wrong.sum(1, keepdims=True), 1e-12)
    coin = (1 - accuracy)[:, None, None] * wrong
    coin[:, diagonal, diagonal] = accuracy[:, None] if len(diagonal) > 1 else 1.0
    return np.asarray(coin)


def precision_table(counts: Floats, settings: Pooling) -> Floats:
    """``log P(truth | vote)`` for each source, ``(n, n_labels, n_labels)``."""
    base = identity_like(counts.shape[1], settings.precision)
    total = counts.sum(2, keepdims=True)
    return np.asarray(np.log((counts + settings.precision_votes * base) / (total + settings.precision_votes)))


def known_table(trust: Floats, n_labels: int) -> Floats:
    """Log-evidence of sources that are right with a known probability."""
    return np.asarray(np.log(np.stack([np.maximum(identity_like(n_labels, t), 1e-12) for t in trust])))


def identity_like(n_labels: int, diagonal: float) -> Floats:
    """``(n_labels, n_labels)`` with ``diagonal`` on it and the rest spread evenly.

    Examples
    --------
    >>> identity_like(3, 0.8)
    array([[0.8, 0.1, 0.1],
           [0.1, 0.8, 0.1],
           [0.1, 0.1, 0.8]])
    """
    if n_labels == 1:
        return np.ones((1, 1))
    base = np.full((n_labels, n_labels), (1 - diagonal) / (n_labels - 1))
    np.fill_diagonal(base, diagonal)
    return base
