"""Labels that are likely wrong: a model that never saw the item is sure of another one."""

from __future__ import annotations

from groundswell.audit.base import CHECKS, Case, per_cent, spoken
from groundswell.audit.confident import suspects
from groundswell.core.errors import InputError
from groundswell.core.finding import Finding

_FEWEST = 20


@CHECKS.register("label-error")
def label_error(case: Case) -> list[Finding]:
    """Confident learning over the labels in force and out-of-fold probabilities.

    Raises :class:`~groundswell.core.errors.InputError` if the probabilities do not fit items and labels.
    """
    P = case.model_probabilities
    if P is None or not case.labels:
        return []
    if P.shape != (len(case.ids), len(case.labels)):
        raise InputError(
            f"Model probabilities of shape {P.shape} for {len(case.ids):,} items, {len(case.labels)} labels"
        )
    if (case.given >= 0).sum() < _FEWEST:
        return []
    found = suspects(case.given, P)
    findings = []
    for row, better, margin in zip(found.rows.tolist(), found.better.tolist(), found.margin.tolist(), strict=True):
        given = int(case.given[row])
        here, there = case.labels[given], case.labels[better]
        answered = case.answered_codes[row] >= 0
        said = f"{spoken(case.who(row))} answered '{here}'" if answered else f"It is labelled '{here}'"
        findings.append(
            Finding(
                check="label-error",
                # A person's answer weighs more than a guess of rules, so its error does too.
                severity=round(margin if answered else 0.9 * margin, 4),
                why=f"{said}, but a model that never saw this item says '{there}' ({per_cent(float(P[row, better]))}).",
                action=f"Look again: is it '{here}' or '{there}'?",
                item=case.ids[row],
                evidence={
                    "given": here,
                    "suggested": there,
                    "by": sorted(set(case.who(row))),
                    "model": {label: round(float(p), 4) for label, p in zip(case.labels, P[row], strict=True)},
                    "margin": round(margin, 4),
                },
            )
        )
    return findings
