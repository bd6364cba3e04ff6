"""Collect: paths in, items out."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from groundswell.collect.base import READERS, Bad, Options, Reader, Reading, Record
from groundswell.collect.files import File, find
from groundswell.core.errors import BadRowsError, InputError
from groundswell.core.item import Item, Provenance, content_id

_SHOWN = 3


@dataclass(slots=True)
class Collected:
    """What was read.

    Parameters
    ----------
    items
        In the order of files and rows, each id once.
    media
        Content-addressed name to the file that holds it.
    bad
        (row from 1, reason) of what was left out; only with ``skip_bad``. Where several files were read the
        reason begins with the file; for a whole file the row is its place among the files.
    files
        That were read.
    repeated
        Rows equal to one that stands in ``items`` already: the same id again.
    blank
        Rows without anything in them.
    ignored
        Files of a folder that no reader claims.
    notes
        What was assumed (the text column, the separator), one plain sentence each.
    """

    items: list[Item] = field(default_factory=list)
    media: dict[str, Path] = field(default_factory=dict)
    bad: list[tuple[int, str]] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    repeated: int = 0
    blank: int = 0
    ignored: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def collect(
    paths: str | Path | Iterable[str | Path],
    *,
    text: str | None = None,
    media: str | None = None,
    id: str | None = None,
    group: str | None = None,
    reader: str | None = None,
    encoding: str | None = None,
    header: bool = True,
    skip_bad: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Collected:
    """Read files, globs and folders into items. All or nothing, unless ``skip_bad``.

    The same file read twice gives the same ids: an item without an id of its own is named by a hash of its
    content as written, and of how many equal ones stood before it in its file (for text and image files: among
    all files of the call).

    Parameters
    ----------
    paths
        Of files or folders (read to the bottom), or globs.
    text, media, id, group
        Names of columns. ``text`` is guessed where there is no doubt; ``""`` says that there is none. ``media``
        names pictures by paths within the table's folder. For text and image files ``group`` may be ``folder``.
    reader
        Name in :data:`READERS`; by the ending of the file if not given.
    encoding
        Of text; UTF-8, or what a byte-order mark says, if not given.
    header
        Whether the first row of a CSV or TSV file names the columns.
    skip_bad
        Leave out rows that cannot be used and report them, instead of raising.
    progress
        Called with (files done, files in all).

    Raises
    ------
    NotFoundError
        If a path, a column or a reader does not exist.
    BadRowsError
        If rows cannot be used, with their numbers.
    InputError
        If a file cannot be read, or what is meant is not clear.
    """
    options = Options(text, media, id, group, encoding, header)
    files, folders = find(paths)
    known = _endings()
    result = Collected()
    if reader is not None:
        chosen = [(file, reader, READERS[reader]()) for file in files]
    else:
        chosen = _choose(files, folders, known, result)
    gathering = _Gathering(result, many=len(chosen) > 1)
    with _no_cycles():
        for n, (file, name, one) in enumerate(chosen, 1):
            try:
                reading = one.read(file, options)
            except InputError as e:
                if not (skip_bad and one.whole_files):
                    raise
                reading = Reading(bad=[Bad(None, e.what)])
            gathering.add(n, file, name, one.whole_files, reading)
            if progress:
                progress(n, len(chosen))
    if result.bad and (not skip_bad or not result.items):
        raise _refusal(result, gathering.rows, chosen[0][0].origin if len(chosen) == 1 else None)
    return result


@contextmanager
def _no_cycles() -> Iterator[None]:
    # Hundreds of thousands of new records without a cycle among them: looking for one takes a third of the time.
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _endings() -> dict[str, str]:
    return {ending: name for name, part in READERS.items() for ending in part.endings}


def _choose(
    files: list[File], folders: bool, known: dict[str, str], result: Collected
) -> list[tuple[File, str, Reader]]:
    """A reader for each file, by its ending."""
    chosen = []
    for file in files:
        if file.ending in known:
            name = known[file.ending]
            chosen.append((file, name, READERS[name]()))
        elif folders:
            result.ignored.append(file.path)
        else:
            raise InputError(
                f"No reader for the ending '{file.ending}'" if file.ending else "The file name has no ending",
                where=file.origin,
                hint=f"Name one with reader= (--reader): {', '.join(READERS)}; endings: {', '.join(sorted(known))}",
            )
    kinds = Counter(name for _, name, _ in chosen)
    if not kinds:
        raise InputError("No file here has an ending that is read", hint=f"Endings: {', '.join(sorted(known))}")
    if folders and len(kinds) > 1:
        held = ", ".join(f"{n:,} × {name}" for name, n in kinds.most_common())
        raise InputError(
            f"The folder holds files of several kinds ({held})", hint="Choose with a glob, for example folder/*.csv"
        )
    return chosen


class _Gathering:
    """Records to items: ids, and what stands there already."""

    def __init__(self, result: Collected, many: bool) -> None:
        self.rows = 0
        self._result = result
        self._many = many
        self._seen: dict[str, tuple[str, str]] = {}
        self._occurrences: Counter[str] = Counter()

    def add(self, n: int, file: File, reader: str, whole: bool, reading: Reading) -> None:
        result = self._result
        result.files.append(file.path)
        result.media.update(reading.media)
        result.blank += reading.blank
        result.notes.extend(note for note in reading.notes if note not in result.notes)
        self.rows += len(reading.records) + len(reading.bad)
        if not whole:
            self._occurrences.clear()
        bad = list(reading.bad)
        for record in reading.records:
            try:
                self._add(record, file, reader)
            except ValueError as e:
                bad.append(Bad(record.row, str(e)))
        bad.sort(key=lambda b: b.row or 0)
        prefix = f"{file.name}: " if self._many else ""
        result.bad.extend((b.row if b.row is not None else n, prefix + b.reason) for b in bad)

    def _add(self, record: Record, file: File, reader: str) -> None:
        first = content_id(record.text, record.media, record.identity)
        name = record.id
        if name is None:
            name = first
            if earlier := self._occurrences[first]:
                name = content_id(record.text, record.media, record.identity, earlier)
            self._occurrences[first] += 1
        if name in self._seen:
            content, where = self._seen[name]
            if content != first:
                raise ValueError(f"the id '{name}' stands for something else in {where}")
            self._result.repeated += 1
            return
        place = f"row {record.row:,}" if record.row is not None else file.name
        self._seen[name] = (first, f"{file.name}, {place}" if self._many else place)
        self._result.items.append(
            Item(
                name,
                record.text,
                record.media,
                record.meta,
                record.group,
                Provenance(file.origin, record.row, reader),
            )
        )


def _refusal(result: Collected, rows: int, where: str | None) -> BadRowsError:
    shown = "; ".join(f"row {row:,}: {reason}" for row, reason in result.bad[:_SHOWN])
    more = f"; and {len(result.bad) - _SHOWN:,} more" if len(result.bad) > _SHOWN else ""
    usable = bool(result.items)
    return BadRowsError(
        f"{len(result.bad):,} of {rows:,} rows cannot be used ({shown}{more})",
        rows=result.bad,
        where=where,
        hint="Mend them, or leave them out with skip_bad=True (--skip-bad)" if usable else "Nothing was collected",
    )
