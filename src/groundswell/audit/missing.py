"""Fields that are empty."""

from __future__ import annotations

import numpy as np
import polars as pl

from groundswell.audit.base import CHECKS, FIXED, Case, items_that, per_cent
from groundswell.core.finding import Finding

_SHOWN = 20


@CHECKS.register("missing")
def missing(case: Case) -> list[Finding]:
    """One finding per field with gaps; nothing to label at all is worse than a gap in the metadata."""
    n = len(case.ids)
    if not n:
        return []
    gaps = {name: _gaps(case.items[name]) for name in case.items.columns if name != "item"}
    findings = []
    held = [gaps[name] for name in ("text", "media") if name in gaps and not gaps[name].all()]
    if held and (bare := np.logical_and.reduce(held)).any():
        findings.append(
            _finding(
                case,
                bare,
                0.6,
                f"{items_that(int(bare.sum()), 'holds', 'hold')} nothing that could be labelled.",
                "item",
            )
        )
    for name, empty in gaps.items():
        k = int(empty.sum())
        if k and not (name in FIXED and (k == n or name in ("text", "media"))):
            share = k / n
            why = f"{items_that(k, 'has', 'have')} no '{name}' ({per_cent(share)})."
            # A field that hardly anybody fills is a note, not a gap.
            findings.append(_finding(case, empty, 0.05 + 0.3 * share * (1 - share), why, name))
    return findings


def _finding(
    case: Case, empty: np.ndarray[tuple[int], np.dtype[np.bool_]], floor: float, why: str, name: str
) -> Finding:
    rows = np.flatnonzero(empty)
    share = len(rows) / len(empty)
    return Finding(
        check="missing",
        severity=round(min(floor + 0.2 * share * (name == "item"), 1.0), 4),
        why=why,
        action="Leave them out, or collect them again."
        if name == "item"
        else "Find out why before it is used: a gap is often not by chance.",
        others=tuple(case.ids[row] for row in rows[:_SHOWN]),
        evidence={"field": name, "missing": len(rows), "share": round(share, 6)},
    )


def _gaps(column: pl.Series) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    empty = column.is_null()
    if column.dtype.is_float():
        empty = empty | column.is_nan().fill_null(False)
    elif column.dtype == pl.String:
        empty = empty | (column.str.strip_chars() == "").fill_null(False)
    return np.asarray(empty.to_numpy(), bool)
