"""Logistic regression by gradient descent on the cross-entropy."""

from __future__ import annotations

from typing import Any

from scipy.special import log_softmax, softmax

from groundswell.learn.models import MODELS
from groundswell.learn.models.base import Estimator, Floats, Watch
from groundswell.learn.models.descent import check_settings, choose_rate, descend


def cross_entropy(score: Floats, target: Floats) -> tuple[Floats, Floats]:
    """Loss −Σₖ qₖ log pₖ of each row with p = softmax(score), and its slope p − q."""
    return -(target * log_softmax(score, axis=1)).sum(1), softmax(score, axis=1) - target


@MODELS.register("logistic")
class Logistic(Estimator):
    """A score ``w · x + b`` for each label, made into probabilities, fitted by gradient descent.

    pₖ = exp(scoreₖ) / Σⱼ exp(scoreⱼ); with two labels that is the S-curve 1 / (1 + exp(−difference)). How
    wrong it is on n rows is the mean cross-entropy −1/n Σᵢ Σₖ qᵢₖ log pᵢₖ: the surprise at seeing the labels q.
    Its slope is as simple as that of the straight line, only with probabilities in the place of numbers:

        w ← w − rate · 1/n Σᵢ (pᵢ − qᵢ) · xᵢ        b ← b − rate · 1/n Σᵢ (pᵢ − qᵢ)

    Labels may be soft: q may say 90 % spam. Stopping after ``epochs`` keeps the weights small.

    Parameters
    ----------
    rate
        Learning rate; default 0.1, for texts the largest that does not diverge.
    epochs
        How many steps.
    """

    name = "logistic"
    kinds = ("classification",)

    def __init__(self, rate: float | None = None, epochs: int = 300) -> None:
        check_settings(rate, epochs)
        self.rate = rate
        self.epochs = epochs

    def fit(self, X: Any, targets: Floats, weights: Floats, *, watch: Watch | None = None) -> Logistic:
        """Step down the cross-entropy."""
        rate, self.notes_ = choose_rate(X, weights, self.rate, curvature=0.5)
        self.weights_, self.bias_ = descend(
            X, targets, weights, cross_entropy, rate=rate, epochs=self.epochs, watch=watch
        )
        return self
