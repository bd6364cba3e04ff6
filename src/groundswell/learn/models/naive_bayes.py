"""Naive Bayes."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp

from groundswell.core.errors import InputError
from groundswell.learn.models import MODELS
from groundswell.learn.models.base import Estimator, Floats, Watch, mean_target


@MODELS.register("naive-bayes")
class NaiveBayes(Estimator):
    """How common is each feature under each label, as if features were independent.

    Features that are never negative (words, categories) follow a multinomial, with ``smoothing`` added to every
    count; those that can be (standardised numbers) a normal distribution around the label's mean with one
    variance for all labels. Both make the log-odds a sum over features. (McCallum & Nigam 1998, AAAI workshop
    on text categorization; for weighted counts Rennie et al. 2003, ICML.)

    Parameters
    ----------
    smoothing
        Added to the summed weight of every feature, above 0.
    """

    name = "naive-bayes"
    kinds = ("classification",)

    def __init__(self, smoothing: float = 0.1) -> None:
        if not 0.0 < smoothing < 1e6:
            raise InputError(f"smoothing = {smoothing}", hint="Above 0")
        self.smoothing = smoothing

    def fit(self, X: Any, targets: Floats, weights: Floats, *, watch: Watch | None = None) -> NaiveBayes:  # noqa: ARG002
        """Count."""
        X = sp.csc_matrix(X)
        share = weights[:, None] * targets
        signed = np.zeros(X.shape[1], bool)
        signed[np.repeat(np.arange(X.shape[1]), np.diff(X.indptr))[X.data < 0]] = True
        self.weights_ = np.zeros((X.shape[1], targets.shape[1]))
        counts = np.asarray(X[:, ~signed].T @ share) + self.smoothing
        self.weights_[~signed] = np.log(counts / counts.sum(0)) if counts.size else counts
        self.bias_ = np.log(np.maximum(mean_target(targets, weights), 1e-9))
        if signed.any():
            self._fit_numbers(np.asarray(X[:, signed].todense()), share, signed)
        return self

    def _fit_numbers(self, values: Floats, share: Floats, signed: Any) -> None:
        """log N(x; μₖ, σ²) = μₖ/σ² · x − μₖ²/2σ² + what all labels share."""
        total = np.maximum(share.sum(0), 1e-9)
        mean = values.T @ share / total
        spread = (values**2).T @ share - mean**2 * total
        variance = np.maximum(spread.sum(1) / total.sum(), 1e-3)[:, None]
        self.weights_[signed] = mean / variance
        self.bias_ = self.bias_ - (mean**2 / (2 * variance)).sum(0)
