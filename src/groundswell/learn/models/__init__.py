"""Models that learn, one a file; :data:`MODELS` finds them by name."""

from __future__ import annotations

from groundswell.core.registry import Registry
from groundswell.learn.models.base import Estimator, Kind, Step

__all__ = ["MODELS", "Estimator", "Kind", "Step"]

MODELS: Registry[type[Estimator]] = Registry("model", "groundswell.learn.models")
