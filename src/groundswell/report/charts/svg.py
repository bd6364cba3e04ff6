"""What all charts are drawn with: numbers and texts as SVG, scales, axes, colours."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from groundswell.core.errors import InputError
from groundswell.report.theme import variable

Numbers = Sequence[float] | npt.NDArray[np.generic]

WIDTH = 560.0
"""Width of every chart in its own units; a page scales it."""

FONT = 12.0
HUES = tuple(f"hue-{index}" for index in range(7))
MARKS = ("●", "■", "▲", "◆", "✚")

# What XML 1.0 does not allow in a document, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escape(text: object) -> str:
    """``text`` as it may stand in XML content or in an attribute; what XML forbids becomes ``�``.

    Examples
    --------
    >>> escape('<b onclick="x">&')
    '&lt;b onclick=&quot;x&quot;&gt;&amp;'
    """
    clean = _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", str(text))
    for raw, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;")):
        clean = clean.replace(raw, safe)
    return clean


def number(value: float) -> str:
    """A coordinate: two decimals at most, no trailing zeros.

    Examples
    --------
    >>> number(12.0), number(0.126), number(-0.0001)
    ('12', '0.13', '0')
    """
    short = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if short in ("-0", "") else short


def short(value: float, *, percent: bool = False) -> str:
    """A figure for an axis or a legend.

    Examples
    --------
    >>> short(5131), short(-0.5), short(0.25, percent=True), short(1250000)
    ('5,131', '−0.5', '25', '1.25M')
    """
    if percent:
        text = f"{100 * value:.4g}"
    elif abs(value) >= 1e6:
        text = f"{value / 1e6:.3g}M"
    elif abs(value) >= 1000 or value == int(value):
        text = f"{value:,.0f}"
    else:
        text = f"{value:.3g}"
    return text.replace("-", "−")


def floats(values: Numbers, what: str) -> npt.NDArray[np.float64]:
    """``values`` as a vector of finite numbers. Raises :class:`InputError` otherwise."""
    array = np.asarray(values, dtype=np.float64).ravel()
    if not np.isfinite(array).all():
        raise InputError(f"The {what} of a chart must be finite numbers")
    return array


def same_length(first: Iterable[object], second: Iterable[object], what: str) -> None:
    """Raises :class:`InputError` unless both have as many members."""
    a, b = len(list(first)), len(list(second))
    if a != b:
        raise InputError(f"A chart was given {a} {what} values but {b}", hint="Give as many of both")


def ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round numbers that cover ``low`` to ``high``, about ``wanted`` of them.

    After Heckbert (1990), Nice numbers for graph labels, Graphics Gems.

    Examples
    --------
    >>> ticks(0.83, 0.99)
    [0.85, 0.9, 0.95]
    >>> ticks(0, 134)
    [0.0, 50.0, 100.0]
    """
    if not high > low:
        return [low]
    rough = (high - low) / max(wanted, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1.0, 2.0, 5.0, 10.0) if rough <= power * m * 1.0001)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(index * step, 12) for index in range(first, last + 1)]


def padded(low: float, high: float, share: float = 0.06) -> tuple[float, float]:
    """A range a little wider than ``low`` to ``high``, never empty."""
    room = (high - low) * share if high > low else abs(high) * 0.1 or 0.5
    return low - room, high + room


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to coordinates, linearly.

    Examples
    --------
    >>> Scale(0, 10, 100, 200)(5)
    150.0
    """

    low: float
    high: float
    start: float
    stop: float

    def __call__(self, value: float) -> float:
        """The coordinate of ``value``, kept within the range."""
        if self.high == self.low:
            return (self.start + self.stop) / 2
        share = min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)
        return self.start + share * (self.stop - self.start)

    def ticks(self, wanted: int = 5) -> list[float]:
        """Round values within the scale."""
        return ticks(self.low, self.high, wanted)


def text_width(text: str, size: float = FONT) -> float:
    """About how wide ``text`` is in a system font, in the chart's units."""
    narrow, wide = sum(c in "iljtfI.,:;'|! ()[]" for c in text), sum(ord(c) > 0x2E7F or c in "mwMW%" for c in text)
    return size * (0.55 * (len(text) - narrow - wide) + 0.3 * narrow + 0.92 * wide)


def shorten(text: str, width: float, size: float = FONT) -> str:
    """``text`` cut with an ellipsis to fit ``width``."""
    clean = " ".join(text.split())
    if text_width(clean, size) <= width:
        return clean
    while clean and text_width(clean + "…", size) > width:
        clean = clean[:-1]
    return clean.rstrip() + "…"


def hue(index: int) -> str:
    """The colour of label ``index``, the same everywhere."""
    return variable(HUES[index % len(HUES)])


