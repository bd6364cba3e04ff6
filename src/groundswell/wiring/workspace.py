"""What every verb of a project works on: the store, the settings, the sources, and what is worth keeping in memory."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from groundswell import frame as frames
from groundswell.core.errors import InputError, NotFoundError, did_you_mean
from groundswell.core.frame import Frame
from groundswell.core.question import Question
from groundswell.core.source import SourceInfo
from groundswell.sources import Context, Source, from_config
from groundswell.sources.base import unique
from groundswell.store import Store

CONFIG = "groundswell.toml"
RULES = "rules.py"


class Workspace:
    """A project's parts. Safe to use from several threads; ``lock`` guards what is kept in memory."""

    def __init__(self, root: Path, store: Store, config: frames.ProjectConfig, seed: int = 0) -> None:
        self.root = root
        self.store = store
        self.config = config
        self.seed = seed
        self.lock = threading.RLock()
        self.added: dict[str, dict[str, Source]] = {}
        self.kept: dict[Any, Any] = {}
        self._making: dict[Any, threading.Lock] = {}
        self._questions: dict[str, Question] = {}

    @property
    def frame(self) -> Frame:
        """Why the project exists."""
        return self.config.frame

    def save_config(self) -> None:
        """Write ``groundswell.toml`` anew; comments that a person made stay."""
        frames.save(self.root / CONFIG, self.config)

    # questions

    def question(self, name: str | None = None) -> Question:
        """The newest version of a question; of the first one without a name.

        Raises
        ------
        NotFoundError
            If there is none of that name.
        """
        names = [question.name for question in self.config.questions]
        if not names:
            raise NotFoundError("This project asks no question yet", hint=f"Add one to {CONFIG}")
        wanted = names[0] if name is None else name
        if wanted not in names:
            raise NotFoundError(f"No question '{wanted}'", hint=did_you_mean(wanted, names))
        if wanted not in self._questions:
            self._questions[wanted] = self.store.question(wanted)
        return self._questions[wanted]

    def sync_questions(self) -> None:
        """Store the questions of ``groundswell.toml``: a changed one becomes a new version."""
        for question in self.config.questions:
            self.save_question(question)

    def save_question(self, question: Question) -> Question:
        """Store a question and return it with its version."""
        self._questions[question.name] = saved = self.store.save_question(question)
        return saved

    # sources

    def sources(self, question: Question, *, allow_code: bool = False) -> dict[str, Source]:
        """Every source of the question that is not a person met by answering: from the file, and added in Python.

        Raises
        ------
        InputError
            If a source needs the project's ``rules.py`` and ``allow_code`` is false.
        """
        found = []
        for config in self.config.sources:
            of = config.get("question", self.config.questions[0].name)
            if of != question.name:
                continue
            settings = {key: value for key, value in config.items() if key != "question"}
            if settings.get("type") == "heuristic":
                name = str(settings.get("name", ""))
                if name in self.added.get(question.name, {}):
                    continue
                if not allow_code:
                    raise InputError(
                        f"The source '{name}' is a Python function of {RULES}",
                        hint="Read the file, then allow its code to run with --allow-code",
                    )
            found.append(from_config(settings, self._context(allow_code)))
        return unique([*found, *self.added.get(question.name, {}).values()])

    def _context(self, allow_code: bool) -> Context:
        from groundswell.sources import load_rules

        path = self.root / RULES
        rules = load_rules(path, allow_code=True) if allow_code and path.is_file() else {}
        return Context(folder=self.root, rules=rules)

    def voting(self, question: Question) -> list[tuple[SourceInfo, str]]:
        """Automatic sources whose column stands in the store, with the version that counts now."""
        versions = {column.source: column.version for column in self.store.columns(question.name)}
        known = {info.name: info for info, _ in self.store.sources(question.name)}
        return [(known[name], version) for name, version in versions.items() if name in known]

    def declare(self, question: str, configs: list[dict[str, Any]]) -> None:
        """Write sources to ``groundswell.toml``, in the place of those of the same name."""
        first = self.config.questions[0].name
        names = {config["name"] for config in configs}
        kept = [c for c in self.config.sources if c.get("name") not in names or c.get("question", first) != question]
        new = [{k: v for k, v in c.items() if k != "question" or v != first} for c in configs]
        if [*kept, *new] != list(self.config.sources):
            self.config = replace(self.config, sources=(*kept, *new))
            self.save_config()

    # items

    def items(self) -> pl.DataFrame:
        """The items frame: item, text, media, group and the metadata fields."""
        return self.store.items_frame()

    def keep(self, key: Any, stamp: Any, make: Any) -> Any:
        """What was kept under ``key`` if its stamp is still the same, else what ``make()`` gives.

        Several threads that want the same wait for one of them to make it.
        """
        held = self.kept.get(key)
        if held is not None and held[0] == stamp:
            return held[1]
        with self.lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            held = self.kept.get(key)
            if held is None or held[0] != stamp:
                held = self.kept[key] = (stamp, make())
            return held[1]
