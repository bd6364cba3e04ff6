"""Audit: what is wrong with the data, the answers and the sources, worst first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from groundswell.audit.base import CHECKS, Case
from groundswell.audit.confident import Suspects, suspects
from groundswell.core.belief import Beliefs
from groundswell.core.finding import Finding

__all__ = ["CHECKS", "Case", "Suspects", "audit", "suspects"]

_ABOUT_THE_LABEL = ("label-error", "answer-doubt", "disagreement")


def audit(
    items: pl.DataFrame,
    *,
    beliefs: Beliefs | None = None,
    votes: pl.DataFrame | None = None,
    model_probabilities: npt.ArrayLike | None = None,
    checks: Sequence[str] | None = None,
    limit: int = 500,
    seed: int = 0,
) -> list[Finding]:
    """Run checks and return what they find, worst first.

    Parameters
    ----------
    items
        Columns item, text, media, group and one per metadata field.
    beliefs
        About these items.
    votes
        People's effective votes: columns item, source and label (text) or answer (JSON).
    model_probabilities
        ``(n_items, n_labels)`` in the order of items and ``beliefs.labels``, from a model that did not see the item.
    checks
        Names in :data:`CHECKS`; all if not given.
    limit
        Most findings of one check.

    Raises
    ------
    NotFoundError
        If a check does not exist.
    InputError
        If shapes do not fit.

    Examples
    --------
    >>> items = pl.DataFrame({"item": ["a", "b", "c"], "text": ["Hello", "Hello", None]})
    >>> for finding in audit(items):
    ...     print(finding.check, finding.severity, finding.why)
    missing 0.6667 1 item holds nothing that could be labelled.
    duplicate 0.35 1 item repeats an earlier one exactly (33 % of all).
    """
    P = None if model_probabilities is None else np.asarray(model_probabilities, np.float64)
    case = Case(items, beliefs, votes, P, seed)
    found = []
    for name in checks if checks is not None else CHECKS:
        worst = sorted(CHECKS[name](case), key=lambda finding: -finding.severity)
        found += worst[:limit]
    return sorted(_once(found), key=lambda finding: -finding.severity)


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Of several findings about one item's label only the worst."""
    worst: dict[str, Finding] = {}
    kept = []
    for finding in findings:
        if finding.check not in _ABOUT_THE_LABEL or finding.item is None:
            kept.append(finding)
        elif finding.item not in worst or finding.severity > worst[finding.item].severity:
            worst[finding.item] = finding
    return [*worst.values(), *kept]