def certain(index: int, certainty: float) -> str:
    """The colour of label ``index`` at ``certainty`` in [0, 1]: pale is doubtful, full is settled."""
    return mix(hue(index), certainty)


def mix(colour: str, certainty: float, floor: float = 0.14) -> str:
    """``colour`` made paler, to ``floor`` at least."""
    share = round(100 * (floor + (1 - floor) * min(max(certainty, 0.0), 1.0)))
    return colour if share >= 100 else f"color-mix(in oklab, {colour} {share}%, {variable('line')})"


@dataclass(slots=True)
class Canvas:
    """Parts of one drawing, in the order in which they are painted."""

    height: float
    width: float = WIDTH
    parts: list[str] = field(default_factory=list)

    def line(self, x1: float, y1: float, x2: float, y2: float, stroke: str = "line", **more: object) -> None:
        """A straight line; ``stroke`` names a colour of the theme or is one."""
        at = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
        self.parts.append(f'<line {at} stroke="{colour(stroke)}"{attributes(more)}/>')

    def rect(self, x: float, y: float, width: float, height: float, fill: str, tip: str = "", **more: object) -> None:
        """A box, with ``tip`` shown on hover."""
        at = f'x="{number(x)}" y="{number(y)}" width="{number(max(width, 0))}" height="{number(max(height, 0))}"'
        self._shape("rect", f'{at} fill="{colour(fill)}"{attributes(more)}', tip)

    def circle(self, x: float, y: float, r: float, fill: str, tip: str = "", **more: object) -> None:
        """A dot, with ``tip`` shown on hover."""
        at = f'cx="{number(x)}" cy="{number(y)}" r="{number(r)}"'
        self._shape("circle", f'{at} fill="{colour(fill)}"{attributes(more)}', tip)

    def path(self, d: str, **more: object) -> None:
        """A path; ``fill`` and ``stroke`` default to none."""
        settings = {"fill": "none"} | more
        self.parts.append(f'<path d="{d}"{attributes(settings)}/>')

    def text(self, x: float, y: float, text: str, anchor: str = "start", tip: str = "", **more: object) -> None:
        """A text, escaped."""
        settings = ({"text_anchor": anchor} if anchor != "start" else {}) | {"fill": "faint"} | more
        inside = escape(text) + (f"<title>{escape(tip)}</title>" if tip else "")
        self.parts.append(f'<text x="{number(x)}" y="{number(y)}"{attributes(settings)}>{inside}</text>')

    def svg(self, title: str, description: str) -> str:
        """The finished drawing, with its name and what it shows for those who do not see it."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(self.width)} {number(self.height)}" '
            f'role="img" class="chart" font-family="system-ui, sans-serif" font-size="{number(FONT)}">'
        )
        words = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        return head + words + "".join(self.parts) + "</svg>"

    def _shape(self, name: str, settings: str, tip: str) -> None:
        inside = f"><title>{escape(tip)}</title></{name}>" if tip else "/>"
        self.parts.append(f"<{name} {settings}{inside}")


def colour(name: str) -> str:
    """A colour of the theme by its name, or ``name`` itself if it is a colour already."""
    return variable(name) if re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", name) and name != "none" else name


def attributes(settings: dict[str, object]) -> str:
    """Settings as XML attributes; ``_`` in a name becomes ``-``; colours by their names in the theme."""
    out = []
    for key, value in settings.items():
        name = key.rstrip("_").replace("_", "-")
        shown = number(value) if isinstance(value, int | float) else str(value)
        out.append(f' {name}="{escape(colour(shown) if name in ("fill", "stroke") else shown)}"')
    return "".join(out)


def x_axis(canvas: Canvas, scale: Scale, y: float, *, label: str = "", percent: bool = False, wanted: int = 6) -> None:
    """Figures along the bottom, with what they count under them."""
    for tick in scale.ticks(wanted):
        canvas.text(scale(tick), y + 16, short(tick, percent=percent), "middle", class_="num")
    if label:
        canvas.text((scale.start + scale.stop) / 2, y + 33, label, "middle", fill="soft")


def y_axis(canvas: Canvas, scale: Scale, right: float, *, percent: bool = False, wanted: int = 4) -> None:
    """Hairlines with their figures at the left."""
    left = 34.0
    for tick in scale.ticks(wanted):
        canvas.line(left, scale(tick), right, scale(tick))
        canvas.text(left - 6, scale(tick) + 4, short(tick, percent=percent), "end", class_="num")


def nothing(title: str, why: str) -> str:
    """An empty chart that says what will stand here."""
    canvas = Canvas(64)
    canvas.line(0, 40, WIDTH, 40, stroke_dasharray="2 5")
    canvas.text(WIDTH / 2, 28, why, "middle", fill="soft")
    return canvas.svg(title, why)
