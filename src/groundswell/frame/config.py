"""The settings of a project: what ``groundswell.toml`` holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from groundswell.core.frame import Frame
from groundswell.core.question import Question


@dataclass(frozen=True)
class ProjectConfig:
    """A project's name, frame, questions and sources.

    ``sources`` holds one mapping per source, as :func:`groundswell.sources.from_config` reads it, and perhaps the
    ``question`` that it answers (the first one by default).
    """

    name: str = ""
    frame: Frame = field(default_factory=lambda: Frame(purpose=""))
    questions: tuple[Question, ...] = ()
    sources: tuple[dict[str, Any], ...] = ()
