"""Tests for drift, one a file; :data:`TESTS` finds them by name."""

from __future__ import annotations

from groundswell.core.registry import Registry
from groundswell.watch.statistics.base import Shift, Test

__all__ = ["TESTS", "Shift", "Test"]

TESTS: Registry[Test] = Registry("drift test", "groundswell.watch.statistics")
