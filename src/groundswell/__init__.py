"""Groundswell: from a question and a pile of raw data to a labelled dataset that can be defended.

A person, a regular expression, a lookup, a legacy system, a language model and a trained model are all
sources that cast votes; what is true of an item is a belief computed from the vote log.

>>> import groundswell as gs
>>> votes = {"item": [1, 1, 1, 2, 2], "source": ["ada", "bo", "cy", "ada", "bo"], "label": ["a", "a", "b", "b", "b"]}
>>> gs.believe(votes).label_of(2)
'b'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from groundswell.belief import agreement as agreement
    from groundswell.belief import believe as believe
    from groundswell.core.abstain import ABSTAIN as ABSTAIN
    from groundswell.core.answers.boxes import Boxes as Boxes
    from groundswell.core.answers.choice import Choice as Choice
    from groundswell.core.answers.choices import Choices as Choices
    from groundswell.core.answers.number import Number as Number
    from groundswell.core.answers.spans import Spans as Spans
    from groundswell.core.answers.text import Text as Text
    from groundswell.core.belief import Beliefs as Beliefs
    from groundswell.core.errors import GroundswellError as GroundswellError
    from groundswell.core.frame import Frame as Frame
    from groundswell.core.item import Item as Item
    from groundswell.core.question import Question as Question
    from groundswell.core.source import SourceInfo as SourceInfo
    from groundswell.core.vote import Vote as Vote
    from groundswell.core.votes import VoteTable as VoteTable
    from groundswell.learn import evaluate as evaluate
    from groundswell.learn import train as train
    from groundswell.project import Project as Project
    from groundswell.project import new as new
    from groundswell.project import open_project as open  # noqa: F401
    from groundswell.sources import Lookup as Lookup
    from groundswell.sources import Model as Model
    from groundswell.sources import Pattern as Pattern
    from groundswell.sources import Person as Person
    from groundswell.sources import Search as Search
    from groundswell.sources import heuristic as heuristic

__version__ = "0.1.0.dev0"

# Where each public name lives; imported at first use, so that `import groundswell` stays quick.
_HOMES = {
    "ABSTAIN": "core.abstain",
    "Beliefs": "core.belief",
    "Boxes": "core.answers.boxes",
    "Choice": "core.answers.choice",
    "Choices": "core.answers.choices",
    "Frame": "core.frame",
    "GroundswellError": "core.errors",
    "Item": "core.item",
    "Lookup": "sources",
    "Model": "sources",
    "Number": "core.answers.number",
    "Pattern": "sources",
    "Person": "sources",
    "Project": "project",
    "Question": "core.question",
    "Search": "sources",
    "SourceInfo": "core.source",
    "Spans": "core.answers.spans",
    "Text": "core.answers.text",
    "Vote": "core.vote",
    "VoteTable": "core.votes",
    "agreement": "belief",
    "believe": "belief",
    "evaluate": "learn",
    "heuristic": "sources",
    "new": "project",
    "open": "project",
    "train": "learn",
}
_OTHER_NAMES = {"open": "open_project"}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'groundswell' has no attribute '{name}'")
    value = getattr(importlib.import_module(f"groundswell.{_HOMES[name]}"), _OTHER_NAMES.get(name, name))
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
