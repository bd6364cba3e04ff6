"""Tables from anywhere: files, pandas, Polars, PyArrow, dicts of lists, lists of dicts."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from groundswell.core.errors import BadRowsError, InputError, NotFoundError, did_you_mean

FORMATS = ".csv, .tsv, .jsonl, .ndjson, .json, .parquet (also .gz)"


class Table:
    """Columns of equal length under their names; values as they came in.

    A column is a Polars series (from files and data frames) or a plain list (from Python objects, whose mixed types
    a series would not keep).
    """

    def __init__(self, columns: Mapping[str, pl.Series | list[Any]], where: str) -> None:
        self.columns = dict(columns)
        self.where = where
        lengths = {len(values) for values in self.columns.values()}
        if len(lengths) > 1:
            raise InputError("The columns differ in length", where=where)
        self.length = lengths.pop() if lengths else 0

    def require(self, *names: str) -> None:
        """Raise :class:`InputError` unless all these columns exist."""
        for name in names:
            if name not in self.columns:
                raise InputError(f"No column '{name}'", where=self.where, hint=did_you_mean(name, self.columns))

    def values(self, name: str) -> list[Any]:
        """One column as Python values, missing ones as ``None``."""
        column = self.columns.get(name)
        if column is None:
            return [None] * self.length
        values = column.to_list() if isinstance(column, pl.Series) else column
        return [None if is_missing(value) else value for value in values]

    def codes(self, name: str) -> tuple[list[Any], npt.NDArray[np.int64]]:
        """The different values of a column in order of appearance, and a code per row; −1 where missing.

        Raises
        ------
        BadRowsError
            If a value cannot be an id or a label (a list or a dict).
        """
        column = self.columns[name]
        if isinstance(column, pl.Series) and column.dtype not in (pl.Object, pl.List, pl.Struct):
            return _series_codes(column)
        known: dict[Any, int] = {}
        codes = np.empty(self.length, np.int64)
        for row, value in enumerate(column):
            if is_missing(value):
                codes[row] = -1
                continue
            try:
                codes[row] = known.setdefault((type(value), value), len(known))
            except TypeError:
                reason = f"{name} is a {type(value).__name__}, not a text or a number"
                raise BadRowsError(reason, rows=[(row + 1, reason)], where=f"{self.where}, row {row + 1}") from None
        return [value for _, value in known], codes


def is_missing(value: Any) -> bool:
    """Whether a cell holds nothing: ``None``, NaN, an empty text.

    Examples
    --------
    >>> [is_missing(x) for x in (None, float("nan"), "", 0, "no")]
    [True, True, True, False, False]
    """
    return value is None or (isinstance(value, float) and math.isnan(value)) or (isinstance(value, str) and not value)


def _series_codes(column: pl.Series) -> tuple[list[Any], npt.NDArray[np.int64]]:
    if column.dtype in (pl.Float32, pl.Float64):
        column = column.fill_nan(None)
    if column.dtype in (pl.Categorical, pl.Enum):
        column = column.cast(pl.String)
    if column.dtype == pl.String:
        column = column.replace("", None)
    different = column.drop_nulls().unique(maintain_order=True)
    keys = pl.DataFrame({"value": different, "code": np.arange(len(different), dtype=np.int64)})
    joined = pl.DataFrame({"value": column}).join(keys, on="value", how="left", maintain_order="left")
    return different.to_list(), joined["code"].fill_null(-1).to_numpy()


def read(table: Any, what: str) -> Table:
    """``table`` whatever it is.

    Parameters
    ----------
    table
        A path (CSV, TSV, JSON Lines, JSON, Parquet; also ``.gz``), a pandas or Polars data frame, a PyArrow table,
        a dict of lists or a list of dicts.
    what
        What it holds, for messages: "votes".

    Raises
    ------
    NotFoundError
        If the file does not exist.
    InputError
        If it cannot be read as a table.
    """
    if isinstance(table, Table):
        return table
    if isinstance(table, str | Path):
        return _read_file(Path(table))
    if isinstance(table, pl.LazyFrame):
        table = table.collect()
    if isinstance(table, pl.DataFrame):
        return Table({name: table[name] for name in table.columns}, what)
    if isinstance(table, Mapping):
        return Table({str(name): _column(values, name, what) for name, values in table.items()}, what)
    module = type(table).__module__.partition(".")[0]
    if module == "pandas":
        return Table({str(name): _pandas_column(table[name]) for name in table.columns}, what)
    if module == "pyarrow":
        frame = pl.DataFrame(pl.from_arrow(table))
        return Table({name: frame[name] for name in frame.columns}, what)
    if isinstance(table, Sequence) and all(isinstance(row, Mapping) for row in table):
        names = list(dict.fromkeys(str(name) for row in table for name in row))
        return Table({name: [row.get(name) for row in table] for name in names}, what)
    raise InputError(
        f"The {what} are a {type(table).__name__}",
        hint=f"Give a file ({FORMATS}), a data frame, a dict of lists or a list of dicts",
    )


def _column(values: Any, name: Any, what: str) -> pl.Series | list[Any]:
    if isinstance(values, pl.Series):
        return values
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise InputError(f"Column '{name}' is one {type(values).__name__}, not a list", where=what)
    return values.tolist() if isinstance(values, np.ndarray) else list(values)


def _pandas_column(series: Any) -> pl.Series | list[Any]:
    """Numbers and texts as a series; anything mixed as it is."""
    if series.dtype.kind in "iub":
        return pl.Series(series.to_numpy())
    values = [None if is_missing(value) or str(value) == "<NA>" else value for value in series.tolist()]
    if {type(value) for value in values} <= {str, type(None)}:
        return pl.Series(values, dtype=pl.String)
    return values


def _read_file(path: Path) -> Table:
    if path.is_dir():
        raise InputError("This is a folder", where=str(path), hint=f"Give a file: {FORMATS}")
    if not path.exists():
        raise NotFoundError("No such file", where=str(path))
    endings = [ending.lower() for ending in path.suffixes]
    packed = bool(endings) and endings[-1] == ".gz"
    ending = endings[-2] if packed and len(endings) > 1 else (endings[-1] if endings and not packed else "")
    reader = {
        ".csv": _read_csv,
        ".tsv": _read_csv,
        ".txt": _read_csv,
        ".jsonl": _read_json_lines,
        ".ndjson": _read_json_lines,
        ".json": _read_json,
        ".parquet": _read_parquet,
    }.get(ending)
    if reader is None:
        raise InputError(f"Unknown ending '{''.join(endings[-2:])}'", where=str(path), hint=f"Known: {FORMATS}")
    try:
        content = path.read_bytes()
        if packed:
            content = gzip.decompress(content)
    except PermissionError:
        raise InputError("No permission to read this file", where=str(path)) from None
    except (OSError, EOFError) as error:
        raise InputError(f"Cannot be read ({error})", where=str(path)) from None
    if not content.strip():
        raise InputError("The file is empty", where=str(path))
    return reader(content, "\t" if ending == ".tsv" else ",", str(path))


def _text(content: bytes, where: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"This is no UTF-8 text (byte {error.start})", where=where, hint="Save it as CSV in UTF-8"
        ) from None
    if "\0" in text[:10_000]:
        raise InputError("This is a binary file", where=where, hint=f"Give {FORMATS}")
    return text


def _read_csv(content: bytes, separator: str, where: str) -> Table:
    text = _text(content, where)
    try:
        frame = pl.read_csv(text.encode(), separator=separator, infer_schema=False, encoding="utf8")
    except pl.exceptions.PolarsError as error:
        line = str(error).split("\n", 1)[0]
        raise InputError(f"This is no table ({line})", where=where) from None
    return Table({name: frame[name] for name in frame.columns}, where)


def _read_json_lines(content: bytes, _: str, where: str) -> Table:
    rows, bad = [], []
    for number, line in enumerate(_text(content, where).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            bad.append((number, str(error)[:80]))
            continue
        if isinstance(row, dict):
            rows.append(row)
        else:
            bad.append((number, "not an object"))
    if bad:
        raise BadRowsError(f"Line {bad[0][0]} is no JSON object ({bad[0][1]})", rows=bad, where=where)
    table = read(rows, where)
    table.where = where
    return table


def _read_json(content: bytes, _: str, where: str) -> Table:
    try:
        value = json.loads(_text(content, where))
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"This is no JSON ({str(error)[:80]})", where=where) from None
    return read(value, where)


def _read_parquet(content: bytes, _: str, where: str) -> Table:
    try:
        frame = pl.read_parquet(content)
    except (pl.exceptions.PolarsError, OSError) as error:
        line = str(error).split("\n", 1)[0]
        raise InputError(f"This is no Parquet file ({line[:120]})", where=where) from None
    return Table({name: frame[name] for name in frame.columns}, where)
