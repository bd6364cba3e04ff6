"""No verb: where the project stands, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.text import Text

from groundswell import __version__
from groundswell.cli.base import AsJson, Folder, QuestionName, app, figure, opened, out, print_json


def _version(wanted: bool) -> None:
    if wanted:
        out.print(f"groundswell {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def status(
    context: typer.Context,
    folder: Folder = None,
    question: QuestionName = None,
    as_json: AsJson = False,
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Where the project stands and the next step. With a verb: do that."""
    if context.invoked_subcommand is not None:
        return
    with opened(folder) as project:
        found = project.status(question)
        asked = project.question(question)
    if as_json:
        print_json(found)
        return
    out.print(Text(f"{found.name} · {asked.text or asked.name}", style="bold"))
    marks = {"done": "✓", "next": "→", "open": " "}
    out.print(Text("  ".join(f"{s.title} {s.figure or marks[s.state]}".rstrip() for s in found.stages)))
    out.print()
    out.print(f"{found.items:,} items · {found.rules} rules · {found.answers:,} answers of {found.people} people")
    if any(found.certainty):
        out.print(f"{sparkline(found.certainty)}  {found.settled:,} settled · {found.doubtful:,} doubtful")
        out.print(f"accuracy against answers to random items: {figure(found.accuracy)}")
    if found.next:
        out.print()
        for step in found.next:
            out.print(Text.assemble(("groundswell " + step.verb, "bold"), f"   {step.title}. {step.detail}"))


def sparkline(counts: Sequence[int]) -> str:
    """Counts as a row of blocks of one to eight eighths, on a square-root scale.

    Examples
    --------
    >>> sparkline([0, 1, 4, 16])
    ' ▂▄█'
    """
    top = max(counts) or 1
    return "".join(" ▁▂▃▄▅▆▇█"[round(8 * (count / top) ** 0.5)] for count in counts)
