"""The ladder of models: each rung against the one below and against always guessing the commonest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from groundswell.core.interval import Interval
from groundswell.report.charts.svg import WIDTH, Canvas, Scale, escape, floats, nothing, shorten, text_width
from groundswell.report.theme import variable

ROW = 34.0


@dataclass(frozen=True)
class Rung:
    """A model, its figure, and what it gains over the rung below (``None``: the first, or not compared)."""

    name: str
    figure: Interval
    gain: Interval | None = None


def ladder(rungs: Sequence[Rung], *, title: str, measure: str = "accuracy") -> str:
    """Rungs from the plainest model at the bottom to the richest at the top.

    A gain whose interval holds zero is written in grey: it may be none.

    Examples
    --------
    >>> drawn = ladder([Rung("commonest", Interval(0.866, 0.846, 0.884, n=1115)),
    ...     Rung("logistic", Interval(0.979, 0.969, 0.986, n=1115), Interval(0.113, 0.094, 0.133))], title="Ladder")
    >>> "+11.3 (+9.4 to +13.3)" in drawn
    True
    """
    if not rungs:
        return nothing(title, "No model has been trained yet")
    floats([v for rung in rungs for v in (rung.figure.low, rung.figure.value, rung.figure.high)], "figures")
    left = min(max(text_width(rung.name) for rung in rungs) + 16, 170)
    right = WIDTH - 150
    lowest = min(rung.figure.low for rung in rungs)
    scale = Scale(max(0.0, int(lowest * 20) / 20 - 0.001), max(1.0, *(r.figure.high for r in rungs), 0), left, right)
    bottom = ROW * len(rungs) + 4
    canvas = Canvas(bottom + 42)
    for tick in scale.ticks(5):
        canvas.line(scale(tick), 2, scale(tick), bottom)
        canvas.text(scale(tick), bottom + 16, f"{100 * tick:g}", "middle", class_="num")
    canvas.text((left + right) / 2, bottom + 34, f"{measure}, %", "middle", fill="soft")
    heights = [bottom - ROW * (index + 0.5) for index in range(len(rungs))]
    for index in range(1, len(rungs)):
        x0, x1 = scale(rungs[index - 1].figure.value), scale(rungs[index].figure.value)
        canvas.path(f"M{x0:.1f} {heights[index - 1]:.1f}L{x1:.1f} {heights[index]:.1f}", stroke="faint")
    for rung, y in zip(rungs, heights, strict=True):
        _rung(canvas, rung, y, scale, left, right)
    said = "; ".join(f"{rung.name}: {rung.figure}{_gain(rung.gain)}" for rung in rungs)
    return canvas.svg(title, f"{measure} of each model: {said}.")


def _gain(gain: Interval | None) -> str:
    return f", {points(gain)} points over the one below" if gain else ""


def points(gain: Interval) -> str:
    """A difference of shares in points with its interval.

    Examples
    --------
    >>> points(Interval(0.006, -0.002, 0.014))
    '+0.6 (−0.2 to +1.4)'
    """

    def signed(value: float) -> str:
        return f"{100 * value:+.1f}".replace("-", "−")

    return f"{signed(gain.value)} ({signed(gain.low)} to {signed(gain.high)})"


def _rung(canvas: Canvas, rung: Rung, y: float, scale: Scale, left: float, right: float) -> None:
    figure = rung.figure
    canvas.text(left - 12, y + 4, shorten(rung.name, left - 14), "end", tip=rung.name, fill="ink")
    canvas.parts.append(f"<g><title>{escape(f'{rung.name}: {figure}, {figure.n:,} items')}</title>")
    canvas.line(scale(figure.low), y, scale(figure.high), y, variable("accent"), stroke_width=2)
    canvas.circle(scale(figure.value), y, 4.5, variable("accent"))
    canvas.parts.append("</g>")
    canvas.text(right + 12, y - (3 if rung.gain else -4), str(figure), class_="num", fill="ink")
    if rung.gain:
        sure = rung.gain.low > 0 or rung.gain.high < 0
        canvas.text(
            right + 12, y + 11, points(rung.gain), class_="num", fill="hue-2" if sure else "faint", font_size=11
        )
