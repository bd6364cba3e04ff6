"""From the store's votes and columns to the vote matrix that belief models see."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from groundswell.core.errors import InputError
from groundswell.core.question import Question
from groundswell.core.source import SourceInfo
from groundswell.core.votes import VoteTable

CATEGORICAL = ("choice",)


def check_categorical(question: Question) -> None:
    """Raise :class:`InputError` unless the answers to ``question`` are single labels."""
    if question.answer.name not in CATEGORICAL:
        raise InputError(
            f"The question '{question.name}' is answered with {question.answer.name}",
            hint="Beliefs are computed for single-label questions (choice) in this version",
        )


def label_answers(votes: pl.DataFrame, labels: Sequence[str]) -> pl.DataFrame:
    """People's effective votes as item, source, label; skips and labels that no longer exist left out."""
    found = votes.filter(~pl.col("abstained")).select("item", "source", "answer")
    decoded = [json.loads(answer) for answer in found["answer"].to_list()]
    known = set(labels)
    texts = [answer if isinstance(answer, str) and answer in known else None for answer in decoded]
    return found.select("item", "source").with_columns(pl.Series("label", texts, pl.String)).drop_nulls()


def vote_table(
    items: Sequence[str],
    labels: Sequence[str],
    sources: Sequence[tuple[SourceInfo, pl.DataFrame]],
    features: Any = None,
) -> VoteTable:
    """The sparse vote matrix of all sources over all items.

    Parameters
    ----------
    items, labels
        ``(n_items,)`` and ``(n_labels,)`` names.
    sources
        Each with its votes: columns ``item``, ``label`` (null: it abstained) and, for a model,
        ``p_<label>`` for every label.
    """
    rows = pl.DataFrame({"item": pl.Series(items, dtype=pl.String)}).with_row_index("i")
    codes = pl.DataFrame({"label": pl.Series(labels, dtype=pl.String)}).with_row_index("y")
    shares = [f"p_{label}" for label in labels]
    parts: list[pl.DataFrame] = []
    soft: list[np.ndarray[Any, np.dtype[np.float64]]] = []
    any_soft = any(set(shares) <= set(frame.columns) for _, frame in sources)
    for s, (_, frame) in enumerate(sources):
        votes = (
            frame.drop_nulls("label")
            .with_columns(pl.col("label").cast(pl.String))
            .join(rows, on="item", how="inner", maintain_order="left")
            .join(codes, on="label", how="inner", maintain_order="left")
        )
        parts.append(votes.select("i", "y", pl.lit(s, pl.UInt32).alias("s")))
        if any_soft:
            given = set(shares) <= set(votes.columns)
            soft.append(votes.select(shares).to_numpy() if given else np.zeros((len(votes), len(labels))))
    empty = {"i": pl.UInt32, "y": pl.UInt32, "s": pl.UInt32}
    joined = pl.concat(parts) if parts else pl.DataFrame(schema=empty)
    return VoteTable.build(
        list(items),
        [info for info, _ in sources],
        list(labels),
        joined["i"].to_numpy(),
        joined["s"].to_numpy(),
        joined["y"].to_numpy(),
        features=features,
        soft=np.concatenate(soft) if any_soft else None,
    )
