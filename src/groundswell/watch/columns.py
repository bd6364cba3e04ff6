"""Comparing the columns of inputs: numbers, categories, texts, and what is missing."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from groundswell.watch.statistics import Shift
from groundswell.watch.texts import compare_texts
from groundswell.watch.trial import Trial, compare_counts, compare_numbers

Floats: TypeAlias = npt.NDArray[np.float64]


def compare_column(name: str, reference: pl.DataFrame, current: pl.DataFrame, *, seed: int) -> list[Trial]:
    """What there is to compare in one column; nothing for times and nested values."""
    before = reference[name]
    fewest = min(reference.height, current.height)
    if name not in current.columns:
        return [Trial(f"column {name}", "columns", Shift(1.0, 0.0), fewest, f"The column “{name}” is gone.")]
    now = current[name]
    kinds = _kind(before), _kind(now)
    if "empty" in kinds or kinds[0] == kinds[1]:
        kind = next((one for one in kinds if one != "empty"), "empty")
    else:
        why = f"The column “{name}” held {kinds[0]} and now holds {kinds[1]}."
        return [Trial(f"column {name}", "columns", Shift(1.0, 0.0), fewest, why)]
    if kind in ("other", "empty"):
        return []
    trials = _missing(name, before, now)
    if kind == "numbers":
        return trials + compare_numbers(f"column {name}", _finite(before), _finite(now))
    if kind == "categories":
        return trials + _categories(name, before, now)
    return trials + compare_texts(name, before, now, seed=seed)


def _kind(column: pl.Series) -> str:
    dtype = column.dtype
    if column.null_count() == len(column):
        return "empty"
    if dtype.is_numeric():
        return "numbers"
    if dtype in (pl.Boolean, pl.Categorical, pl.Enum):
        return "categories"
    if dtype != pl.String:
        return "other"
    if column.name == "text":
        return "texts"
    known = column.drop_nulls()
    return "texts" if len(known) >= 20 and known.n_unique() > 0.5 * len(known) else "categories"


def _finite(column: pl.Series) -> Floats:
    values = column.drop_nulls().cast(pl.Float64).to_numpy()
    return np.asarray(values[np.isfinite(values)], np.float64)


def _missing(name: str, before: pl.Series, now: pl.Series) -> list[Trial]:
    """How often the column is missing, where it ever is."""
    gaps = [_gaps(column) for column in (before, now)]
    if not any(gaps):
        return []
    counts = [np.array([len(column) - gap, gap], np.float64) for column, gap in zip((before, now), gaps, strict=True)]
    return compare_counts(f"missing {name}", ["present", "missing"], *counts)


def _gaps(column: pl.Series) -> int:
    if column.dtype.is_float():
        return int((column.is_null() | ~column.fill_null(0.0).is_finite()).sum())
    return column.null_count()


def _categories(name: str, before: pl.Series, now: pl.Series) -> list[Trial]:
    said = pl.concat([column.cast(pl.String).alias("said").to_frame() for column in (before, now)])
    side = pl.Series("side", np.repeat([0, 1], [len(before), len(now)]))
    counted = (
        said.with_columns(side)
        .drop_nulls()
        .group_by("said")
        .agg((pl.col("side") == 0).sum().alias("before"), (pl.col("side") == 1).sum().alias("now"))
    )
    counted = counted.sort("said")
    both = [counted[part].to_numpy().astype(np.float64) for part in ("before", "now")]
    return compare_counts(f"column {name}", counted["said"].to_list(), *both)
