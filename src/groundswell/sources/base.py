"""What every source can do, and how a project's file names them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import polars as pl

from groundswell.core.errors import ConflictError, InputError, did_you_mean
from groundswell.core.ids import check_name, digest
from groundswell.core.item import Item
from groundswell.core.question import Question
from groundswell.core.registry import Registry
from groundswell.core.source import Kind, Saw, SourceInfo

FITTING_ANSWERS = ("choice", "choices")
_COMMON = ("group", "trust", "cost")


@dataclass(frozen=True)
class Context:
    """Where a source's settings are read: paths in them are relative to ``folder``; ``rules`` are its functions."""

    folder: Path = field(default_factory=Path)
    rules: Mapping[str, Source] = field(default_factory=dict)


class Source(ABC):
    """Anything that votes. Subclasses say what they need in ``__init__`` and never change afterwards.

    Parameters
    ----------
    name
        Unique within a question: 1 to 63 of a-z, 0-9, ``-`` and ``_``.
    group
        Sources of one group may share their errors; ``None`` stands alone.
    trust
        Known probability of being right, in (0, 1], if somebody vouches for it.
    cost
        Of one vote.
    """

    type: ClassVar[str]
    kind: Kind = "rule"
    saw: ClassVar[Saw] = "all"
    automatic: ClassVar[bool] = True
    derived: bool = False

    def __init__(self, name: str, *, group: str | None = None, trust: float | None = None, cost: float = 0.0) -> None:
        self.name = check_name(name, "source")
        self.group = group
        self.trust = trust
        self.cost = cost
        self.info()

    def info(self) -> SourceInfo:
        """What is known of it before any of its votes is read."""
        return SourceInfo(self.name, self.kind, self.saw, self.group, self.trust, self.derived, self.cost)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that it can vote, as far as its definition tells."""
        return ()

    @abstractmethod
    def definition(self) -> dict[str, Any]:
        """The settings that decide its votes, JSON values only, without name and trust."""

    @property
    def version(self) -> str:
        """16 hexadecimal digits: a hash of the definition. A changed rule is a new version."""
        return digest({"type": self.type, **self.definition()})

    def config(self) -> dict[str, Any]:
        """The settings as ``groundswell.toml`` holds them."""
        common = {"group": self.group, "trust": self.trust, "cost": self.cost or None}
        return {"name": self.name, "type": self.type, **self.definition()} | {
            key: value for key, value in common.items() if value is not None
        }

    @classmethod
    @abstractmethod
    def from_config(cls, config: Mapping[str, Any], context: Context) -> Source:
        """The inverse of :meth:`config`. Raises :class:`InputError` on settings that make no sense."""

    @abstractmethod
    def vote(self, items: pl.DataFrame) -> pl.DataFrame:
        """Its votes on an items frame: columns ``item`` and ``label``, one row an item, in the frame's order.

        A null label is an abstention. Some sources add ``confidence`` in [0, 1] and ``p_<label>``.
        """

    def check(self, question: Question) -> None:
        """Raise :class:`InputError` unless its labels are the question's."""
        if question.answer.name not in FITTING_ANSWERS:
            raise InputError(
                f"A {self.type} votes labels, but the question '{question.name}' asks for {question.answer.name}",
                where=f"source '{self.name}'",
                hint=f"Automatic sources answer {' and '.join(FITTING_ANSWERS)} questions",
            )
        for label in self.labels:
            if label not in question.labels:
                raise InputError(
                    f"'{label[:80]}' is not a label of the question '{question.name}'",
                    where=f"source '{self.name}'",
                    hint=did_you_mean(label, question.labels),
                )


SOURCES: Registry[type[Source]] = Registry("type of source", "groundswell.sources")


def from_config(config: Mapping[str, Any], context: Context | None = None) -> Source:
    """The source that a table ``[[sources]]`` of ``groundswell.toml`` describes.

    Examples
    --------
    >>> from_config({"name": "deep", "type": "pattern", "pattern": "deep|wheel", "answer": "dangerous"}).labels
    ('dangerous',)
    """
    name = str(config.get("name", ""))
    if "type" not in config:
        raise InputError(f"The source '{name}' has no type", hint=f"Known: {', '.join(SOURCES)}")
    cls = SOURCES[str(config["type"])]
    return cls.from_config(config, context or Context())


def settings(config: Mapping[str, Any], needed: Sequence[str], optional: Sequence[str] = ()) -> dict[str, Any]:
    """The settings ``needed`` and, where given, ``optional`` and those that every source has.

    Raises
    ------
    InputError
        If one is missing or not known.
    """
    where = f"source '{config.get('name', '?')}'"
    for key in needed:
        if key not in config:
            raise InputError(f"'{key}' is missing", where=where, hint=f"Needed: {', '.join(needed)}")
    allowed = (*needed, *optional, *_COMMON)
    for key in config:
        if key not in (*allowed, "type"):
            raise InputError(f"'{key}' is not a setting of it", where=where, hint=did_you_mean(key, allowed))
    found = {key: config[key] for key in allowed if key in config}
    for key, kinds, what in (
        ("group", str, "a text"),
        ("trust", int | float, "a number"),
        ("cost", int | float, "a number"),
    ):
        if key in found and (not isinstance(found[key], kinds) or isinstance(found[key], bool)):
            raise InputError(f"{key} = {found[key]!r} is not {what}", where=where)
    return found


