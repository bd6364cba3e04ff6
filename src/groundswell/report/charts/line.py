"""Lines with the band of their interval: accuracy against answers, loss against steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from groundswell.report.charts.svg import (
    WIDTH,
    Canvas,
    Numbers,
    Scale,
    floats,
    hue,
    nothing,
    number,
    padded,
    same_length,
    shorten,
    x_axis,
    y_axis,
)


@dataclass(frozen=True)
class Series:
    """One line: ``x`` ascending, ``y``, and where known the lower and upper bound, all of one length."""

    name: str
    x: Numbers
    y: Numbers
    low: Numbers | None = None
    high: Numbers | None = None
    quiet: bool = False
    """Drawn thin and grey: what the others are compared with."""


def line(
    series: Sequence[Series],
    *,
    title: str,
    x_label: str = "",
    y_label: str = "",
    percent: bool = False,
    log: bool = False,
) -> str:
    """Lines over one another, each with its band.

    ``percent`` says that ``y`` are shares in [0, 1]; ``log`` draws ``y`` (positive) on a logarithmic scale.
    Raises :class:`~groundswell.core.errors.InputError` on unequal lengths or numbers that are not finite.

    Examples
    --------
    >>> drawn = line([Series("margin", [0, 50, 100], [0.91, 0.95, 0.97])], title="Accuracy", percent=True)
    >>> "margin" in drawn and drawn.startswith("<svg")
    True
    """
    shown = [one for one in series if len(one.x)]
    if not shown:
        return nothing(title, "Nothing has been measured yet")
    for one in shown:
        for values in (one.y, one.low, one.high):
            if values is not None:
                same_length(one.x, values, f"'{one.name}'")
    xs = np.concatenate([floats(one.x, "x values") for one in shown])
    ys = np.concatenate(
        [floats(values, "y values") for one in shown for values in (one.y, one.low, one.high) if values is not None]
    )
    if log:
        ys = np.log10(np.maximum(ys, 1e-12))
    canvas = Canvas(230 if x_label else 212)
    right = WIDTH - 96 if len(shown) > 1 else WIDTH - 8
    low, high = padded(float(ys.min()), float(ys.max()))
    across = Scale(float(xs.min()), float(xs.max()), 40, right)
    up = Scale(low, min(high, 1.0) if percent and ys.max() <= 1 else high, 186, 22)
    _axes(canvas, across, up, right, x_label, y_label, percent, log)
    _draw(canvas, shown, across, up, log)
    last = "; ".join(f"{one.name}: {_figure(float(one.y[-1]), percent)} at {one.x[-1]:g}" for one in shown)
    return canvas.svg(title, f"{y_label or 'Value'} against {x_label or 'x'}. Last values: {last}.")


def _figure(value: float, percent: bool) -> str:
    return f"{100 * value:.1f} %" if percent else f"{value:.4g}"


def _axes(
    canvas: Canvas, across: Scale, up: Scale, right: float, x_label: str, y_label: str, percent: bool, log: bool
) -> None:
    if log:
        for power in range(int(np.ceil(up.low)), int(np.floor(up.high)) + 1):
            canvas.line(34, up(power), right, up(power))
            canvas.text(28, up(power) + 4, f"{10.0**power:g}", "end", class_="num")
    else:
        y_axis(canvas, up, right, percent=percent)
    x_axis(canvas, across, 188, label=x_label)
    if y_label:
        canvas.text(0, 11, f"{y_label}, %" if percent else y_label, fill="soft")


def _draw(canvas: Canvas, shown: Sequence[Series], across: Scale, up: Scale, log: bool) -> None:
    def point(x: float, y: float) -> str:
        return f"{number(across(x))} {number(up(float(np.log10(max(y, 1e-12))) if log else y))}"

    loud = [one for one in shown if not one.quiet]
    ends: list[float] = []
    for one in sorted(shown, key=lambda each: not each.quiet):
        stroke = "faint" if one.quiet else "accent" if len(loud) == 1 else hue(loud.index(one))
        if one.low is not None and one.high is not None:
            there = [point(x, y) for x, y in zip(one.x, one.high, strict=True)]
            back = [point(x, y) for x, y in zip(one.x, one.low, strict=True)][::-1]
            canvas.path(f"M{' L'.join(there + back)}Z", fill=stroke, opacity=0.07 if one.quiet else 0.14)
        points = [point(x, y) for x, y in zip(one.x, one.y, strict=True)]
        width = 1.5 if one.quiet else 2.5
        canvas.path(f"M{' L'.join(points)}", stroke=stroke, stroke_width=width, stroke_linejoin="round")
        x, y = map(float, points[-1].split())
        canvas.circle(x, y, width, stroke)
        if len(shown) > 1:
            room = WIDTH - x - 8 if x > WIDTH * 0.6 else 120
            at = _free(y + 4, ends)
            canvas.text(x + 8, at, shorten(one.name, room), tip=one.name, fill="soft" if one.quiet else stroke)


def _free(y: float, taken: list[float]) -> float:
    """A height for a name near ``y`` that covers none of those written already."""
    while any(abs(y - other) < 13 for other in taken):
        y += 13
    taken.append(y)
    return y
