"""The Typer application, the options that several commands share, and how figures are shown."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from groundswell.core.errors import NotFoundError
from groundswell.core.ids import to_plain
from groundswell.core.interval import Interval

if TYPE_CHECKING:
    from groundswell.project import Project

CONFIG = "groundswell.toml"

app = typer.Typer(
    name="groundswell",
    help="From a question and a pile of raw data to a labelled dataset that can be defended, and a first model.",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

Folder = Annotated[
    Path | None,
    typer.Option("--project", "-C", metavar="FOLDER", help="The project's folder; else this one or one above it."),
]
QuestionName = Annotated[
    str | None, typer.Option("--question", "-q", metavar="NAME", help="Which question; else the first.")
]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[
    int | None,
    typer.Option(
        min=0, max=65535, help="Port to listen on; 0 takes a free one. If not given, a usual one that is free."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value instead of tables.")]


def find_project(folder: Path | None) -> Path:
    """The project's folder: the one given, else the current one or the nearest above that holds a project.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    if folder is not None:
        return folder
    here = Path.cwd()
    for candidate in (here, *here.parents):
        if (candidate / CONFIG).is_file():
            return candidate
    raise NotFoundError("No project here or above", where=str(here), hint="Begin one with: groundswell new NAME")


@contextmanager
def opened(folder: Path | None) -> Iterator[Project]:
    """The project that a command works on, closed afterwards."""
    from groundswell.project import open_project

    with open_project(find_project(folder), create=False) as project:
        yield project


@contextmanager
def progress() -> Iterator[Progress]:
    """A progress display on standard error; silent where that is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as shown:
        yield shown


def table(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]], *, right: Sequence[int] = ()) -> Table:
    """A plain table; columns in ``right`` are set flush right. User text is never read as markup."""
    from rich.text import Text

    made = Table(title=title or None, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for i, heading in enumerate(headings):
        made.add_column(heading, justify="right" if i in right else "left", header_style="dim", overflow="fold")
    for row in rows:
        made.add_row(*[Text(clean(str(cell))) for cell in row])
    return made


def clean(text: str) -> str:
    """``text`` without control characters, which could drive the reader's terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def figure(value: Interval | None) -> str:
    """A figure with its interval, or that there is too little to say."""
    return "too few to say" if value is None else str(value)


def print_json(value: Any) -> None:
    """One JSON value on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=to_plain) + "\n")
