"""Person: somebody who is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import polars as pl

from groundswell.core.source import Saw
from groundswell.sources.base import SOURCES, Context, Source, settings


@SOURCES.register("person")
class Person(Source):
    """Somebody who answers in the labelling app. Their votes stand in the log; on their own they say nothing.

    Examples
    --------
    >>> Person("ada", trust=0.9).info()
    SourceInfo(name='ada', kind='person', saw='asked', group=None, trust=0.9, derived=False, cost=0.0)
    """

    type: ClassVar[str] = "person"
    kind = "person"
    saw: ClassVar[Saw] = "asked"
    automatic: ClassVar[bool] = False

    def definition(self) -> dict[str, Any]:
        """Empty: people have no definition."""
        return {}

    @classmethod
    def from_config(cls, config: Mapping[str, Any], context: Context) -> Person:  # noqa: ARG003
        """Inverse of :meth:`config`."""
        return cls(**settings(config, ("name",)))

    def vote(self, items: pl.DataFrame) -> pl.DataFrame:  # noqa: ARG002
        """An empty column: who was never asked has said nothing, not abstained."""
        return pl.DataFrame(schema={"item": pl.String, "label": pl.String})
