"""How sure we are: items by the probability of their likeliest label."""

from __future__ import annotations

from groundswell.report.charts.svg import WIDTH, Canvas, Numbers, Scale, floats, mix, nothing, number, short
from groundswell.report.theme import variable


def histogram(
    counts: Numbers,
    *,
    title: str,
    low: float = 0.0,
    high: float = 1.0,
    unit: str = "items",
    percent: bool = False,
    certainty: bool = False,
    root: bool = False,
    left: str = "",
    right: str = "",
) -> str:
    """Counts in equal bins from ``low`` to ``high``.

    ``certainty`` makes the bars fuller from left to right, as beliefs are drawn everywhere; ``root`` draws heights by
    the square root, so that rare bins are seen beside common ones, and says so; ``left`` and ``right`` are words for
    the two ends ("doubtful 441", "settled 5,131").

    Examples
    --------
    >>> "120 items from 0.9 to 1" in histogram([3, 5, 9, 40, 120], low=0.5, title="Certainty")
    True
    """
    heights = floats(counts, "counts")
    if not len(heights) or heights.max(initial=0) <= 0:
        return nothing(title, "Nothing to count yet")
    canvas = Canvas(152)
    power = 0.5 if root else 1.0
    up = Scale(0, float(heights.max()) ** power, 108, 16)
    step = (WIDTH - 8) / len(heights)
    edges = [low + (high - low) * i / len(heights) for i in range(len(heights) + 1)]
    for i, count in enumerate(heights):
        fill = mix(variable("accent"), i / max(len(heights) - 1, 1)) if certainty else mix(variable("accent"), 0.75)
        tip = f"{short(count)} {unit} from {short(edges[i], percent=percent)} to {short(edges[i + 1], percent=percent)}"
        top = min(up(float(count) ** power), 107.0) if count else 108.0
        canvas.rect(4 + i * step, top, step - min(3.0, step * 0.2), 108 - top, fill, tip, rx=1)
    canvas.line(4, 108.5, WIDTH - 4, 108.5)
    _ends(canvas, edges, percent)
    peak = int(heights.argmax())
    canvas.text(4 + (peak + 0.5) * step, 11, short(float(heights[peak])), _anchor(peak, len(heights)), class_="num")
    canvas.text(4, 144, left, fill="soft")
    canvas.text(WIDTH - 4, 144, right, "end", fill="soft")
    if root:
        canvas.text(WIDTH / 2, 144, "heights by square root", "middle")
    words = f" {left}; {right}." if left or right else ""
    return canvas.svg(title, f"{number(float(heights.sum()))} {unit} in {len(heights)} bins.{words}")


def _ends(canvas: Canvas, edges: list[float], percent: bool) -> None:
    scale = Scale(edges[0], edges[-1], 4, WIDTH - 4)
    for tick in scale.ticks(5):
        at = scale(tick)
        anchor = "start" if at < 20 else "end" if at > WIDTH - 20 else "middle"
        canvas.text(at, 124, short(tick, percent=percent) + (" %" if percent else ""), anchor, class_="num")


def _anchor(index: int, count: int) -> str:
    return "start" if index < count * 0.1 else "end" if index > count * 0.9 else "middle"
