"""Splits: train, validation and test, with what belongs together on one side."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from groundswell.core.errors import InputError

SPLITS = ("train", "validation", "test")
IDENTITY = frozenset({"item", "group"})


def split(
    items: pl.DataFrame,
    labels: Sequence[object],
    *,
    shares: Sequence[float] = (0.8, 0.1, 0.1),
    seed: int = 0,
) -> npt.NDArray[np.intp]:
    """``(n,)`` 0 train, 1 validation, 2 test.

    Items of one group, and copies of one another (same text but for case and spaces, same media, or without
    either the same fields), are never on both sides. Labels are spread as evenly as whole groups allow.

    Parameters
    ----------
    items
        Columns ``item``, and where they exist ``group``, ``text``, ``media`` and further fields.
    labels
        ``(n,)`` hashable: what to spread evenly.
    shares
        Of train, validation and test, at least 0, sum 1.

    Raises
    ------
    InputError
        If shares are not shares or labels do not fit the items.
    """
    given = [float(share) for share in shares]
    if len(given) != 3 or not all(0.0 <= share <= 1.0 for share in given) or not math.isclose(sum(given), 1.0):
        raise InputError(f"shares = {tuple(given)}", hint="Three shares with sum 1, for example 0.8, 0.1, 0.1")
    if len(labels) != items.height:
        raise InputError(f"{len(labels)} labels for {items.height} items")
    if items.height == 0:
        return np.zeros(0, np.intp)
    together = belonging(items)
    names = {label: code for code, label in enumerate(dict.fromkeys(labels))}
    codes = np.fromiter((names[label] for label in labels), np.intp, len(labels))
    return _spread(together, codes, np.array(given), seed)[together]


def belonging(items: pl.DataFrame) -> npt.NDArray[np.intp]:
    """``(n,)`` code of the bundle of each item: linked by a group or by being copies, directly or over others."""
    links = [code for code in (_group_codes(items), _copy_codes(items)) if code is not None]
    n = items.height
    if not links:
        return np.arange(n)
    row, column, offset = [], [], n
    for code in links:
        known = np.flatnonzero(code >= 0)
        row.append(known)
        column.append(code[known] + offset)
        offset += int(code.max(initial=-1)) + 1
    rows, columns = np.concatenate(row), np.concatenate(column)
    graph = sp.coo_matrix((np.ones(len(rows)), (rows, columns)), shape=(offset, offset))
    bundle = connected_components(graph, directed=False)[1][:n]
    return np.asarray(np.unique(bundle, return_inverse=True)[1])


def _group_codes(items: pl.DataFrame) -> npt.NDArray[np.intp] | None:
    if "group" not in items.columns or items["group"].null_count() == items.height:
        return None
    return _codes(items["group"].cast(pl.String))


def _copy_codes(items: pl.DataFrame) -> npt.NDArray[np.intp] | None:
    """Equal text and media; where there is neither, equal fields."""
    content = [name for name in ("text", "media") if name in items.columns]
    plain = [
        pl.col(name).cast(pl.String).str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars().replace("", None)
        for name in content
    ]
    if plain:
        said = pl.any_horizontal(one.is_not_null() for one in plain)
        both = pl.concat_str([one.fill_null("") for one in plain], separator="\0")
        key = items.select(pl.when(said).then(both).alias("key")).to_series()
        if key.null_count() < items.height:
            return _codes(key)
    fields = [name for name in items.columns if name not in IDENTITY and name not in content]
    return _codes(items.select(pl.struct(fields).struct.json_encode()).to_series()) if fields else None


def _codes(column: pl.Series) -> npt.NDArray[np.intp]:
    """Codes from 0, -1 where missing."""
    ranks = column.rank("dense").cast(pl.Int64).fill_null(0)
    return np.asarray(ranks.to_numpy() - 1, np.intp)


def _spread(
    together: npt.NDArray[np.intp], codes: npt.NDArray[np.intp], shares: npt.NDArray[np.float64], seed: int
) -> npt.NDArray[np.intp]:
    """``(n_bundles,)`` split of each bundle: the largest first, each to the split that lacks its labels most."""
    bundles, labels = int(together.max()) + 1, int(codes.max()) + 1
    counts = np.zeros((bundles, labels))
    np.add.at(counts, (together, codes), 1.0)
    order = np.random.default_rng(seed).permutation(bundles)
    order = order[np.argsort(-counts.sum(1)[order], kind="stable")]
    lacking = shares[:, None] * counts.sum(0)
    chosen = np.empty(bundles, np.intp)
    for bundle in order:
        has = counts[bundle]
        best = int((lacking @ has).argmax()) if shares.all() else _best_of(lacking @ has, shares)
        chosen[bundle] = best
        lacking[best] -= has
    return chosen


def _best_of(need: npt.NDArray[np.float64], shares: npt.NDArray[np.float64]) -> int:
    """As argmax, but a split of share 0 gets nothing."""
    return int(np.where(shares > 0, need, -np.inf).argmax())