def text_of(items: pl.DataFrame, name: str, source: str) -> pl.Expr:
    """The column ``name`` of an items frame as text.

    Raises
    ------
    InputError
        If there is no such column, or it holds lists or structures.
    """
    if name not in items.columns:
        fields = [column for column in items.columns if column not in ("item", "media")]
        raise InputError(
            f"The items have no field '{name}'", where=f"source '{source}'", hint=did_you_mean(name, fields)
        )
    kind = items.schema[name]
    if kind == pl.String:
        return pl.col(name)
    if kind.is_nested() or kind == pl.Binary:
        raise InputError(f"The field '{name}' holds {kind}, not text", where=f"source '{source}'")
    return pl.col(name).cast(pl.String)


class Condition(Source):
    """A source that gives one answer wherever a condition holds and abstains elsewhere."""

    def __init__(self, name: str, answer: str, *, field: str = "text", **common: Any) -> None:
        super().__init__(name, **common)
        for value, what in ((answer, "answer"), (field, "field")):
            if not isinstance(value, str) or not value:
                raise InputError(f"{what} = {value!r} is not a text", where=f"source '{name}'")
        self.answer = answer
        self.field = field

    @property
    def labels(self) -> tuple[str, ...]:
        """Its one answer."""
        return (self.answer,)

    @abstractmethod
    def holds(self, text: pl.Expr) -> pl.Expr:
        """True, false or null for the text of every item."""

    def label(self, items: pl.DataFrame) -> pl.Expr:
        """Its label for every item, null where it abstains."""
        holds = self.holds(text_of(items, self.field, self.name))
        return pl.when(holds).then(pl.lit(self.answer)).otherwise(pl.lit(None, dtype=pl.String))

    def vote(self, items: pl.DataFrame) -> pl.DataFrame:
        """See :meth:`Source.vote`."""
        return items.select("item", self.label(items).alias("label"))


_FIXED = ("item", "text", "media", "group")


def to_items(frame: pl.DataFrame) -> list[Item]:
    """The rows of an items frame as items, with the other columns as their metadata."""
    extra = [column for column in frame.columns if column not in _FIXED]
    present = [column for column in _FIXED if column in frame.columns]
    return [
        Item(
            id=row["item"],
            text=row.get("text"),
            media=row.get("media"),
            group=row.get("group"),
            meta={column: row[column] for column in extra},
        )
        for row in frame.select(*present, *extra).iter_rows(named=True)
    ]


class PerItem(Source):
    """A source that looks at one item after the other; several of them share the items that are made for it."""

    @abstractmethod
    def answers_on(self, items: Sequence[Item]) -> pl.DataFrame:
        """Its votes on items, as :meth:`Source.vote` gives them."""

    def vote(self, items: pl.DataFrame) -> pl.DataFrame:
        """See :meth:`Source.vote`."""
        return self.answers_on(to_items(items))


S = TypeVar("S", bound=Source)


def unique(sources: Iterable[S]) -> dict[str, S]:
    """Sources by name. Raises :class:`ConflictError` if two have the same."""
    found: dict[str, S] = {}
    for source in sources:
        if source.name in found and found[source.name] is not source:
            raise ConflictError(f"Two sources are called '{source.name}'", hint="Rename one of them")
        found[source.name] = source
    return found


def cast(
    sources: Iterable[Source],
    items: pl.DataFrame,
    question: Question | None = None,
    *,
    progress: Callable[[str, int, int], None] | None = None,
) -> dict[str, pl.DataFrame]:
    """Every automatic source's votes on ``items``, by name; people are passed over.

    Conditions (patterns, searches, look-ups) run together, in parallel over the columns.

    Parameters
    ----------
    items
        An items frame: ``item``, ``text``, ``media``, ``group`` and the metadata fields.
    question
        Checked against every source beforehand and every label afterwards, if given.
    progress
        Called with a source's name, how many are done and how many there are.

    Raises
    ------
    InputError
        If a source does not fit the question or the items.
    """
    chosen = {name: source for name, source in unique(sources).items() if source.automatic}
    if question is not None:
        for source in chosen.values():
            source.check(question)
    fast = {name: source for name, source in chosen.items() if isinstance(source, Condition)}
    wide = items.select([source.label(items).alias(name) for name, source in fast.items()])
    rows = to_items(items) if any(isinstance(source, PerItem) for source in chosen.values()) else []
    columns: dict[str, pl.DataFrame] = {}
    for done, (name, source) in enumerate(chosen.items(), start=1):
        if name in fast:
            columns[name] = pl.DataFrame({"item": items["item"], "label": wide[name]})
        else:
            columns[name] = source.answers_on(rows) if isinstance(source, PerItem) else source.vote(items)
            if question is not None:
                check_column(columns[name], source.name, question)
        if progress is not None:
            progress(name, done, len(chosen))
    return columns


def check_column(column: pl.DataFrame, source: str, question: Question) -> None:
    """Raise :class:`InputError` if a column votes something that is no label of the question."""
    strange = column["label"].drop_nulls().unique().sort().to_list()
    strange = [label for label in strange if label not in question.labels]
    if strange:
        listed = ", ".join(f"'{label[:40]}'" for label in strange[:5]) + (", …" if len(strange) > 5 else "")
        raise InputError(
            f"It voted {listed}, which the question '{question.name}' does not know",
            where=f"source '{source}'",
            hint=did_you_mean(strange[0], question.labels),
        )
