"""The map: every item a point, its hue the label, its saturation the certainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from groundswell.core.errors import InputError
from groundswell.report.charts.svg import (
    MARKS,
    WIDTH,
    Canvas,
    Numbers,
    Scale,
    certain,
    floats,
    hue,
    nothing,
    number,
    padded,
    short,
    shorten,
    text_width,
)
from groundswell.report.theme import variable

LEVELS = 6
SHAPES = ("h0", "h0", "m0-3.2l2.9 5.2h-5.8z", "m0-3.4l3.2 3.4-3.2 3.4-3.2-3.4z", "m-1-3h2v2h2v2h-2v2h-2v-2h-2v-2h2z")


@dataclass(frozen=True)
class Place:
    """Words written on the map, as for a cluster."""

    x: float
    y: float
    text: str


def scatter(
    x: Numbers,
    y: Numbers,
    *,
    title: str,
    labels: Sequence[str] = (),
    codes: Sequence[int] | npt.NDArray[np.generic] | None = None,
    certainty: Numbers | None = None,
    places: Sequence[Place] = (),
    at_most: int = 20_000,
) -> str:
    """Points by label and certainty.

    ``codes`` are positions in ``labels``, -1 where nobody has said anything (grey); ``certainty`` is in [0, 1], where 0
    is as good as guessing. Beyond ``at_most`` points every n-th is drawn, and the description says so.

    Examples
    --------
    >>> drawn = scatter([0, 1, 2], [1, 0, 2], title="Map", labels=["spam", "ham"], codes=[0, 1, -1])
    >>> "1 spam, 1 ham, 1 without a label" in drawn
    True
    """
    xs, ys = floats(x, "x values"), floats(y, "y values")
    of = np.full(len(xs), -1) if codes is None else np.asarray(codes, dtype=np.int64)
    sure = np.ones(len(xs)) if certainty is None else floats(certainty, "certainties")
    if not len(xs) == len(ys) == len(of) == len(sure):
        raise InputError(f"A map was given {len(xs)} x, {len(ys)} y, {len(of)} codes and {len(sure)} certainties")
    if len(of) and not -1 <= of.min() <= of.max() < max(len(labels), 0):
        raise InputError(f"A code of a map is none of its {len(labels)} labels")
    if not len(xs):
        return nothing(title, "No item has a place yet")
    counts = [int((of == code).sum()) for code in range(len(labels))]
    every = -(-len(xs) // at_most)
    canvas = Canvas(400)
    across, up = (
        Scale(*padded(xs.min(), xs.max(), 0.02), 4, WIDTH - 4),
        Scale(*padded(ys.min(), ys.max(), 0.02), 366, 4),
    )
    _points(canvas, xs[::every], ys[::every], of[::every], sure[::every], across, up)
    for place in places:
        _place(canvas, place, across, up)
    _legend(canvas, labels, counts, int((of == -1).sum()))
    said = ", ".join(f"{count} {label}" for label, count in zip(labels, counts, strict=True))
    rest = f", {int((of == -1).sum())} without a label" if (of == -1).any() and labels else ""
    thinned = f" One point in {every} is drawn." if every > 1 else ""
    return canvas.svg(title, f"A map of {len(xs)} items: {said or 'no labels'}{rest}.{thinned}")


def _points(
    canvas: Canvas,
    xs: npt.NDArray[np.float64],
    ys: npt.NDArray[np.float64],
    of: npt.NDArray[np.int64],
    sure: npt.NDArray[np.float64],
    across: Scale,
    up: Scale,
) -> None:
    level = np.clip(np.ceil(sure * LEVELS), 1, LEVELS).astype(np.int64)
    size = 4.4 if len(xs) > 2000 else 6.0
    for step in range(1, LEVELS + 1):
        for code in sorted(set(of.tolist())):
            rows = np.flatnonzero((of == code) & (level == step))
            if not len(rows):
                continue
            fill = variable("faint") if code < 0 else certain(code, step / LEVELS)
            shape = SHAPES[max(code, 0) % len(SHAPES)]
            d = "".join(f"M{_short(across(xs[row]))} {_short(up(ys[row]))}{shape}" for row in rows)
            if shape == "h0":
                cap = "square" if code % len(SHAPES) == 1 else "round"
                canvas.path(d, stroke=fill, stroke_width=size * (0.8 if cap == "square" else 1), stroke_linecap=cap)
            else:
                canvas.path(d, fill=fill)


def _short(value: float) -> str:
    return number(round(value, 1))


def _place(canvas: Canvas, place: Place, across: Scale, up: Scale) -> None:
    room = 150.0
    text = shorten(place.text, room)
    half = text_width(text) / 2 + 4
    x = min(max(across(place.x), half), WIDTH - half)
    y = min(max(up(place.y), 16), 362)
    halo = {"stroke": "sheet", "stroke_width": 3.5, "paint_order": "stroke", "stroke_linejoin": "round"}
    canvas.text(x, y, text, "middle", tip=place.text, fill="ink", **halo)


def _legend(canvas: Canvas, labels: Sequence[str], counts: Sequence[int], unlabelled: int) -> None:
    entries = [
        (f"{MARKS[i % len(SHAPES)]} ", hue(i), f"{label} {short(n)}")
        for i, (label, n) in enumerate(zip(labels, counts, strict=True))
    ]
    if unlabelled and labels:
        entries.append(("● ", variable("faint"), f"no answer yet {short(unlabelled)}"))
    x = 4.0
    for mark, fill, text in entries:
        shown = shorten(text, 160)
        if x + 14 + text_width(shown) > WIDTH:
            canvas.text(x, 390, "…")
            return
        canvas.text(x, 390, mark, fill=fill)
        canvas.text(x + 14, 390, shown, tip=text, fill="soft")
        x += 14 + text_width(shown) + 22
