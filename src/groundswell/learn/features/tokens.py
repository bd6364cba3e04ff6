"""Words, number shapes and letters of texts, as sparse counts; the columns move as one, no Python loop over texts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
import scipy.sparse as sp

WORDS = r"[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*|\p{N}+|[^\s\p{L}\p{M}\p{N}\p{C}]"
LONGEST = 100  # a word's further characters are dropped: a pasted blob must not become a vocabulary
SHORTEST_GRAM, LONGEST_GRAM = 2, 5


@dataclass(frozen=True)
class Tokens:
    """The tokens of many texts in reading order.

    ``row`` and ``code`` are ``(n_tokens,)``; ``words`` lists the distinct tokens, sorted, that ``code`` points into.
    """

    row: npt.NDArray[np.int64]
    code: npt.NDArray[np.int64]
    words: list[str]
    n_texts: int

    def counts(self) -> sp.csr_matrix:
        """``(n_texts, n_words)`` how often each word stands in each text."""
        return count_matrix(self.row, self.code, (self.n_texts, len(self.words)))

    def pairs(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Neighbouring tokens of one text: their row and the codes of the first and second."""
        together = self.row[1:] == self.row[:-1]
        return self.row[:-1][together], self.code[:-1][together], self.code[1:][together]


def count_matrix(row: npt.NDArray[np.int64], column: npt.NDArray[np.int64], shape: tuple[int, int]) -> sp.csr_matrix:
    """Counts of (row, column) pairs as a sparse matrix with sorted indices."""
    counted = sp.csr_matrix((np.ones(len(row)), (row, column)), shape=shape)
    counted.sum_duplicates()
    return counted


def tokenize(texts: pl.Series) -> Tokens:
    """Lower-case words (with inner apostrophes), runs of digits, and single signs; a missing text has none.

    Examples
    --------
    >>> found = tokenize(pl.Series(["Don't pay £1500!", None]))
    >>> [found.words[code] for code in found.code]
    ["don't", 'pay', '£', '1500', '!']
    """
    lists = texts.cast(pl.String).fill_null("").str.to_lowercase().str.extract_all(WORDS)
    frame = pl.DataFrame({"row": np.arange(len(texts), dtype=np.int64), "token": lists})
    frame = frame.explode("token").drop_nulls().with_columns(pl.col("token").str.slice(0, LONGEST))
    words = frame["token"].unique().sort()
    known = pl.DataFrame({"token": words, "code": np.arange(len(words), dtype=np.int64)})
    codes = frame.join(known, on="token", how="left", maintain_order="left")
    return Tokens(codes["row"].to_numpy(), codes["code"].to_numpy(), words.to_list(), len(texts))


def shape_of(word: str) -> str | None:
    """What numbers of one length have in common, which single numbers do not show.

    Examples
    --------
    >>> shape_of("08712460324"), shape_of("free")
    ('(11-digit number)', None)
    """
    if not word.isdigit():
        return None
    return f"({min(len(word), 12)}{'+' if len(word) >= 12 else ''}-digit number)"


def grams_of(word: str) -> list[str]:
    """The runs of 2 to 5 letters of a word that is set between two spaces.

    Examples
    --------
    >>> grams_of("ok")
    [' o', 'ok', 'k ', ' ok', 'ok ', ' ok ']
    """
    padded = f" {word} "
    longest = min(LONGEST_GRAM, len(padded))
    return [
        padded[start : start + size]
        for size in range(SHORTEST_GRAM, longest + 1)
        for start in range(len(padded) - size + 1)
    ]


def gram_incidence(words: list[str], vocabulary: dict[str, int], *, grow: bool) -> sp.csr_matrix:
    """``(n_words, n_grams)``: how often each letter run stands in each word.

    With ``grow`` new runs are added to ``vocabulary``, otherwise they are left out. Runs are counted once a
    distinct word, not once a text: a text's count is then one sparse product.
    """
    rows: list[int] = []
    columns: list[int] = []
    for number, word in enumerate(words):
        for gram in grams_of(word):
            column = vocabulary.setdefault(gram, len(vocabulary)) if grow else vocabulary.get(gram, -1)
            if column >= 0:
                rows.append(number)
                columns.append(column)
    return count_matrix(np.array(rows, np.int64), np.array(columns, np.int64), (len(words), len(vocabulary)))
