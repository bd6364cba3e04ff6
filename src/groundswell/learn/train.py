"""Training: a table and the name of its target column in, a model out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from groundswell.core.errors import InputError, did_you_mean
from groundswell.learn.features import Features, choose_columns
from groundswell.learn.model import Label, Model
from groundswell.learn.models import MODELS, Estimator, Kind, Step
from groundswell.learn.models.base import Watch
from groundswell.learn.threads import one_thread

Floats: TypeAlias = npt.NDArray[np.float64]
MOST_LABELS = 1000
DEFAULT: dict[Kind, str] = {"classification": "sklearn-logistic", "regression": "sklearn-ridge"}


@one_thread
def train(
    frame: pl.DataFrame,
    target: str,
    *,
    kind: Kind = "classification",
    model: str | None = None,
    weights: npt.ArrayLike | None = None,
    labels: Sequence[Label] | None = None,
    columns: Sequence[str] | None = None,
    settings: Mapping[str, Any] | None = None,
    seed: int = 0,
    watch: Watch | None = None,
) -> Model:
    """Train a model to predict one column from others.

    Parameters
    ----------
    frame
        One row an example.
    target
        The column to predict; rows where it is missing are left out. Not needed with soft labels.
    kind
        ``classification`` (text, whole numbers or booleans as labels) or ``regression`` (numbers).
    model
        Name in :data:`~groundswell.learn.MODELS`; default ``sklearn-logistic`` or ``sklearn-ridge``.
    weights
        ``(n,)`` how much each row counts, at least 0; or ``(n, K)`` soft labels, whose columns stand in the order
        of ``labels``, by default the sorted labels of the target column. Rows of sum 0 are left out.
    labels
        All labels, where the target column does not hold each of them.
    columns
        What to learn from; default: ``text`` where there is one, else every column but ids and the target.
    settings
        Of the model: ``{"rate": 0.1, "epochs": 300}``.
    seed
        Recorded; no model here draws anything at random.
    watch
        Called with a :class:`Step` after each epoch, by models that have epochs.

    Raises
    ------
    InputError
        If a column is missing, nothing can be learned (no rows, one label, no feature), shapes do not fit, or a
        setting makes no sense.
    NotFoundError
        If there is no such model.

    Examples
    --------
    >>> table = pl.DataFrame({"tax": [5, 10, 15, 25], "emissions": [5.0, 4.3, 3.7, 2.9]})
    >>> line = train(table, "emissions", kind="regression", model="linear", settings={"rate": 0.1, "epochs": 100})
    >>> line.weights().select("feature", pl.col("weight").round(2)).rows()
    [('(bias)', 5.4), ('tax', -0.1)]
    >>> line.predict(pl.DataFrame({"tax": [20]})).round(2).to_list()
    [3.33]
    """
    if kind not in DEFAULT:
        raise InputError(f"kind = '{kind}'", hint=did_you_mean(str(kind), DEFAULT))
    estimator = _estimator(model or DEFAULT[kind], kind, settings or {})
    names, targets, counts = _targets(frame, target, kind, weights, labels)
    kept = np.flatnonzero(counts > 0)
    if len(kept) == 0:
        raise InputError("There is no row to learn from", hint="Every row lacks its target or has no weight")
    if kind == "classification" and estimator.name != "commonest":
        _check_labels(names, targets[kept])
    rows = frame[kept]
    features = Features(columns if columns is not None else choose_columns(frame, target))
    if target in features.columns:
        raise InputError(f"The target '{target}' is among the columns to learn from")
    X = features.fit_transform(rows)
    estimator.fit(X, targets[kept], counts[kept], watch=_in_own_units(features, watch))
    _check_fit(estimator)
    facts = _facts(frame.height, len(kept), names, targets[kept], counts[kept], weights, seed)
    return Model(kind, target, names, features, estimator, facts)


def soft_labels(frame: pl.DataFrame, labels: Sequence[Label]) -> Floats:
    """``(n, K)`` from the columns ``p_<label>``. Raises :class:`InputError` if one is missing."""
    for label in labels:
        if f"p_{label}" not in frame.columns:
            raise InputError(f"No column 'p_{label}'", hint=did_you_mean(f"p_{label}", frame.columns))
    return frame.select(pl.col(f"p_{label}").cast(pl.Float64).fill_null(0.0) for label in labels).to_numpy()


def _estimator(name: str, kind: Kind, settings: Mapping[str, Any]) -> Estimator:
    made = MODELS[name]
    if kind not in made.kinds:
        fitting = [known for known, part in MODELS.items() if kind in part.kinds]
        raise InputError(f"The model '{name}' is not for {kind}", hint=f"Use {', '.join(fitting)}")
    known = made().settings()
    for key in settings:
        if key not in known:
            raise InputError(f"The model '{name}' has no setting '{key}'", hint=did_you_mean(key, known))
    return made(**settings)


def _targets(
    frame: pl.DataFrame,
    target: str,
    kind: Kind,
    weights: npt.ArrayLike | None,
    labels: Sequence[Label] | None,
) -> tuple[tuple[Label, ...], Floats, Floats]:
    """Labels, targets ``(n, K)`` and row weights ``(n,)``."""
    given = None if weights is None else np.asarray(weights, np.float64)
    if given is not None and (len(given) != frame.height or given.ndim not in (1, 2)):
        raise InputError(f"Weights of shape {given.shape} for {frame.height} rows")
    if given is not None and (not np.isfinite(given).all() or (given < 0).any()):
        raise InputError("A weight is below 0, NaN or infinite")
    if given is not None and given.ndim == 2:
        if kind == "regression":
            raise InputError("Soft labels are for classification")
        names = tuple(labels) if labels is not None else label_values(frame, target)
        if given.shape[1] != len(names):
            raise InputError(f"{given.shape[1]} columns of soft labels for {len(names)} labels", hint="Give labels=…")
        total = given.sum(1)
        return names, given / np.where(total > 0, total, 1.0)[:, None], (total > 0).astype(np.float64)
    counts = np.ones(frame.height) if given is None else given
    if kind == "regression":
        values = number_values(frame, target)
        known = np.isfinite(values)
        return (), np.where(known, values, 0.0)[:, None], np.where(known, counts, 0.0)
    names = tuple(labels) if labels is not None else label_values(frame, target)
    codes = label_codes(frame, target, names)
    return names, np.eye(len(names))[codes], np.where(codes >= 0, counts, 0.0)


def _target_column(frame: pl.DataFrame, target: str) -> pl.Series:
    if target not in frame.columns:
        raise InputError(f"No column '{target}' to predict", hint=did_you_mean(target, frame.columns))
    return frame[target]


def label_values(frame: pl.DataFrame, target: str) -> tuple[Label, ...]:
    """The different labels of a column, sorted. Raises :class:`InputError` if it does not hold labels."""
    column = _target_column(frame, target)
    if column.dtype.is_float() or column.dtype.is_nested() or column.dtype.is_temporal():
        raise InputError(
            f"The column '{target}' holds {column.dtype}, not labels",
            hint='To predict numbers, use kind="regression"',
        )
    if column.dtype in (pl.Categorical, pl.Enum):
        column = column.cast(pl.String)
    values = tuple(column.drop_nulls().unique().sort().to_list())
    if len(values) > MOST_LABELS:
        raise InputError(
            f"The column '{target}' has {len(values)} different labels", hint=f"At most {MOST_LABELS}; is it an id?"
        )
    return values


def label_codes(frame: pl.DataFrame, target: str, labels: Sequence[Label]) -> npt.NDArray[np.intp]:
    """``(n,)`` index into ``labels`` of each row, -1 where missing. Raises on a label that is not among them."""
    code = {label: k for k, label in enumerate(labels)}
    values = _target_column(frame, target).to_list()
    unknown = next((value for value in values if value is not None and value not in code), None)
    if unknown is not None:
        raise InputError(
            f"The column '{target}' holds the label '{unknown}'", hint=did_you_mean(str(unknown), map(str, labels))
        )
    return np.fromiter((code.get(value, -1) for value in values), np.intp, len(values))


def number_values(frame: pl.DataFrame, target: str) -> Floats:
    """``(n,)`` numbers, NaN where missing. Raises :class:`InputError` if the column does not hold numbers."""
    column = _target_column(frame, target)
    if not (column.dtype.is_numeric() or column.dtype in (pl.Boolean, pl.Null)):
        raise InputError(f"The column '{target}' holds {column.dtype}, not numbers")
    return np.asarray(column.cast(pl.Float64).to_numpy(), np.float64)


def _check_labels(labels: tuple[Label, ...], targets: Floats) -> None:
    present = [label for label, share in zip(labels, targets.sum(0), strict=True) if share > 0]
    if len(present) < 2:
        only = f"only the label '{present[0]}'" if present else "no label"
        raise InputError(f"There is {only} among {len(targets)} rows", hint="A model needs at least two to tell apart")


def _check_fit(estimator: Estimator) -> None:
    if not (np.isfinite(estimator.weights_).all() and np.isfinite(estimator.bias_).all()):
        raise InputError("Training did not settle: the weights are no longer finite", hint="Use a lower learning rate")


def _in_own_units(features: Features, watch: Watch | None) -> Watch | None:
    """A watcher that sees weights for numbers as they stand in the data."""
    if watch is None:
        return None

    def seen(step: Step) -> None:
        weights, bias = features.in_own_units(step.weights, step.bias)
        watch(Step(step.epoch, step.epochs, step.loss, weights, bias, step.rate))

    return seen


def _facts(
    given: int,
    used: int,
    labels: tuple[Label, ...],
    targets: Floats,
    counts: Floats,
    weights: npt.ArrayLike | None,
    seed: int,
) -> dict[str, Any]:
    mean = (counts @ targets / counts.sum()).tolist()
    facts: dict[str, Any] = {
        "rows": used,
        "rows_left_out": given - used,
        "soft_labels": weights is not None and np.ndim(weights) == 2,
        "weighted": weights is not None and np.ndim(weights) == 1,
        "seed": seed,
    }
    if labels:
        return facts | {"balance": {str(label): round(share, 6) for label, share in zip(labels, mean, strict=True)}}
    return facts | {"mean": mean[0]}
