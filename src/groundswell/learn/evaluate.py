"""Evaluation: how good a model is on rows that it has not seen, each figure with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from groundswell.core.errors import InputError, NotFoundError, did_you_mean
from groundswell.core.interval import Interval
from groundswell.learn.calibration import Calibration, calibrate
from groundswell.learn.groups import GroupRate, group_rates
from groundswell.learn.intervals import f1_interval, wilson
from groundswell.learn.model import Label, Model
from groundswell.learn.numbers import NumberErrors, number_errors
from groundswell.learn.train import label_codes, label_values, number_values

Floats: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LabelScore:
    """How well one label is told.

    ``precision``: of those called this, how many are. ``recall``: of those that are, how many were found. ``f1``:
    their harmonic mean. ``average_precision``: area under precision against recall over all thresholds, ``None``
    where the label is absent or universal; its chance level is the label's share. ``n``: rows that truly are of it.
    """

    label: Label
    precision: Interval
    recall: Interval
    f1: Interval
    average_precision: float | None
    n: int


@dataclass(frozen=True)
class Evaluation:
    """How good a model is on rows that it has not seen.

    Parameters
    ----------
    kind, model, target, n
        What was evaluated, on how many rows (those without a truth left out).
    accuracy
        Share of rows predicted right; ``None`` for a regression.
    labels
        One entry a label.
    confusion
        ``(K, K)`` counts: row = truth, column = prediction.
    calibration
        ``None`` for a regression.
    numbers
        Errors of a regression, else ``None``.
    groups
        Error rates by group; empty unless asked for.
    """

    kind: str
    model: str
    target: str
    n: int
    accuracy: Interval | None = None
    labels: Sequence[LabelScore] = ()
    confusion: npt.NDArray[np.int64] | None = None
    calibration: Calibration | None = None
    numbers: NumberErrors | None = None
    groups: Sequence[GroupRate] = ()

    def label(self, name: Label) -> LabelScore:
        """The scores of one label. Raises :class:`NotFoundError`."""
        for score in self.labels:
            if score.label == name:
                return score
        raise NotFoundError(f"No label '{name}'", hint=did_you_mean(str(name), (str(s.label) for s in self.labels)))

    def f1(self, name: Label) -> Interval:
        """F1 of one label. Raises :class:`NotFoundError`."""
        return self.label(name).f1

    @property
    def macro_f1(self) -> float:
        """Mean F1 over the labels that occur."""
        known = [score.f1.value for score in self.labels if score.n > 0]
        return float(np.mean(known)) if known else float("nan")

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; NaN becomes ``None``."""
        told = asdict(self)
        told["confusion"] = None if self.confusion is None else self.confusion.tolist()
        return dict(_plain(told))

    def to_text(self) -> str:
        """A few plain lines."""
        if self.numbers is not None:
            return f"{self.model} on {self.n} rows: {self.numbers.to_text()}"
        lines = [f"{self.model} on {self.n} rows: {self.accuracy} right"]
        lines += [f"  {s.label}: F1 {s.f1}, precision {s.precision}, recall {s.recall}, n {s.n}" for s in self.labels]
        if self.calibration is not None:
            lines.append(f"  probabilities off by {100 * self.calibration.error:.1f} points on average")
        return "\n".join(lines + [f"  {group.to_text()}" for group in self.groups])


def evaluate(
    model: Model,
    frame: pl.DataFrame,
    target: str | None = None,
    *,
    by: str | Sequence[str] | None = None,
    seed: int = 0,
) -> Evaluation:
    """Compare a model's predictions with the truth.

    Parameters
    ----------
    frame
        Rows that the model has not seen; those without a truth are left out.
    target
        The column that holds the truth; default: the one the model was trained on.
    by
        Column or columns to report error rates by.
    seed
        Of the bootstrap behind a regression's intervals.

    Raises
    ------
    InputError
        If a column is missing, no row has a truth, or a label occurs that the model does not know.
    """
    name = target or model.target
    columns = [by] if isinstance(by, str) else list(by or ())
    for column in columns:
        if column not in frame.columns:
            raise InputError(f"No column '{column}' to group by", hint=did_you_mean(column, frame.columns))
    if model.kind == "regression":
        return _evaluate_numbers(model, frame, name, columns, seed)
    label_values(frame, name)
    truth = label_codes(frame, name, model.labels)
    rows = np.flatnonzero(truth >= 0)
    if len(rows) == 0:
        raise InputError(f"No row has a truth in the column '{name}'")
    known, truth = frame[rows], truth[rows]
    probabilities = model.predict_proba(known)
    groups = [
        rate
        for column in columns
        for rate in group_rates(column, _names(known[column]), truth, probabilities.argmax(1), model.labels)
    ]
    return score(model.labels, truth, probabilities, name=model.estimator.name, target=name, groups=groups)


def score(
    labels: Sequence[Label],
    truth: npt.NDArray[np.intp],
    probabilities: Floats,
    *,
    name: str = "",
    target: str = "",
    groups: Sequence[GroupRate] = (),
) -> Evaluation:
    """An evaluation from true codes ``(n,)`` and probabilities ``(n, K)`` of any origin.

    Examples
    --------
    >>> found = score(["ham", "spam"], np.array([0, 0, 1, 1]), np.array([[.9, .1], [.4, .6], [.2, .8], [.1, .9]]))
    >>> print(found.accuracy)
    75.0 % (30.1–95.4)
    """
    from sklearn.metrics import average_precision_score  # most of a second to import

    K = len(labels)
    said = probabilities.argmax(1)
    confusion = np.bincount(truth * K + said, minlength=K * K).reshape(K, K)
    scores = []
    for k, label in enumerate(labels):
        both = int(confusion[k, k])
        called, is_it = int(confusion[:, k].sum()), int(confusion[k].sum())
        area = average_precision_score(truth == k, probabilities[:, k]) if 0 < is_it < len(truth) else None
        precision, recall = wilson(both, called), wilson(both, is_it)
        f1 = f1_interval(both, called - both, is_it - both)
        scores.append(LabelScore(label, precision, recall, f1, None if area is None else float(area), is_it))
    return Evaluation(
        kind="classification",
        model=name,
        target=target,
        n=len(truth),
        accuracy=wilson(int(np.trace(confusion)), len(truth)),
        labels=tuple(scores),
        confusion=confusion.astype(np.int64),
        calibration=calibrate(probabilities, truth),
        groups=tuple(groups),
    )


def _evaluate_numbers(model: Model, frame: pl.DataFrame, name: str, columns: list[str], seed: int) -> Evaluation:
    if columns:
        raise InputError("Error rates by group are for labels", hint="Leave out by=")
    truth = number_values(frame, name)
    rows = np.flatnonzero(np.isfinite(truth))
    if len(rows) == 0:
        raise InputError(f"No row has a number in the column '{name}'")
    predicted = model.predict(frame[rows]).to_numpy()
    errors = number_errors(truth[rows], predicted, seed=seed)
    return Evaluation("regression", model.estimator.name, name, len(rows), numbers=errors)


def _names(column: pl.Series) -> list[str | None]:
    if column.dtype.is_nested() or column.dtype in (pl.Binary, pl.Object):
        raise InputError(f"The column '{column.name}' holds {column.dtype}, not groups")
    return list(column.cast(pl.String).to_list())


def _plain(value: Any) -> Any:
    """JSON values out of what :func:`dataclasses.asdict` gives."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value
