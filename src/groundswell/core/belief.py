"""Belief: what is true of each item, and how far each source can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from groundswell.core.errors import NotFoundError
from groundswell.core.interval import Interval
from groundswell.core.source import SourceInfo
from groundswell.core.votes import Floats


@dataclass(frozen=True)
class Reliability:
    """What a fit thinks of one source.

    Parameters
    ----------
    source
        Which.
    accuracy
        Probability that a vote of it is right, with a 95 % interval; ``n`` counts its votes.
    confusion
        ``(n_labels, n_labels)``: P(vote = column | truth = row), rows sum to 1; ``None`` where the model has none.
    coverage
        Share of the items that it voted on, 0 to 1.
    below_chance
        Whether its votes argue against what they say. A finding to show, never a silent flip.
    """

    source: SourceInfo
    accuracy: Interval
    coverage: float
    confusion: Floats | None = None
    below_chance: bool = False


@dataclass(frozen=True)
class Push:
    """How far one vote moved the belief about one item, in nats of log-odds for ``label`` against the rest."""

    source: str
    vote: Hashable
    label: Hashable
    log_odds: float


@dataclass(frozen=True)
class Beliefs:
    """Posterior over the true answer of every item.

    Parameters
    ----------
    items, labels
        ``(n_items,)`` and ``(n_labels,)``.
    probabilities
        ``(n_items, n_labels)``, rows sum to 1.
    prior
        ``(n_labels,)``: the class balance as learned.
    reliability
        One entry per source.
    model
        Name of the model.
    notes
        What a reader should know (an unidentified group, too few votes), one plain sentence each.
    """

    items: Sequence[Hashable]
    labels: Sequence[Hashable]
    probabilities: Floats
    prior: Floats
    reliability: Sequence[Reliability]
    model: str
    notes: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    explainer: Callable[[int], list[Push]] | None = field(default=None, compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def codes(self) -> npt.NDArray[np.intp]:
        """``(n_items,)`` code of the likeliest label; ties go to the label with the larger prior."""
        tie_break = 1e-9 * self.prior / max(float(self.prior.max(initial=0.0)), 1e-300)
        return np.asarray((self.probabilities + tie_break).argmax(1))

    @property
    def confidence(self) -> Floats:
        """``(n_items,)`` probability of the likeliest label."""
        return np.asarray(self.probabilities.max(1, initial=0.0))

    def index(self, item: Hashable) -> int:
        """The row of ``item``. Raises :class:`NotFoundError`."""
        rows = self.__dict__.get("_rows")
        if rows is None:
            rows = {name: row for row, name in enumerate(self.items)}
            object.__setattr__(self, "_rows", rows)
        if item not in rows:
            raise NotFoundError(f"No item '{item}' in these beliefs")
        return int(rows[item])

    def of(self, item: Hashable) -> dict[Hashable, float]:
        """Label to probability for one item."""
        return dict(zip(self.labels, self.probabilities[self.index(item)].tolist(), strict=True))

    def label_of(self, item: Hashable) -> Hashable:
        """The likeliest label of one item."""
        return self.labels[int(self.codes[self.index(item)])]

    def explain(self, item: Hashable) -> list[Push]:
        """The votes behind one belief, strongest first; empty if the model cannot say."""
        row = self.index(item)
        pushes = self.explainer(row) if self.explainer else []
        return sorted(pushes, key=lambda push: -abs(push.log_odds))

    def source(self, name: str) -> Reliability:
        """What is thought of one source. Raises :class:`NotFoundError`."""
        for reliability in self.reliability:
            if reliability.source.name == name:
                return reliability
        raise NotFoundError(f"No source '{name}' in these beliefs")
