"""Texts help: a cross-fitted model over the words joins as a derived source and covers items without a vote."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from groundswell.core.source import SourceInfo
from groundswell.core.votes import Floats, VoteTable

SOURCE = "text-model"
FEWEST, MOST, MOST_LABELS = 200, 200_000, 50
FOLDS = 5


def worth_reading(votes: VoteTable, texts: Sequence[str]) -> bool:
    """Whether there are enough texts, two labels at least, and neither so many that a model takes minutes."""
    n = sum(bool(text) for text in texts)
    return FEWEST <= n <= MOST and 2 <= votes.n_labels <= MOST_LABELS and n > len(texts) // 2


def with_text_model(votes: VoteTable, texts: Sequence[str], beliefs: Floats, seed: int = 0) -> VoteTable:
    """``votes`` and one more, derived source that votes a distribution on every item.

    Words and pairs of words (TF-IDF), logistic regression on the beliefs about items with votes, in five folds: no
    item is judged by a model that was trained on it.

    Parameters
    ----------
    texts
        ``(n_items,)``; an empty one is judged by the class balance alone.
    beliefs
        ``(n_items, n_labels)`` from the votes.
    """
    shares = _cross_fitted(texts, beliefs, np.diff(votes.starts()) > 0, seed)
    return with_model(votes, SOURCE, shares)


def with_model(votes: VoteTable, name: str, shares: Floats) -> VoteTable:
    """``votes`` and one more, derived source that votes the distributions ``shares (n_items, n_labels)``."""
    n, k = shares.shape
    plain = np.zeros((votes.n_votes, k)) if votes.soft is None else votes.soft
    return VoteTable.build(
        votes.items,
        [*votes.sources, SourceInfo(name, "model", "all", derived=True)],
        votes.labels,
        np.concatenate([votes.item, np.arange(n)]),
        np.concatenate([votes.source, np.full(n, votes.n_sources)]),
        np.concatenate([votes.label, shares.argmax(1)]),
        votes.gold,
        votes.features,
        soft=np.concatenate([plain, shares]),
    )


def _cross_fitted(texts: Sequence[str], beliefs: Floats, voted: npt.NDArray[np.bool_], seed: int) -> Floats:
    from sklearn.feature_extraction.text import TfidfVectorizer  # a second to import, needed only here
    from sklearn.linear_model import LogisticRegression

    words = TfidfVectorizer(min_df=2, ngram_range=(1, 2), sublinear_tf=True, max_features=50_000)
    try:
        X = words.fit_transform(texts)
    except ValueError:  # no word occurs twice
        return np.full(beliefs.shape, 1.0 / beliefs.shape[1])
    n, k = beliefs.shape
    fold = np.random.default_rng(seed).permutation(n) % FOLDS
    balance = beliefs[voted].mean(0)
    shares = np.tile(balance / balance.sum(), (n, 1))
    for f in range(FOLDS):
        train, test = np.flatnonzero((fold != f) & voted), np.flatnonzero(fold == f)
        label = beliefs[train].argmax(1)
        weight = beliefs[train].max(1)
        if len(np.unique(label)) < 2:
            continue
        model = LogisticRegression(C=10.0, max_iter=200).fit(X[train], label, sample_weight=weight)
        found = np.full((len(test), k), 1e-6)
        found[:, model.classes_] += model.predict_proba(X[test])
        shares[test] = found / found.sum(1, keepdims=True)
    return shares
