"""Texts that were damaged on the way: wrong encodings, left-over mark-up."""

from __future__ import annotations

import re
from collections.abc import Callable

from groundswell.audit.base import CHECKS, Case, items_that, per_cent
from groundswell.core.finding import Finding

_SHOWN = 20
_CHARACTERS = 5_000
_LOST = re.compile("\ufffd")
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_ENTITY = re.compile("&(?:amp|lt|gt|quot|nbsp|apos|#[0-9]{1,6}|#x[0-9a-fA-F]{1,6});")
# What UTF-8 looks like when it was read as Western European: a lead byte as a letter, then its tails.
_TWICE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u2018-\u201e\u2020-\u2026\u20ac\u2122\u0152\u0153\u0160\u0161\u017d\u017e]"
)


def _twice(text: str) -> bool:
    """Whether UTF-8 was read as Western European and written again."""
    if not _TWICE.search(text):
        return False
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode() != text
        except UnicodeError:
            continue
    return False


_KINDS: tuple[tuple[str, Callable[[str], object], str, str], ...] = (
    ("lost", _LOST.search, "the mark for a lost character (\ufffd)", "Read the file again in its own encoding."),
    ("twice", _twice, "letters of a wrong encoding (such as Ã¤ for ä)", "Read the file again as UTF-8."),
    ("control", _CONTROL.search, "control characters", "Read the file again, perhaps as cp1252."),
    ("entity", _ENTITY.search, "left-over HTML (such as &amp;)", "Turn it back into characters."),
)


@CHECKS.register("garbled")
def garbled(case: Case) -> list[Finding]:
    """One finding for each kind of damage."""
    findings = []
    for kind, damaged, what, action in _KINDS:
        rows = [row for row, text in enumerate(case.texts) if text and damaged(text[:_CHARACTERS])]
        if rows:
            share = len(rows) / len(case.ids)
            findings.append(
                Finding(
                    check="garbled",
                    severity=round((0.1 if kind == "entity" else 0.2) + 0.5 * share, 4),
                    why=f"{items_that(len(rows), 'holds', 'hold', 'text')} {what}: {per_cent(share)} of all items.",
                    action=action,
                    others=tuple(case.ids[row] for row in rows[:_SHOWN]),
                    evidence={"kind": kind, "items": len(rows), "share": round(share, 6)},
                )
            )
    return findings
