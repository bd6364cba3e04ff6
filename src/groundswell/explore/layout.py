"""A flat map of points in many dimensions: neighbours stay neighbours.

t-SNE (van der Maaten and Hinton 2008, JMLR 9:2579) with uniform affinities over the nearest neighbours, PCA
initialisation (Kobak and Linderman 2021, doi:10.1038/s41587-020-00809-z), lasting exaggeration, which draws clusters
together (Böhm, Berens and Kobak 2022, JMLR 23:95), and repulsion by a fast Fourier transform over a grid (Linderman et
al. 2019, doi:10.1038/s41592-018-0308-4). Beyond ``LANDMARKS`` points a sample is laid out and the others are placed
among their nearest landmarks.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import fft, sparse

Floats: TypeAlias = npt.NDArray[np.float64]
Matrix: TypeAlias = npt.NDArray[np.float32]

LANDMARKS = 6_000
_NEIGHBOURS = 15
_STEPS, _EARLY_STEPS = 380, 100
_EXAGGERATION, _EARLY_EXAGGERATION = 1.5, 12.0
_SPACING = 0.25  # of the grid; the kernel is 1 wide
_MOST_NODES = 240
_CHUNK = 2_048


def layout(features: npt.ArrayLike, *, seed: int = 0) -> Floats:
    """``(n, d)`` dense features to ``(n, 2)`` places, centred, their root mean square distance from it 1.

    Distances are angles between rows, as texts want it. Deterministic for a seed.
    """
    X = np.asarray(features, np.float32)
    n = len(X)
    if n < 4:
        return np.stack([np.arange(n) - (n - 1) / 2, np.zeros(n)], 1)
    X = X / np.maximum(np.linalg.norm(X, axis=1, keepdims=True), 1e-12)
    rng = np.random.default_rng(seed)
    chosen = np.arange(n) if n <= LANDMARKS else np.sort(rng.choice(n, LANDMARKS, replace=False))
    places = _descend(_graph(X[chosen]), _principal(X[chosen]))
    if len(chosen) < n:
        places = _place(X, chosen, places, rng)
    return _framed(places)


def _framed(places: Floats) -> Floats:
    """Centred and scaled; islands far out at sea, whose distance means nothing, are drawn nearer."""
    places = places - places.mean(0)
    radius = np.maximum(np.linalg.norm(places, axis=1), 1e-12)
    shore = 1.3 * float(np.quantile(radius, 0.95))
    if shore > 0:
        nearer = shore * (1.0 + 0.5 * np.log(np.maximum(radius / shore, 1.0)))
        places = places * np.minimum(1.0, nearer / radius)[:, None]
    scale = float(np.sqrt((places**2).sum(1).mean()))
    return np.asarray(places / scale if scale > 0 else places)


def nearest(queries: Matrix, points: Matrix, k: int) -> tuple[npt.NDArray[np.intp], Matrix]:
    """``(n_queries, k)`` rows of ``points`` with the largest inner products, in no order, and these."""
    rows = np.empty((len(queries), k), np.intp)
    values = np.empty((len(queries), k), np.float32)
    for start in range(0, len(queries), _CHUNK):
        part = queries[start : start + _CHUNK] @ points.T
        best = np.argpartition(part, part.shape[1] - k, axis=1)[:, -k:]
        rows[start : start + _CHUNK] = best
        values[start : start + _CHUNK] = np.take_along_axis(part, best, 1)
    return rows, values


def _graph(X: Matrix) -> Any:
    """Symmetric affinities that sum to 1: each point and its nearest neighbours."""
    n = len(X)
    k = min(_NEIGHBOURS + 1, n)
    rows, _ = nearest(X, X, k)
    graph = sparse.csr_matrix((np.ones(n * k), rows.ravel(), np.arange(0, n * k + 1, k)), (n, n))
    graph.setdiag(0)
    graph.eliminate_zeros()
    graph = graph + graph.T
    graph.sort_indices()
    return (graph / graph.sum()).astype(np.float32)


def _principal(X: Matrix) -> Floats:
    """The first two principal components, shrunk to a speck."""
    centred = (X - X.mean(0)).astype(np.float64)
    if centred.shape[1] < 2:
        centred = np.column_stack([centred, np.zeros(len(centred))])
    _, vectors = np.linalg.eigh(centred.T @ centred)
    axes = vectors[:, -1:-3:-1]
    axes = axes * np.sign(axes[np.abs(axes).argmax(0), [0, 1]])  # eigenvectors come with either sign
    start = centred @ axes
    # Equal points would never part.
    start += 1e-3 * start.std() * np.random.default_rng(0).standard_normal(start.shape)
    deviation = float(start[:, 0].std())
    return np.asarray(start * (1e-4 / deviation if deviation > 0 else 1.0))


def _descend(graph: Any, start: Floats) -> Floats:
    """Gradient descent with momentum and gains, as t-SNE does it."""
    y = start.copy()
    n = len(y)
    sources = np.repeat(np.arange(n), np.diff(graph.indptr))
    rate = max(n / _EARLY_EXAGGERATION, 1.0)
    moved = np.zeros_like(y)
    gains = np.ones_like(y)
    for step in range(_STEPS):
        early = step < _EARLY_STEPS
        exaggeration = _EARLY_EXAGGERATION if early else _EXAGGERATION
        pull = _attraction(graph, sources, y)
        gradient = 4.0 * (exaggeration * pull - _repulsion(y))
        opposed = (gradient > 0) != (moved > 0)
        gains = np.where(opposed, gains + 0.2, gains * 0.8).clip(0.01)
        moved = (0.5 if early else 0.8) * moved - rate * gains * gradient
        # A single wild step must not throw the map apart.
        np.clip(moved, -5.0, 5.0, out=moved)
        y += moved
        y -= y.mean(0)
    return y


def _attraction(graph: Any, sources: npt.NDArray[np.intp], y: Floats) -> Floats:
    x1, x2 = np.ascontiguousarray(y.T, np.float32)
    apart = x1[sources] - x1[graph.indices]
    apart *= apart
    other = x2[sources] - x2[graph.indices]
    other *= other
    apart += other
    apart += 1.0
    pulls = sparse.csr_matrix((graph.data / apart, graph.indices, graph.indptr), graph.shape)
    drawn = pulls @ np.column_stack([y, np.ones(len(y))])
    return np.asarray(drawn[:, 2:] * y - drawn[:, :2])


def _repulsion(y: Floats) -> Floats:
    """Sum over all pairs, by spreading the points on a grid and convolving with the kernel there."""
    low = y.min(0)
    span = float((y.max(0) - low).max())
    nodes = int(min(max(span / _SPACING, 24), _MOST_NODES)) + 2
    spacing = max(span, 1e-9) / (nodes - 2)
    size = fft.next_fast_len(2 * nodes, real=True)
    place = (y - low) / spacing
    cell = np.minimum(place.astype(np.intp), nodes - 2)
    part = place - cell
    corners = [
        ((cell[:, 0] + i) * nodes + cell[:, 1] + j, np.abs(1 - i - part[:, 0]) * np.abs(1 - j - part[:, 1]))
        for i in (0, 1)
        for j in (0, 1)
    ]
    grids = np.zeros((3, nodes * nodes), np.float32)
    for charge, grid in zip((np.ones(len(y)), y[:, 0], y[:, 1]), grids, strict=True):
        for where, share in corners:
            grid += np.bincount(where, share * charge, nodes * nodes)
    near, square = _kernels(size, spacing)
    spread = fft.rfft2(grids.reshape(3, nodes, nodes), s=(size, size))
    fields = fft.irfft2(np.concatenate([spread[:1] * near, spread * square]), s=(size, size))[:, :nodes, :nodes]
    flat = fields.reshape(4, -1)
    felt = sum(flat[:, where] * share for where, share in corners)
    total = max(float(felt[0].sum()) - len(y), 1e-12)
    return np.asarray((y * felt[1][:, None] - felt[2:].T) / total)


def _kernels(size: int, spacing: float) -> tuple[Any, Any]:
    """Transforms of 1 / (1 + d²) and of its square over a periodic grid."""
    steps = np.minimum(np.arange(size), size - np.arange(size)) * spacing
    kernel = 1.0 / (1.0 + steps[:, None] ** 2 + steps[None, :] ** 2)
    kernel = kernel.astype(np.float32)  # half the time, and the forces are noisier than its rounding anyway
    return fft.rfft2(kernel), fft.rfft2(kernel**2)


def _place(X: Matrix, chosen: npt.NDArray[np.intp], places: Floats, rng: np.random.Generator) -> Floats:
    """Every other point among its three nearest landmarks, the nearer the closer."""
    others = np.setdiff1d(np.arange(len(X)), chosen)
    rows, likeness = nearest(X[others], X[chosen], 3)
    weights = np.exp(20.0 * (likeness - likeness.max(1, keepdims=True)))
    weights /= weights.sum(1, keepdims=True)
    found = np.empty((len(X), 2))
    found[chosen] = places
    # Landmarks that lie far apart would put a point in the empty space between them: then the nearest alone counts.
    first = places[rows[np.arange(len(rows)), likeness.argmax(1)]]
    mean = (places[rows] * weights[:, :, None]).sum(1)
    scale = float(np.median(np.abs(places - places.mean(0))))
    astray = np.linalg.norm(mean - first, axis=1) > 0.15 * scale
    found[others] = np.where(astray[:, None], first, mean) + rng.normal(0, 0.015 * scale, (len(others), 2))
    return found
