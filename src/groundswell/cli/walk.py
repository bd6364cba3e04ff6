"""``demo``: the whole road on real data, with a progress display, then the app."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from groundswell.cli.base import Host, Port, app, clean, err, out, print_json, progress

if TYPE_CHECKING:
    from groundswell.demo.walk import Leg


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(help="Where the demo's project stands.")] = Path("groundswell-demo"),
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the app afterwards.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as one JSON object.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Walk again although a walk is complete.")] = False,
    host: Host = "127.0.0.1",
    port: Port = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page.")] = False,
) -> None:
    """Walk the whole road on 5,572 real text messages, from the question to a served model."""
    from groundswell.demo import walk as walking

    say = err if as_json else out
    figures = walking.prepare(folder, fresh=fresh)
    if figures is None:
        with progress() as shown:
            task = shown.add_task("", total=None)

            def tick(title: str, done: int, total: int) -> None:
                shown.update(task, description=title, completed=done, total=total or None)

            def show(leg: Leg) -> None:
                say.print(Text.assemble((f"{leg.title} ", "bold"), (f"{leg.seconds:.1f} s", "dim")))
                say.print(Text(clean(leg.text)))
                say.print()

            figures = walking.walk(folder, show=show, tick=tick)
        say.print(Text(f"The whole road took {figures['seconds']:.1f} s. {figures['note']}", style="dim"))
    else:
        say.print(f"The demo in {folder} is complete; going on with it (--fresh walks again).", markup=False)
    if as_json:
        print_json(figures)
    if serve:
        _serve(folder, host=host, port=port, browser=browser)


def _serve(folder: Path, **options: Any) -> None:
    from groundswell.cli.serving import serve_project
    from groundswell.project import open_project

    with open_project(folder, create=False) as project:
        serve_project(project, **options)
