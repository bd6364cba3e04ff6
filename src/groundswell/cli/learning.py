"""Training on a table, and watching it: the line settling and the loss falling, in the terminal and as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rich.console import Group
from rich.live import Live
from rich.text import Text

from groundswell.cli.base import clean, err, out, print_json, table
from groundswell.core.errors import InputError, StorageError

if TYPE_CHECKING:
    import polars as pl

    from groundswell.learn import Step

WIDTH, HEIGHT = 60, 14


class Watcher:
    """Keeps the steps of gradient descent and shows the newest in the terminal."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._live: Live | None = None
        self.points: tuple[Sequence[float], Sequence[float]] | None = None

    def __call__(self, step: Step) -> None:
        """One epoch is over."""
        self.steps.append(step)
        if self._live is not None and (len(self.steps) < 10 or len(self.steps) % 5 == 0):
            self._live.update(self._shown())

    def __enter__(self) -> Watcher:
        self._live = Live(console=err, refresh_per_second=20, transient=False)
        self._live.__enter__()
        return self

    def __exit__(self, *reason: Any) -> None:
        if self._live is not None:
            if self.steps:
                self._live.update(self._shown(), refresh=True)
            self._live.__exit__(None, None, None)

    def _shown(self) -> Group:
        step = self.steps[-1]
        lines = [Text(f"epoch {step.epoch:>4}   loss {step.loss:.5g}")]
        if self.points is not None and step.line is not None:
            lines += [Text(row) for row in plot(*self.points, *step.line)]
        lines.append(Text("loss " + falling([s.loss for s in self.steps])))
        return Group(*lines)


