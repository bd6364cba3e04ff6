"""Texts as weighted words, word pairs and letter runs (TF-IDF)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import scipy.sparse as sp

from groundswell.core.errors import InputError
from groundswell.learn.features.saved import names
from groundswell.learn.features.tokens import Tokens, count_matrix, gram_incidence, shape_of, tokenize

Floats = npt.NDArray[np.float64]
MOST_FEATURES = 200_000
STYLE = ("(length)", "(share of capitals)", "(share of digits)")


class TextFeatures:
    """TF-IDF over words, word pairs, number shapes and letter runs, and three figures of style.

    A text becomes two rows of unit length side by side: one over words, pairs of neighbouring words and the
    lengths of numbers, one over the runs of 2 to 5 letters within words. Each count c weighs (1 + log c) · idf,
    with idf = 1 + log((1 + n) / (1 + df)), n texts of which df hold it (Salton & Buckley 1988,
    doi:10.1016/0306-4573(88)90021-0). Letter runs know *freee* and *fr33* by their neighbours. The length
    (log(1 + characters) / 6, 1 at most), the share of capitals and the share of digits stand at the end, each
    less its mean, so that an ordinary text has about 0 there.

    Attributes (after :meth:`fit`)
    ------------------------------
    words_, pairs_, grams_
        What the columns stand for: words and number shapes, then pairs, then letter runs.
    idf_
        ``(n_features,)``.

    Examples
    --------
    >>> texts = pl.Series(["call now to win", "call me later", "see you later"])
    >>> features = TextFeatures(letters=False, style=False).fit(texts)
    >>> features.transform(texts).shape
    (3, 15)
    >>> features.names[:4]
    ['call', 'later', 'me', 'now']
    """

    kind = "text"

    def __init__(
        self, *, pairs: bool = True, letters: bool = True, style: bool = True, most: int = MOST_FEATURES
    ) -> None:
        self.pairs = pairs
        self.letters = letters
        self.style = style
        self.most = most

    def fit(self, texts: pl.Series) -> TextFeatures:
        """Learn the vocabulary and its weights.

        A word must stand in two texts to be kept once there are 50; of more than ``most`` words, pairs or
        letter runs the commonest are kept.
        """
        self._fit(tokenize(texts), texts)
        return self

    def fit_transform(self, texts: pl.Series) -> sp.csr_matrix:
        """As :meth:`fit` and then :meth:`transform`, reading the texts once."""
        tokens = tokenize(texts)
        self._fit(tokens, texts)
        return self._transform(tokens, texts)

    def _fit(self, tokens: Tokens, texts: pl.Series) -> None:
        least = 2 if len(texts) >= 50 else 1
        self.n_texts_ = len(texts)
        counted = tokens.counts()
        self._fit_words(tokens, counted, least)
        self._fit_pairs(tokens, least)
        self._fit_grams(tokens, counted, least)
        self.style_mean_ = _style(texts).mean(0) if len(texts) else np.zeros(len(STYLE))
        self._index()

    def _keep(self, counted: sp.csr_matrix, least: int) -> tuple[npt.NDArray[np.int64], Floats]:
        """The columns worth keeping and their document frequencies."""
        df = np.bincount(counted.indices, minlength=counted.shape[1]).astype(np.float64)
        kept = np.flatnonzero(df >= least)
        if len(kept) > self.most:
            kept = np.sort(kept[np.argsort(-df[kept], kind="stable")[: self.most]])
        return kept, df[kept]

    def _idf(self, df: Floats) -> Floats:
        return np.asarray(1.0 + np.log((1.0 + self.n_texts_) / (1.0 + df)))

    def _fit_words(self, tokens: Tokens, counted: sp.csr_matrix, least: int) -> None:
        kept, df = self._keep(counted, least)
        shapes = sorted({shape for word in tokens.words if (shape := shape_of(word))})
        by_shape = counted @ _shape_incidence(tokens.words, {shape: i for i, shape in enumerate(shapes)})
        shape_kept, shape_df = self._keep(by_shape.tocsr(), least)
        self.words_ = [tokens.words[i] for i in kept] + [shapes[i] for i in shape_kept]
        self.word_idf_ = self._idf(np.concatenate([df, shape_df]))

    def _fit_pairs(self, tokens: Tokens, least: int) -> None:
        self.pairs_: list[str] = []
        self.pair_idf_ = np.zeros(0)
        if not self.pairs:
            return
        row, first, second = tokens.pairs()
        keys, code = np.unique(first * len(tokens.words) + second, return_inverse=True)
        kept, df = self._keep(count_matrix(row, code, (tokens.n_texts, len(keys))), least)
        self.pairs_ = _pair_names(keys[kept], tokens.words)
        self.pair_idf_ = self._idf(df)

    def _fit_grams(self, tokens: Tokens, counted: sp.csr_matrix, least: int) -> None:
        self.grams_: list[str] = []
        self.gram_idf_ = np.zeros(0)
        if not self.letters:
            return
        vocabulary: dict[str, int] = {}
        incidence = gram_incidence(tokens.words, vocabulary, grow=True)
        kept, df = self._keep((counted @ incidence).tocsr(), least)
        grams = list(vocabulary)
        self.grams_ = [grams[i] for i in kept]
        self.gram_idf_ = self._idf(df)

    def _index(self) -> None:
        """The look-up tables that :meth:`transform` needs."""
        self._word_code = {word: code for code, word in enumerate(self.words_)}
        self._pair_code = {pair: code for code, pair in enumerate(self.pairs_)}
        self._gram_code = {gram: code for code, gram in enumerate(self.grams_)}

    def transform(self, texts: pl.Series) -> sp.csr_matrix:
        """``(n_texts, n_features)`` sparse; a text without a known word has zeros but for its style."""
        return self._transform(tokenize(texts), texts)

    def _transform(self, tokens: Tokens, texts: pl.Series) -> sp.csr_matrix:
        counted = tokens.counts()
        words = [counted @ self._word_incidence(tokens.words)]
        if self.pairs:
            words.append(self._count_pairs(tokens))
        blocks = [_weigh(sp.hstack(words, format="csr"), np.concatenate([self.word_idf_, self.pair_idf_]))]
        if self.letters:
            incidence = gram_incidence(tokens.words, self._gram_code, grow=False)
            blocks.append(_weigh((counted @ incidence).tocsr(), self.gram_idf_))
        if self.style:
            blocks.append(sp.csr_matrix(_style(texts) - self.style_mean_))
        return sp.hstack(blocks, format="csr")

    def _word_incidence(self, words: list[str]) -> sp.csr_matrix:
        """``(n_words, n_known)``: each word points to itself, and each number to its shape."""
        column = np.fromiter((self._word_code.get(word, -1) for word in words), np.int64, len(words))
        known = np.flatnonzero(column >= 0)
        itself = count_matrix(known, column[known], (len(words), len(self.words_)))
        return itself + _shape_incidence(words, self._word_code)

    def _count_pairs(self, tokens: Tokens) -> sp.csr_matrix:
        row, first, second = tokens.pairs()
        keys, code = np.unique(first * len(tokens.words) + second, return_inverse=True)
        seen = _pair_names(keys, tokens.words)
        column = np.fromiter((self._pair_code.get(name, -1) for name in seen), np.int64, len(keys))[code]
        known = column >= 0
        return count_matrix(row[known], column[known], (tokens.n_texts, len(self.pairs_)))

    @property
    def names(self) -> list[str]:
        """What each column stands for; a letter run shows with … where its word goes on."""
        style = STYLE if self.style else ()
        return [*self.words_, *self.pairs_, *(_gram_name(gram) for gram in self.grams_), *style]

    @property
    def n_features(self) -> int:
        """Columns."""
        return len(self.words_) + len(self.pairs_) + len(self.grams_) + len(STYLE) * self.style

    @property
    def says_something(self) -> bool:
        """Whether any word was kept: the style of texts alone is nothing to go by."""
        return bool(self.words_ or self.grams_)

    def attribute(self, texts: pl.Series, weights: Floats) -> list[dict[str, float]]:
        """What each word and pair of each text adds to the score ``x · weights``; letter runs count for their words.

        The figures of one text add up to its score.
        """
        x = self.transform(texts)
        plain = len(self.words_) + len(self.pairs_)
        letters = slice(plain, plain + len(self.grams_))
        rest = np.r_[0:plain, letters.stop : x.shape[1]]
        others_of = [*self.words_, *self.pairs_, *(STYLE if self.style else ())]
        tokens = tokenize(texts)
        by_word = self._letters_by_word(tokens, x[:, letters], weights[letters]) if self.letters else None
        others, other_weights = x[:, rest], weights[rest]
        added: list[dict[str, float]] = []
        for i in range(len(texts)):
            row = others[i].tocoo()
            total = {others_of[j]: float(value * other_weights[j]) for j, value in zip(row.col, row.data, strict=True)}
            if by_word is not None:
                share = by_word[i].tocoo()
                for j, value in zip(share.col, share.data, strict=True):
                    total[tokens.words[j]] = total.get(tokens.words[j], 0.0) + float(value)
            added.append(total)
        return added

    def _letters_by_word(self, tokens: Tokens, x: sp.csr_matrix, weights: Floats) -> sp.csr_matrix:
        """``(n_texts, n_words)``: the letter runs' contributions, split among words by how often each holds them."""
        counted = tokens.counts()
        incidence = gram_incidence(tokens.words, self._gram_code, grow=False)
        gram_counts = (counted @ incidence).tocsr()
        each = x.multiply(weights[None, :]).multiply(gram_counts.power(-1)).tocsr()
        return counted.multiply((each @ incidence.T).tocsr()).tocsr()

    def state(self) -> tuple[dict[str, Any], dict[str, Floats]]:
        """JSON values and arrays that :meth:`from_state` needs."""
        settings = {
            "pairs": self.pairs,
            "letters": self.letters,
            "style": self.style,
            "most": self.most,
            "n_texts": self.n_texts_,
            "vocabulary": {"words": self.words_, "pairs": self.pairs_, "grams": self.grams_},
        }
        arrays = {"word_idf": self.word_idf_, "pair_idf": self.pair_idf_, "gram_idf": self.gram_idf_}
        return settings, arrays | {"style_mean": self.style_mean_}

    @classmethod
    def from_state(cls, settings: Mapping[str, Any], arrays: Mapping[str, Floats]) -> TextFeatures:
        """Inverse of :meth:`state`. Raises :class:`InputError` if words and weights do not fit each other."""
        made = cls(
            pairs=bool(settings["pairs"]),
            letters=bool(settings["letters"]),
            style=bool(settings["style"]),
            most=int(settings["most"]),
        )
        made.n_texts_ = int(settings["n_texts"])
        parts = {part: names(settings["vocabulary"][part], part, empty=False) for part in ("words", "pairs", "grams")}
        for part, key in (("words", "word_idf"), ("pairs", "pair_idf"), ("grams", "gram_idf")):
            if arrays[key].shape != (len(parts[part]),):
                raise InputError(f"The saved {part} do not fit their weights")
        if (parts["pairs"] and not made.pairs) or (parts["grams"] and not made.letters):
            raise InputError("The saved vocabulary holds more than its settings say")
        made.words_, made.pairs_, made.grams_ = parts["words"], parts["pairs"], parts["grams"]
        made.word_idf_, made.pair_idf_ = arrays["word_idf"], arrays["pair_idf"]
        made.gram_idf_, made.style_mean_ = arrays["gram_idf"], arrays["style_mean"]
        if made.style_mean_.shape != (len(STYLE),):
            raise InputError("The saved style does not fit")
        made._index()
        return made


