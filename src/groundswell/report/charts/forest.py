"""Forest plot: a dot and its interval for each row, over one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from groundswell.core.interval import Interval
from groundswell.report.charts.svg import WIDTH, Canvas, Scale, escape, floats, nothing, shorten, text_width
from groundswell.report.theme import variable

ROW = 24.0


@dataclass(frozen=True)
class Row:
    """A name, its figure (``None``: too few to say), and a word at the right."""

    name: str
    figure: Interval | None
    note: str = ""
    warn: bool = False
    """Drawn in the colour of what needs a look."""


def forest(rows: Sequence[Row], *, title: str, chance: float | None = None, low: float | None = None) -> str:
    """Who can be trusted: one row a source, in the order given.

    ``chance`` draws a broken line where guessing would stand; ``low`` is where the scale begins, else the lowest
    bound rounded down to ten points.

    Examples
    --------
    >>> drawn = forest([Row("ada", Interval(0.97, 0.93, 0.99, n=210))], title="Who can be trusted", chance=0.5)
    >>> "97.0 % (93.0–99.0)" in drawn
    True
    """
    known = [row.figure for row in rows if row.figure is not None]
    if not rows:
        return nothing(title, "No source has voted yet")
    floats([bound for figure in known for bound in (figure.low, figure.value, figure.high)], "figures")
    bounds = [figure.low for figure in known] + ([chance] if chance is not None else [])
    start = low if low is not None else int(10 * min(bounds, default=0.0)) / 10
    left = min(max(text_width(row.name) for row in rows) + 16, 190)
    notes = min(max(text_width(row.note) for row in rows), 130)
    right = WIDTH - (140 + notes + (12 if notes else 0))
    scale = Scale(start, max([1.0, *(figure.high for figure in known)]), left, right)
    canvas = Canvas(ROW * len(rows) + 30)
    bottom = ROW * len(rows) + 4
    for tick in scale.ticks(5):
        canvas.line(scale(tick), 2, scale(tick), bottom)
        canvas.text(scale(tick), bottom + 18, f"{100 * tick:g}", "middle", class_="num")
    if chance is not None:
        canvas.line(scale(chance), 2, scale(chance), bottom, "soft", stroke_dasharray="3 4")
    for index, row in enumerate(rows):
        _row(canvas, row, 4 + ROW * (index + 0.5), scale, left, right)
    said = "; ".join(f"{row.name}: {row.figure or 'too few to say'}" for row in rows[:30])
    return canvas.svg(title, f"{said}.")


def _row(canvas: Canvas, row: Row, y: float, scale: Scale, left: float, right: float) -> None:
    canvas.text(left - 12, y + 4, shorten(row.name, left - 14), "end", tip=row.name, fill="ink")
    if row.figure is None:
        canvas.text(right + 12, y + 4, "too few to say")
        return
    figure = row.figure
    fill = variable("hue-0") if row.warn else variable("hue-1")
    tip = f"{row.name}: {figure}" + (f", {figure.n:,} votes" if figure.n else "")
    canvas.parts.append(f"<g><title>{escape(tip)}</title>")
    canvas.line(scale(figure.low), y, scale(figure.high), y, fill, stroke_width=2)
    if row.warn:
        canvas.rect(scale(figure.value) - 4, y - 4, 8, 8, fill)
    else:
        canvas.circle(scale(figure.value), y, 4, fill)
    canvas.parts.append("</g>")
    canvas.text(right + 12, y + 4, str(figure), class_="num", fill="ink")
    canvas.text(WIDTH - 2, y + 4, shorten(row.note, 132), "end", tip=row.note)
