"""What the metadata fields hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from groundswell.explore.base import VIEWS, Subject, View, number, plain, plural, shorten

_TOP = 5
_SHOWN = 30


@dataclass(frozen=True)
class Field:
    """One field. ``kind`` is number, truth, text, time or structure; ``top`` its commonest values with their counts."""

    name: str
    kind: str
    present: int
    distinct: int
    minimum: float | None
    median: float | None
    maximum: float | None
    top: list[tuple[str, int]]


@dataclass(frozen=True)
class Fields(View):
    """One entry per metadata field."""

    title = "Fields"
    fields: list[Field]

    @property
    def sentence(self) -> str:
        """What kinds there are."""
        kinds = Counter(field.kind for field in self.fields)
        return f"{plural(len(self.fields), 'field')}: {', '.join(f'{n:,} {kind}' for kind, n in kinds.most_common())}."

    def data(self) -> dict[str, Any]:
        """All entries."""
        return {"fields": [{**asdict(field), "top": [list(pair) for pair in field.top]} for field in self.fields]}

    def lines(self) -> list[str]:
        """One per field."""
        return [f"{shorten(f.name, 20):20}  {f.kind:9}  {shorten(_describe(f), 44)}" for f in self.fields[:_SHOWN]]


def _describe(field: Field) -> str:
    if field.minimum is not None and field.maximum is not None and field.median is not None:
        return f"{number(field.minimum)} to {number(field.maximum)}, half below {number(field.median)}"
    if not field.present:
        return "empty"
    if field.distinct == field.present > 1:
        return f"all {field.distinct:,} different"
    return f"{field.distinct:,} different: {', '.join(f'{name} {n:,}' for name, n in field.top)}"


@VIEWS.register("fields")
def fields(subject: Subject) -> Fields | None:
    """Look at each; nothing where there is no metadata."""
    if not subject.fields:
        return None
    return Fields([_field(subject.items[name]) for name in subject.fields])


def _field(column: pl.Series) -> Field:
    dtype = column.dtype
    kind = "structure" if dtype.is_nested() else "number" if dtype.is_numeric() else "text"
    kind = "truth" if dtype == pl.Boolean else "time" if dtype.is_temporal() else kind
    values = [value for value in plain(column.to_list()) if value is not None]
    minimum = median = maximum = None
    if kind == "number":
        finite = column.drop_nulls().cast(pl.Float64)
        finite = finite.filter(finite.is_finite())
        values = [value for value in values if value == value]  # NaN
        if len(finite):
            ends = (finite.min(), finite.median(), finite.max())
            minimum, median, maximum = (float(v) for v in ends if isinstance(v, float))
    counted = Counter(values)
    top = [] if len(counted) == len(values) > 1 else counted.most_common(_TOP)
    return Field(
        name=column.name,
        kind=kind,
        present=len(values),
        distinct=len(counted),
        minimum=minimum,
        median=median,
        maximum=maximum,
        top=[(shorten(str(value), 40), n) for value, n in top],
    )
