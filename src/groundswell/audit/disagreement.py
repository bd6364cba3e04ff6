"""Items on which people disagree."""

from __future__ import annotations

from collections import Counter

from groundswell.audit.base import CHECKS, Case, spoken
from groundswell.core.finding import Finding


@CHECKS.register("disagreement")
def disagreement(case: Case) -> list[Finding]:
    """Two or more people gave different answers; worst where they are evenly divided."""
    said: dict[int, dict[str, int]] = {}
    for row, source, code in case.answers:
        said.setdefault(row, {})[source] = code
    findings = []
    for row, answers in said.items():
        counts = Counter(answers.values()).most_common()
        if len(counts) < 2:
            continue
        sides = [
            f"{spoken([who for who, code in answers.items() if code == label])} '{case.labels[label]}'"
            for label, _ in counts
        ]
        minority = 1 - counts[0][1] / len(answers)
        findings.append(
            Finding(
                check="disagreement",
                severity=round(0.3 + 0.5 * minority, 4),
                why=f"People disagree: {' and '.join(sides[:3])}.",
                action="Let them settle it, and add the case to the instructions as an example.",
                item=case.ids[row],
                evidence={"answers": {who: case.labels[code] for who, code in answers.items()}},
            )
        )
    return findings
