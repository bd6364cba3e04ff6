"""From columns to numbers: texts, numbers and categories side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import scipy.sparse as sp

from groundswell.core.errors import InputError, did_you_mean
from groundswell.learn.features.saved import names
from groundswell.learn.features.table import TableFeatures
from groundswell.learn.features.text import TextFeatures

__all__ = ["Features", "TableFeatures", "TextFeatures", "choose_columns"]

Floats = npt.NDArray[np.float64]

# What layers above put beside the data: names, places and labels, never something to learn from.
RESERVED = frozenset({"item", "media", "group", "label", "confidence", "split", "weight"})


def choose_columns(frame: pl.DataFrame, target: str | None = None) -> list[str]:
    """The columns to learn from when nobody says: ``text`` where there is one, else every column of data.

    Metadata beside a text must be asked for by name: among it the answer itself is too often found.

    Raises
    ------
    InputError
        If nothing is left to learn from.

    Examples
    --------
    >>> choose_columns(pl.DataFrame({"item": ["1"], "text": ["hello"], "answer": ["x"]}))
    ['text']
    >>> choose_columns(pl.DataFrame({"tax": [5], "emissions": [5.0]}), "emissions")
    ['tax']
    """
    if "text" in frame.columns and target != "text" and frame["text"].null_count() < frame.height:
        return ["text"]
    left = [
        name
        for name in frame.columns
        if name not in RESERVED and name not in (target, "text") and not name.startswith("p_")
    ]
    if not left:
        raise InputError("No column to learn from", hint=f"Columns: {', '.join(frame.columns)}")
    return left


def _is_text(name: str, column: pl.Series) -> bool:
    """Prose rather than a category: the column ``text``, or mostly different values of four words or more."""
    if column.dtype != pl.String:
        return False
    known = column.drop_nulls()
    if name == "text":
        return True
    if len(known) < 20 or known.n_unique() < 0.5 * len(known):
        return False
    words = known.str.count_matches(r"\S+").mean()
    return isinstance(words, float) and words >= 4


def _present(frame: pl.DataFrame, name: str) -> pl.Series:
    if name not in frame.columns:
        raise InputError(f"No column '{name}'", hint=did_you_mean(name, frame.columns))
    return frame[name]


class Features:
    """Numbers for a model out of the columns of a table.

    Parameters
    ----------
    columns
        Which; see :func:`choose_columns`.

    Attributes (after :meth:`fit`)
    ------------------------------
    texts_
        Column name to its :class:`TextFeatures`.
    table_
        :class:`TableFeatures` of the other columns.
    notes_
        Columns left out, one plain sentence each.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = list(columns)

    def fit(self, frame: pl.DataFrame) -> Features:
        """Learn vocabularies, means and categories.

        Raises
        ------
        InputError
            If a column is absent, or no column says anything.
        """
        self.fit_transform(frame)
        return self

    def fit_transform(self, frame: pl.DataFrame) -> sp.csr_matrix:
        """As :meth:`fit` and then :meth:`transform`, reading the texts once."""
        if frame.height == 0:
            raise InputError("There is no row to learn from")
        prose = [name for name in self.columns if _is_text(name, _present(frame, name))]
        self.texts_ = {name: TextFeatures() for name in prose}
        self.table_ = TableFeatures([name for name in self.columns if name not in prose])
        blocks = [features.fit_transform(frame[name]) for name, features in self.texts_.items()]
        blocks.append(self.table_.fit(frame).transform(frame))
        self.notes_ = list(self.table_.notes_)
        if not any(features.says_something for features in self.texts_.values()) and not self.table_.n_features:
            why = " ".join(self.notes_) or "The texts are empty."
            raise InputError("Nothing to learn from in these columns", hint=why)
        return sp.hstack(blocks, format="csr")

    def transform(self, frame: pl.DataFrame) -> sp.csr_matrix:
        """``(n_rows, n_features)`` sparse, texts first. Raises :class:`InputError` if a column is absent."""
        blocks = [features.transform(_present(frame, name)) for name, features in self.texts_.items()]
        return sp.hstack([*blocks, self.table_.transform(frame)], format="csr")

    @property
    def names(self) -> list[str]:
        """What each column stands for; with the column's name before it where there are several texts."""
        prefix = len(self.texts_) > 1
        words = [
            f"{column}: {name}" if prefix else name
            for column, features in self.texts_.items()
            for name in features.names
        ]
        return words + self.table_.names

    @property
    def n_features(self) -> int:
        """Columns."""
        return sum(features.n_features for features in self.texts_.values()) + self.table_.n_features

    def in_own_units(self, weights: Floats, bias: Floats) -> tuple[Floats, Floats]:
        """Weights ``(n_features, k)`` and bias ``(k,)`` for numbers as they stand in the data, not standardised."""
        start = len(weights) - self.table_.n_features
        own, bias = self.table_.in_own_units(weights[start:], bias)
        return np.vstack([weights[:start], own]), bias

    def attribute(self, frame: pl.DataFrame, weights: Floats) -> list[dict[str, float]]:
        """Name to contribution for each row: the contributions of a row add up to ``x · weights``."""
        rows: list[dict[str, float]] = [{} for _ in range(frame.height)]
        prefix, start = len(self.texts_) > 1, 0
        for column, features in self.texts_.items():
            part = weights[start : start + features.n_features]
            start += features.n_features
            for row, added in zip(rows, features.attribute(frame[column], part), strict=True):
                row.update({f"{column}: {name}": value for name, value in added.items()} if prefix else added)
        for row, added in zip(rows, self.table_.attribute(frame, weights[start:]), strict=True):
            row.update(added)
        return rows

    def state(self) -> tuple[dict[str, Any], dict[str, Floats]]:
        """JSON values and arrays that :meth:`from_state` needs."""
        settings: dict[str, Any] = {"columns": self.columns, "texts": [], "notes": self.notes_}
        arrays: dict[str, Floats] = {}
        for number, (name, features) in enumerate(self.texts_.items()):
            values, weights = features.state()
            settings["texts"].append({"column": name, **values})
            arrays.update({f"text{number}.{key}": array for key, array in weights.items()})
        settings["table"], weights = self.table_.state()
        arrays.update({f"table.{key}": array for key, array in weights.items()})
        return settings, arrays

    @classmethod
    def from_state(cls, settings: Mapping[str, Any], arrays: Mapping[str, Floats]) -> Features:
        """Inverse of :meth:`state`. Raises :class:`InputError` if the parts do not fit each other."""

        def under(prefix: str) -> dict[str, Floats]:
            return {key.removeprefix(prefix): array for key, array in arrays.items() if key.startswith(prefix)}

        made = cls(names(settings["columns"], "columns"))
        texts = names([entry["column"] for entry in settings["texts"]], "columns of text")
        made.texts_ = {
            texts[number]: TextFeatures.from_state(entry, under(f"text{number}."))
            for number, entry in enumerate(settings["texts"])
        }
        made.table_ = TableFeatures.from_state(settings["table"], under("table."))
        made.notes_ = [str(note) for note in settings["notes"]]
        return made
