"""Cross-fitting: what a model says of each item when it was trained without it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.special import softmax

from groundswell.core.errors import InputError
from groundswell.learn.soft import balanced, fit_soft

Floats = npt.NDArray[np.float64]


def fold_of(groups: npt.NDArray[np.intp], strata: npt.NDArray[np.intp], folds: int, seed: int) -> npt.NDArray[np.intp]:
    """``(n,)`` number of the fold of each row: whole groups, and each stratum spread evenly over the folds.

    ``groups`` and ``strata`` are codes ``(n,)``; a group counts to the stratum of its first row.

    Examples
    --------
    >>> fold_of(np.array([0, 0, 1, 2, 3]), np.array([0, 0, 0, 1, 1]), 2, seed=0).tolist()
    [0, 0, 1, 0, 1]
    """
    rng = np.random.default_rng(seed)
    names, first, inverse = np.unique(groups, return_index=True, return_inverse=True)
    shuffled = rng.permutation(len(names))
    by_stratum = shuffled[np.argsort(strata[first][shuffled], kind="stable")]
    fold = np.empty(len(names), np.intp)
    fold[by_stratum] = np.arange(len(names)) % folds
    return np.asarray(fold[inverse])


def crossfit(
    features: Any,
    soft_labels: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    folds: int = 5,
    seed: int = 0,
    *,
    groups: npt.ArrayLike | None = None,
    C: float = 10.0,
) -> Floats:
    """Out-of-fold probabilities of a linear model trained on soft labels.

    Parameters
    ----------
    features
        ``(n, d)``, dense or sparse.
    soft_labels
        ``(n, K)``, at least 0; rows are brought to sum 1. A row of zeros is predicted, not learned from.
    weights
        ``(n,)``, at least 0: how much each row counts. A row of weight 0 is predicted, not learned from.
    folds
        How many models; each predicts the rows that it did not see.
    groups
        ``(n,)`` codes: rows of one group (copies, one author) are never on both sides. Default: each row alone.
    C
        Inverse strength of the penalty, see :func:`~groundswell.learn.soft.fit_soft`.

    Returns
    -------
    ``(n, K)``, rows sum to 1.

    Raises
    ------
    InputError
        If shapes do not fit, a number is not finite, or a label or weight is below 0.

    Examples
    --------
    >>> x = np.repeat([[0.0], [1.0]], 20, axis=0)
    >>> q = np.repeat([[0.9, 0.1], [0.2, 0.8]], 20, axis=0)
    >>> crossfit(x, q, C=1e6)[[0, -1]].round(2).tolist()
    [[0.9, 0.1], [0.2, 0.8]]
    """
    X = features.tocsr() if sp.issparse(features) else np.asarray(features, np.float64)
    q, s = _checked(X, np.asarray(soft_labels, np.float64), weights)
    n, K = q.shape
    if n == 0 or K == 1:
        return np.ones((n, K))
    learned = s > 0
    strata = np.where(learned, q.argmax(1), K)
    codes = np.arange(n) if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1]
    if len(codes) != n:
        raise InputError(f"{len(codes)} groups for {n} rows")
    if not 2 <= folds <= max(2, n):
        raise InputError(f"folds = {folds}", hint=f"Between 2 and {max(2, n)}")
    fold = fold_of(codes, strata, folds, seed)
    predicted = np.empty((n, K))
    for number in range(folds):
        inside, held = np.flatnonzero((fold != number) & learned), np.flatnonzero(fold == number)
        if len(inside) == 0:
            predicted[held] = 1.0 / K
            continue
        W, b = fit_soft(X[inside], q[inside], balanced(q[inside], s[inside]), C=C)
        predicted[held] = softmax(X[held] @ W + b, axis=1)
    return predicted


def _checked(X: Any, q: Floats, weights: npt.ArrayLike | None) -> tuple[Floats, Floats]:
    """Soft labels with rows of sum 1, and row weights."""
    if X.ndim != 2 or q.ndim != 2 or len(q) != X.shape[0]:
        raise InputError(f"Soft labels of shape {q.shape} for features of shape {X.shape}", hint="One row an item")
    if q.shape[1] == 0:
        raise InputError("Soft labels need at least one label")
    s = np.ones(len(q)) if weights is None else np.asarray(weights, np.float64)
    if s.shape != (len(q),):
        raise InputError(f"Weights of shape {s.shape} for {len(q)} rows")
    values = X.data if sp.issparse(X) else X
    if not (np.isfinite(q).all() and np.isfinite(s).all() and np.isfinite(values).all()):
        raise InputError("Features, soft labels or weights hold NaN or an infinity")
    if (q < 0).any() or (s < 0).any():
        raise InputError("A soft label or weight is below 0")
    total = q.sum(1)
    return q / np.where(total > 0, total, 1.0)[:, None], np.where(total > 0, s, 0.0)
