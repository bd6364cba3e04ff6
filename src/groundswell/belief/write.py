"""Beliefs as a table, and as a file."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import polars as pl

from groundswell.core.belief import Beliefs
from groundswell.core.errors import InputError, StorageError

ENDINGS = (".csv", ".parquet", ".jsonl", ".ndjson")


def to_frame(beliefs: Beliefs) -> pl.DataFrame:
    """Columns ``item``, ``label``, ``confidence`` and ``p_<label>`` for each label, one row per item.

    Examples
    --------
    >>> from groundswell.belief import believe
    >>> beliefs = believe({"item": ["a", "b"], "source": ["x", "x"], "label": ["yes", "no"]}, model="majority")
    >>> to_frame(beliefs).columns
    ['item', 'label', 'confidence', 'p_no', 'p_yes']
    """
    labels = _series("label", beliefs.labels)
    columns = {
        "item": _series("item", beliefs.items),
        "label": labels.gather(beliefs.codes),
        "confidence": pl.Series(beliefs.confidence),
    }
    for k, name in enumerate(_column_names(beliefs)):
        columns[name] = pl.Series(beliefs.probabilities[:, k])
    return pl.DataFrame(columns)


def _column_names(beliefs: Beliefs) -> list[str]:
    """``p_<label>``; labels that look the same (1 and "1") are told apart by their Python form."""
    texts = [str(label) for label in beliefs.labels]
    clash = len(set(texts)) < len(texts)
    return [f"p_{label!r}" if clash else f"p_{text}" for label, text in zip(beliefs.labels, texts, strict=True)]


def _series(name: str, values: object) -> pl.Series:
    """A column of one type; mixed types become texts."""
    listed = list(values)  # type: ignore[call-overload]
    if len({type(value) for value in listed}) > 1:
        listed = [str(value) for value in listed]
    try:
        return pl.Series(name, listed)
    except (TypeError, pl.exceptions.PolarsError):
        return pl.Series(name, [str(value) for value in listed])


def write(beliefs: Beliefs, path: str | Path) -> Path:
    """Write :func:`to_frame` to ``path``: CSV, Parquet or JSON Lines by its ending, ``.gz`` too.

    Raises
    ------
    InputError
        On an unknown ending.
    StorageError
        If the file cannot be written.
    """
    target = Path(path)
    endings = [ending.lower() for ending in target.suffixes]
    packed = bool(endings) and endings[-1] == ".gz"
    ending = (endings[-2] if len(endings) > 1 else "") if packed else (endings[-1] if endings else "")
    if ending not in ENDINGS:
        raise InputError(
            f"Unknown ending '{target.suffix}'", where=str(target), hint=f"Known: {', '.join(ENDINGS)} (also .gz)"
        )
    frame, buffer = to_frame(beliefs), io.BytesIO()
    if ending == ".csv":
        frame.write_csv(buffer)
    elif ending == ".parquet":
        frame.write_parquet(buffer)
    else:
        frame.write_ndjson(buffer)
    content = gzip.compress(buffer.getvalue(), mtime=0) if packed else buffer.getvalue()
    try:
        target.write_bytes(content)
    except OSError as error:
        raise StorageError(f"Cannot be written ({error.strerror})", where=str(target)) from None
    return target
