"""Lookup: membership of a field in a list or a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from groundswell.core.errors import InputError, NotFoundError, did_you_mean
from groundswell.core.ids import digest
from groundswell.sources.base import SOURCES, Condition, Context, settings

MOST = 5_000_000
_TABLES = {".csv": ",", ".tsv": "\t"}


def read_values(path: Path, column: str | None, where: str) -> list[str]:
    """The values in a file: one a line, or those of a column of a CSV or TSV file (.gz too).

    Raises
    ------
    InputError, NotFoundError
        If the file cannot be read, is not UTF-8, or has no such column.
    """
    endings = [ending.lower() for ending in path.suffixes if ending.lower() != ".gz"]
    separator = _TABLES.get(endings[-1] if endings else "")
    try:
        if separator is None:
            table = pl.read_csv(
                path, has_header=False, separator="\x01", quote_char=None, new_columns=["value"], infer_schema=False
            )
            column = "value"
        else:
            table = pl.read_csv(path, separator=separator, infer_schema=False)
    except FileNotFoundError:
        raise NotFoundError(f"No file '{path}'", where=where, hint="The path is relative to the project") from None
    except OSError as e:
        raise InputError(f"Cannot read '{path}': {e.strerror or e}", where=where) from None
    except pl.exceptions.NoDataError:
        return []
    except pl.exceptions.PolarsError as e:
        raise InputError(f"Cannot read '{path}': {str(e).splitlines()[0]}", where=where, hint="Is it UTF-8?") from None
    if column is None and table.width == 1:
        column = table.columns[0]
    if column not in table.columns:
        given = f"'{path.name}' has no column '{column}'" if column else f"'{path.name}' has {table.width} columns"
        hint = did_you_mean(column or "", table.columns)
        raise InputError(given, where=where, hint=hint if column else f"Say which: column = …. {hint}")
    return [value for value in table[column].drop_nulls().str.strip_chars().to_list() if value]


@SOURCES.register("lookup")
class Lookup(Condition):
    """Votes ``answer`` where a field is in a list, or, with ``words``, where one of its words is.

    Parameters
    ----------
    values
        The list. Upper and lower case are one unless ``ignore_case`` is off; blanks at the ends do not count.
    path, column
        A file instead: one value a line, or a column of a CSV or TSV file. Its content is part of the version.
    words
        Whether any single word (letters, digits and apostrophes) of the field will do.

    Examples
    --------
    >>> items = pl.DataFrame({"item": ["a", "b"], "text": ["x", "y"], "borough": ["Camden", "Barnet"]})
    >>> Lookup("inner", ["camden", "hackney"], field="borough", answer="urgent").vote(items)["label"].to_list()
    ['urgent', None]
    """

    type: ClassVar[str] = "lookup"
    kind = "lookup"

    def __init__(
        self,
        name: str,
        values: Iterable[str] | None = None,
        *,
        answer: str,
        field: str = "text",
        path: str | Path | None = None,
        column: str | None = None,
        words: bool = False,
        ignore_case: bool = True,
        folder: Path | None = None,
        **common: Any,
    ) -> None:
        super().__init__(name, answer, field=field, **common)
        where = f"source '{name}'"
        if (values is None) == (path is None):
            raise InputError("A lookup takes either values or a path", where=where)
        if isinstance(values, str):
            raise InputError("values is a text, not a list", where=where, hint=f'values = ["{values[:40]}"]')
        self.path = None if path is None else str(path)
        self.column = column
        self.words = bool(words)
        self.ignore_case = bool(ignore_case)
        found = list(values) if values is not None else read_values((folder or Path()) / str(path), column, where)
        if not all(isinstance(value, str) for value in found):
            raise InputError("values holds something that is not a text", where=where)
        if not 1 <= len(found) <= MOST:
            raise InputError(f"The list has {len(found):,} values", where=where, hint=f"1 to {MOST:,}")
        self.values = tuple(dict.fromkeys(self._normal(value) for value in found))
        if words and any(not value.replace("'", "").isalnum() for value in self.values):
            bad = next(value for value in self.values if not value.replace("'", "").isalnum())
            raise InputError(f"'{bad[:40]}' is not a single word", where=where, hint="Use a search for phrases")

    def _normal(self, value: str) -> str:
        return value.strip().lower() if self.ignore_case else value.strip()

    def definition(self) -> dict[str, Any]:
        """The list or the file, ``answer``, ``field``, ``words``, ``ignore_case``."""
        listed: dict[str, Any] = {"values": list(self.values)}
        if self.path is not None:
            listed = {"path": self.path} | ({"column": self.column} if self.column else {})
        return listed | {
            "answer": self.answer,
            "field": self.field,
            "words": self.words,
            "ignore_case": self.ignore_case,
        }

    @property
    def version(self) -> str:
        """A hash of the settings and of the values, wherever they came from."""
        return digest([super().version, sorted(self.values)])

    @classmethod
    def from_config(cls, config: Mapping[str, Any], context: Context) -> Lookup:
        """Inverse of :meth:`config`."""
        optional = ("values", "path", "column", "field", "words", "ignore_case")
        return cls(**settings(config, ("name", "answer"), optional), folder=context.folder)

    def holds(self, text: pl.Expr) -> pl.Expr:
        """Whether the field, or a word of it, is in the list."""
        plain = text.str.to_lowercase() if self.ignore_case else text
        values = pl.Series(self.values, dtype=pl.String).implode()
        if not self.words:
            return plain.str.strip_chars().is_in(values)
        found = plain.str.extract_all(r"[\p{L}\p{N}]+(?:'[\p{L}\p{N}]+)*")
        return found.list.eval(pl.element().is_in(values)).list.any()
