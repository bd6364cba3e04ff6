"""What a reader is: a file in, records out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from groundswell.collect.files import File
from groundswell.core.registry import Registry


class Record(NamedTuple):
    """One item as a reader found it; ``identity`` is what its content id is computed from beside text and media."""

    row: int | None
    text: str | None
    media: str | None
    meta: Mapping[str, Any]
    group: str | None
    id: str | None
    identity: Mapping[str, Any]


class Bad(NamedTuple):
    """A row (from 1, header not counted; ``None``: the whole file) that cannot be used, and why."""

    row: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller says about the data: names of columns, the encoding, and whether the first row names them."""

    text: str | None = None
    media: str | None = None
    id: str | None = None
    group: str | None = None
    encoding: str | None = None
    header: bool = True


@dataclass(slots=True)
class Reading:
    """What a reader made of one file: records, bad rows, media files by name, blank rows, plain notes."""

    records: list[Record] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)
    media: dict[str, Path] = field(default_factory=dict)
    blank: int = 0
    notes: list[str] = field(default_factory=list)


class Reader(ABC):
    """Bytes in, records out. One class per format; stateless.

    A file of which nothing can be used raises :class:`~groundswell.core.errors.InputError`; single bad rows are
    returned in :attr:`Reading.bad`, for the caller decides whether the good ones are wanted without them.
    """

    endings: ClassVar[tuple[str, ...]]
    # Each file is one item: occurrences of equal content are then counted over all files together.
    whole_files: ClassVar[bool] = False

    @abstractmethod
    def read(self, file: File, options: Options) -> Reading:
        """Read one file. Raises :class:`~groundswell.core.errors.InputError`."""


READERS: Registry[type[Reader]] = Registry("reader", "groundswell.collect")
