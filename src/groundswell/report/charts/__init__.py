"""Charts: small pure functions from numbers to inline SVG, by the rules of the house.

Certainty is saturation, every figure shows its interval, labels keep their hue and bear a mark beside it, what a
person wrote is escaped, and each drawing says in words what it shows. Colours come from the page's theme and follow
light and dark; :func:`standalone` makes a drawing that stands alone in a file.
"""

from __future__ import annotations

from groundswell.report.charts.bars import bars
from groundswell.report.charts.confusion import confusion
from groundswell.report.charts.forest import Row, forest
from groundswell.report.charts.histogram import histogram
from groundswell.report.charts.ladder import Rung, ladder
from groundswell.report.charts.line import Series, line
from groundswell.report.charts.pushes import pushes
from groundswell.report.charts.scatter import Place, scatter
from groundswell.report.charts.settling import Epoch, settling
from groundswell.report.theme import colours

__all__ = [
    "Epoch",
    "Place",
    "Row",
    "Rung",
    "Series",
    "bars",
    "confusion",
    "forest",
    "histogram",
    "ladder",
    "line",
    "pushes",
    "scatter",
    "settling",
    "standalone",
]


def standalone(svg: str) -> str:
    """A drawing with its own colours and ground, to be written to a ``.svg`` file.

    Examples
    --------
    >>> standalone(bars(["ham"], [4825], title="Messages"))[:60]
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 34"'
    """
    head, rest = svg.split(">", 1)
    style = f"<style>{colours('svg')}svg{{background:var(--sheet)}}</style>"
    return f"{head}>{style}{rest}\n"
