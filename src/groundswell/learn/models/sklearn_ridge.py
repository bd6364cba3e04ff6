"""Ridge regression by scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.linear_model import Ridge

from groundswell.core.errors import InputError
from groundswell.learn.models import MODELS
from groundswell.learn.models.base import Estimator, Floats, Watch


@MODELS.register("sklearn-ridge")
class SklearnRidge(Estimator):
    """Least squares with a penalty on the weights, for predicting numbers (Hoerl & Kennard 1970).

    Parameters
    ----------
    alpha
        Strength of the penalty, above 0.
    """

    name = "sklearn-ridge"
    kinds = ("regression",)

    def __init__(self, alpha: float = 0.1) -> None:
        if not 0.0 < alpha < 1e9:
            raise InputError(f"alpha = {alpha}", hint="Above 0")
        self.alpha = alpha

    def fit(self, X: Any, targets: Floats, weights: Floats, *, watch: Watch | None = None) -> SklearnRidge:  # noqa: ARG002
        """Solve."""
        solver = Ridge(alpha=self.alpha, solver="lsqr" if X.shape[1] > 1000 else "auto", tol=1e-6)
        solver.fit(X if X.shape[1] > 1000 else np.asarray(X.todense()), targets[:, 0], sample_weight=weights)
        self.weights_ = np.asarray(solver.coef_, np.float64).reshape(-1, 1)
        self.bias_ = np.array([float(solver.intercept_)])
        return self
