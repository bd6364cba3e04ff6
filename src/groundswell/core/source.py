"""Source: anything that votes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from groundswell.core.errors import InputError, did_you_mean

Kind = Literal["person", "rule", "lookup", "legacy", "llm", "model", "gold", "source"]
Saw = Literal["all", "asked"]
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What is known of a source before any of its votes is read.

    Parameters
    ----------
    name
        Unique within a question.
    kind
        ``person``, ``rule`` (patterns, searches, heuristics), ``lookup``, ``legacy`` (an existing system),
        ``llm``, ``model`` (trained here), ``gold`` (known answers), ``source`` (nothing known).
    saw
        ``all``: it ran on every item, so silence is an abstention. ``asked``: silence says nothing.
    group
        Sources of one group may share their errors (machines of one family). ``None``: stands alone.
    trust
        Known probability of being right, in (0, 1], if somebody vouches for it.
    derived
        Trained on beliefs about the same items: never independent evidence for them.
    cost
        Of one vote, in the project's own unit.
    """

    name: str
    kind: Kind = "source"
    saw: Saw = "asked"
    group: str | None = None
    trust: float | None = None
    derived: bool = False
    cost: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(
                f"Source '{self.name}' has the unknown kind '{self.kind}'",
                hint=did_you_mean(self.kind, KINDS),
            )
        if self.saw not in ("all", "asked"):
            raise InputError(f"Source '{self.name}' has saw='{self.saw}'", hint="Use all or asked")
        if self.trust is not None and not 0.0 < self.trust <= 1.0:
            raise InputError(f"Source '{self.name}' has trust {self.trust}", hint="Trust is a probability above 0")
