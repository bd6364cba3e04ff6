"""A two-dimensional map of the items, with clusters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from groundswell.core.errors import InputError
from groundswell.explore.base import VIEWS, Subject, View, bar, share, shorten
from groundswell.explore.clusters import density_clusters, terms
from groundswell.explore.layout import layout

_WIDTH, _HEIGHT = 72, 24
_DIMENSIONS = 50
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class MapView(View):
    """Places of the items, neighbours near one another.

    Parameters
    ----------
    items
        Ids, or row numbers where none were given.
    x, y
        ``(n,)``, centred, root mean square distance from the centre 1. Only nearness has a meaning.
    cluster
        ``(n,)``: 0 the largest, -1 in none.
    cluster_terms
        For each cluster the words that mark it; empty where no texts were given.
    labels
        ``(n,)`` or ``None``.
    """

    title = "Map"
    items: list[str]
    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    cluster: npt.NDArray[np.intp]
    cluster_terms: list[list[str]]
    labels: list[str | None] | None = None

    @property
    def clusters(self) -> list[dict[str, Any]]:
        """One record per cluster, largest first: id, letter, n, its centre, terms, and (label, items) in it."""
        found = []
        for code, words in enumerate(self.cluster_terms):
            inside = np.flatnonzero(self.cluster == code)
            held = Counter(self.labels[row] for row in inside) if self.labels else Counter[str | None]()
            found.append(
                {
                    "id": code,
                    "letter": _LETTERS[code % 26],
                    "n": len(inside),
                    "x": round(float(np.median(self.x[inside])), 4),
                    "y": round(float(np.median(self.y[inside])), 4),
                    "terms": words,
                    "labels": [[label, n] for label, n in held.most_common() if label is not None],
                }
            )
        return found

    @property
    def sentence(self) -> str:
        """How it falls apart."""
        n = len(self.cluster_terms)
        if n < 2:
            return "The items do not fall into separate clusters."
        pure = [c for c in self.clusters if c["labels"] and c["labels"][0][1] >= 0.9 * c["n"]]
        said = f"The items fall into {n} clusters"
        return f"{said}; {len(pure)} of them hold nearly one answer only." if self.labels and pure else f"{said}."

    def data(self) -> dict[str, Any]:
        """Places to four digits, codes, clusters."""
        return {
            "n": len(self.items),
            "item": self.items,
            "x": np.round(self.x, 4).tolist(),
            "y": np.round(self.y, 4).tolist(),
            "cluster": self.cluster.tolist(),
            "label": self.labels,
            "clusters": self.clusters,
        }

    def lines(self) -> list[str]:
        """The map in letters, and a legend."""
        n = max(len(self.items), 1)
        legend = []
        for c in self.clusters:
            held = ", ".join(f"{shorten(str(label), 12)} {share(k, c['n'])}" for label, k in c["labels"][:2])
            words = shorten(" ".join(c["terms"]), 40)
            legend.append(f"{c['letter']}  {bar(c['n'], n, 10):10} {c['n']:>7,}  {words:40}  {held}".rstrip())
        return [*_drawn(self.x, self.y, self.cluster), *legend]


def map2d(
    features: Any,
    labels: pl.Series | Sequence[str | None] | None = None,
    *,
    texts: Sequence[str | None] | None = None,
    items: Sequence[str] | None = None,
    seed: int = 0,
) -> MapView:
    """Lay items out in the plane and find the clusters.

    Parameters
    ----------
    features
        ``(n, d)``, dense or sparse. Nearness is the angle between rows, so numbers from tables should be
        standardised.
    labels
        ``(n,)``, ``None`` where unknown: shown, not used.
    texts
        ``(n,)``: give the clusters their terms.

    Raises
    ------
    InputError
        If lengths differ or features are not finite numbers.
    """
    X = _dense(features, seed)
    known = list(labels) if labels is not None else None
    for given, what in ((known, "labels"), (texts, "texts"), (items, "items")):
        if given is not None and len(given) != len(X):
            raise InputError(f"{len(given):,} {what} for {len(X):,} rows of features")
    places = layout(X, seed=seed)
    codes = density_clusters(places)
    n_clusters = int(codes.max(initial=-1)) + 1
    words = terms(texts, codes) if texts is not None else []
    words += [[] for _ in range(n_clusters - len(words))]
    return MapView(
        items=[str(name) for name in items] if items is not None else [str(row) for row in range(len(X))],
        x=places[:, 0],
        y=places[:, 1],
        cluster=codes,
        cluster_terms=words,
        labels=[None if label is None else str(label) for label in known] if known is not None else None,
    )


def _dense(features: Any, seed: int) -> npt.NDArray[np.float32]:
    if sparse.issparse(features) and min(features.shape) > _DIMENSIONS:
        from sklearn.decomposition import TruncatedSVD

        features = TruncatedSVD(_DIMENSIONS, random_state=seed).fit_transform(features)
    dense = features.toarray() if sparse.issparse(features) else features
    try:
        X = np.asarray(dense, np.float32)
    except (TypeError, ValueError):
        raise InputError("Features must be numbers") from None
    if X.ndim != 2 or not np.isfinite(X).all():
        raise InputError(f"Features must be a finite matrix, not of shape {X.shape}")
    return X


def _drawn(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], cluster: npt.NDArray[np.intp]) -> list[str]:
    """Each character cell shows the letter of its commonest cluster, or a dot."""
    if not len(x):
        return []
    span = max(float(np.ptp(x)) / _WIDTH, float(np.ptp(y)) / (2 * _HEIGHT), 1e-9)
    column = ((x - x.min()) / span).astype(int).clip(0, _WIDTH - 1)
    row = ((y.max() - y) / (2 * span)).astype(int).clip(0, _HEIGHT - 1)
    cells: dict[tuple[int, int], Counter[int]] = {}
    for place, code in zip(zip(row.tolist(), column.tolist(), strict=True), cluster.tolist(), strict=True):
        cells.setdefault(place, Counter())[code] += 1
    canvas = [[" "] * (int(column.max()) + 1) for _ in range(int(row.max()) + 1)]
    for (r, c), held in cells.items():
        code = held.most_common(1)[0][0]
        canvas[r][c] = _LETTERS[code % 26] if code >= 0 else "·"
    return ["".join(line).rstrip() for line in canvas]


@VIEWS.register("map")
def draw(subject: Subject) -> MapView | None:
    """By the features given, else by the numbers in the metadata; nothing where there are neither."""
    features = subject.features if subject.features is not None else _numbers(subject)
    if features is None or features.shape[0] < 3:
        return None
    texts = subject.column("text")
    held = texts if any(texts) else None
    return map2d(features, subject.labels, texts=held, items=subject.ids(), seed=subject.seed)


def _numbers(subject: Subject) -> npt.NDArray[np.float64] | None:
    """Standardised columns of numbers, gaps at the mean; ``None`` if there are fewer than two."""
    columns = []
    for name in subject.fields:
        column = subject.items[name]
        if not column.dtype.is_numeric():
            continue
        values = column.cast(pl.Float64).fill_null(float("nan")).to_numpy()
        known = values[np.isfinite(values)]
        if len(known) and known.std() > 0:
            columns.append(np.where(np.isfinite(values), (values - known.mean()) / known.std(), 0.0))
    return np.column_stack(columns) if len(columns) > 1 else None