def _shape_incidence(words: list[str], shapes: Mapping[str, int]) -> sp.csr_matrix:
    """``(n_words, n_columns)``: one where a word is a number of that column's shape."""
    column = np.fromiter((shapes.get(shape_of(word) or "", -1) for word in words), np.int64, len(words))
    known = np.flatnonzero(column >= 0)
    return count_matrix(known, column[known], (len(words), len(shapes)))


def _pair_names(keys: npt.NDArray[np.int64], words: list[str]) -> list[str]:
    """Keys first · n_words + second as ``first second``."""
    first, second = np.divmod(keys, max(1, len(words)))
    return [f"{words[a]} {words[b]}" for a, b in zip(first.tolist(), second.tolist(), strict=True)]


def _weigh(counted: sp.csr_matrix, idf: Floats) -> sp.csr_matrix:
    """(1 + log count) · idf, each row brought to length 1."""
    counted = counted.astype(np.float64)
    counted.data = (1.0 + np.log(counted.data)) * idf[counted.indices]
    length = np.sqrt(np.asarray(counted.multiply(counted).sum(1)).ravel())
    counted.data /= np.repeat(np.where(length > 0, length, 1.0), np.diff(counted.indptr))
    return counted


def _style(texts: pl.Series) -> Floats:
    """``(n_texts, 3)`` length, share of capitals and share of digits, each in [0, 1]."""
    known = texts.cast(pl.String).fill_null("")
    length = known.str.len_chars().to_numpy().astype(np.float64)
    shares = [known.str.count_matches(sign).to_numpy() / np.maximum(length, 1.0) for sign in (r"\p{Lu}", r"\p{N}")]
    return np.column_stack([np.minimum(np.log1p(length) / 6.0, 1.0), *shares])


def _gram_name(gram: str) -> str:
    """``' fre'`` becomes ``fre…``, ``'ree '`` becomes ``…ree``, ``' now '`` becomes ``|now|``."""
    if gram[0] == " " and gram[-1] == " ":
        return f"|{gram.strip()}|"
    return ("" if gram[0] == " " else "…") + gram.strip() + ("" if gram[-1] == " " else "…")
