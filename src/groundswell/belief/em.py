"""Expectation–maximisation over a table model, in passes over the votes that never store a posterior.

A pass is split by item into a fixed number of parts (so that the sums, and with them the result, do not depend on
the number of cores) and run in threads. Large tables are first fitted on a sample of their items, so that only the
last few passes read all votes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from groundswell.belief import kernel
from groundswell.core.errors import InputError
from groundswell.core.votes import Codes, Floats, Ints, VoteTable

Update: TypeAlias = Callable[[Floats, Floats], tuple[Floats, Floats]]
"""Expected counts ``(n_sources, n_labels, n_latent)`` and balance ``(n_latent,)`` to table and log-prior."""

VOTES_PER_PART = 1 << 20
MAX_PARTS = 8
SAMPLE_VOTES = 300_000
LARGE = 3 * SAMPLE_VOTES
"""Votes above which a fit begins on a sample."""
LOOSE = 1e-5
"""Tolerance of the passes over all votes that follow such a beginning."""
MAX_TABLE = 50_000_000


@dataclass(frozen=True)
class Prepared:
    """A vote table as the kernels read it.

    Plain votes stand in ``source`` and ``label`` behind ``starts``; distributions are kept apart (``soft_*``), since
    they are few (a trained model's) and are added by dense sums. ``extra`` is log-evidence per item.
    """

    starts: npt.NDArray[np.int64]
    source: Ints
    label: Codes
    gold: npt.NDArray[np.int16]
    n_items: int
    n_sources: int
    n_labels: int
    extra: Floats
    soft_item: Ints
    soft_source: Ints
    soft: Floats
    sub: int = 1
    gold_weight: float = 1.0

    @property
    def n_latent(self) -> int:
        """Latent classes: labels × subtypes."""
        return self.n_labels * self.sub

    @property
    def n_votes(self) -> int:
        """Plain votes."""
        return len(self.source)

    def sample(self, votes: int) -> Prepared:
        """Every so-manieth item, as many as hold about ``votes`` votes."""
        step = max(1, self.n_votes // votes)
        rows = np.arange(0, self.n_items, step)
        lengths = (self.starts[rows + 1] - self.starts[rows]).astype(np.int64)
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        take = np.repeat(self.starts[rows] - starts[:-1], lengths) + np.arange(starts[-1])
        keep = np.isin(self.soft_item, rows)
        return replace(
            self,
            starts=starts,
            source=self.source[take],
            label=self.label[take],
            gold=self.gold[rows] if len(self.gold) else self.gold,
            n_items=len(rows),
            extra=self.extra[rows] if len(self.extra) else self.extra,
            soft_item=np.searchsorted(rows, self.soft_item[keep]).astype(np.int32),
            soft_source=self.soft_source[keep],
            soft=self.soft[keep],
        )


def prepare(votes: VoteTable, *, sub: int = 1, extra: Floats | None = None) -> Prepared:
    """``votes`` as the kernels read them.

    Raises
    ------
    InputError
        If a table of sources × labels × labels would not fit in memory.
    """
    if table_size(votes, sub) > MAX_TABLE:
        raise InputError(
            f"{votes.n_sources:,} sources and {votes.n_labels:,} labels are too many for confusion matrices",
            hint="Use the model 'default', 'wawa' or 'majority'",
        )
    plain = np.ones(votes.n_votes, bool) if votes.soft is None else votes.soft.sum(1) == 0
    everything = bool(plain.all())
    item = votes.item if everything else votes.item[plain]
    soft = np.empty((0, votes.n_labels)) if everything or votes.soft is None else votes.soft[~plain]
    return Prepared(
        starts=votes.starts() if everything else np.searchsorted(item, np.arange(votes.n_items + 1)).astype(np.int64),
        source=votes.source if everything else votes.source[plain],
        label=votes.label if everything else votes.label[plain],
        gold=np.empty(0, np.int16) if votes.gold is None else votes.gold.astype(np.int16),
        n_items=votes.n_items,
        n_sources=votes.n_sources,
        n_labels=votes.n_labels,
        extra=np.empty((0, votes.n_labels * sub)) if extra is None else extra,
        soft_item=votes.item[:0] if everything else votes.item[~plain],
        soft_source=votes.source[:0] if everything else votes.source[~plain],
        soft=np.ascontiguousarray(soft),
        sub=sub,
    )


def table_size(votes: VoteTable, sub: int = 1) -> int:
    """Cells of a table of sources × labels × latent classes."""
    return votes.n_sources * votes.n_labels * votes.n_labels * sub


def _parts(data: Prepared) -> list[tuple[int, int]]:
    """Ranges of items with about equally many votes each."""
    n = min(MAX_PARTS, max(1, data.n_votes // VOTES_PER_PART))
    cuts = np.searchsorted(data.starts, np.linspace(0, data.n_votes, n + 1)[1:-1])
    edges = [0, *(int(cut) for cut in cuts), data.n_items]
    return list(pairwise(edges))


def _each(work: Callable[[tuple[int, int]], Floats], parts: list[tuple[int, int]]) -> list[Floats]:
    if len(parts) == 1:
        return [work(parts[0])]
    with ThreadPoolExecutor(min(len(parts), os.cpu_count() or 1)) as pool:
        return list(pool.map(work, parts))


def _soft_evidence(data: Prepared, table: Floats) -> Floats:
    """``extra`` plus what the distribution votes say, ``(n_items, n_latent)``; ``(0, n_latent)`` if there are none."""
    if not len(data.soft):
        return data.extra
    extra = data.extra.copy() if len(data.extra) else np.zeros((data.n_items, data.n_latent))
    for source in np.unique(data.soft_source):
        mine = data.soft_source == source
        np.add.at(extra, data.soft_item[mine], data.soft[mine] @ table[source])
    return extra


def one_pass(data: Prepared, table: Floats, log_prior: Floats) -> tuple[Floats, Floats, float]:
    """Counts ``(n_sources, n_labels, n_latent)``, balance ``(n_latent,)`` and log-likelihood of one E step."""
    extra = _soft_evidence(data, table)
    balance_at, size = table.size, table.size + len(log_prior)

    def work(part: tuple[int, int]) -> Floats:
        sums = np.zeros(size + 1)
        sums[size] = kernel.accumulate(
            *part,
            data.starts,
            data.source,
            data.label,
            table,
            log_prior,
            extra,
            data.gold,
            data.sub,
            data.gold_weight,
            sums[:balance_at].reshape(table.shape),
            sums[balance_at:size],
        )
        return sums

    total = np.sum(_each(work, _parts(data)), axis=0)
    counts = total[:balance_at].reshape(table.shape)
    if len(data.soft):
        _add_soft_counts(data, posterior(data, table, log_prior), counts)
    return counts, total[balance_at:size], float(total[size])


def _add_soft_counts(data: Prepared, latent: Floats, counts: Floats) -> None:
    if data.sub > 1:
        latent = np.repeat(latent / data.sub, data.sub, axis=1)
    for source in np.unique(data.soft_source):
        mine = data.soft_source == source
        counts[source] += data.soft[mine].T @ latent[data.soft_item[mine]]


def posterior(data: Prepared, table: Floats, log_prior: Floats) -> Floats:
    """``(n_items, n_labels)``, rows sum to 1."""
    out = np.empty((data.n_items, data.n_labels))
    extra = _soft_evidence(data, table)

    def work(part: tuple[int, int]) -> Floats:
        kernel.posteriors(
            *part,
            data.starts,
            data.source,
            data.label,
            table,
            log_prior,
            extra,
            data.gold,
            data.sub,
            out,
        )
        return out

    _each(work, _parts(data))
    return out


def start_counts(data: Prepared) -> tuple[Floats, Floats]:
    """Counts and balance with the shares of the votes as posterior: majority vote, where EM begins."""
    shape = (data.n_sources, data.n_labels, data.n_latent)
    size = int(np.prod(shape))

    def work(part: tuple[int, int]) -> Floats:
        sums = np.zeros(size + data.n_latent)
        kernel.share_counts(
            *part, data.starts, data.source, data.label, data.gold, data.sub, sums[:size].reshape(shape), sums[size:]
        )
        return sums

    total = np.sum(_each(work, _parts(data)), axis=0)
    counts = total[:size].reshape(shape)
    if len(data.soft):
        latent = np.full((data.n_items, data.n_labels), 1.0 / data.n_labels)
        np.add.at(latent, data.soft_item, data.soft)
        _add_soft_counts(data, latent / latent.sum(1, keepdims=True), counts)
    return counts, total[size:]


@dataclass(frozen=True)
class Fitted:
    """Where EM stopped: table, log-prior, the counts and the balance behind them, passes, log-likelihood."""

    table: Floats
    log_prior: Floats
    counts: Floats
    balance: Floats
    n_iter: int
    log_likelihood: float


def run(
    data: Prepared,
    update: Update,
    *,
    max_iter: int = 100,
    tol: float = 1e-6,
    start: tuple[Floats, Floats] | None = None,
) -> Fitted:
    """Iterate until the log-likelihood changes by less than ``tol`` of itself.

    Parameters
    ----------
    update
        The M step.
    start
        Counts and balance to begin with (a warm start); the shares of the votes otherwise.
    """
    if data.n_votes > LARGE and start is None:
        small = data.sample(SAMPLE_VOTES)
        first = run(small, update, max_iter=max_iter, tol=tol)
        scale = data.n_votes / max(1, small.n_votes)
        start = (first.counts * scale, first.balance * scale)
        tol = max(tol, LOOSE)
    counts, balance = start_counts(data) if start is None else start
    before = -np.inf
    n_iter = 0
    while n_iter < max_iter:
        n_iter += 1
        table, log_prior = update(counts, balance)
        counts, balance, log_likelihood = one_pass(data, table, log_prior)
        if abs(log_likelihood - before) <= tol * abs(log_likelihood):
            break
        before = log_likelihood
    return Fitted(table, log_prior, counts, balance, n_iter, log_likelihood)
