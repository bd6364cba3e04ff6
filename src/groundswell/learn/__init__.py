"""Models, from ``w · x + b`` by gradient descent upward: train, compare, evaluate, explain, save."""

from groundswell.learn.crossfit import crossfit
from groundswell.learn.embedding import embedding, text_embedding
from groundswell.learn.evaluate import Evaluation, evaluate, score
from groundswell.learn.features import Features, TableFeatures, TextFeatures
from groundswell.learn.intervals import wilson
from groundswell.learn.ladder import Comparison, Rung, ladder
from groundswell.learn.model import Model, load
from groundswell.learn.models import MODELS, Estimator, Step
from groundswell.learn.pictures import picture_features
from groundswell.learn.train import soft_labels, train

__all__ = [
    "MODELS",
    "Comparison",
    "Estimator",
    "Evaluation",
    "Features",
    "Model",
    "Rung",
    "Step",
    "TableFeatures",
    "TextFeatures",
    "crossfit",
    "embedding",
    "evaluate",
    "ladder",
    "load",
    "picture_features",
    "score",
    "soft_labels",
    "text_embedding",
    "train",
    "wilson",
]
