"""Sources that are wrong more often than a coin."""

from __future__ import annotations

from groundswell.audit.base import CHECKS, Case, per_cent, plural
from groundswell.core.finding import Finding

_FEWEST = 10


@CHECKS.register("below-chance")
def below_chance(case: Case) -> list[Finding]:
    """Sources whose accuracy lies, with its whole interval, below one in the number of labels, or that the belief
    model itself marks so. Shown, never silently turned round."""
    if case.beliefs is None or not case.labels:
        return []
    chance = 1 / len(case.labels)
    findings = []
    for one in case.beliefs.reliability:
        accuracy = one.accuracy
        if accuracy.n < _FEWEST or not (one.below_chance or accuracy.high < chance):
            continue
        findings.append(
            Finding(
                check="below-chance",
                severity=round(
                    min(0.6 + 0.4 * (1 - accuracy.value / chance), 1.0) if accuracy.value < chance else 0.6, 4
                ),
                why=f"'{one.source.name}' is thought to be right in only {per_cent(accuracy.value)} of its "
                f"{plural(accuracy.n, 'vote')}, less than by chance.",
                action="Check that it does not mean the opposite, or drop it."
                if one.source.kind != "person"
                else "Ask whether the instructions were understood.",
                evidence={
                    "source": one.source.name,
                    "kind": one.source.kind,
                    "accuracy": [round(v, 4) for v in (accuracy.value, accuracy.low, accuracy.high)],
                    "votes": accuracy.n,
                    "coverage": round(one.coverage, 4),
                },
            )
        )
    return findings
