"""Beliefs for answers that are not one label: numbers, sets of labels, spans. One family per file."""

from groundswell.belief.families.choices import ChoicesBeliefs, choices
from groundswell.belief.families.numbers import NumberBeliefs, numbers
from groundswell.belief.families.spans import SpanBeliefs, spans

__all__ = ["ChoicesBeliefs", "NumberBeliefs", "SpanBeliefs", "choices", "numbers", "spans"]
