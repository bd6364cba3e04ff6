"""Models, from ``w · x + b`` by gradient descent upward: train, compare, evaluate, explain, save."""

from groundswell.learn.crossfit import crossfit
from groundswell.learn.features import Features, TableFeatures, TextFeatures
from groundswell.learn.model import Model, load
from groundswell.learn.models import MODELS, Estimator, Step
from groundswell.learn.train import soft_labels, train

__all__ = [
    "MODELS",
    "Estimator",
    "Features",
    "Model",
    "Step",
    "TableFeatures",
    "TextFeatures",
    "crossfit",
    "load",
    "soft_labels",
    "train",
]
