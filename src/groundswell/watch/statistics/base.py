"""What a drift test takes and gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from groundswell.core.errors import InputError

Level: TypeAlias = Literal["same", "shifted", "changed"]
Takes: TypeAlias = Literal["numbers", "categories"]


@dataclass(frozen=True, slots=True)
class Shift:
    """How far two samples are apart.

    Parameters
    ----------
    statistic
        The test's own figure, which is also the size of the effect.
    p_value
        Probability of one at least as large if both came from the same source, in [0, 1].
    """

    statistic: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Test:
    """A test for drift.

    Parameters
    ----------
    name
        Literature name.
    takes
        ``numbers``: two float arrays without NaN. ``categories``: two arrays of counts over the same categories.
    compare
        ``(reference, current) -> Shift``.
    small, large
        Statistics from which a change is worth a look, and from which it is serious.
    source
        Citation of the test and of these two.
    """

    __test__ = False  # not for pytest to collect

    name: str
    takes: Takes
    compare: Callable[[npt.NDArray[Any], npt.NDArray[Any]], Shift]
    small: float
    large: float
    source: str

    def __call__(self, reference: npt.ArrayLike, current: npt.ArrayLike) -> Shift:
        """Compare. Raises :class:`InputError` on empty samples, NaN, negative counts or unequal categories."""
        a, b = np.asarray(reference, np.float64), np.asarray(current, np.float64)
        if a.ndim != 1 or b.ndim != 1 or not (np.isfinite(a).all() and np.isfinite(b).all()):
            raise InputError("A drift test takes two lists of finite numbers")
        if self.takes == "categories":
            if a.shape != b.shape or (a < 0).any() or (b < 0).any():
                raise InputError("Counts must be at least 0, over the same categories")
            if a.sum() == 0 or b.sum() == 0:
                raise InputError("A drift test needs something on both sides")
        elif len(a) == 0 or len(b) == 0:
            raise InputError("A drift test needs something on both sides")
        return self.compare(a, b)

    def level(self, shift: Shift, *, significant: bool) -> Level:
        """Both must hold: beyond chance, and large enough to matter."""
        if not significant or shift.statistic < self.small:
            return "same"
        return "changed" if shift.statistic >= self.large else "shifted"
