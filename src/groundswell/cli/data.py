"""``collect``, ``explore``, ``cast``, ``audit``."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from groundswell.cli.base import (
    AsJson,
    Folder,
    QuestionName,
    app,
    clean,
    figure,
    opened,
    out,
    print_json,
    progress,
    table,
)


@app.command()
def collect(
    paths: Annotated[list[str], typer.Argument(help="Files, folders or globs.")],
    folder: Folder = None,
    text: Annotated[str | None, typer.Option(help="Column that holds the text.")] = None,
    media: Annotated[str | None, typer.Option(help="Column that names an image file.")] = None,
    id_column: Annotated[str | None, typer.Option("--id", help="Column that names each item.")] = None,
    group: Annotated[str | None, typer.Option(help="Column of what must stay together in a split.")] = None,
    reader: Annotated[str | None, typer.Option(help="Reader to use, whatever the ending.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding of text files, for example latin-1.")] = None,
    header: Annotated[
        bool, typer.Option("--header/--no-header", help="Whether the first row names the columns.")
    ] = True,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Import the good rows although some are bad.")] = False,
    as_json: AsJson = False,
) -> None:
    """Collect items from CSV, TSV, JSON, JSON Lines, Parquet, texts or images. The same file twice adds nothing."""
    with opened(folder) as project, progress() as shown:
        task = shown.add_task("reading", total=None)
        found = project.collect(
            paths,
            text=text,
            media=media,
            id=id_column,
            group=group,
            reader=reader,
            encoding=encoding,
            header=header,
            skip_bad=skip_bad,
            progress=lambda done, total: shown.update(task, completed=done, total=total),
        )
    if as_json:
        print_json(found)
        return
    out.print(Text(f"{found.new:,} new items, {found.known:,} known already, from {found.files} files", style="bold"))
    for note in found.notes:
        out.print(Text(clean(note)))
    if found.bad:
        out.print(Text(f"{len(found.bad):,} bad rows left out:"))
        for row, reason in found.bad[:20]:
            out.print(Text(f"  row {row}: {clean(reason)}"))


@app.command()
def explore(folder: Folder = None, question: QuestionName = None, as_json: AsJson = False) -> None:
    """Look at the items: counts, lengths, gaps, duplicates, balance, and a map with clusters."""
    with opened(folder) as project:
        views = project.explore(question)
    if as_json:
        print_json({name: view.to_json() for name, view in views.items()})
        return
    for view in views.values():
        out.print(view.to_text())
        out.print()


@app.command()
def cast(
    folder: Folder = None,
    question: QuestionName = None,
    allow_code: Annotated[
        bool, typer.Option("--allow-code", help="Let Python functions of the project's rules.py run.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Let every automatic source vote on every item, and show how they fare."""
    with opened(folder) as project:
        with progress() as shown:
            task = shown.add_task("casting", total=None)
            done = project.cast(
                question,
                allow_code=allow_code,
                progress=lambda name, i, n: shown.update(task, description=name, completed=i, total=n),
            )
        rows = project.source_table(question)
    if as_json:
        print_json({"cast": done, "sources": rows})
        return
    out.print(
        table(
            "",
            ("source", "kind", "votes", "coverage", "overlap", "conflict", "estimated accuracy"),
            [
                (
                    r.name,
                    r.kind,
                    f"{r.n:,}",
                    f"{r.coverage:.1%}",
                    f"{r.overlap:.1%}",
                    f"{r.conflict:.1%}",
                    figure(r.accuracy) + (" below chance" if r.below_chance else ""),
                )
                for r in rows
            ],
            right=(2, 3, 4, 5),
        )
    )


@app.command()
def audit(
    folder: Folder = None,
    question: QuestionName = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many findings to show.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Look for what is wrong: likely wrong answers, duplicates, gaps, leaks. Worst first."""
    with opened(folder) as project:
        findings = project.audit(question)
    if as_json:
        print_json(findings)
        return
    if not findings:
        out.print("Nothing found.")
        return
    rows = [(f.check, f"{f.severity:.2f}", f.item or "", f.why, f.action) for f in findings[:limit]]
    out.print(table("", ("check", "severity", "item", "why", "what to do"), rows, right=(1,)))
    if len(findings) > limit:
        out.print(f"… and {len(findings) - limit:,} more; --limit shows them.")
