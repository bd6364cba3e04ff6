"""How far predicted numbers are off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from groundswell.core.interval import Interval

Floats = npt.NDArray[np.float64]
ROUNDS = 1000


@dataclass(frozen=True)
class NumberErrors:
    """Errors of predicted numbers, with 95 % percentile-bootstrap intervals over rows.

    ``mean_absolute`` and ``root_mean_squared`` are in the target's own unit; ``explained`` is R², the share of
    the variance that the model explains: 1 is perfect, 0 as good as always guessing these rows' mean, below 0
    worse; NaN where the truth never varies.
    """

    mean_absolute: Interval
    root_mean_squared: Interval
    explained: Interval

    def to_text(self) -> str:
        """One plain line."""
        off, r2 = self.mean_absolute, self.explained
        return f"off by {off.value:.4g} ({off.low:.4g}–{off.high:.4g}) on average, R² {r2.value:.3f}"


def number_errors(truth: Floats, predicted: Floats, *, seed: int = 0) -> NumberErrors:
    """Compare numbers ``(n,)``, n at least 1."""

    def r2(rows: npt.NDArray[np.intp]) -> Floats:
        y, f = truth[rows], predicted[rows]
        spread = ((y - y.mean(-1, keepdims=True)) ** 2).mean(-1)
        lost = ((y - f) ** 2).mean(-1)
        return np.where(spread > 0, 1.0 - lost / np.where(spread > 0, spread, 1.0), np.nan)

    def rms(rows: npt.NDArray[np.intp]) -> Floats:
        return np.asarray(np.sqrt(((truth - predicted)[rows] ** 2).mean(-1)))

    def mae(rows: npt.NDArray[np.intp]) -> Floats:
        return np.asarray(np.abs(truth - predicted)[rows].mean(-1))

    return NumberErrors(*(bootstrap(figure, len(truth), seed=seed) for figure in (mae, rms, r2)))


def bootstrap(figure: Callable[[npt.NDArray[np.intp]], Floats], n: int, *, seed: int = 0) -> Interval:
    """A figure of n rows with its 95 % percentile interval over 1,000 redrawings of the rows (Efron 1979).

    ``figure`` maps row numbers ``(…, n)`` to figures ``(…,)``.
    """
    rng = np.random.default_rng(seed)
    value = float(figure(np.arange(n)[None, :])[0])
    at_once = max(1, 2_000_000 // max(n, 1))
    drawn = [figure(rng.integers(0, n, (min(at_once, ROUNDS - done), n))) for done in range(0, ROUNDS, at_once)]
    figures = np.concatenate(drawn)
    figures = figures[np.isfinite(figures)]
    if len(figures) == 0:
        return Interval(value, float("nan"), float("nan"), n)
    low, high = np.quantile(figures, [0.025, 0.975])
    return Interval(value, float(low), float(high), n)
