"""Labels that no or hardly any item has."""

from __future__ import annotations

import numpy as np

from groundswell.audit.base import CHECKS, Case
from groundswell.core.finding import Finding

_FEWEST = 10


@CHECKS.register("rare-label")
def rare_label(case: Case) -> list[Finding]:
    """Labels with fewer than ten items: too few to learn or to measure anything."""
    codes = case.given[case.given >= 0]
    if len(codes) < _FEWEST * 2 * max(len(case.labels), 1):
        return []
    counts = np.bincount(codes, minlength=len(case.labels))
    return [
        Finding(
            check="rare-label",
            severity=0.5 if n == 0 else 0.4,
            why=f"Only {n} of {len(codes):,} items {'is' if n == 1 else 'are'} labelled '{label}'."
            if n
            else f"None of {len(codes):,} items is labelled '{label}'.",
            action="Collect items of this kind, or drop the label: nothing can be learned or measured from so few.",
            evidence={"label": label, "items": n, "of": len(codes)},
        )
        for label, n in zip(case.labels, counts.tolist(), strict=True)
        if n < _FEWEST
    ]
