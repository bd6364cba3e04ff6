"""Sources: whatever votes on items. One file per kind; a source sees items and returns votes."""

from groundswell.sources.base import SOURCES, Condition, Context, Source, cast, check_column, from_config, unique
from groundswell.sources.heuristic import Heuristic, heuristic
from groundswell.sources.legacy import Legacy
from groundswell.sources.lookup import Lookup
from groundswell.sources.model import Model
from groundswell.sources.pattern import Pattern, check_regex
from groundswell.sources.person import Person
from groundswell.sources.rules import load_rules
from groundswell.sources.search import Search
from groundswell.sources.summary import SourceRow, summary

__all__ = [
    "SOURCES",
    "Condition",
    "Context",
    "Heuristic",
    "Legacy",
    "Lookup",
    "Model",
    "Pattern",
    "Person",
    "Search",
    "Source",
    "SourceRow",
    "cast",
    "check_column",
    "check_regex",
    "from_config",
    "heuristic",
    "load_rules",
    "summary",
    "unique",
]
