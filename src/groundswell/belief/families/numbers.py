"""Numbers: every source has a bias and a spread."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from groundswell.core.errors import InputError
from groundswell.core.interval import Interval
from groundswell.core.votes import Floats

SPREAD_VOTES = 100.0
BIAS_VOTES = 20.0
ROUNDS = 100


@dataclass(frozen=True)
class NumberBeliefs:
    """``value`` and ``spread`` ``(n_items,)`` (one standard deviation), and each source's ``bias`` and ``noise``."""

    items: Sequence[Hashable]
    sources: Sequence[Hashable]
    value: Floats
    spread: Floats
    bias: Floats
    noise: Floats

    def of(self, row: int) -> Interval:
        """The value of one item with its 95 % interval."""
        half = 1.96 * float(self.spread[row])
        value = float(self.value[row])
        return Interval(value, value - half, value + half)


def numbers(item: Sequence[Hashable], source: Sequence[Hashable], value: npt.ArrayLike) -> NumberBeliefs:
    r"""Beliefs about numbers.

    :math:`y_v = x_i + b_s + \varepsilon`, :math:`\varepsilon \sim N(0, \sigma_s^2)`. E step: x is the mean of the
    votes less their source's bias, weighted by :math:`1/\sigma_s^2`, with variance :math:`1 / \sum 1/\sigma_s^2`.
    M step: bias and variance of each source from its residuals (plus that variance), drawn to no bias by 20 votes and
    to the common variance by 100.

    Parameters
    ----------
    item, source, value
        ``(n_votes,)`` each.

    Raises
    ------
    InputError
        If there is no vote, or one is not a finite number.

    References
    ----------
    V. C. Raykar et al. (2010). Learning From Crowds. JMLR 11, 1297–1322 (section on continuous labels).

    Examples
    --------
    >>> found = numbers(["a", "a", "b", "b"], ["x", "y", "x", "y"], [1.0, 2.0, 5.0, 6.0])
    >>> found.value.round(1).tolist()
    [1.5, 5.5]
    """
    y = np.asarray(value, np.float64)
    if not len(y):
        raise InputError("There is no vote", hint="Give at least one number")
    if not len(item) == len(source) == len(y):
        raise InputError("item, source and value differ in length")
    if not np.isfinite(y).all():
        row = int(np.flatnonzero(~np.isfinite(y))[0]) + 1
        raise InputError(f"Vote {row} is not a finite number")
    items, i = factorise(item)
    sources, s = factorise(source)
    n = np.bincount(s, minlength=len(sources))
    x = np.bincount(i, y) / np.bincount(i)
    bias = np.zeros(len(sources))
    noise = np.full(len(sources), max(float(np.var(y - x[i])), 1e-12))
    spread = np.zeros(len(items))
    for done in range(ROUNDS):
        before = x
        weight = 1.0 / noise[s]
        total = np.bincount(i, weight)
        x, spread = np.bincount(i, weight * (y - bias[s])) / total, 1.0 / total
        bias = np.bincount(s, y - x[i]) / (n + BIAS_VOTES)
        residual = (y - bias[s] - x[i]) ** 2 + spread[i]
        noise = (np.bincount(s, residual) + SPREAD_VOTES * residual.mean()) / (n + SPREAD_VOTES)
        noise = np.maximum(noise, 1e-12)
        if done and np.abs(x - before).max() < 1e-9 * (1.0 + np.abs(x).max()):
            break
    return NumberBeliefs(items, sources, x, np.sqrt(spread), bias, np.sqrt(noise))


def factorise(values: Sequence[Hashable]) -> tuple[list[Hashable], npt.NDArray[np.intp]]:
    """Different values in order of appearance, and a code per row."""
    known: dict[Hashable, int] = {}
    codes = np.array([known.setdefault(value, len(known)) for value in values], np.intp)
    return list(known), codes
