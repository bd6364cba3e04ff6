"""Texts as points: dense features for maps and typicality."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
import scipy.sparse as sp

from groundswell.core.errors import InputError
from groundswell.learn.features import Features, choose_columns
from groundswell.learn.threads import one_thread

Floats = npt.NDArray[np.float64]


def embedding(features: sp.csr_matrix, d: int = 64, *, seed: int = 0) -> Floats:
    """``(n, d)``: the directions in which rows differ most, each row brought to length 1 (0 stays 0).

    Truncated singular value decomposition of the sparse features (latent semantic analysis: Deerwester et al.
    1990, doi:10.1002/(SICI)1097-4571(199009)41:6<391::AID-ASI1>3.0.CO;2-9), solved by random projection (Halko,
    Martinsson & Tropp 2011, doi:10.1137/090771806). Where rows or features are fewer than d, the rest is 0.
    """
    from sklearn.utils.extmath import randomized_svd  # most of a second to import

    if not 1 <= d <= 4096:
        raise InputError(f"d = {d}", hint="Between 1 and 4096")
    n, width = features.shape
    points = np.zeros((n, d))
    rank = min(d, n, width)
    if rank == 0 or features.nnz == 0:
        return points
    u, s, _ = randomized_svd(features, n_components=rank, n_iter=3, random_state=seed)
    points[:, :rank] = u * s
    length = np.linalg.norm(points, axis=1, keepdims=True)
    return np.asarray(points / np.where(length > 1e-12, length, 1.0))


@one_thread
def text_embedding(frame: pl.DataFrame, d: int = 64, *, columns: list[str] | None = None, seed: int = 0) -> Floats:
    """``(n, d)`` dense features of items: their text, or where there is none, their columns.

    Raises
    ------
    InputError
        If there is nothing to describe items by.
    """
    chosen = columns if columns is not None else choose_columns(frame)
    return embedding(Features(chosen).fit_transform(frame), d, seed=seed)
