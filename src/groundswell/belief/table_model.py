"""What all models share that are a table of log-evidence, fitted by EM."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar, Self

import numpy as np

from groundswell.belief import em
from groundswell.belief.base import BeliefModel, require_votes
from groundswell.belief.explain import parts_of, pushes
from groundswell.belief.reliability import reliabilities
from groundswell.core.belief import Beliefs, Push
from groundswell.core.errors import InputError
from groundswell.core.votes import Floats, VoteTable


class TableModel(BeliefModel):
    """A model whose M step turns expected counts into ``table[source, vote, class]`` of log-evidence.

    Fitted attributes
    -----------------
    votes_, fitted_ (:class:`~groundswell.belief.em.Fitted`), probabilities_ ``(n_items, n_labels)``,
    prior_ ``(n_labels,)``, notes_.
    """

    name: ClassVar[str]
    max_iter: int
    tol: float

    def fit(self, votes: VoteTable) -> Self:
        """Learn sources and class balance from ``votes`` by EM."""
        require_votes(votes)
        self.votes_ = votes
        self._data = em.prepare(votes, sub=self._subtypes(votes))
        self.notes_: list[str] = []
        self.fitted_ = em.run(self._data, self._update(votes), max_iter=self.max_iter, tol=self.tol)
        self.probabilities_ = em.posterior(self._data, self.fitted_.table, self.fitted_.log_prior)
        self.prior_ = self.class_balance()
        if self.fitted_.n_iter >= self.max_iter:
            self.notes_.append(f"EM stopped after {self.max_iter} passes before it had settled.")
        return self

    def _subtypes(self, votes: VoteTable) -> int:  # noqa: ARG002  for subclasses
        return 1

    @abstractmethod
    def _update(self, votes: VoteTable) -> em.Update:
        """The M step for these votes."""

    def class_balance(self) -> Floats:
        """``(n_labels,)``: share of each class among items with votes, half a pseudo-item on each."""
        balance = self.fitted_.balance.reshape(self.votes_.n_labels, -1).sum(1) + 0.5
        return np.asarray(balance / balance.sum())

    def predict_proba(self) -> Floats:
        """``(n_items, n_labels)``, rows sum to 1."""
        return self.probabilities_

    def beliefs(self) -> Beliefs:
        """The posterior with its reasons."""
        return Beliefs(
            items=self.votes_.items,
            labels=self.votes_.labels,
            probabilities=self.probabilities_,
            prior=self.prior_,
            reliability=reliabilities(self.votes_, self.probabilities_),
            model=self.name,
            notes=tuple(self.notes_),
            settings=self.get_params(),
            explainer=self._explain,
        )

    def _explain(self, row: int) -> list[Push]:
        parts = parts_of(self.votes_, row, self.fitted_.table)
        return pushes(self.votes_.labels, parts, self.fitted_.log_prior, self._data.sub)


def log_balance(balance: Floats, weight: float = 1.0, floor: float = 1.0) -> Floats:
    """Weighted log of the class balance with ``floor`` pseudo-items on each class, so that none dies out."""
    return np.asarray(weight * np.log((balance + floor) / (balance + floor).sum()))


def as_table(theta: Floats) -> Floats:
    """``theta[s, truth, vote]`` of probabilities as log-evidence ``[s, vote, truth]``, contiguous."""
    return np.ascontiguousarray(np.log(theta).transpose(0, 2, 1))


def setting_check(name: str, value: Any, low: float, high: float) -> None:
    """Raise :class:`InputError` unless ``low <= value <= high``."""
    if not isinstance(value, int | float) or not low <= value <= high:
        raise InputError(f"The setting {name} is {value!r}", hint=f"It lies between {low:g} and {high:g}")
