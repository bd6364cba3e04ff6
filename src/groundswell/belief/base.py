"""What every belief model can do, and the registry of them."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from typing import Any, Self

from groundswell.core.belief import Beliefs
from groundswell.core.errors import InputError, did_you_mean
from groundswell.core.registry import Registry
from groundswell.core.votes import Floats, VoteTable


class BeliefModel(ABC):
    """Votes in, beliefs out; scikit-learn style.

    Settings are the keyword arguments of ``__init__`` and are stored under their own names unchanged, so that
    ``sklearn.base.clone`` works; what a fit learns ends in ``_``.
    """

    @abstractmethod
    def fit(self, votes: VoteTable) -> Self:
        """Learn from ``votes``. Raises :class:`InputError` if there is nothing to learn from."""

    @abstractmethod
    def predict_proba(self) -> Floats:
        """``(n_items, n_labels)``, rows sum to 1: the posterior over the fitted table's items."""

    @abstractmethod
    def beliefs(self) -> Beliefs:
        """The posterior with the reliability of every source and the explanation of every item."""

    @classmethod
    def _setting_names(cls) -> list[str]:
        parameters = inspect.signature(cls.__init__).parameters.values()
        return [p.name for p in parameters if p.name != "self" and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002  scikit-learn's signature
        """The settings by name."""
        return {name: getattr(self, name) for name in self._setting_names()}

    def set_params(self, **settings: Any) -> Self:
        """Change settings. Raises :class:`InputError` on an unknown one."""
        names = self._setting_names()
        for name, value in settings.items():
            if name not in names:
                raise InputError(f"No setting '{name}'", where=type(self).__name__, hint=did_you_mean(name, names))
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={value!r}" for name, value in self.get_params().items())
        return f"{type(self).__name__}({settings})"


MODELS: Registry[type[BeliefModel]] = Registry("belief model", "groundswell.belief.models")


def require_votes(votes: VoteTable) -> None:
    """Raise :class:`InputError` unless there is at least one item and one label."""
    if votes.n_labels == 0:
        raise InputError("There is no vote and no known label", hint="Give at least one vote with a label")
    if votes.n_items == 0:
        raise InputError("There is no item", hint="Give at least one vote, or a table of items")
