"""Comparing texts: how long they are, how many of their words are new, and which words come up more or less."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from groundswell.watch.statistics import TESTS, Shift
from groundswell.watch.trial import Trial, compare_numbers

Floats: TypeAlias = npt.NDArray[np.float64]

_WORD = r"[\p{L}\p{M}]+|\p{N}+"
WORDS = 100  # how many of the commonest words are followed


def compare_texts(name: str, before: pl.Series, now: pl.Series, *, seed: int) -> list[Trial]:
    """Length, share of new words, and the commonest words.

    A random half of the reference says which words are known and which are common; the other half says how they
    usually turn up in texts that this first half has not seen, so that unchanged texts look unchanged.
    """
    lengths = [column.fill_null("").str.len_chars().to_numpy().astype(np.float64) for column in (before, now)]
    trials = compare_numbers(f"length of {name}", *lengths, unit=" characters")
    half = pl.Series(np.random.default_rng(seed).random(len(before)) < 0.5)
    known, usual, today = (_words(column) for column in (before.filter(half), before.filter(~half), now))
    vocabulary = known["word"].unique().implode()
    marked = [table.with_columns(new=~pl.col("word").is_in(vocabulary)) for table in (usual, today)]
    shares = [_per_text(table) for table in marked]
    trials += [
        replace(trial, why=f"{trial.why}{_examples(marked)}")
        for trial in compare_numbers(f"share of new words in {name}", *shares)
    ]
    n = int((~half).sum()), len(now)
    return trials + (_common(name, known, (usual, today), n) if min(n) else [])


def _words(texts: pl.Series) -> pl.DataFrame:
    """``row, word``: each word of each text."""
    lists = texts.fill_null("").str.to_lowercase().str.extract_all(_WORD)
    table = pl.DataFrame({"row": np.arange(len(texts)), "word": lists})
    return table.explode("word").drop_nulls()


def _per_text(table: pl.DataFrame) -> Floats:
    """For each text with words, the share of them that are new."""
    return np.asarray(table.group_by("row", maintain_order=True).agg(pl.col("new").mean())["new"].to_numpy(), float)


def _examples(marked: list[pl.DataFrame]) -> str:
    """The new words that are in most texts now and were in none of the reference's other half."""
    usual, today = marked
    seen = usual.filter(pl.col("new"))["word"].unique().implode()
    fresh = today.filter(pl.col("new") & ~pl.col("word").is_in(seen)).unique(["row", "word"])
    most = fresh.group_by("word").len().sort("len", "word", descending=[True, False]).head(3)["word"].to_list()
    return f" Among them: {', '.join(most)}." if most else ""


def _common(
    name: str, known: pl.DataFrame, tables: tuple[pl.DataFrame, pl.DataFrame], n: tuple[int, int]
) -> list[Trial]:
    """The commonest words, each by the share of texts that hold it; the one that changed most speaks for all."""
    common = known.unique(["row", "word"]).group_by("word").len().sort("len", "word", descending=[True, False])
    words = common.head(WORDS)["word"]
    if len(words) == 0:
        return []
    counts = [
        dict(t.filter(pl.col("word").is_in(words.implode())).unique(["row", "word"]).group_by("word").len().iter_rows())
        for t in tables
    ]
    test = TESTS["chi2"]
    found = []
    for word in words.to_list():
        before, now = (count.get(word, 0) for count in counts)
        shift = test(np.array([n[0] - before, before]), np.array([n[1] - now, now]))
        found.append((shift.p_value, -shift.statistic, word, before / n[0], now / n[1]))
    p, size, word, share, new_share = min(found)
    why = f"The word “{word}” is in {100 * new_share:.0f} % of the texts now, in {100 * share:.0f} % before."
    evidence = {"word": word, "before": share, "now": new_share, "n_before": n[0], "n_now": n[1]}
    shift = Shift(-size, min(1.0, p * len(found)))
    return [Trial(f"common words of {name}", "chi2", shift, min(n), why, evidence)]
