"""Models, from ``w · x + b`` by gradient descent upward: train, compare, evaluate, explain, save."""

from groundswell.learn.crossfit import crossfit
from groundswell.learn.features import Features, TableFeatures, TextFeatures

__all__ = ["Features", "TableFeatures", "TextFeatures", "crossfit"]
