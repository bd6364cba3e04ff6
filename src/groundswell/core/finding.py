"""Finding: something that an audit found, with its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a check found.

    ``severity`` is in [0, 1], 1 the worst: how likely it is real times how much it matters. ``item`` is the
    item it is about, or ``None`` for the whole set. ``why`` and ``action`` are one plain sentence each.
    ``evidence`` holds JSON values.
    """

    check: str
    severity: float
    why: str
    action: str
    item: str | None = None
    others: tuple[str, ...] = ()
    evidence: Mapping[str, Any] = field(default_factory=dict)
