"""The ladder: models in order of complexity, each compared with the one before and with the commonest answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.stats import binomtest

from groundswell.core.errors import InputError
from groundswell.core.interval import Interval
from groundswell.learn.evaluate import Evaluation, evaluate
from groundswell.learn.intervals import paired_difference
from groundswell.learn.model import Model
from groundswell.learn.models import Kind
from groundswell.learn.numbers import bootstrap
from groundswell.learn.train import label_codes, number_values, train

RUNGS: dict[Kind, tuple[str, ...]] = {
    "classification": ("commonest", "linear", "logistic", "naive-bayes", "sklearn-logistic"),
    "regression": ("commonest", "linear", "sklearn-ridge"),
}
Floats: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Comparison:
    """One model against another on the same rows.

    ``gain`` is how much better, with a 95 % interval: in accuracy (Newcombe's interval for paired shares), or how
    much less off on average, in the target's unit (bootstrap over rows). ``p`` is the exact McNemar p-value for
    labels, ``None`` for numbers. ``better`` says whether the whole interval is above 0.
    """

    other: str
    gain: Interval
    p: float | None

    @property
    def better(self) -> bool:
        """Beyond chance."""
        return self.gain.low > 0


@dataclass(frozen=True)
class Rung:
    """One model of the ladder, ``before`` and ``commonest`` being ``None`` on the first."""

    name: str
    model: Model
    evaluation: Evaluation
    before: Comparison | None = None
    commonest: Comparison | None = None

    def to_text(self) -> str:
        """One plain line."""
        found = self.evaluation
        figure = f"{found.accuracy} right" if found.numbers is None else found.numbers.to_text()
        if self.before is None:
            return f"{self.name}: {figure}"
        gain, labels = self.before.gain, found.numbers is None
        by = f"{100 * gain.value:+.1f} points" if labels else f"{gain.value:+.4g}"
        word = "better" if gain.low > 0 else "worse" if gain.high < 0 else "no difference beyond chance"
        return f"{self.name}: {figure}; {by} against {self.before.other} ({word})"


def ladder(
    train_frame: pl.DataFrame,
    test_frame: pl.DataFrame,
    target: str,
    *,
    kind: Kind = "classification",
    models: Sequence[str] | None = None,
    by: str | Sequence[str] | None = None,
    seed: int = 0,
    **options: Any,
) -> list[Rung]:
    """Train one model after the other and compare each with the one before it.

    Parameters
    ----------
    train_frame, test_frame
        Rows to learn from, and rows to be judged on.
    models
        Names, simplest first; default: all of the kind. ``commonest`` is always the first.
    by
        Column or columns to report error rates by.
    options
        Further arguments of :func:`~groundswell.learn.train`: ``weights``, ``labels``, ``columns``.

    Raises
    ------
    InputError
        As :func:`~groundswell.learn.train` and :func:`~groundswell.learn.evaluate` do.
    """
    if kind not in RUNGS:
        raise InputError(f"kind = '{kind}'", hint="classification or regression")
    names = list(models) if models is not None else list(RUNGS[kind])
    names = ["commonest", *(name for name in names if name != "commonest")]
    rungs: list[Rung] = []
    told: list[Floats] = []
    for name in names:
        model = train(train_frame, target, kind=kind, model=name, seed=seed, **options)
        found = evaluate(model, test_frame, target, by=by, seed=seed)
        told.append(_losses(model, test_frame, target))
        if not rungs:
            rungs.append(Rung(name, model, found))
            continue
        before = compare(rungs[-1].name, told[-1], told[-2], kind=kind, seed=seed)
        first = before if len(rungs) == 1 else compare(names[0], told[-1], told[0], kind=kind, seed=seed)
        rungs.append(Rung(name, model, found, before, first))
    return rungs


def _losses(model: Model, frame: pl.DataFrame, target: str) -> Floats:
    """``(n_known,)``: 0 where right and 1 where wrong, or how far off each number is."""
    if model.kind == "regression":
        truth = number_values(frame, target)
        known = np.isfinite(truth)
        return np.asarray(np.abs(model.predict(frame).to_numpy() - truth)[known])
    codes = label_codes(frame, target, model.labels)
    said = model.predict_proba(frame).argmax(1)
    return np.asarray((said != codes)[codes >= 0], np.float64)


def compare(other: str, losses: Floats, other_losses: Floats, *, kind: Kind, seed: int = 0) -> Comparison:
    """One model's losses ``(n,)`` against another's on the same rows.

    Examples
    --------
    >>> new, old = np.repeat([0.0, 1, 0], [90, 4, 6]), np.repeat([0.0, 1, 1], [90, 4, 6])
    >>> found = compare("old", new, old, kind="classification")
    >>> print(found.gain, round(found.p, 3))
    6.0 % (0.8–12.5) 0.031
    """
    if kind == "regression":
        gained = other_losses - losses
        return Comparison(other, bootstrap(lambda rows: gained[rows].mean(-1), len(gained), seed=seed), None)
    right, was_right = losses == 0, other_losses == 0
    won, lost = int((right & ~was_right).sum()), int((~right & was_right).sum())
    both, neither = int((right & was_right).sum()), int((~right & ~was_right).sum())
    p = binomtest(won, won + lost).pvalue if won + lost else 1.0
    gain = paired_difference(both, won, lost, neither)
    return Comparison(other, gain, float(p) if not math.isnan(p) else None)
