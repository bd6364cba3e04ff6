"""``train``, ``evaluate``, ``serve``, ``watch``, ``report``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from groundswell.cli.base import (
    AsJson,
    Folder,
    Host,
    Port,
    QuestionName,
    app,
    clean,
    figure,
    opened,
    out,
    print_json,
    table,
)
from groundswell.core.interval import Interval

if TYPE_CHECKING:
    from groundswell.wiring.models import ModelInfo


@app.command()
def train(
    what: Annotated[str, typer.Argument(help="A release, or a table with --target.")] = "v1",
    folder: Folder = None,
    target: Annotated[str | None, typer.Option(help="Column to predict, where a table is given.")] = None,
    model: Annotated[str | None, typer.Option(help="One model instead of the ladder.")] = None,
    rate: Annotated[float, typer.Option(min=1e-6, max=10, help="Learning rate of gradient descent.")] = 0.1,
    at: Annotated[
        list[str] | None, typer.Option(help="Predict here afterwards: column=value; repeat for more columns.")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Show the line settling and the loss falling.")] = False,
    picture: Annotated[Path | None, typer.Option(help="Write the picture of it here (.html or .svg).")] = None,
    seed: Annotated[int, typer.Option(help="For what is drawn at random.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Train a ladder of models on a release, or a line on a table."""
    from groundswell.cli import learning

    if target is not None:
        learning.train_table(
            Path(what),
            target,
            model=model,
            rate=rate,
            at=at or [],
            watch=watch,
            picture=picture,
            seed=seed,
            as_json=as_json,
        )
        return
    with opened(folder) as project:
        watcher = learning.Watcher()
        trained = project.train(what, model=model, watch=watcher if watch or picture else None)
        if picture is not None:
            learning.draw(watcher, picture, "x", "y")
        if watch:
            out.print("loss " + learning.falling([step.loss for step in watcher.steps]))
    if as_json:
        print_json(trained)
        return
    _ladder(trained)


def _ladder(trained: ModelInfo) -> None:
    rows = [
        (r.model, figure(r.accuracy), figure(r.f1), gain(r.against_commonest), gain(r.against_previous))
        for r in trained.ladder
    ]
    headings = ("model", "accuracy", "F1", "against always the commonest", "against the one before")
    out.print(table("", headings, rows))
    out.print(Text(f"Kept as '{trained.name}': {trained.kept}. It looks at:", style="bold"))
    for label in sorted({label for _, label, _ in trained.weights}):
        words = [feature for feature, of, _ in trained.weights if of == label]
        out.print(Text(f"  {clean(label)}: {clean(', '.join(words[:12]))}"))


def gain(value: Interval | None) -> str:
    """A difference in points with its interval.

    Examples
    --------
    >>> gain(Interval(0.113, 0.094, 0.133))
    '+11.3 (+9.4 to +13.3)'
    """
    return "" if value is None else f"{100 * value.value:+.1f} ({100 * value.low:+.1f} to {100 * value.high:+.1f})"


@app.command()
def evaluate(
    name: Annotated[str, typer.Argument(help="The model: the name of its release.")] = "v1",
    by: Annotated[str | None, typer.Option(help="Column whose values are compared: whom does it err on more?")] = None,
    folder: Folder = None,
    as_json: AsJson = False,
) -> None:
    """How right a trained model is on the test items, and for whom it errs more."""
    with opened(folder) as project:
        found = project.evaluate(name, by=by)
    if as_json:
        print_json(found.to_json())
        return
    out.print(found.to_text())


@app.command()
def serve(
    name: Annotated[str, typer.Argument(help="The model: the name of its release.")] = "v1",
    folder: Folder = None,
    host: Host = "127.0.0.1",
    port: Port = None,
    token: Annotated[str | None, typer.Option(help="Ask callers for this token.")] = None,
) -> None:
    """Serve a model over HTTP: POST /predict, with its card at /. Every prediction is logged for `watch`."""
    from groundswell.cli.serving import serve_model

    with opened(folder) as project:
        serve_model(project, name, host=host, port=port, token=token)


@app.command()
def watch(
    name: Annotated[str | None, typer.Argument(help="The model; all without a name.")] = None,
    folder: Folder = None,
    offer: Annotated[int, typer.Option(min=0, help="Take this many of the most doubtful inputs back as items.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Compare what a served model sees and says with its training data."""
    with opened(folder) as project:
        found = project.watch(name)
        taken = project.offer(name or found[0].model, offer) if offer and found else 0
    if as_json:
        print_json(found)
        return
    if not found:
        out.print("No predictions are logged yet. Serve a model with: groundswell serve")
    for one in found:
        out.print(Text(f"{one.model}: {one.n_predictions:,} predictions", style="bold"))
        out.print(table("", ("what", "level", "why"), [(d.what, d.level, d.why) for d in one.drift]))
    if taken:
        out.print(f"{taken} doubtful inputs are items now; answer them with: groundswell label")


@app.command()
def report(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write it; else report.html in the project.")
    ] = None,
    folder: Folder = None,
    question: QuestionName = None,
) -> None:
    """Write one HTML file with the whole road: its figures and pictures."""
    with opened(folder) as project:
        path = project.report(output, question=question)
    out.print(Text(f"Report: {path}"))
