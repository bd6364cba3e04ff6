"""Answers of people that everything else speaks against."""

from __future__ import annotations

from groundswell.audit.base import CHECKS, Case, per_cent
from groundswell.core.finding import Finding

_SURE = 0.8


@CHECKS.register("answer-doubt")
def answer_doubt(case: Case) -> list[Finding]:
    """A person's answer against a belief that is sure of another one, although the answer is part of it."""
    if case.believed is None or case.beliefs is None:
        return []
    findings = []
    for row, source, code in case.answers:
        belief = case.believed[row]
        best = int(belief.argmax())
        if best == code or belief[best] < _SURE:
            continue
        here, there, sure = case.labels[code], case.labels[best], per_cent(float(belief[best]))
        findings.append(
            Finding(
                check="answer-doubt",
                severity=round(float(belief[best] - belief[code]), 4),
                why=f"{source} answered '{here}', but all sources together say '{there}' ({sure}).",
                action=f"Ask somebody else, or {source} again: is it '{here}' or '{there}'?",
                item=case.ids[row],
                evidence={
                    "given": here,
                    "suggested": there,
                    "by": [source],
                    "belief": {label: round(float(p), 4) for label, p in zip(case.labels, belief, strict=True)},
                },
            )
        )
    return findings
