"""Frame: why the project exists."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Frame:
    """Why the project exists, in plain words.

    ``task`` (``binary``, ``classes``, ``multi-label``, ``regression``, ``boxes``, ``spans``, ``text``,
    ``recommendation``) and ``metrics`` follow from the answers and are explained in ``task_why``.
    ``override`` holds the reason somebody gave for going on against a warning, else empty.
    """

    purpose: str
    predicted: str = ""
    used_by: str = ""
    task: str = ""
    task_why: str = ""
    metrics: tuple[str, ...] = ()
    success: str = ""
    existing: str = ""
    harmed: str = ""
    constraints: str = ""
    hypotheses: tuple[str, ...] = ()
    positive: str = ""
    template: str = ""
    override: str = ""
    warnings: tuple[str, ...] = field(default=())
