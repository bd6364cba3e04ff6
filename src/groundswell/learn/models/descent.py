"""Gradient descent, to be read: start anywhere, look which way is down, take a small step, again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.sparse as sp

from groundswell.core.errors import InputError
from groundswell.learn.models.base import Floats, Step, Watch

TABLE_RATE = 0.1
MOST_EPOCHS = 100_000

# loss and error (prediction - target) from scores and targets
Slope = Callable[[Floats, Floats], tuple[Floats, Floats]]


def check_settings(rate: float | None, epochs: int) -> None:
    """Raise :class:`InputError` unless the rate is above 0 and the epochs are a sensible number."""
    if rate is not None and not 0.0 < rate < 1e6:
        raise InputError(f"A learning rate of {rate}", hint="Above 0; 0.1 suits standardised features")
    if not 1 <= epochs <= MOST_EPOCHS:
        raise InputError(f"{epochs} epochs", hint=f"Between 1 and {MOST_EPOCHS}")


def steepness(X: Any, weights: Floats) -> float:
    """How sharply the valley of the loss bends where it bends most.

    The largest eigenvalue of Xᵀ diag(s) X for row weights s of sum 1, with a column of ones for the bias;
    by power iteration. A step longer than 2 / (bend of the loss) overshoots, further each time.
    """
    d = X.shape[1]
    s = weights / weights.sum()
    direction, bias = np.random.default_rng(0).normal(size=d), 1.0
    bend = 0.0
    for _ in range(50):
        length = float(np.sqrt(direction @ direction + bias * bias))
        direction, bias = direction / length, bias / length
        along = s * (X @ direction + bias)
        direction, bias = X.T @ along, float(along.sum())
        before, bend = bend, float(np.sqrt(direction @ direction + bias * bias))
        if abs(bend - before) <= 1e-3 * bend:
            break
    return bend


def choose_rate(X: Any, weights: Floats, rate: float | None, curvature: float) -> tuple[float, tuple[str, ...]]:
    """The rate to use, and a note if it is not the one asked for.

    Without a wish: 0.1, or for texts (many small features) the largest that is safe. A rate that would
    diverge is lowered to the largest that is safe. ``curvature`` is the loss's own bend (2 for squared
    error, ½ for softmax cross-entropy).
    """
    safe = 1.8 / (curvature * max(steepness(X, weights), 1e-12))
    if rate is None:
        many = X.shape[1] > 200
        return (safe if many else min(TABLE_RATE, safe)), ()
    if rate <= safe:
        return rate, ()
    return safe, (f"A learning rate of {rate:g} would diverge on these features; {safe:.3g} was used.",)


def descend(
    X: Any, targets: Floats, weights: Floats, slope: Slope, *, rate: float, epochs: int, watch: Watch | None
) -> tuple[Floats, Floats]:
    """Follow the gradient downhill from w = 0, b = 0.

    Parameters
    ----------
    X, targets, weights
        ``(n, d)``, ``(n, K)``, ``(n,)``.
    slope
        From scores ``(n, K)`` and targets: the loss of each row, and its gradient with respect to the scores.

    Returns
    -------
    w, b
        ``(d, K)`` and ``(K,)``.
    """
    w = np.zeros((X.shape[1], targets.shape[1]))
    b = np.zeros(targets.shape[1])
    share = weights / weights.sum()  # 1 / n each, when all rows count alike
    transposed = X.T.tocsr() if sp.issparse(X) else X.T
    for epoch in range(1, epochs + 1):
        score = X @ w + b
        loss, error = slope(score, targets)
        w = w - rate * (transposed @ (share[:, None] * error))
        b = b - rate * (share @ error)
        if watch is not None:
            watch(Step(epoch, epochs, float(share @ loss), w, b, rate))
    return w, b
