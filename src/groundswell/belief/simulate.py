"""Votes whose truth is known: for examples, tests and benchmarks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from groundswell.core.source import SourceInfo
from groundswell.core.votes import Floats, VoteTable


def crowd(
    *,
    n_items: int,
    accuracies: Sequence[float],
    n_labels: int,
    seed: int = 0,
    prior: Sequence[float] | None = None,
    votes_per_item: int | None = None,
) -> tuple[VoteTable, npt.NDArray[np.int64]]:
    """Sources that are right with the given probabilities and wrong evenly.

    Parameters
    ----------
    votes_per_item
        How many sources answer an item, drawn at random; all by default.

    Returns
    -------
    tuple
        The votes, and the true codes ``(n_items,)``.

    Examples
    --------
    >>> votes, truth = crowd(n_items=3, accuracies=[1.0, 1.0], n_labels=4, seed=1)
    >>> (votes.label == truth[votes.item]).all()
    np.True_
    """
    off = [(1 - a) / max(n_labels - 1, 1) for a in accuracies]
    confusion = np.array([np.full((n_labels, n_labels), o) for o in off])
    for s, accuracy in enumerate(accuracies):
        np.fill_diagonal(confusion[s], accuracy)
    return confused(confusion, n_items=n_items, seed=seed, prior=prior, votes_per_item=votes_per_item)


def confused(
    confusion: Floats,
    *,
    n_items: int,
    seed: int = 0,
    prior: Sequence[float] | None = None,
    votes_per_item: int | None = None,
) -> tuple[VoteTable, npt.NDArray[np.int64]]:
    """As :func:`crowd`, for sources with confusion matrices ``(n_sources, n_labels, n_labels)``, rows the truth."""
    rng = np.random.default_rng(seed)
    n_sources, n_labels = confusion.shape[:2]
    truth = rng.choice(n_labels, n_items, p=prior)
    per_item = n_sources if votes_per_item is None else votes_per_item
    item = np.repeat(np.arange(n_items), per_item)
    if per_item == n_sources:
        source = np.tile(np.arange(n_sources), n_items)
    else:
        source = rng.random((n_items, n_sources)).argsort(1)[:, :per_item].ravel()
    heap = confusion.cumsum(2)[source, truth[item]]
    label = np.minimum((rng.random(len(item))[:, None] > heap).sum(1), n_labels - 1)
    sources = [SourceInfo(f"s{s}") for s in range(n_sources)]
    return VoteTable.build(range(n_items), sources, list(range(n_labels)), item, source, label), truth
