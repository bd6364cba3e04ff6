"""A line that settles on its points while gradient descent runs, and its loss falling."""

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
    mix,
    nothing,
    number,
    padded,
    same_length,
    short,
)
from groundswell.report.theme import variable

SHOWN = 12


@dataclass(frozen=True)
class Epoch:
    """One step of gradient descent: its number, the loss, and the line ``w · x + b`` it stood at."""

    epoch: int
    loss: float
    w: float
    b: float


def settling(
    x: Numbers, y: Numbers, epochs: Sequence[Epoch], *, title: str, x_label: str = "x", y_label: str = "y"
) -> str:
    """The points with the line of some epochs from pale (first) to full (last), and beside it the loss.

    Examples
    --------
    >>> drawn = settling([5, 10, 15, 25], [5, 4.3, 3.7, 2.9], [Epoch(0, 16.4, 0, 0), Epoch(99, 0.02, -0.104, 5.4)],
    ...     title="Tax and emissions")
    >>> "y = −0.104 · x + 5.4" in drawn
    True
    """
    same_length(x, y, "x and y")
    xs, ys = floats(x, "x values"), floats(y, "y values")
    if not epochs or not len(xs):
        return nothing(title, "Nothing has been trained yet")
    floats([v for e in epochs for v in (e.loss, e.w, e.b)], "epochs")
    canvas = Canvas(236)
    _fit(canvas, xs, ys, epochs, (x_label, y_label))
    _loss(canvas, epochs)
    last = epochs[-1]
    return canvas.svg(title, f"{_formula(last, x_label, y_label)} after {last.epoch + 1} epochs, loss {last.loss:.4g}.")


def _formula(epoch: Epoch, x_label: str, y_label: str) -> str:
    sign = "+" if epoch.b >= 0 else "−"
    w = f"{epoch.w:.3g}".replace("-", "−")
    return f"{y_label} = {w} · {x_label} {sign} {abs(epoch.b):.3g}"


def _fit(canvas: Canvas, xs: np.ndarray, ys: np.ndarray, epochs: Sequence[Epoch], names: tuple[str, str]) -> None:
    across = Scale(*padded(float(xs.min()), float(xs.max()), 0.1), 34, 330)
    reach = float(ys.max() - ys.min()) or 1.0
    lines = np.array([epoch.w * x + epoch.b for epoch in epochs for x in (across.low, across.high)])
    low = max(min(float(ys.min()), float(lines.min())), float(ys.min()) - reach)
    high = min(max(float(ys.max()), float(lines.max())), float(ys.max()) + reach)
    up = Scale(*padded(low, high), 192, 22)
    for tick in up.ticks(4):
        canvas.line(30, up(tick), 330, up(tick))
        canvas.text(26, up(tick) + 4, short(tick), "end", class_="num")
    for tick in across.ticks(5):
        canvas.text(across(tick), 208, short(tick), "middle", class_="num")
    canvas.text(182, 226, names[0], "middle", fill="soft")
    canvas.text(0, 12, names[1], fill="soft")
    chosen = sorted({round(i) for i in np.geomspace(1, len(epochs), min(SHOWN, len(epochs)))})
    canvas.parts.append(
        '<clipPath id="settling"><path d="M34 14H330V196H34Z"/></clipPath><g clip-path="url(#settling)">'
    )
    for place, index in enumerate(chosen):
        epoch = epochs[index - 1]
        at = Scale(across.low, across.high, across.start, across.stop)
        full = (place + 1) / len(chosen)
        d = " L".join(
            f"{number(at(x))} {number(_height(up, epoch.w * x + epoch.b))}" for x in (across.low, across.high)
        )
        last = place + 1 == len(chosen)
        canvas.path(f"M{d}", stroke=mix(variable("accent"), full), stroke_width=2.5 if last else 1.2)
    canvas.parts.append("</g>")
    for px, py in zip(xs, ys, strict=True):
        canvas.circle(across(px), up(py), 4.5, "hue-0", f"{px:g}, {py:g}")
    canvas.text(330, 12, _formula(epochs[-1], *names), "end", fill="accent")


def _height(up: Scale, value: float) -> float:
    """As the scale, but on beyond its ends: the lines are clipped, not bent."""
    share = (value - up.low) / (up.high - up.low)
    return max(-1e4, min(1e4, up.start + share * (up.stop - up.start)))


def _loss(canvas: Canvas, epochs: Sequence[Epoch]) -> None:
    losses = np.log10(np.maximum([e.loss for e in epochs], 1e-12))
    across = Scale(epochs[0].epoch, max(epochs[-1].epoch, epochs[0].epoch + 1), 392, WIDTH - 8)
    up = Scale(*padded(float(losses.min()), float(losses.max())), 192, 22)
    for power in range(int(np.ceil(up.low)), int(np.floor(up.high)) + 1):
        canvas.line(388, up(power), WIDTH - 8, up(power))
        canvas.text(384, up(power) + 4, f"{10.0**power:g}", "end", class_="num")
    for tick in across.ticks(3):
        canvas.text(across(tick), 208, short(tick), "middle", class_="num")
    every = max(1, len(epochs) // 200)
    kept = [*range(0, len(epochs), every), len(epochs) - 1]
    d = " L".join(f"{number(across(epochs[i].epoch))} {number(up(float(losses[i])))}" for i in kept)
    canvas.path(f"M{d}", stroke="accent", stroke_width=2)
    canvas.text(360, 12, "loss (mean squared error)", fill="soft")
    canvas.text((across.start + across.stop) / 2, 226, "epochs", "middle", fill="soft")
