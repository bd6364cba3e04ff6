"""Typical: one good example of everything first."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from groundswell.ask.base import STRATEGIES, Mask, among, check
from groundswell.ask.clusters import dense, k_means, typicality
from groundswell.core.belief import Beliefs
from groundswell.core.errors import InputError
from groundswell.core.votes import Floats

LEAST_CLUSTERS = 20
MOST_CLUSTERS = 200
ITEMS_PER_CLUSTER = 10
OUTLIERS = 5


@STRATEGIES.register("typical")
def typical(
    beliefs: Beliefs,
    *,
    features: Any = None,
    eligible: Mask,
    answered: npt.NDArray[np.int_],
    rng: np.random.Generator,
) -> Floats:
    """TypiClust (Hacohen, Dekel and Weinshall 2022, arXiv:2202.02794): for the cold start.

    The items are clustered, with 20 clusters more than there are answers (at most 200 and n / 10). First comes the most
    typical item of every cluster without an answer, the largest cluster first; then the most typical of those
    with one answer and the second of those with none; and so on. Clusters of fewer than 5 come last: outliers.
    The score is 1 − place / n.

    Raises
    ------
    InputError
        Without features.
    """
    check(beliefs, eligible, answered)
    if features is None:
        raise InputError("The strategy 'typical' needs features of the items", hint="Use margin or random")
    n = len(beliefs)
    scores = np.zeros(n)
    if n:
        if features.shape[0] != n:
            raise InputError(f"{features.shape[0]} rows of features for {n} items")
        seen = np.asarray(answered) >= 0
        x = dense(features)
        k = min(LEAST_CLUSTERS + int(seen.sum()), MOST_CLUSTERS, max(n // ITEMS_PER_CLUSTER, 1))
        cluster = k_means(x, k, rng)
        order = _turns(cluster, typicality(x, cluster, rng), eligible, seen)
        scores[order] = 1.0 - np.arange(len(order)) / n
    return among(eligible, scores)


def _turns(cluster: npt.NDArray[np.intp], typical: Floats, eligible: Mask, seen: Mask) -> npt.NDArray[np.intp]:
    """Eligible rows in the order of asking."""
    rows = np.flatnonzero(eligible)
    sizes = np.bincount(cluster)
    answers = np.bincount(cluster, weights=seen, minlength=len(sizes)).astype(np.int64)
    by_cluster = rows[np.lexsort((-typical[rows], cluster[rows]))]
    starts = np.searchsorted(cluster[by_cluster], np.arange(len(sizes)))
    owner = cluster[by_cluster]
    turn = np.arange(len(by_cluster)) - starts[owner] + answers[owner]
    return by_cluster[np.lexsort((owner, -sizes[owner], turn, sizes[owner] < OUTLIERS))]
