"""Models in use: whether what they see and say has drifted, and what to ask people about."""

from groundswell.watch.drift import ALPHA, Drift, drift, holm
from groundswell.watch.predictions import doubtful
from groundswell.watch.statistics import TESTS, Shift, Test

__all__ = ["ALPHA", "TESTS", "Drift", "Shift", "Test", "doubtful", "drift", "holm"]
