"""Columns of numbers and categories as standardised numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import scipy.sparse as sp

from groundswell.core.errors import InputError, did_you_mean
from groundswell.learn.features.saved import names

Floats = npt.NDArray[np.float64]
MOST_CATEGORIES = 100


class TableFeatures:
    """Numbers brought to mean 0 and standard deviation 1; categories as one column of 0 and 1 each.

    A missing number counts as the mean, and a column ``<name> is missing`` says so. A category not seen before
    is a row of zeros. A column that is all missing or never changes carries nothing and is left out; ``notes_``
    names it.

    Attributes (after :meth:`fit`)
    ------------------------------
    mean_, scale_
        ``(n_numbers,)`` in the columns' own units.
    categories_
        Column name to its categories, the commonest :data:`MOST_CATEGORIES` at most.

    Examples
    --------
    >>> table = pl.DataFrame({"tax": [5, 10, 15, 25], "city": ["A", "B", "A", None]})
    >>> features = TableFeatures(["tax", "city"]).fit(table)
    >>> features.names
    ['tax', 'city = A', 'city = B']
    >>> features.transform(table).toarray().round(2).tolist()[0]
    [-1.18, 1.0, 0.0]
    """

    kind = "table"

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = list(columns)

    def fit(self, frame: pl.DataFrame) -> TableFeatures:
        """Learn means, scales and categories. Raises :class:`InputError` on columns of lists or structs."""
        self.numbers_: list[str] = []
        self.missing_: list[str] = []
        self.categories_: dict[str, list[str]] = {}
        self.notes_: list[str] = []
        means, scales = [], []
        for name in self.columns:
            column = _column(frame, name)
            if not _is_number(column):
                self._fit_categories(name, column)
                continue
            values = _numbers(column)
            known = values[np.isfinite(values)]
            if len(known) == 0:
                self.notes_.append(f"'{name}' holds no number and was left out.")
                continue
            if len(known) < len(values):
                self.missing_.append(name)
            centre = float(known.mean())
            spread = float(known.std())
            if spread <= 1e-12 * max(1.0, abs(centre)) or not np.isfinite(spread):
                self.notes_.append(f"'{name}' is the same everywhere and was left out.")
                continue
            self.numbers_.append(name)
            means.append(centre)
            scales.append(spread)
        self.mean_, self.scale_ = np.array(means), np.array(scales)
        return self

    def _fit_categories(self, name: str, column: pl.Series) -> None:
        counted = column.drop_nulls().cast(pl.String).value_counts()
        counted = counted.sort("count", column.name, descending=[True, False])
        values = counted[column.name].to_list()
        if len(values) == 0 or (len(values) == 1 and column.null_count() == 0):
            self.notes_.append(f"'{name}' is the same everywhere and was left out.")
            return
        if len(values) > MOST_CATEGORIES:
            self.notes_.append(f"'{name}' has {len(values)} categories; the commonest {MOST_CATEGORIES} were used.")
        self.categories_[name] = sorted(values[:MOST_CATEGORIES])

    def transform(self, frame: pl.DataFrame) -> sp.csr_matrix:
        """``(n_rows, n_features)``. Raises :class:`InputError` if a column is absent or has turned into text."""
        parts: list[Any] = []
        for name, centre, scale in zip(self.numbers_, self.mean_, self.scale_, strict=True):
            values = _numbers(_number_column(frame, name))
            parts.append(np.where(np.isfinite(values), (values - centre) / scale, 0.0))
        parts.extend(np.isnan(_numbers(_number_column(frame, name))).astype(np.float64) for name in self.missing_)
        dense = np.column_stack(parts) if parts else np.zeros((frame.height, 0))
        blocks = [sp.csr_matrix(dense)]
        blocks += [self._one_hot(frame, name, values) for name, values in self.categories_.items()]
        return sp.hstack(blocks, format="csr")

    def _one_hot(self, frame: pl.DataFrame, name: str, values: list[str]) -> sp.csr_matrix:
        code = {value: i for i, value in enumerate(values)}
        texts = _column(frame, name).cast(pl.String).to_list()
        column = np.fromiter((code.get(text, -1) for text in texts), np.int64, frame.height)
        known = np.flatnonzero(column >= 0)
        return sp.csr_matrix((np.ones(len(known)), (known, column[known])), shape=(frame.height, len(values)))

    @property
    def names(self) -> list[str]:
        """What each column stands for."""
        named = [*self.numbers_, *(f"{name} is missing" for name in self.missing_)]
        return named + [f"{name} = {value}" for name, values in self.categories_.items() for value in values]

    @property
    def n_features(self) -> int:
        """Columns."""
        return len(self.names)

    def in_own_units(self, weights: Floats, bias: Floats) -> tuple[Floats, Floats]:
        """Weights ``(n_features, k)`` and bias ``(k,)`` for the numbers as they stand in the data.

        w · (x − m) / s + b = (w / s) · x + (b − w · m / s).
        """
        own = weights.astype(np.float64, copy=True)
        n = len(self.numbers_)
        own[:n] /= self.scale_[:, None]
        return own, bias - self.mean_ @ own[:n]

    def attribute(self, frame: pl.DataFrame, weights: Floats) -> list[dict[str, float]]:
        """What each column of each row adds to the score, against an average row for numbers."""
        x = self.transform(frame)
        named = self.names
        rows = (x[i].tocoo() for i in range(x.shape[0]))
        return [{named[j]: float(v * weights[j]) for j, v in zip(row.col, row.data, strict=True)} for row in rows]

    def state(self) -> tuple[dict[str, Any], dict[str, Floats]]:
        """JSON values and arrays that :meth:`from_state` needs."""
        settings = {
            "columns": self.columns,
            "numbers": self.numbers_,
            "missing": self.missing_,
            "categories": self.categories_,
            "notes": self.notes_,
        }
        return settings, {"mean": self.mean_, "scale": self.scale_}

    @classmethod
    def from_state(cls, settings: Mapping[str, Any], arrays: Mapping[str, Floats]) -> TableFeatures:
        """Inverse of :meth:`state`. Raises :class:`InputError` if columns and scales do not fit each other."""
        made = cls(names(settings["columns"], "columns"))
        made.numbers_ = names(settings["numbers"], "columns of numbers")
        made.missing_ = names(settings["missing"], "columns with gaps")
        categories = settings["categories"]
        made.categories_ = {name: names(categories[name], "categories") for name in names(list(categories), "columns")}
        made.notes_ = [str(note) for note in settings["notes"]]
        made.mean_, made.scale_ = arrays["mean"], arrays["scale"]
        if not len(made.numbers_) == len(made.mean_) == len(made.scale_) or (made.scale_ <= 0).any():
            raise InputError("The saved columns do not fit their means and scales")
        return made


def _column(frame: pl.DataFrame, name: str) -> pl.Series:
    if name not in frame.columns:
        raise InputError(f"No column '{name}'", hint=did_you_mean(name, frame.columns))
    column = frame[name]
    if column.dtype.is_nested() or column.dtype in (pl.Binary, pl.Object):
        raise InputError(f"The column '{name}' holds {column.dtype}, not numbers or categories")
    return column


def _is_number(column: pl.Series) -> bool:
    return column.dtype.is_numeric() or column.dtype.is_temporal() or column.dtype == pl.Null


def _number_column(frame: pl.DataFrame, name: str) -> pl.Series:
    column = _column(frame, name)
    if not _is_number(column):
        raise InputError(f"The column '{name}' held numbers when the model was trained and now holds {column.dtype}")
    return column


def _numbers(column: pl.Series) -> Floats:
    """Float64 with NaN where missing; times count in days."""
    if column.dtype.is_temporal():
        as_time = column.cast(pl.Datetime("us")) if column.dtype.is_(pl.Date) else column
        per_day = {"ms": 86_400e3, "us": 86_400e6, "ns": 86_400e9}[getattr(as_time.dtype, "time_unit", "ns") or "ns"]
        values = as_time.cast(pl.Int64).cast(pl.Float64).to_numpy() / per_day
    else:
        values = column.cast(pl.Float64).to_numpy()
    finite = np.where(np.isfinite(values), values, np.nan)
    return np.asarray(np.where(np.abs(finite) < 1e150, finite, np.nan), np.float64)
