"""Legacy: what an existing system said, as a column of the data itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import polars as pl

from groundswell.core.errors import InputError
from groundswell.sources.base import SOURCES, Context, Source, settings, text_of


@SOURCES.register("legacy")
class Legacy(Source):
    """Votes what a column of the data says; an empty field abstains.

    Parameters
    ----------
    column
        Of the items.
    mapping
        Value in the column to label of the question; values that it does not name abstain. Without a mapping
        the values are the labels.

    Examples
    --------
    >>> items = pl.DataFrame({"item": ["a", "b", "c"], "old": ["1", "0", None]})
    >>> Legacy("filter-2019", "old", mapping={"1": "spam", "0": "ham"}).vote(items)["label"].to_list()
    ['spam', 'ham', None]
    """

    type: ClassVar[str] = "legacy"
    kind = "legacy"

    def __init__(self, name: str, column: str, *, mapping: Mapping[str, str] | None = None, **common: Any) -> None:
        super().__init__(name, **common)
        if not isinstance(column, str) or not column:
            raise InputError(f"column = {column!r} is not a text", where=f"source '{name}'")
        if mapping is not None and not all(isinstance(value, str) for value in mapping.values()):
            raise InputError("mapping leads to something that is not a label", where=f"source '{name}'")
        self.column = column
        self.mapping = None if mapping is None else {str(value): label for value, label in mapping.items()}

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the mapping."""
        return tuple(dict.fromkeys(self.mapping.values())) if self.mapping is not None else ()

    def definition(self) -> dict[str, Any]:
        """``column`` and ``mapping``."""
        return {"column": self.column} | ({"mapping": dict(self.mapping)} if self.mapping is not None else {})

    @classmethod
    def from_config(cls, config: Mapping[str, Any], context: Context) -> Legacy:  # noqa: ARG003
        """Inverse of :meth:`config`."""
        return cls(**settings(config, ("name", "column"), ("mapping",)))

    def vote(self, items: pl.DataFrame) -> pl.DataFrame:
        """See :meth:`Source.vote`."""
        text = text_of(items, self.column, self.name).str.strip_chars()
        if self.mapping is None:
            return items.select("item", pl.when(text != "").then(text).alias("label"))
        old, new = list(self.mapping), list(self.mapping.values())
        return items.select("item", text.replace_strict(old, new, default=None, return_dtype=pl.String).alias("label"))
