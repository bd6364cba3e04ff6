"""Tables on disk: lossless CSV, CSV that is safe to open in a spreadsheet, JSON Lines, Parquet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

# What a spreadsheet takes for the beginning of a formula, full-width twins included.
_FORMULA = r"^\s*[=+\-@＝＋－＠\t\r\n|%]"


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Lists and structs as JSON text, bytes as hexadecimal: what CSV can hold."""
    nested = [
        pl.struct(pl.col(name).alias("v")).struct.json_encode().str.json_path_match("$.v").alias(name)
        for name, dtype in frame.schema.items()
        if dtype.is_nested()
    ]
    return _hexadecimal(frame).with_columns(nested)


def _hexadecimal(frame: pl.DataFrame) -> pl.DataFrame:
    binary = [name for name, dtype in frame.schema.items() if dtype == pl.Binary]
    return frame.with_columns(pl.col(name).bin.encode("hex") for name in binary)


def spreadsheet_safe(frame: pl.DataFrame) -> pl.DataFrame:
    """Texts that a spreadsheet would run as a formula get an apostrophe before them; so do column names.

    (OWASP, "CSV injection".) Not lossless: the plain CSV is.
    """
    texts = [
        pl.when(pl.col(name).str.contains(_FORMULA))
        .then(pl.lit("'") + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name, dtype in frame.schema.items()
        if dtype == pl.String
    ]
    safe = frame.with_columns(texts)
    heads = pl.Series(safe.columns).str.contains(_FORMULA).to_list()
    return safe.rename({name: f"'{name}" for name, risky in zip(safe.columns, heads, strict=True) if risky})


def _csv(frame: pl.DataFrame, path: Path) -> None:
    flat(frame).write_csv(path)


def _spreadsheet(frame: pl.DataFrame, path: Path) -> None:
    spreadsheet_safe(flat(frame)).write_csv(path, include_bom=True)


def _json_lines(frame: pl.DataFrame, path: Path) -> None:
    _hexadecimal(frame).write_ndjson(path)


def _parquet(frame: pl.DataFrame, path: Path) -> None:
    frame.write_parquet(path, compression="zstd")


WRITERS: dict[str, Callable[[pl.DataFrame, Path], None]] = {
    "data.parquet": _parquet,
    "data.csv": _csv,
    "data.spreadsheet.csv": _spreadsheet,
    "data.jsonl": _json_lines,
}
