"""Logistic regression by scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from groundswell.core.errors import InputError
from groundswell.learn.models import MODELS
from groundswell.learn.models.base import Estimator, Floats, Watch
from groundswell.learn.soft import balanced


@MODELS.register("sklearn-logistic")
class SklearnLogistic(Estimator):
    """Logistic regression with a penalty on the weights, solved to the end by scikit-learn.

    Soft labels enter as one row a label, weighted with its probability. Rare labels are lifted by half the
    full balance (see :func:`~groundswell.learn.soft.balanced`).

    Parameters
    ----------
    C
        Inverse strength of the penalty. 10 was best or next to it in five-fold cross-validation on SMS and on
        YouTube comments, with clean labels and with 6 % of them wrong (``bench/learn.py``).
    balance
        0: labels count as they come, ½ (default), 1: all labels count alike.
    """

    name = "sklearn-logistic"
    kinds = ("classification",)

    def __init__(self, C: float = 10.0, balance: float = 0.5) -> None:
        if not 0.0 < C < 1e9:
            raise InputError(f"C = {C}", hint="Above 0")
        if not 0.0 <= balance <= 1.0:
            raise InputError(f"balance = {balance}", hint="Between 0 and 1")
        self.C = C
        self.balance = balance

    def fit(self, X: Any, targets: Floats, weights: Floats, *, watch: Watch | None = None) -> SklearnLogistic:  # noqa: ARG002
        """Solve. Raises :class:`InputError` where one label has all the weight."""
        share = balanced(targets, weights, self.balance)[:, None] * targets
        row, label = np.nonzero(share > 1e-4 * np.maximum(weights, 1e-300)[:, None])
        if len(np.unique(label)) < 2:
            raise InputError("There is only one label to learn", hint="Label items of another kind first")
        solver = LogisticRegression(C=self.C, max_iter=500, tol=1e-4)
        repeated = X if len(row) == X.shape[0] and (row == np.arange(len(row))).all() else sp.csr_matrix(X)[row]
        solver.fit(repeated, label, sample_weight=share[row, label])
        self.weights_ = np.zeros((X.shape[1], targets.shape[1]))
        self.bias_ = np.full(targets.shape[1], -20.0)  # a label that no row has: next to impossible
        if len(solver.classes_) == 2:
            self.weights_[:, solver.classes_[1]] = solver.coef_[0]
            self.bias_[solver.classes_] = [0.0, solver.intercept_[0]]
        else:
            self.weights_[:, solver.classes_] = solver.coef_.T
            self.bias_[solver.classes_] = solver.intercept_
        return self
