"""Auto: typical items first, then the doubtful ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from groundswell.ask.base import STRATEGIES, Mask, check
from groundswell.ask.margin import margin
from groundswell.ask.typical import typical
from groundswell.core.belief import Beliefs
from groundswell.core.votes import Floats

ANSWERS_PER_LABEL = 5


def is_cold(beliefs: Beliefs, answered: npt.NDArray[np.int_]) -> bool:
    """Whether there are fewer than 5 answers a label: too few for a margin to mean much."""
    return int((np.asarray(answered) >= 0).sum()) < ANSWERS_PER_LABEL * len(beliefs.labels)


@STRATEGIES.register("auto")
def auto(
    beliefs: Beliefs,
    *,
    features: Any = None,
    eligible: Mask,
    answered: npt.NDArray[np.int_],
    rng: np.random.Generator,
) -> Floats:
    """``typical`` until there are about 5 answers a label, then ``margin``; always ``margin`` without features."""
    check(beliefs, eligible, answered)
    chosen = typical if features is not None and is_cold(beliefs, answered) else margin
    return chosen(beliefs, features=features, eligible=eligible, answered=answered, rng=rng)
