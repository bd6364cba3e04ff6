"""Clusters on a map, and the words that tell them apart."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Codes: TypeAlias = npt.NDArray[np.intp]

_CELLS, _EDGE, _SMOOTHING = 160, 4, 2.0
_SIDE = _CELLS + 2 * _EDGE
_PROMINENCE = 0.12  # in logarithms: a hill must rise an eighth above the pass
_ISLAND = 2.5  # in logarithms: water, not a pass
_SMALLEST = 0.01
_COMMON = 0.2  # words in a larger share of all texts say little
_PRIOR = 20.0
_WORD = re.compile("[\u3040-\u30ff\u3400-\u9fff]|[^\\W\\d_][^\\W_]+")
_TEXTS, _CHARACTERS = 20_000, 2_000


def density_clusters(places: npt.ArrayLike, *, most: int = 12) -> Codes:
    """``(n, 2)`` places to ``(n,)`` codes: 0 the largest cluster, -1 for points that lie in none.

    Hills of the smoothed density, divided at the valleys; a hill that hardly rises above the pass to a higher
    neighbour belongs to it (ToMATo: Chazal et al. 2013, doi:10.1145/2535927). While there are more than ``most``, the
    smallest and least separate joins the neighbour with the highest pass to it; so does one with fewer than a
    hundredth of the points, unless it is an island: then it is no cluster.
    """
    at = np.asarray(places, np.float64)
    if len(at) == 0:
        return np.empty(0, np.intp)
    low, span = at.min(0), max(float(np.ptp(at, axis=0).max()), 1e-12)
    cells = ((at - low) / span * (_CELLS - 1)).round().astype(np.intp) + _EDGE
    flat = cells[:, 0] * _SIDE + cells[:, 1]
    counts = np.bincount(flat, minlength=_SIDE**2).reshape(_SIDE, _SIDE)
    density = ndimage.gaussian_filter(counts.astype(np.float64), _SMOOTHING)
    hills = _hills(density)
    sizes = Counter(hills[flat].tolist())
    heights = {hill: float(density.ravel()[hill]) for hill in sizes}
    passes = _passes(hills.reshape(density.shape), density)
    names = _merge(sizes, heights, passes, most, max(5.0, _SMALLEST * len(at)))
    joined = np.array([names[hill] for hill in hills[flat].tolist()])
    order = [hill for hill, _ in Counter(joined[joined >= 0].tolist()).most_common()]
    code = {hill: n for n, hill in enumerate(order)}
    return np.array([code.get(hill, -1) for hill in joined.tolist()], np.intp)


def _hills(density: npt.NDArray[np.float64]) -> Codes:
    """``(cells,)`` the hill of every cell, as the number of its summit; -1 where nothing is."""
    flat = density.ravel()
    order = np.argsort(-flat, kind="stable")
    order = order[flat[order] > 1e-4]
    log = np.log(np.maximum(flat, 1e-12))
    parent = np.full(len(flat), -1, np.intp)

    def summit(cell: int) -> int:
        while parent[cell] != cell:
            parent[cell] = parent[parent[cell]]
            cell = int(parent[cell])
        return cell

    steps = [-_SIDE - 1, -_SIDE, -_SIDE + 1, -1, 1, _SIDE - 1, _SIDE, _SIDE + 1]
    for cell in order.tolist():
        around = {summit(cell + step) for step in steps if 0 <= cell + step < len(flat) and parent[cell + step] >= 0}
        if not around:
            parent[cell] = cell
            continue
        highest = max(around, key=lambda top: (log[top], -top))
        parent[cell] = highest
        for lower in around - {highest}:
            if log[lower] - log[cell] < _PROMINENCE:
                parent[lower] = highest
    return np.array([summit(cell) if parent[cell] >= 0 else -1 for cell in range(len(flat))])


def _passes(hills: Codes, density: npt.NDArray[np.float64]) -> dict[tuple[int, int], float]:
    """Height of the highest pass between neighbouring hills, both ways."""
    found: dict[tuple[int, int], float] = {}
    for here, there in (
        ((slice(None), slice(1, None)), (slice(None), slice(None, -1))),
        ((slice(1, None), slice(None)), (slice(None, -1), slice(None))),
    ):
        a, b = hills[here], hills[there]
        border = (a != b) & (a >= 0) & (b >= 0)
        heights = np.minimum(density[here], density[there])[border].tolist()
        for pair, height in zip(zip(a[border].tolist(), b[border].tolist(), strict=True), heights, strict=True):
            for one in (pair, pair[::-1]):
                found[one] = max(height, found.get(one, 0.0))
    return found


def _merge(
    sizes: dict[int, int],
    heights: dict[int, float],
    passes: dict[tuple[int, int], float],
    most: int,
    smallest: float,
) -> dict[int, int]:
    """Hill to the hill that it joins, or -1."""
    names = {hill: hill for hill in sizes}
    sizes = dict(sizes)
    while sizes:
        beside = _highest(passes, names)
        depth = {hill: math.log(heights[hill] / beside[hill][0]) if hill in beside else math.inf for hill in sizes}
        hill = min(sizes, key=lambda h: (sizes[h] >= smallest, sizes[h] * math.exp(min(depth[h], 9.0)), h))
        if sizes[hill] >= smallest and (len(sizes) <= most or depth[hill] > _ISLAND):
            break
        target = beside[hill][1] if depth[hill] <= _ISLAND else -1
        if target >= 0:
            sizes[target] += sizes[hill]
            heights[target] = max(heights[target], heights[hill])
        del sizes[hill]
        names = {one: target if now == hill else now for one, now in names.items()}
    return names


def _highest(passes: dict[tuple[int, int], float], names: dict[int, int]) -> dict[int, tuple[float, int]]:
    """For each hill its highest pass and where that leads."""
    found: dict[int, tuple[float, int]] = {}
    for (a, b), height in passes.items():
        here, there = names.get(a, -1), names.get(b, -1)
        if here != there and here >= 0 and there >= 0:
            found[here] = max((height, there), found.get(here, (0.0, -1)))
    return found


def terms(texts: Sequence[str | None], cluster: npt.ArrayLike, *, n: int = 6) -> list[list[str]]:
    """For each cluster the words that its texts hold more often than the others, most telling first.

    Log-odds against the rest with an informative Dirichlet prior, by z-score above 2 (Monroe, Colaresi and Quinn
    2008, doi:10.1093/pan/mpn018), over the texts that hold a word. At most 20,000 texts are looked at.
    """
    codes = np.asarray(cluster)
    step = max(1, len(texts) // _TEXTS)
    counts = [Counter[str]() for _ in range(int(codes.max(initial=-1)) + 1)]
    every = Counter[str]()
    sizes = np.zeros(len(counts) + 1)
    for text, code in zip(texts[::step], codes[::step].tolist(), strict=True):
        if text:
            words = set(_WORD.findall(text[:_CHARACTERS].casefold()))
            every.update(words)
            sizes[code] += 1  # -1, no cluster, is the last
            if code >= 0:
                counts[code].update(words)
    total = max(sizes.sum(), 1.0)
    found = []
    for code, inside in enumerate(counts):
        scored = [
            (_telling(n_in, every[word], sizes[code], total), word)
            for word, n_in in inside.items()
            if n_in > 2 and every[word] <= max(_COMMON * total, 20)
        ]
        best = sorted(((z, word) for z, word in scored if z > 2), key=lambda pair: (-pair[0], pair[1]))
        found.append([word for _, word in best[:n]])
    return found


def _telling(inside: int, everywhere: int, n_inside: float, n: float) -> Any:
    prior = _PRIOR * everywhere / n
    a, b = inside + prior, everywhere - inside + prior
    rest_a, rest_b = n_inside + _PRIOR - a + 0.5, n - n_inside + _PRIOR - b + 0.5
    return (np.log(a / rest_a) - np.log(b / rest_b)) / np.sqrt(1 / a + 1 / b)
