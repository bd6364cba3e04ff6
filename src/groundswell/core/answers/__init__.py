"""Answer types: one file each, with its JSON shape, its validation and its distance."""

from groundswell.core.answers.base import ANSWERS, AnswerType, answer_type

__all__ = ["ANSWERS", "AnswerType", "answer_type"]
