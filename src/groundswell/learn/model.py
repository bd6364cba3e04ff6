"""A trained model: from rows of a table to answers, with the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from groundswell.core.errors import GroundswellError, InputError, did_you_mean
from groundswell.learn import saving
from groundswell.learn.features import Features
from groundswell.learn.features.saved import names as saved_names
from groundswell.learn.models import MODELS, Estimator, Kind

Floats: TypeAlias = npt.NDArray[np.float64]
Label: TypeAlias = str | int | bool


@dataclass(frozen=True)
class Model:
    """Features and an estimator that were trained together.

    Parameters
    ----------
    kind
        ``classification`` or ``regression``.
    target
        Name of the column that it predicts.
    labels
        In the order of the columns of probabilities; empty for a regression.
    features, estimator
        Fitted.
    facts
        What the card says of the training: rows, balance, seed; JSON values.
    """

    kind: Kind
    target: str
    labels: tuple[Label, ...]
    features: Features
    estimator: Estimator
    facts: dict[str, Any] = field(default_factory=dict)

    def predict_proba(self, frame: pl.DataFrame) -> Floats:
        """``(n_rows, n_labels)``, rows sum to 1. Raises :class:`InputError` for a regression or a missing column."""
        if self.kind == "regression":
            raise InputError("A model of numbers gives no probabilities", hint="Use predict")
        return self.estimator.predict_proba(self.features.transform(frame))

    def predict(self, frame: pl.DataFrame) -> pl.Series:
        """The likeliest label of each row, or the number; named after the target."""
        if self.kind == "regression":
            return pl.Series(self.target, self.estimator.scores(self.features.transform(frame))[:, 0])
        codes = self.predict_proba(frame).argmax(1)
        return pl.Series(self.target, [self.labels[code] for code in codes])

    def predict_frame(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Predictions as a table: ``label``, ``confidence`` and ``p_<label>``; for numbers ``value``."""
        if self.kind == "regression":
            return pl.DataFrame({"value": self.predict(frame)})
        p = self.predict_proba(frame)
        shares = {f"p_{label}": p[:, k] for k, label in enumerate(self.labels)}
        label = pl.Series([self.labels[code] for code in p.argmax(1)])
        return pl.DataFrame({"label": label, "confidence": p.max(1, initial=0.0), **shares})

    def _direction(self, label: Label) -> tuple[Floats, float]:
        """Weights ``(d,)`` and bias of the score of one label against the mean of the others."""
        w, b = self.estimator.weights_, self.estimator.bias_
        if w.shape[1] == 1:
            return w[:, 0], float(b[0])
        k, others = self.labels.index(label), w.shape[1] - 1
        return (
            w[:, k] - (w.sum(1) - w[:, k]) / others,
            float(b[k] - (b.sum() - b[k]) / others),
        )

    def _known(self, label: Label) -> Label:
        if label not in self.labels:
            raise InputError(f"No label '{label}'", hint=did_you_mean(str(label), map(str, self.labels)))
        return label

    def explain(
        self, frame: pl.DataFrame, *, label: Label | None = None, top: int | None = 10
    ) -> list[list[tuple[str, float]]]:
        """What spoke for and against, for each row: (feature, contribution), strongest first.

        Contributions are in the units of the score: log-odds for ``label`` (default: the predicted one) against
        the others, or the target's own unit for numbers. Letter runs count for the words that they stand in.
        All of a row's contributions and the bias (see :meth:`bias`) add up to its score.

        Raises
        ------
        InputError
            If ``label`` is unknown or a column is missing.
        """
        if self.kind == "regression":
            wanted: Sequence[Label] = [""] * frame.height
        else:
            wanted = self.predict(frame).to_list() if label is None else [self._known(label)] * frame.height
        found: list[list[tuple[str, float]]] = [[] for _ in range(frame.height)]
        for each in dict.fromkeys(wanted):
            rows = [row for row, one in enumerate(wanted) if one == each]
            weights = self._direction(each)[0]
            for row, added in zip(rows, self.features.attribute(frame[rows], weights), strict=True):
                told = [(name, value) for name, value in added.items() if value != 0.0]
                found[row] = sorted(told, key=lambda one: (-abs(one[1]), one[0]))[:top]
        return found

    def bias(self, label: Label | None = None) -> float:
        """The score before any feature has spoken, for ``label`` against the others (or for the number)."""
        return self._direction("" if self.kind == "regression" or label is None else self._known(label))[1]

    def weights(self, *, top: int | None = None) -> pl.DataFrame:
        """Columns ``label, feature, weight``, strongest first within each label; ``(bias)`` is its own row.

        A weight is for its label against the mean of the others; with two labels only the second is listed,
        the first being its mirror. Weights of numbers are per unit as in the data. ``top`` limits the rows a label.
        """
        names = [*self.features.names, "(bias)"]
        tables = []
        for label in self.labels[1:] if len(self.labels) == 2 else self.labels or (self.target,):
            w, b = self._direction(label)
            own, bias = self.features.in_own_units(w[:, None], np.array([b]))
            column = np.append(own[:, 0], bias[0])
            order = np.lexsort((np.arange(len(column)), -np.abs(column)))[:top]
            chosen = {"label": [str(label)] * len(order), "feature": [names[i] for i in order], "weight": column[order]}
            tables.append(pl.DataFrame(chosen))
        return pl.concat(tables)

    def card(self) -> dict[str, Any]:
        """The model card as JSON values: what it is, what it learned from, what it goes by (Mitchell et al. 2019,
        doi:10.1145/3287560.3287596). Who uses it and who could be harmed stand in the project's frame."""
        strongest = self.weights(top=10).to_dicts()
        return {
            "kind": self.kind,
            "model": self.estimator.name,
            "settings": self.estimator.settings(),
            "predicts": self.target,
            "labels": list(self.labels),
            "columns": self.features.columns,
            "features": self.features.n_features,
            **self.facts,
            "notes": [*self.features.notes_, *self.estimator.notes_],
            "strongest": strongest,
        }

    def save(self, directory: str | Path, *, overwrite: bool = False) -> Path:
        """Write the model into ``directory``: JSON and plain arrays, no code; see :func:`load`.

        Raises
        ------
        ConflictError
            If a model is there already, unless ``overwrite``.
        StorageError
            If the disk refuses.
        """
        features, arrays = self.features.state()
        document = {
            "kind": self.kind,
            "target": self.target,
            "labels": list(self.labels),
            "features": features,
            "model": self.estimator.name,
            "settings": self.estimator.settings(),
            "notes": list(self.estimator.notes_),
            "facts": self.facts,
        }
        arrays |= {"weights": self.estimator.weights_, "bias": self.estimator.bias_}
        return saving.write(Path(directory), document, arrays, overwrite=overwrite)


