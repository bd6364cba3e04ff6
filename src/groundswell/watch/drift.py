"""Drift: whether what a model sees and says today is what it learned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from groundswell.core.errors import InputError
from groundswell.watch.columns import compare_column
from groundswell.watch.predictions import compare_predictions
from groundswell.watch.statistics import TESTS
from groundswell.watch.statistics.base import Level
from groundswell.watch.trial import FEWEST, Trial

Floats: TypeAlias = npt.NDArray[np.float64]

ALPHA = 0.01  # chance that a report on unchanged data raises any alarm at all
_ORDER: dict[Level, int] = {"changed": 0, "shifted": 1, "same": 2}


@dataclass(frozen=True)
class Drift:
    """What has become of one thing that is watched.

    Parameters
    ----------
    what
        Which thing: ``length of text``, ``column age``, ``predicted label``.
    test, statistic, p_value
        Name of the test, its figure (the size of the change) and its p-value, corrected for the number of things
        tested (Holm). ``test`` is ``columns`` where a column is gone or changed its kind.
    level
        ``same``, ``shifted`` (beyond chance and worth a look) or ``changed`` (serious).
    why
        One plain sentence.
    evidence
        JSON values: figures before and after.
    """

    what: str
    test: str
    statistic: float
    p_value: float
    level: Level
    why: str
    evidence: Mapping[str, Any] = field(default_factory=dict)


def drift(
    reference: pl.DataFrame,
    current: pl.DataFrame,
    *,
    probabilities_reference: npt.ArrayLike | None = None,
    probabilities_current: npt.ArrayLike | None = None,
    labels: Sequence[str] | None = None,
    alpha: float = ALPHA,
    seed: int = 0,
) -> list[Drift]:
    """Compare what comes in now with what the model learned from.

    Parameters
    ----------
    reference, current
        Tables of inputs with the same columns. ``item`` and columns of times are not compared.
    probabilities_reference, probabilities_current
        ``(n, K)`` what the model said. The reference must be predictions on rows that it had not learned from (a
        validation split, or out-of-fold): on its own training rows a model is surer than it will ever be again.
    labels
        Names of the K labels, for the sentences.
    alpha
        Chance of any alarm at all when nothing has changed.
    seed
        Of the halving of the reference that new words are counted against.

    Returns
    -------
    One entry a thing watched, the worst first. An alarm needs both: a difference beyond chance after Holm's
    correction (1979) for everything that is tested here, and one large enough to matter by the test's own scale.

    Raises
    ------
    InputError
        If there is no row on one side, or probabilities do not fit each other.
    """
    if reference.height == 0 or current.height == 0:
        raise InputError("Drift needs rows on both sides", hint="Predict something first")
    if not 0.0 < alpha < 1.0:
        raise InputError(f"alpha = {alpha}", hint="A small probability, for example 0.01")
    trials: list[Trial] = []
    for name in reference.columns:
        if name != "item":
            trials += compare_column(name, reference, current, seed=seed)
    if probabilities_reference is not None and probabilities_current is not None:
        p = np.asarray(probabilities_reference, np.float64)
        q = np.asarray(probabilities_current, np.float64)
        trials += compare_predictions(p, q, labels)
    corrected = holm([trial.shift.p_value for trial in trials])
    found = [_judged(trial, p, alpha) for trial, p in zip(trials, corrected, strict=True)]
    return sorted(found, key=lambda one: (_ORDER[one.level], one.p_value, -one.statistic, one.what))


def _judged(trial: Trial, p_value: float, alpha: float) -> Drift:
    if trial.test == "columns":
        level: Level = "changed"
    elif trial.fewest < FEWEST:
        level = "same"
    else:
        level = TESTS[trial.test].level(trial.shift, significant=p_value < alpha)
    if level != "same":
        why = trial.why
    elif trial.fewest < FEWEST:
        why = f"Too few to tell: {trial.fewest}, where {FEWEST} are needed."
    else:
        why = "No change that matters."
    return Drift(trial.what, trial.test, trial.shift.statistic, p_value, level, why, trial.evidence)


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values corrected for their number, so that the chance of any false alarm stays what one says it is.

    Holm 1979, Scandinavian Journal of Statistics 6:65–70.

    Examples
    --------
    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    values = np.asarray(p_values, np.float64)
    order = np.argsort(values)
    scaled = values[order] * (len(values) - np.arange(len(values)))
    corrected = np.empty(len(values))
    corrected[order] = np.minimum(np.maximum.accumulate(scaled), 1.0)
    return [float(p) for p in corrected]
