"""The one fused pass that every table model shares: E step and M step in a single walk over the votes.

A *table model* says of every vote how much it argues for each latent class: ``table[s, y, l]`` is the log-evidence
of source ``s`` voting ``y`` for latent class ``l``. Dawid–Skene, one-coin, MACE, IBCC, EBCC and the precision model
for rules differ only in how they turn expected counts into that table, so that one compiled pass serves all of them.

Posteriors are not stored while fitting: each item's is made, added to the counts and forgotten, so that memory
grows with the votes and not with items × labels.
"""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np

_IMPOSSIBLE = -1e30


@numba.njit(cache=True, nogil=True)
def _posterior(
    first: int,
    last: int,
    source: Any,
    label: Any,
    table: Any,
    log_prior: Any,
    known: int,
    sub: int,
    p: Any,
) -> float:
    """Posterior of one item into ``p``; returns the log of its normaliser."""
    n_latent = p.shape[0]
    for k in range(n_latent):
        p[k] = log_prior[k]
    for v in range(first, last):
        row = table[source[v], label[v]]
        for k in range(n_latent):
            p[k] += row[k]
    if known >= 0:
        for k in range(n_latent):
            if k // sub != known:
                p[k] = _IMPOSSIBLE
    top = p[0]
    for k in range(1, n_latent):
        top = max(top, p[k])
    total = 0.0
    for k in range(n_latent):
        p[k] = math.exp(p[k] - top)
        total += p[k]
    for k in range(n_latent):
        p[k] /= total
    evidence: float = top + math.log(total)
    return evidence


@numba.njit(cache=True, nogil=True)
def accumulate(
    low: int,
    high: int,
    starts: Any,
    source: Any,
    label: Any,
    table: Any,
    log_prior: Any,
    extra: Any,
    gold: Any,
    sub: int,
    gold_weight: float,
    counts: Any,
    balance: Any,
) -> float:
    """E and M sums over items ``low`` to ``high`` (excluded).

    Parameters
    ----------
    starts, source, label
        Votes sorted by item: those of item i stand at ``starts[i]:starts[i + 1]``.
    table
        ``(n_sources, n_votes_labels, n_latent)`` log-evidence.
    log_prior
        ``(n_latent,)``.
    extra
        ``(n_items, n_latent)`` log-evidence per item from elsewhere, or ``(0, n_latent)``.
    gold
        ``(n_items,)`` known class or negative; or ``(0,)``.
    sub
        Latent classes per class (1 except in subtype models): latent l belongs to class ``l // sub``.
    gold_weight
        How often the votes on an item with a known class are counted.
    counts, balance
        Expected counts, added to in place: shaped like ``table`` and ``(n_latent,)``.

    Returns
    -------
    float
        Log-likelihood of these items.
    """
    n_latent = log_prior.shape[0]
    p = np.empty(n_latent)
    start = np.empty(n_latent)
    for k in range(n_latent):
        start[k] = log_prior[k]
    loglik = 0.0
    for i in range(low, high):
        first, last = starts[i], starts[i + 1]
        if first == last:
            continue
        known = gold[i] if gold.shape[0] > 0 else -1
        if extra.shape[0] > 0:
            for k in range(n_latent):
                start[k] = log_prior[k] + extra[i, k]
        loglik += _posterior(first, last, source, label, table, start, known, sub, p)
        for k in range(n_latent):
            balance[k] += p[k]
        if known >= 0:
            for k in range(n_latent):
                p[k] *= gold_weight
        for v in range(first, last):
            row = counts[source[v], label[v]]
            for k in range(n_latent):
                row[k] += p[k]
    return loglik


@numba.njit(cache=True, nogil=True)
def posteriors(
    low: int,
    high: int,
    starts: Any,
    source: Any,
    label: Any,
    table: Any,
    log_prior: Any,
    extra: Any,
    gold: Any,
    sub: int,
    out: Any,
) -> None:
    """Posterior over classes of items ``low`` to ``high`` into ``out (n_items, n_latent // sub)``."""
    n_latent = log_prior.shape[0]
    p = np.empty(n_latent)
    start = np.empty(n_latent)
    for k in range(n_latent):
        start[k] = log_prior[k]
    for i in range(low, high):
        known = gold[i] if gold.shape[0] > 0 else -1
        if extra.shape[0] > 0:
            for k in range(n_latent):
                start[k] = log_prior[k] + extra[i, k]
        _posterior(starts[i], starts[i + 1], source, label, table, start, known, sub, p)
        for k in range(out.shape[1]):
            out[i, k] = 0.0
        for k in range(n_latent):
            out[i, k // sub] += p[k]


@numba.njit(cache=True, nogil=True)
def share_counts(
    low: int,
    high: int,
    starts: Any,
    source: Any,
    label: Any,
    gold: Any,
    sub: int,
    counts: Any,
    balance: Any,
) -> None:
    """As :func:`accumulate`, with the shares of the votes as posterior: where EM starts.

    With subtypes, a class's share is spread evenly over its own.
    """
    n_classes = balance.shape[0] // sub
    p = np.empty(n_classes)
    for i in range(low, high):
        first, last = starts[i], starts[i + 1]
        if first == last:
            continue
        p[:] = 0.0
        if gold.shape[0] > 0 and gold[i] >= 0:
            p[gold[i]] = 1.0
        else:
            for v in range(first, last):
                p[label[v]] += 1.0 / (last - first)
        for k in range(n_classes):
            if p[k] == 0.0:
                continue
            for m in range(sub):
                part = p[k] / sub
                balance[k * sub + m] += part
                for v in range(first, last):
                    counts[source[v], label[v], k * sub + m] += part


@numba.njit(cache=True, nogil=True)
def shares(low: int, high: int, starts: Any, label: Any, out: Any) -> None:
    """Share of each label among an item's votes into ``out (n_items, n_labels)``; zero without votes."""
    for i in range(low, high):
        first, last = starts[i], starts[i + 1]
        for v in range(first, last):
            out[i, label[v]] += 1.0 / (last - first)


@numba.njit(cache=True, nogil=True)
def weigh(starts: Any, source: Any, weight: Any, out: Any) -> None:
    """Sum of the weights of the sources that voted on each item, into ``out (n_items,)``."""
    for i in range(out.shape[0]):
        out[i] = 0.0
        for v in range(starts[i], starts[i + 1]):
            out[i] += weight[source[v]]


@numba.njit(cache=True, nogil=True)
def source_counts(starts: Any, source: Any, label: Any, p: Any, counts: Any, doubt: Any) -> None:
    """What the posterior ``p (n_items, n_labels)`` says of each source's votes.

    Adds ``p`` to ``counts[s, vote]`` (votes by truth), and to ``doubt[s]`` the variance of each vote's being right
    and one minus the item's certainty: ``(n_sources, 2)``.
    """
    for i in range(p.shape[0]):
        first, last = starts[i], starts[i + 1]
        if first == last:
            continue
        top = p[i, 0]
        for k in range(1, p.shape[1]):
            top = max(top, p[i, k])
        for v in range(first, last):
            s, y = source[v], label[v]
            for k in range(p.shape[1]):
                counts[s, y, k] += p[i, k]
            doubt[s, 0] += p[i, y] * (1.0 - p[i, y])
            doubt[s, 1] += 1.0 - top
