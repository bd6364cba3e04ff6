"""Asking: which items next, with what probability, why, and whether it still pays."""

from groundswell.ask.base import STRATEGIES, Strategy
from groundswell.ask.drawing import Draw, draw, inclusion
from groundswell.ask.reasons import why
from groundswell.ask.stopping import doubtful, expected_gain

__all__ = ["STRATEGIES", "Draw", "Strategy", "doubtful", "draw", "expected_gain", "inclusion", "why"]
