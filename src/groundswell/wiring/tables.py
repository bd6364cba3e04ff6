"""Tables that belong to no project."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from groundswell import collect as collecting


def read_table(path: Path) -> pl.DataFrame:
    """The columns of a file, read as ``collect`` reads it.

    Raises
    ------
    GroundswellError
        If the file cannot be read, or a row cannot be used.
    """
    read = collecting.collect(path, text="")
    return pl.DataFrame([dict(item.meta) for item in read.items], infer_schema_length=None)