def load(directory: str | Path) -> Model:
    """Read what :meth:`Model.save` wrote. Safe on files from strangers: nothing in them is run.

    Raises
    ------
    NotFoundError
        If there is no model.
    InputError
        If the files are not a model, are damaged, or ask for more memory than a model may.
    """
    where = Path(directory)
    document, arrays = saving.read(where)
    try:
        labels = tuple(document["labels"])
        features = Features.from_state(document["features"], arrays)
        estimator = MODELS[str(document["model"])].from_state(document["settings"], arrays)
        estimator.notes_ = tuple(map(str, document["notes"]))
        target = saved_names([document["target"]], "targets")[0]
        model = Model(document["kind"], target, labels, features, estimator, dict(document["facts"]))
    except GroundswellError as e:
        raise InputError(e.what, where=str(where), hint=e.hint or "The model is damaged; train it again") from None
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as e:
        raise InputError(f"Not a model ({type(e).__name__}: {e})", where=str(where), hint="Train it again") from None
    _check(model, where)
    return model


def _check(model: Model, where: Path) -> None:
    """Raise :class:`InputError` unless the parts belong together."""
    columns = max(1, len(model.labels))
    fits = (
        model.kind in model.estimator.kinds
        and (model.kind == "regression") == (not model.labels)
        and _are_labels(model.labels)
        and model.estimator.weights_.shape == (model.features.n_features, columns)
    )
    if not fits:
        raise InputError("The parts of this model do not fit each other", where=str(where), hint="Train it again")


def _are_labels(labels: tuple[Label, ...]) -> bool:
    """Texts, booleans or 64-bit whole numbers, of one kind and all different."""
    kinds = {type(label) for label in labels}
    if len(kinds) > 1 or not kinds <= {str, bool, int}:
        return False
    if kinds == {str}:
        saved_names(list(labels), "labels")
    return len(set(labels)) == len(labels) and all(abs(one) < 2**63 for one in labels if isinstance(one, int))
