"""Comparing what a model says, and finding what it is least sure of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from groundswell.core.errors import InputError
from groundswell.watch.trial import Trial, compare_counts, compare_numbers

Floats: TypeAlias = npt.NDArray[np.float64]

MOST_LABELS = 20  # beyond which only predicted labels and certainty are compared
_ABOUT = ("id", "model", "label", "confidence", "at")


def compare_predictions(before: Floats, now: Floats, labels: Sequence[str] | None) -> list[Trial]:
    """Predicted labels, certainty, and the probability of each label, ``(n, K)`` against ``(m, K)``.

    Raises
    ------
    InputError
        If shapes do not fit, or an entry is no probability.
    """
    if before.ndim != 2 or now.ndim != 2 or before.shape[1] != now.shape[1] or before.shape[1] == 0:
        raise InputError(f"Probabilities of shape {before.shape} and {now.shape} cannot be compared")
    for p in (before, now):
        if not (np.isfinite(p).all() and (p >= 0).all() and (p <= 1 + 1e-9).all()):
            raise InputError("A probability is not between 0 and 1")
    K = before.shape[1]
    names = [str(label) for label in labels] if labels is not None else [f"label {k + 1}" for k in range(K)]
    if len(names) != K:
        raise InputError(f"{len(names)} labels for {K} columns of probabilities")
    if len(before) == 0 or len(now) == 0:
        return []
    counts = [np.bincount(p.argmax(1), minlength=K).astype(np.float64) for p in (before, now)]
    trials = compare_counts("predicted label", names, *counts)
    if K > 1:
        trials += compare_numbers("certainty of predictions", before.max(1), now.max(1), test="psi")
    followed = range(1, K) if K == 2 else range(K if K <= MOST_LABELS else 0)
    for k in followed:
        trials += compare_numbers(f"probability of {names[k]}", before[:, k], now[:, k], test="psi")
    return trials


def doubtful(predictions: pl.DataFrame, n: int) -> pl.DataFrame:
    """The n predictions that a model is least sure of, equal inputs once, with the column ``margin`` before all others.

    The margin is the probability of the likeliest label less that of the next (columns ``p_<label>``), or without
    these twice the ``confidence`` less 1; 0 is a coin toss.

    Raises
    ------
    InputError
        If n is below 0 or the table holds neither.
    """
    if n < 0:
        raise InputError(f"n = {n}", hint="How many predictions")
    shares = [name for name in predictions.columns if name.startswith("p_") and predictions[name].dtype.is_numeric()]
    if len(shares) > 1:
        p = np.sort(predictions.select(pl.col(shares).cast(pl.Float64).fill_null(0.0)).to_numpy(), axis=1)
        margin = p[:, -1] - p[:, -2]
    elif "confidence" in predictions.columns:
        margin = 2 * predictions["confidence"].cast(pl.Float64).fill_null(0.5).to_numpy() - 1
    else:
        raise InputError("No probabilities to find doubtful ones by", hint="Columns p_<label> or confidence")
    inputs = [name for name in predictions.columns if name not in _ABOUT and name not in shares]
    ordered = predictions.select(pl.Series("margin", margin), pl.exclude("margin")).sort("margin", maintain_order=True)
    if inputs:
        ordered = ordered.unique(subset=inputs, keep="first", maintain_order=True)
    return ordered.head(n)
