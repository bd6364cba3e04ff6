"""Apache Parquet."""

from __future__ import annotations

import datetime
import decimal
import io
import math
from collections.abc import Callable
from typing import Any

import polars as pl

from groundswell.collect.base import READERS, Options, Reader, Reading
from groundswell.collect.files import File
from groundswell.collect.tables import Table, records
from groundswell.core.errors import InputError

_MAGIC = b"PAR1"


@READERS.register("parquet")
class Parquet(Reader):
    """Parquet files. Times become ISO 8601 text, durations seconds, NaN missing."""

    endings = (".parquet", ".pq")

    def read(self, file: File, options: Options) -> Reading:
        """Read one file. Rows are counted from 1."""
        content = file.content()
        # The commonest damage is a file cut short. Polars says so at length on the terminal; this is one line.
        if len(content) < 12 or not content.startswith(_MAGIC) or not content.endswith(_MAGIC):
            raise InputError(
                "This is not a whole Parquet file (PAR1 is missing at its ends)",
                where=file.origin,
                hint="Fetch it again",
            )
        try:
            frame = pl.read_parquet(io.BytesIO(content))
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as e:
            reason = str(e).splitlines()[0][:100] if str(e) else type(e).__name__
            raise InputError(f"This is not a whole Parquet file ({reason})", where=file.origin) from None
        columns = [_column(frame[name], file) for name in frame.columns]
        rows = [dict(zip(frame.columns, values, strict=True)) for values in zip(*columns, strict=True)]
        return records(Table(frame.columns, list(range(1, len(rows) + 1)), rows), file, options)


def _column(series: pl.Series, file: File) -> list[Any]:
    if series.dtype == pl.Binary:
        raise InputError(
            f"The column '{series.name}' holds binary data", where=file.origin, hint="Leave it out, or store it as text"
        )
    values = series.to_list()
    if series.dtype.is_integer() or series.dtype in (pl.String, pl.Boolean, pl.Null):
        return values
    return [_json(value) for value in values]


def _json(value: Any) -> Any:
    """A Python value as polars gives it, as a JSON value."""
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, list):
        return [_json(part) for part in value]
    if isinstance(value, dict):
        return {name: _json(part) for name, part in value.items()}
    for kind, convert in _CONVERT:
        if isinstance(value, kind):
            return convert(value)
    return value


_CONVERT: tuple[tuple[type | tuple[type, ...], Callable[[Any], Any]], ...] = (
    ((datetime.date, datetime.time), lambda value: value.isoformat()),
    (datetime.timedelta, lambda value: value.total_seconds()),
    (decimal.Decimal, float),
    (bytes, lambda value: value.hex()),
)
