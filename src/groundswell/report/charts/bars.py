"""Bars: one figure for each name."""

from __future__ import annotations

from collections.abc import Sequence

from groundswell.core.interval import Interval
from groundswell.report.charts.svg import (
    WIDTH,
    Canvas,
    Scale,
    floats,
    hue,
    mix,
    nothing,
    same_length,
    short,
    shorten,
    text_width,
)
from groundswell.report.theme import variable

ROW = 26.0


def bars(
    names: Sequence[str],
    values: Sequence[float | Interval],
    *,
    title: str,
    percent: bool = False,
    by_label: bool = False,
) -> str:
    """One horizontal bar a name, in the order given, with its figure; an interval is drawn as a whisker.

    ``by_label`` gives each bar the hue of the label at its place. Bars to the left of zero are negative values.

    Examples
    --------
    >>> "4,825" in bars(["ham", "spam"], [4825, 747], title="Messages", by_label=True)
    True
    """
    same_length(names, values, "names and")
    if not names:
        return nothing(title, "Nothing to count yet")
    figures = [v.value if isinstance(v, Interval) else float(v) for v in values]
    highs = [v.high if isinstance(v, Interval) else float(v) for v in values]
    lows = [v.low if isinstance(v, Interval) else float(v) for v in values]
    floats([*figures, *highs, *lows], "values")
    left = min(max(text_width(name) for name in names) + 14, 210)
    canvas = Canvas(ROW * len(names) + 8)
    scale = Scale(min(0.0, *lows), max(0.0, *highs) or 1.0, left, WIDTH - 120)
    for row, (name, value, figure) in enumerate(zip(names, values, figures, strict=True)):
        y = 4 + ROW * row
        fill = hue(row) if by_label else variable("accent")
        start, stop = sorted((scale(0), scale(figure)))
        canvas.text(left - 10, y + 16, shorten(name, left - 12), "end", tip=name, fill="ink")
        canvas.rect(start, y + 4, max(stop - start, 1), ROW - 10, mix(fill, 0.8), f"{name}: {value}", rx=2)
        shown = max(stop, scale(0))
        if isinstance(value, Interval):
            middle = y + ROW / 2 - 1
            canvas.line(scale(value.low), middle, scale(value.high), middle, "ink", stroke_width=1.5)
            shown = scale(value.high)
        canvas.text(shown + 8, y + 16, _figure(value, percent), class_="num", fill="soft")
    listed = "; ".join(f"{name}: {_figure(v, percent)}" for name, v in zip(names[:20], values, strict=False))
    return canvas.svg(title, f"{listed}.")


def _figure(value: float | Interval, percent: bool) -> str:
    if isinstance(value, Interval):
        return str(value)
    return f"{100 * value:.1f} %".replace("-", "−") if percent else short(value)
