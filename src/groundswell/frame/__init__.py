"""Framing: why a project exists, what is asked, and whether labels can answer it."""

from groundswell.frame.config import ProjectConfig
from groundswell.frame.deriving import METRICS, TASKS, Derived, derive, explain
from groundswell.frame.guard import ClaimWarning, guard
from groundswell.frame.interview import Option, PlainQuestion, from_answers, questions_to_ask, short_name
from groundswell.frame.reading import load, parse
from groundswell.frame.templates import TEMPLATES, template, template_text
from groundswell.frame.writing import render, save

__all__ = [
    "METRICS",
    "TASKS",
    "TEMPLATES",
    "ClaimWarning",
    "Derived",
    "Option",
    "PlainQuestion",
    "ProjectConfig",
    "derive",
    "explain",
    "from_answers",
    "guard",
    "load",
    "parse",
    "questions_to_ask",
    "render",
    "save",
    "short_name",
    "template",
    "template_text",
]
