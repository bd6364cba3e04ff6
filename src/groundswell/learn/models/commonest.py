"""Always the same answer: what every other model must beat."""

from __future__ import annotations

from typing import Any

import numpy as np

from groundswell.learn.models import MODELS
from groundswell.learn.models.base import Estimator, Floats, Watch, mean_target


@MODELS.register("commonest")
class Commonest(Estimator):
    """Always the commonest label, with the label shares as probabilities; for numbers, always the mean.

    Examples
    --------
    >>> model = Commonest().fit(np.zeros((4, 1)), np.array([[1, 0], [1, 0], [1, 0], [0, 1.0]]), np.ones(4))
    >>> model.predict_proba(np.zeros((1, 1))).round(2).tolist()
    [[0.75, 0.25]]
    """

    name = "commonest"
    kinds = ("classification", "regression")

    def fit(self, X: Any, targets: Floats, weights: Floats, *, watch: Watch | None = None) -> Commonest:  # noqa: ARG002
        """Count."""
        mean = mean_target(targets, weights)
        self.bias_ = mean if targets.shape[1] == 1 else np.log(np.maximum(mean, 1e-9))
        self.weights_ = np.zeros((X.shape[1], targets.shape[1]))
        return self
