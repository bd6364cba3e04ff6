"""Votes to beliefs: what is true of each item, and how far each source can be trusted."""

from groundswell.belief.agreement import agreement
from groundswell.belief.base import MODELS, BeliefModel
from groundswell.belief.door import believe, fit, vote_table
from groundswell.belief.families import choices, numbers, spans
from groundswell.belief.text import with_model
from groundswell.belief.write import to_frame, write

__all__ = [
    "MODELS",
    "BeliefModel",
    "agreement",
    "believe",
    "choices",
    "fit",
    "numbers",
    "spans",
    "to_frame",
    "vote_table",
    "with_model",
    "write",
]
