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
    """``(n_bundles,)`` split of each bundle, drawn with the chance that each split still lacks its labels.

    Drawn, not simply put where most is lacking: that would send every large bundle to the training items, and
    leave a test without copies. Bundles of several items go first, the largest before all, then single ones.
    """
    rng = np.random.default_rng(seed)
    bundles, labels = int(together.max()) + 1, int(codes.max()) + 1
    size = np.bincount(together, minlength=bundles)
    lacking = shares[:, None] * np.bincount(codes, minlength=labels)
    chosen = np.empty(bundles, np.intp)
    several = np.flatnonzero(size > 1)
    order = rng.permutation(several)
    members = np.argsort(together, kind="stable")
    start = np.concatenate([[0], np.cumsum(size)])
    for bundle in order[np.argsort(-size[order], kind="stable")]:
        has = np.bincount(codes[members[start[bundle] : start[bundle + 1]]], minlength=labels)
        chosen[bundle] = part = _draw(lacking, has, shares, rng)
        lacking[part] -= has
    first = members[start[:-1]]
    for label in range(labels):
        alone = np.flatnonzero((size == 1) & (codes[first] == label))
        chosen[rng.permutation(alone)] = np.repeat(
            np.arange(len(shares)), _quotas(lacking[:, label], len(alone), shares, rng)
        )
    return chosen


def _draw(
    lacking: npt.NDArray[np.float64],
    has: npt.NDArray[np.int64],
    shares: npt.NDArray[np.float64],
    rng: np.random.Generator,
) -> int:
    """One split, among those that have room for the bundle; the roomiest if none has."""
    room = lacking.sum(1)
    need = np.where((shares > 0) & (room >= has.sum() - 0.5), np.maximum(lacking @ has, 0.0), 0.0)
    if need.sum() <= 0:
        return int(np.where(shares > 0, room, -np.inf).argmax())
    return int(np.searchsorted(np.cumsum(need), rng.random() * need.sum(), side="right"))


def _quotas(
    lacking: npt.NDArray[np.float64], n: int, shares: npt.NDArray[np.float64], rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    """How many of n single items of one label each split gets: what it lacks, rounded to sum n.

    What is left after rounding down is drawn by the fractions: a label with one item must not always be trained on.
    """
    wanted = np.maximum(lacking, 0.0)
    if wanted.sum() <= 0:
        wanted = shares.copy()
    wanted = wanted * (n / wanted.sum())
    quotas = np.floor(wanted + 1e-9).astype(np.int64)
    left, part = n - int(quotas.sum()), np.maximum(wanted - quotas, 0.0)
    if left > 0:
        quotas += np.bincount(rng.choice(len(shares), left, replace=False, p=part / part.sum()), minlength=len(shares))
    return np.asarray(quotas)
