"""What a strategy is."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from groundswell.core.belief import Beliefs
from groundswell.core.errors import InputError
from groundswell.core.registry import Registry
from groundswell.core.votes import Floats

Mask = npt.NDArray[np.bool_]


class Strategy(Protocol):
    """Scores every item: the larger, the more an answer is worth.

    Parameters
    ----------
    beliefs
        What is believed now, ``(n_items, n_labels)``.
    features
        ``(n_items, d)`` dense or sparse, or ``None``.
    eligible
        ``(n_items,)`` which items may be asked.
    answered
        ``(n_items,)`` the code of a person's answer, negative where there is none.
    rng
        The only source of chance.

    Returns
    -------
    ``(n_items,)``, in [0, 1]; ``-inf`` where not eligible.
    """

    def __call__(
        self,
        beliefs: Beliefs,
        *,
        features: Any,
        eligible: Mask,
        answered: npt.NDArray[np.int_],
        rng: np.random.Generator,
    ) -> Floats:
        """See the class."""


STRATEGIES: Registry[Strategy] = Registry("strategy", "groundswell.ask")


def among(eligible: Mask, scores: Floats) -> Floats:
    """``scores``, ``-inf`` where not eligible."""
    return np.where(eligible, scores, -np.inf)


def check(beliefs: Beliefs, eligible: Mask, answered: npt.NDArray[np.int_] | None = None) -> None:
    """Raise :class:`InputError` unless the arrays fit the beliefs."""
    n = len(beliefs)
    for name, array in (("eligible", eligible), ("answered", answered)):
        if array is not None and np.shape(array) != (n,):
            raise InputError(f"{name} has the shape {np.shape(array)}, but there are {n} items")
