"""Items that stand there twice, or nearly, and such as carry different labels."""

from __future__ import annotations

from collections.abc import Hashable

from groundswell.audit.base import CHECKS, Case, items_that, per_cent
from groundswell.core.finding import Finding
from groundswell.core.similar import Alike, near, same

_SHOWN = 20
_SURE = 0.6


def _exact(case: Case) -> list[Alike]:
    texts, media = case.texts, case.column("media")
    keys: list[Hashable | None] = [
        None if not (text and text.strip()) and name is None else (text, name)
        for text, name in zip(texts, media, strict=True)
    ]
    return same(keys)


@CHECKS.register("duplicate")
def duplicate(case: Case) -> list[Finding]:
    """One finding for all equal items, and one for each group of them with different labels."""
    groups = _exact(case)
    return _conflicts(case, groups, "duplicate") + _summary(case, groups, "duplicate")


@CHECKS.register("near-duplicate")
def near_duplicate(case: Case) -> list[Finding]:
    """One finding for all texts that are nearly equal, and one for each group of them with different labels."""
    groups = near(case.texts, seed=case.seed)
    return _conflicts(case, groups, "near-duplicate") + _summary(case, groups, "near-duplicate")


def _summary(case: Case, groups: list[Alike], check: str) -> list[Finding]:
    if not groups:
        return []
    exact = check == "duplicate"
    spare = sum((len(g.rows) if exact else len({case.texts[row] for row in g.rows})) - 1 for g in groups)
    share = spare / len(case.ids)
    largest = sorted(groups, key=lambda g: (-len(g.rows), g.rows))[:_SHOWN]
    if exact:
        why = f"{items_that(spare, 'repeats', 'repeat')} an earlier one exactly ({per_cent(share)} of all)."
    else:
        why = (
            f"{items_that(spare, 'repeats', 'repeat', 'text')} an earlier one nearly ({per_cent(share)} of all items)."
        )
    return [
        Finding(
            check=check,
            severity=round(min((0.15 if exact else 0.1) + 0.6 * share, 0.6), 4),
            why=why,
            action="Keep them on the same side of every split, or a test will look better than it is.",
            others=tuple(case.ids[row] for g in largest for row in g.rows),
            evidence={
                "groups": len(groups),
                "spare": spare,
                "largest": [{"items": [case.ids[row] for row in g.rows[:_SHOWN]], "n": len(g.rows)} for g in largest],
            },
        )
    ]


def _conflicts(case: Case, groups: list[Alike], check: str) -> list[Finding]:
    """Groups in which two labels are both given with some certainty."""
    if case.believed is None:
        return []
    findings = []
    for group in groups:
        said: dict[int, list[int]] = {}
        for row in group.rows:
            code = int(case.given[row])
            if code >= 0 and (case.answered_codes[row] >= 0 or case.believed[row, code] >= _SURE):
                said.setdefault(code, []).append(row)
        if len(said) < 2:
            continue
        sides = sorted(said.items(), key=lambda pair: -len(pair[1]))
        minority = sides[-1][1]
        by_people = all(any(case.answered_codes[row] >= 0 for row in rows) for rows in said.values())
        shown = " and ".join(f"'{case.labels[code]}' ({len(rows)})" for code, rows in sides)
        exact = check == "duplicate"
        findings.append(
            Finding(
                check=check,
                severity=round((0.9 if by_people else 0.7) * (1.0 if exact else group.similarity * 0.9), 4),
                why=f"{'The same item' if exact else 'Nearly the same text'} is labelled {shown}.",
                action="Give them one label, or say in the instructions what tells them apart.",
                item=case.ids[minority[0]],
                others=tuple(case.ids[row] for row in group.rows if row != minority[0])[:_SHOWN],
                evidence={
                    "labels": {case.labels[code]: [case.ids[row] for row in rows[:_SHOWN]] for code, rows in sides},
                    "similarity": round(group.similarity, 4),
                },
            )
        )
    return findings
