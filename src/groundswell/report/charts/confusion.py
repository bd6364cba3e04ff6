"""Confusion matrix: what was said where what was true."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from groundswell.core.errors import InputError
from groundswell.report.charts.svg import WIDTH, Canvas, mix, nothing, short, shorten, text_width
from groundswell.report.theme import variable

MOST = 20


def confusion(
    matrix: Sequence[Sequence[float]] | npt.NDArray[np.generic],
    labels: Sequence[str],
    *,
    title: str,
    rows: str = "truth",
    columns: str = "said",
) -> str:
    """Counts ``(n_labels, n_labels)``, row = truth, column = said; each row is shaded by its own shares.

    Beyond 20 labels the 20 commonest are drawn and the description says so.

    Examples
    --------
    >>> drawn = confusion([[4800, 25], [60, 687]], ["ham", "spam"], title="Confusion")
    >>> "60 of 747 spam (8 %) said to be ham" in drawn
    True
    """
    table = np.asarray(matrix, dtype=np.float64)
    if table.shape != (len(labels), len(labels)) or not np.isfinite(table).all() or (table < 0).any():
        raise InputError(f"A confusion matrix of {len(labels)} labels cannot be made of counts of shape {table.shape}")
    if not len(labels) or table.sum() == 0:
        return nothing(title, "Nothing to compare yet")
    right = float(np.trace(table) / table.sum())
    kept = sorted(np.argsort(-table.sum(1), kind="stable")[:MOST].tolist())
    fewer = f" The {MOST} commonest of {len(labels)} labels are drawn." if len(labels) > MOST else ""
    table, names = table[np.ix_(kept, kept)], [labels[k] for k in kept]
    left = min(max(text_width(name) for name in names) + 34, 180)
    cell = min((WIDTH - left - 8) / len(names), 84)
    high = min(cell, 44)
    canvas = Canvas(40 + high * len(names) + 6)
    canvas.text(left + cell * len(names) / 2, 12, columns, "middle", fill="soft")
    middle = 40 + high * len(names) / 2
    canvas.text(11, middle, rows, "middle", fill="soft", transform=f"rotate(-90 11 {middle:.1f})")
    for i, name in enumerate(names):
        canvas.text(left + cell * (i + 0.5), 32, shorten(name, cell - 2), "middle", tip=name)
        canvas.text(left - 10, 40 + high * (i + 0.5) + 4, shorten(name, left - 32), "end", tip=name)
        for j, other in enumerate(names):
            _cell(canvas, table, i, j, (name, other), left + cell * j, 40 + high * i, cell, high)
    return canvas.svg(title, f"{100 * right:.1f} % of {short(table.sum())} on the diagonal.{fewer}")


def _cell(
    canvas: Canvas,
    table: npt.NDArray[np.float64],
    i: int,
    j: int,
    names: tuple[str, str],
    x: float,
    y: float,
    width: float,
    height: float,
) -> None:
    count, total = float(table[i, j]), float(table[i].sum())
    share = count / total if total else 0.0
    tip = f"{short(count)} of {short(total)} {names[0]} ({100 * share:.0f} %) said to be {names[1]}"
    fill = variable("accent") if i == j else variable("hue-0")
    shade = mix(fill, share * 0.8, 0.04) if count else variable("ground")
    canvas.rect(x + 1, y + 1, width - 2, height - 2, shade, tip, rx=2)
    if width >= 26:
        ink = "sheet" if share * 0.8 > 0.5 else "ink" if count else "faint"
        canvas.text(x + width / 2, y + height / 2 + 4, short(count), "middle", fill=ink, class_="num")
