"""Choices: any number of labels per item, as independent yes-or-no questions."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from groundswell.belief.door import fit
from groundswell.belief.families.numbers import factorise
from groundswell.core.belief import Beliefs
from groundswell.core.errors import InputError
from groundswell.core.source import SourceInfo
from groundswell.core.votes import Floats, VoteTable


@dataclass(frozen=True)
class ChoicesBeliefs:
    """``probabilities (n_items, n_labels)`` that each label applies, and the beliefs of each label's own question."""

    items: Sequence[Hashable]
    labels: Sequence[Hashable]
    probabilities: Floats
    parts: Sequence[Beliefs]

    def answer(self, row: int, at_least: float = 0.5) -> list[Hashable]:
        """The labels that probably apply to one item."""
        return [label for label, p in zip(self.labels, self.probabilities[row], strict=True) if p > at_least]


def choices(
    item: Sequence[Hashable],
    source: Sequence[Hashable],
    answer: Sequence[Collection[Hashable]],
    labels: Sequence[Hashable],
    *,
    infos: Sequence[SourceInfo] = (),
    model: str = "default",
    seed: int = 0,
) -> ChoicesBeliefs:
    """Beliefs about sets of labels: one yes-or-no question per label, each vote answers all of them.

    Parameters
    ----------
    item, source, answer
        ``(n_votes,)``: who chose which labels for which item.
    infos
        What is known of the sources, by name.

    Raises
    ------
    InputError
        If there is no vote, or an answer holds an unknown label.

    Examples
    --------
    >>> votes = [("a", "x", {"cat"}), ("a", "y", {"cat", "dog"}), ("a", "z", {"cat"}), ("b", "x", set())]
    >>> found = choices(*zip(*votes), labels=["cat", "dog"])
    >>> found.answer(0), found.answer(1)
    (['cat'], [])
    """
    if not len(item):
        raise InputError("There is no vote", hint="Give at least one answer")
    unknown = {label for given in answer for label in given} - set(labels)
    if unknown:
        raise InputError(f"The label {min(map(str, unknown))!r} is not one of this question's")
    items, i = factorise(item)
    names, s = factorise(source)
    known = {info.name: info for info in infos}
    sources = [known.get(str(name), SourceInfo(str(name))) for name in names]
    parts = []
    for label in labels:
        said = np.array([label in given for given in answer], np.int16)
        table = VoteTable.build(items, sources, [False, True], i, s, said)
        parts.append(fit(table, model, seed=seed))
    shares = [part.probabilities[:, 1] for part in parts]
    probabilities = np.column_stack(shares) if shares else np.empty((len(items), 0))
    return ChoicesBeliefs(items, list(labels), probabilities, parts)
