"""Collect: bytes in, items out, with the provenance of each."""

from groundswell.collect.base import READERS, Reader
from groundswell.collect.gather import Collected, collect

__all__ = ["READERS", "Collected", "Reader", "collect"]
