"""``ABSTAIN``: a source saw the item and gave no answer. Never -1, never NaN, never ``None``."""

from __future__ import annotations

from enum import Enum
from typing import Final, Literal, TypeAlias


class Abstention(Enum):
    """The type of the one object :data:`ABSTAIN`."""

    ABSTAIN = "ABSTAIN"

    def __repr__(self) -> str:
        return "ABSTAIN"

    def __bool__(self) -> bool:
        return False


ABSTAIN: Final = Abstention.ABSTAIN
AbstainType: TypeAlias = Literal[Abstention.ABSTAIN]
