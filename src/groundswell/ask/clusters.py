"""k-means and the density around a point, small and repeatable."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from groundswell.core.votes import Floats

ROUNDS = 15
NEIGHBOURS = 20
NEAR = 1_000


def dense(features: Any) -> Floats:
    """``(n, d)`` as a dense array, rows scaled to length 1 (zero rows stay)."""
    x = np.asarray(features.toarray() if hasattr(features, "toarray") else features, dtype=np.float64)
    length = np.linalg.norm(x, axis=1, keepdims=True)
    return np.asarray(x / np.where(length > 0, length, 1.0))


def squared_distances(x: Floats, centres: Floats) -> Floats:
    """``(n, k)`` squared Euclidean distances."""
    return np.asarray(np.maximum((x**2).sum(1)[:, None] - 2.0 * x @ centres.T + (centres**2).sum(1), 0.0))


def k_means(x: Floats, k: int, rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """``(n,)`` cluster of every row: Lloyd's algorithm from k-means++ seeds (Arthur and Vassilvitskii 2007).

    Fewer than ``k`` clusters are used where rows coincide.
    """
    centres = x[[rng.integers(len(x))]]
    nearest = squared_distances(x, centres)[:, 0]
    while len(centres) < min(k, len(x)) and nearest.sum() > 1e-12:
        chosen = rng.choice(len(x), p=nearest / nearest.sum())
        centres = np.vstack([centres, x[chosen]])
        nearest = np.minimum(nearest, squared_distances(x, x[[chosen]])[:, 0])
    cluster = squared_distances(x, centres).argmin(1)
    for _ in range(ROUNDS):
        sums = np.zeros_like(centres)
        np.add.at(sums, cluster, x)
        counts = np.bincount(cluster, minlength=len(centres))[:, None]
        centres = np.where(counts > 0, sums / np.maximum(counts, 1), centres)
        moved = squared_distances(x, centres).argmin(1)
        if (moved == cluster).all():
            break
        cluster = moved
    return np.asarray(cluster)


def typicality(x: Floats, cluster: npt.NDArray[np.intp], rng: np.random.Generator) -> Floats:
    """``(n,)``: 1 over the mean distance to the 20 nearest of the same cluster (Hacohen et al. 2022).

    In a cluster of more than 1,000 the neighbours are sought among 1,000 drawn at random.
    """
    found = np.zeros(len(x))
    for c in np.unique(cluster):
        rows = np.flatnonzero(cluster == c)
        near = rows if len(rows) <= NEAR else np.sort(rng.choice(rows, NEAR, replace=False))
        k = min(NEIGHBOURS, len(near) - 1)
        if k < 1:
            continue
        for start in range(0, len(rows), 4_096):
            part = rows[start : start + 4_096]
            # The nearest of all may be the row itself, at distance 0: one more is taken.
            d = np.sqrt(np.partition(squared_distances(x[part], x[near]), k, axis=1)[:, : k + 1])
            found[part] = 1.0 / (d.sum(1) / k + 1e-3)
    return found