def falling(losses: Sequence[float]) -> str:
    """Losses as a row of blocks, on a logarithmic scale; at most 60.

    Examples
    --------
    >>> falling([16.0, 4.0, 1.0])
    '█▅▁'
    """
    import math

    kept = [losses[i * len(losses) // min(len(losses), WIDTH)] for i in range(min(len(losses), WIDTH))]
    logs = [math.log(max(loss, 1e-12)) for loss in kept]
    low, high = min(logs), max(logs)
    return "".join("▁▂▃▄▅▆▇█"[round(7 * (value - low) / (high - low)) if high > low else 0] for value in logs)


def plot(x: Sequence[float], y: Sequence[float], w: float, b: float) -> list[str]:
    """Points and the line ``w · x + b`` as rows of text."""
    low_x, high_x, low_y, high_y = min(x), max(x), min(y), max(y)
    pad = (high_y - low_y) * 0.15 or 1.0
    low_y, high_y = low_y - pad, high_y + pad
    cells = [[" "] * WIDTH for _ in range(HEIGHT)]

    def put(px: float, py: float, mark: str) -> None:
        column = round((px - low_x) / ((high_x - low_x) or 1.0) * (WIDTH - 1))
        row = round((high_y - py) / (high_y - low_y) * (HEIGHT - 1))
        if 0 <= row < HEIGHT:
            cells[row][column] = mark

    for column in range(WIDTH):
        px = low_x + (high_x - low_x) * column / (WIDTH - 1)
        put(px, w * px + b, "·")
    for px, py in zip(x, y, strict=True):
        put(px, py, "●")
    return ["".join(row) for row in cells]


def train_table(
    path: Path,
    target: str,
    *,
    model: str | None,
    rate: float,
    at: Sequence[str],
    watch: bool,
    picture: Path | None,
    seed: int,
    as_json: bool,
) -> None:
    """Train on a table: a line by gradient descent for numbers, a model of labels otherwise."""
    from groundswell import learn
    from groundswell.wiring.tables import read_table

    frame = read_table(path)
    numeric = target in frame.columns and frame.schema[target].is_numeric()
    kind: Literal["regression", "classification"] = "regression" if numeric else "classification"
    name = model or ("linear" if numeric else "logistic")
    descends = name in ("linear", "logistic")
    watcher = Watcher()
    columns = [c for c in frame.columns if c != target and frame.schema[c].is_numeric()]
    if numeric and len(columns) == 1:
        known = frame.drop_nulls([columns[0], target])
        watcher.points = (known[columns[0]].to_list(), known[target].to_list())
    options: dict[str, Any] = {"settings": {"rate": rate}, "watch": watcher} if descends else {}
    if watch and descends and err.is_terminal:
        with watcher:
            made = learn.train(frame, target, kind=kind, model=name, seed=seed, **options)
    else:
        made = learn.train(frame, target, kind=kind, model=name, seed=seed, **options)
    if picture is not None:
        draw(watcher, picture, columns[0] if columns else "x", target)
    told = _told(made, watcher, [c for c in frame.columns if c != target], frame, at)
    if as_json:
        print_json(told)
        return
    _show(made, watcher, told, watch=watch)


def _told(
    made: Any, watcher: Watcher, columns: Sequence[str], frame: pl.DataFrame, at: Sequence[str]
) -> dict[str, Any]:
    weights = made.weights().to_dicts()
    told: dict[str, Any] = {
        "model": made.estimator.name,
        "rows": made.facts.get("rows"),
        "epochs": watcher.steps[-1].epoch if watcher.steps else None,
        "loss": watcher.steps[-1].loss if watcher.steps else None,
        "w": {row["feature"]: row["weight"] for row in weights if row["feature"] != "(bias)"},
        "b": next((row["weight"] for row in weights if row["feature"] == "(bias)"), None),
    }
    if at:
        told["prediction"] = made.predict(_asked(at, columns, frame)).to_list()[0]
    return told


def _asked(at: Sequence[str], columns: Sequence[str], frame: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    given: dict[str, Any] = {}
    for pair in at:
        column, equals, value = pair.partition("=")
        if not equals or column not in columns:
            raise InputError(f"--at {pair}: no such column", hint=f"Write column=value; columns: {', '.join(columns)}")
        try:
            given[column] = float(value) if frame.schema[column].is_numeric() else value
        except ValueError:
            raise InputError(f"--at {pair}: '{value}' is not a number") from None
    return pl.DataFrame({column: [given.get(column)] for column in columns})


def _show(made: Any, watcher: Watcher, told: dict[str, Any], *, watch: bool) -> None:
    if watch and watcher.steps and not err.is_terminal:
        steps = watcher.steps
        chosen = sorted({0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, len(steps) - 1} & set(range(len(steps))))
        out.print(
            table("", ("epoch", "loss"), [(steps[i].epoch, f"{steps[i].loss:.5g}") for i in chosen], right=(0, 1))
        )
        out.print("loss " + falling([s.loss for s in steps]))
    rows = [(row["feature"], f"{row['weight']:.4g}") for row in made.weights(top=30).to_dicts()]
    out.print(table(f"{made.estimator.name}, {told['rows']} rows", ("feature", "weight"), rows, right=(1,)))
    if "prediction" in told:
        shown = told["prediction"]
        out.print(Text(f"prediction: {shown:.4g}" if isinstance(shown, float) else f"prediction: {clean(str(shown))}"))


def draw(watcher: Watcher, path: Path, x_label: str, y_label: str) -> None:
    """Write the picture of a descent: the line settling where there is one feature, else the loss falling."""
    from groundswell.report import charts

    if not watcher.steps:
        raise InputError("This model does not learn in steps", hint="Use --model linear or logistic for the picture")
    if watcher.points is not None:
        epochs = [charts.Epoch(s.epoch, s.loss, *s.line) for s in watcher.steps if s.line is not None]
        x, y = watcher.points
        svg = charts.settling(x, y, epochs, title=f"{y_label} by {x_label}", x_label=x_label, y_label=y_label)
    else:
        series = charts.Series("loss", [s.epoch for s in watcher.steps], [float(s.loss) for s in watcher.steps])
        svg = charts.line([series], title="The loss falls", x_label="epoch", y_label="loss")
    try:
        path.write_text(charts.standalone(svg), "utf-8")
    except OSError as e:
        raise StorageError(f"The picture cannot be written ({e.strerror})", where=str(path)) from None
