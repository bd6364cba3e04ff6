"""Why a belief is what it is: how far each vote moved it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np

from groundswell.core.belief import Push
from groundswell.core.votes import Floats, VoteTable

BALANCE = "(class balance)"


class Part(NamedTuple):
    """What one vote brings to one item: who, what, and its log-evidence ``(n_latent,)``."""

    source: str
    vote: Hashable
    evidence: Floats


def _log_odds(evidence: Floats, sub: int) -> Floats:
    """Log-odds of every class against the rest, from latent log-evidence."""
    grouped = np.logaddexp.reduce(evidence.reshape(-1, sub), axis=1)
    odds = np.zeros(len(grouped))
    for k in range(len(grouped)):
        rest = np.delete(grouped, k)
        odds[k] = grouped[k] - np.logaddexp.reduce(rest) if len(rest) else 0.0
    return odds


def pushes(labels: Sequence[Hashable], parts: Sequence[Part], prior: Floats, sub: int = 1) -> list[Push]:
    """One push per part, and one for the class balance.

    A part's push is the log-odds of the likeliest label with everything, minus the same without that part, in nats:
    + 0.7 doubles the odds. Pushes need not add up to the log-odds where there are more than two classes.

    Parameters
    ----------
    prior
        ``(n_latent,)`` log-evidence of the class balance.

    Examples
    --------
    >>> parts = [Part("ada", "spam", np.log([0.9, 0.1])), Part("deep", "ham", np.log([0.4, 0.6]))]
    >>> for push in pushes(["spam", "ham"], parts, np.log([0.5, 0.5])):
    ...     print(push.source, push.vote, round(push.log_odds, 2))
    ada spam 2.2
    deep ham -0.41
    (class balance) None 0.0
    """
    total = prior + np.sum([part.evidence for part in parts], axis=0) if parts else prior
    odds = _log_odds(total, sub)
    best = int(odds.argmax())

    def moved(evidence: Floats) -> float:
        return float(odds[best] - _log_odds(total - evidence, sub)[best])

    found = [Push(part.source, part.vote, labels[best], moved(part.evidence)) for part in parts]
    return [*found, Push(BALANCE, None, labels[best], moved(prior))]


def parts_of(votes: VoteTable, row: int, table: Floats) -> list[Part]:
    """The votes on item ``row`` with their evidence under ``table (n_sources, n_labels, n_latent)``."""
    first, last = (int(x) for x in np.searchsorted(votes.item, [row, row + 1]))
    found = []
    for v in range(first, last):
        s, y = int(votes.source[v]), int(votes.label[v])
        evidence = table[s, y]
        if votes.soft is not None and votes.soft[v].sum() > 0:
            evidence = votes.soft[v] @ table[s]
        found.append(Part(votes.sources[s].name, votes.labels[y], evidence))
    return found
