"""Linear regression by gradient descent on the mean squared error."""

from __future__ import annotations

from typing import Any

from groundswell.learn.models import MODELS
from groundswell.learn.models.base import Estimator, Floats, Watch
from groundswell.learn.models.descent import check_settings, choose_rate, descend


def squared_error(score: Floats, target: Floats) -> tuple[Floats, Floats]:
    """Loss (score − target)² of each row, and its slope 2 · (score − target)."""
    error = score - target
    return (error**2).sum(1), 2.0 * error


@MODELS.register("linear")
class Linear(Estimator):
    """A straight line (a plane, with more features), fitted by gradient descent.

    The model predicts ``w · x + b``. How wrong it is on n rows is the mean squared error

        MSE = 1/n Σᵢ (w · xᵢ + b − yᵢ)²

    and its slopes say which way is up:

        ∂MSE/∂w = 2/n Σᵢ (w · xᵢ + b − yᵢ) · xᵢ        ∂MSE/∂b = 2/n Σᵢ (w · xᵢ + b − yᵢ)

    so each epoch takes one step of the learning rate down:

        w ← w − rate · ∂MSE/∂w        b ← b − rate · ∂MSE/∂b

    Features come standardised (mean 0, standard deviation 1): the valley is then about round, and a rate of
    0.1 goes down it instead of leaping from wall to wall. For labels it fits one line a label to 1 (is it)
    and 0 (is it not), which works better than it should.

    Parameters
    ----------
    rate
        Learning rate; default 0.1, for texts the largest that does not diverge.
    epochs
        How many steps.

    Examples
    --------
    >>> import numpy as np
    >>> tax, emissions = np.array([[5.0], [10], [15], [25]]), np.array([[5.0], [4.3], [3.7], [2.9]])
    >>> line = Linear(rate=0.1, epochs=100).fit((tax - tax.mean()) / tax.std(), emissions, np.ones(4))
    >>> w = line.weights_[0, 0] / tax.std()
    >>> b = line.bias_[0] - w * tax.mean()
    >>> print(f"{w:.3f} · 20 + {b:.3f} = {w * 20 + b:.2f}")
    -0.103 · 20 + 5.397 = 3.33
    """

    name = "linear"
    kinds = ("regression", "classification")
    link = "share"

    def __init__(self, rate: float | None = None, epochs: int = 300) -> None:
        check_settings(rate, epochs)
        self.rate = rate
        self.epochs = epochs

    def fit(self, X: Any, targets: Floats, weights: Floats, *, watch: Watch | None = None) -> Linear:
        """Step down the mean squared error."""
        rate, self.notes_ = choose_rate(X, weights, self.rate, curvature=2.0)
        self.weights_, self.bias_ = descend(
            X, targets, weights, squared_error, rate=rate, epochs=self.epochs, watch=watch
        )
        return self
