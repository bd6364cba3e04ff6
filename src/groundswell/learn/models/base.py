"""What every model is: weights and a bias for each label, from features to scores to an answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from groundswell.core.errors import InputError

Floats: TypeAlias = npt.NDArray[np.float64]
Kind: TypeAlias = Literal["classification", "regression"]


@dataclass(frozen=True, slots=True)
class Step:
    """Where gradient descent stands after an epoch, for those who watch.

    Parameters
    ----------
    epoch, epochs
        From 1 to at most ``epochs``.
    loss
        Before this epoch's update: mean squared error, or mean cross-entropy in nats.
    weights, bias
        ``(d, K)`` and ``(K,)``, for numbers as they stand in the data; K = 1 for a regression.
    rate
        The learning rate in use.
    """

    epoch: int
    epochs: int
    loss: float
    weights: Floats
    bias: Floats
    rate: float

    @property
    def line(self) -> tuple[float, float] | None:
        """Slope and intercept where there is one feature and one number to predict."""
        return (float(self.weights[0, 0]), float(self.bias[0])) if self.weights.shape == (1, 1) else None


Watch: TypeAlias = Callable[[Step], None]


class Estimator(ABC):
    """A model whose score is ``X · weights_ + bias_``.

    Attributes (after :meth:`fit`)
    ------------------------------
    weights_, bias_
        ``(d, K)`` and ``(K,)``: one column a label, or a single one for a number.
    notes_
        What a reader should know, one plain sentence each.
    """

    name: ClassVar[str]
    kinds: ClassVar[tuple[Kind, ...]]
    link: ClassVar[Literal["softmax", "share"]] = "softmax"
    weights_: Floats
    bias_: Floats
    notes_: tuple[str, ...] = ()

    def settings(self) -> dict[str, Any]:
        """The parameters of ``__init__``, JSON values."""
        return {key: value for key, value in vars(self).items() if not key.endswith("_")}

    @abstractmethod
    def fit(self, X: Any, targets: Floats, weights: Floats, *, watch: Watch | None = None) -> Estimator:
        """Learn.

        Parameters
        ----------
        X
            ``(n, d)`` sparse.
        targets
            ``(n, K)`` soft labels, rows of sum 1; or ``(n, 1)`` numbers.
        weights
            ``(n,)`` row weights, at least 0, sum above 0.
        watch
            Called after each epoch, by models that have epochs.
        """

    def scores(self, X: Any) -> Floats:
        """``(n, K)``: ``X · weights_ + bias_``."""
        return np.asarray(X @ self.weights_ + self.bias_)

    def predict_proba(self, X: Any) -> Floats:
        """``(n, K)``, rows sum to 1."""
        return self.to_probabilities(self.scores(X))

    def to_probabilities(self, scores: Floats) -> Floats:
        """Softmax; or for models that aim at 0 and 1 themselves, the scores clipped to that and shared out."""
        if self.link == "softmax":
            return np.asarray(softmax(scores, axis=1))
        clipped = np.clip(scores, 0.0, 1.0) + 1e-6
        return np.asarray(clipped / clipped.sum(1, keepdims=True))

    @classmethod
    def from_state(cls, settings: Mapping[str, Any], arrays: Mapping[str, Floats]) -> Estimator:
        """A fitted model from its settings and its arrays ``weights`` and ``bias``.

        Raises
        ------
        InputError
            If a setting is unknown or the arrays do not fit each other.
        """
        try:
            made = cls(**settings)
        except TypeError:
            raise InputError(f"Unknown setting of the model '{cls.name}'", hint=", ".join(map(str, settings))) from None
        made.weights_, made.bias_ = arrays["weights"], arrays["bias"]
        if made.weights_.ndim != 2 or made.bias_.shape != made.weights_.shape[1:]:
            raise InputError("The saved weights and bias do not fit each other")
        return made


def mean_target(targets: Floats, weights: Floats) -> Floats:
    """``(K,)`` weighted mean of the targets: class shares, or the mean number."""
    return np.asarray(weights @ targets / weights.sum())
