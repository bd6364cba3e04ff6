"""Why a belief is what it is: its votes as pushes to the left and to the right, from prior to posterior."""

from __future__ import annotations

import math
from collections.abc import Sequence

from groundswell.core.belief import Push
from groundswell.report.charts.svg import WIDTH, Canvas, Scale, floats, mix, nothing, shorten, text_width
from groundswell.report.theme import variable

ROW = 24.0
MOST = 20


def pushes(label: str, prior: float, votes: Sequence[Push], posterior: float, *, title: str) -> str:
    """From the ``prior`` probability of ``label`` over each vote's push to the ``posterior`` one, in log-odds.

    Votes beyond the 20 strongest are drawn as one.

    Examples
    --------
    >>> drawn = pushes("spam", 0.13, [Push("claim now", "spam", "spam", 2.1)], 0.55, title="Why spam?")
    >>> "claim now" in drawn and "55 %" in drawn
    True
    """
    floats([prior, posterior, *(vote.log_odds for vote in votes)], "pushes")
    if not votes:
        return nothing(title, "No vote stands behind this belief: it is the class balance alone")
    start, stop = _log_odds(prior), _log_odds(posterior)
    steps = [(f"{v.source}: {v.vote}", v.log_odds) for v in sorted(votes, key=lambda v: -abs(v.log_odds))]
    if len(steps) > MOST:
        steps = [*steps[:MOST], (f"{len(steps) - MOST} weaker votes", sum(push for _, push in steps[MOST:]))]
    at, spans = start, []
    for name, push in steps:
        spans.append((name, at, at + push))
        at += push
    if abs(at - stop) > 0.05:
        spans.append(("tempering and shared errors", at, stop))
    left = min(max(text_width(name) for name in ["class balance", label, *(name for name, _, _ in spans)]) + 16, 220)
    ends = [start, stop, 0.0, *(edge for _, begin, end in spans for edge in (begin, end))]
    scale = Scale(min(ends), max(ends), left, WIDTH - 60)
    canvas = Canvas(ROW * (len(spans) + 2) + 10)
    canvas.line(scale(0), 2, scale(0), ROW * (len(spans) + 2) + 4, "line")
    _end(canvas, "class balance", start, prior, 4 + ROW / 2, scale, left)
    for index, (name, begin, end) in enumerate(spans):
        y = 4 + ROW * (index + 1)
        canvas.text(left - 12, y + 16, shorten(name, left - 14), "end", tip=name, fill="ink")
        fill = mix(variable("hue-0") if end >= begin else variable("hue-1"), 0.75)
        x0, x1 = sorted((scale(begin), scale(end)))
        canvas.rect(x0, y + 5, max(x1 - x0, 1.5), ROW - 10, fill, f"{name}: {end - begin:+.2f} nats", rx=2)
        canvas.text(WIDTH - 2, y + 16, f"{end - begin:+.1f}".replace("-", "−"), "end", class_="num")
    _end(canvas, label, stop, posterior, 4 + ROW * (len(spans) + 1.5), scale, left)
    said = "; ".join(f"{name} {end - begin:+.2f}" for name, begin, end in spans)
    return canvas.svg(title, f"{label}: from {100 * prior:.0f} % to {100 * posterior:.0f} %. Log-odds: {said}.")


def _log_odds(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))


def _end(canvas: Canvas, name: str, at: float, p: float, y: float, scale: Scale, left: float) -> None:
    canvas.text(left - 12, y + 4, shorten(name, left - 14), "end", fill="soft", tip=name)
    canvas.circle(scale(at), y, 4, "ink", f"{name}: {100 * p:.1f} %")
    canvas.text(WIDTH - 2, y + 4, f"{100 * p:.0f} %", "end", class_="num", fill="ink")
