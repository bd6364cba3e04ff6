"""The certificate: how correct a release is, and the human checks that show it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from groundswell.core.errors import InputError
from groundswell.core.interval import Interval
from groundswell.release.bounds import clopper_pearson, finite

Floats: TypeAlias = npt.NDArray[np.float64]

FINITE_FROM = 0.05  # share of the items from which those already checked matter


@dataclass(frozen=True)
class Certificate:
    """How correct the labels of a set are.

    Parameters
    ----------
    correct
        Share of labels that are right: best guess with a two-sided interval; ``n`` counts the checks.
    bound
        With probability ``confidence`` at least this share is right, in [0, 1]: what may be claimed.
    bound_corrected
        The same for the set once the wrong labels that the checks found are put right.
    n, wrong
        Checks, and how many contradicted the label (a checker who could not tell counts as a contradiction).
    n_items
        Labels that it speaks of.
    method
        How the bound was computed.
    confidence
        Of the bound, 0.95 by default.
    """

    correct: Interval
    bound: float
    bound_corrected: float
    n: int
    wrong: int
    n_items: int
    method: str
    confidence: float = 0.95

    @property
    def sentence(self) -> str:
        """What it says, for anybody."""
        if self.n == 0:
            return f"Nobody has checked any of the {self.n_items:,} labels: nothing is certified."
        drawn = "blindly" if self.method.startswith("exact") else "with known probabilities"
        right = self.n - self.wrong
        found = "all were" if self.wrong == 0 else "none was" if right == 0 else f"{right:,} were"
        if self.n >= self.n_items and self.method.startswith("exact"):
            return f"People checked all {self.n_items:,} labels: {found} right."
        return (
            f"Of {self.n_items:,} labels {self.n:,} were drawn {drawn} and checked by people: {found} right. "
            f"With {100 * self.confidence:g} % confidence at least {_percent(self.bound)} of all labels are right."
        )

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, the sentence among them."""
        correct = asdict(self.correct)
        if self.n == 0:
            correct["value"] = None
        return asdict(self) | {"correct": correct, "sentence": self.sentence}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Certificate:
        """Inverse of :meth:`to_json`. Raises :class:`InputError` on anything else."""
        try:
            values = {key: value for key, value in told.items() if key != "sentence"}
            correct = dict(values["correct"])
            correct["value"] = float("nan") if correct["value"] is None else correct["value"]
            made = cls(**(values | {"correct": Interval(**correct)}))
            _ = made.sentence, str(made.correct)
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as e:
            raise InputError(f"Not a certificate: {str(e)[:200]}") from None
        return made


def _percent(share: float) -> str:
    """Rounded down: a claim must not be rounded up."""
    return f"{np.floor(share * 1000) / 10:.1f} %"


def certify(
    labels_before: npt.ArrayLike,
    checks: npt.ArrayLike,
    probabilities: npt.ArrayLike | None = None,
    n_items: int | None = None,
    *,
    confidence: float = 0.95,
) -> Certificate:
    """What human checks say about all labels.

    Parameters
    ----------
    labels_before
        ``(n,)`` codes of the labels as they stood before the check, of the items that were checked. Each item once.
    checks
        ``(n,)`` codes that people gave; negative where they could not tell, which counts against the label.
    probabilities
        ``(n,)`` with which each item had been drawn, in (0, 1]; ``None`` or all equal: drawn blindly. The checks
        must be all that were drawn: leaving out the awkward ones makes the certificate a lie.
    n_items
        How many labels there are; default: as many as were checked.

    Notes
    -----
    Drawn blindly, the bound is Clopper and Pearson's; where 5 % of the items or more were checked, its counterpart
    for draws without replacement (hypergeometric), which is tighter. Both are exact: they cover the truth at least
    as often as they say. Drawn with different probabilities, the share is the weighted one (Hájek) and the bound
    Clopper–Pearson's on the effective number of checks (Korn & Graubard 1998, Survey Methodology 24:193–201), an
    approximation that is kept on the safe side by never counting more checks than Kish's (Σw)² / Σw².

    Raises
    ------
    InputError
        If shapes do not fit, a probability is outside (0, 1], or more were checked than exist.

    Examples
    --------
    >>> found = certify([0] * 300, [0] * 291 + [1] * 9, n_items=100_000)
    >>> found.sentence
    'Of 100,000 labels 300 were drawn blindly and checked by people: 291 were right. With 95 % confidence at least
    94.8 % of all labels are right.'
    """
    said, checked = np.asarray(labels_before), np.asarray(checks)
    n = len(said)
    total = n if n_items is None else n_items
    if said.ndim != 1 or said.shape != checked.shape:
        raise InputError(f"{said.shape} labels and {checked.shape} checks", hint="One check a label")
    if n > total:
        raise InputError(f"{n} checks of {total} items", hint="Count each item once")
    right = (said == checked) & (checked >= 0)
    weights = _weights(probabilities, n)
    if n == 0:
        nothing = Interval(float("nan"), 0.0, 1.0, 0, confidence)
        return Certificate(nothing, 0.0, 0.0, 0, 0, total, "no checks", confidence)
    if np.allclose(weights, weights[0], rtol=1e-6):
        return _uniform(int(right.sum()), n, total, confidence)
    return _weighted(right, weights, total, confidence)


def _weights(probabilities: npt.ArrayLike | None, n: int) -> Floats:
    if probabilities is None:
        return np.ones(n)
    given = np.asarray(probabilities, np.float64)
    if given.shape != (n,):
        raise InputError(f"{given.shape} probabilities for {n} checks")
    if not ((given > 0) & (given <= 1)).all():
        raise InputError("A probability of being drawn is not above 0 and at most 1")
    return np.asarray(1.0 / given)


def _uniform(right: int, n: int, total: int, confidence: float) -> Certificate:
    two_sided = 0.5 + confidence / 2
    fewest = finite(right, n, total, confidence)
    if n < FINITE_FROM * total:
        method = "exact binomial (Clopper–Pearson)"
        bound = clopper_pearson(right, n, confidence)
        low, high = clopper_pearson(right, n, two_sided), 1 - clopper_pearson(n - right, n, two_sided)
    else:
        method = "exact hypergeometric (drawn without replacement)"
        bound = fewest / total
        low, high = finite(right, n, total, two_sided) / total, 1 - finite(n - right, n, total, two_sided) / total
    corrected = min(1.0, (fewest + n - right) / total)
    correct = Interval(right / n, low, high, n, confidence)
    return Certificate(correct, bound, max(bound, corrected), n, n - right, total, method, confidence)


def _weighted(right: npt.NDArray[np.bool_], weights: Floats, total: int, confidence: float) -> Certificate:
    n = len(right)
    share = 1.0 if right.all() else float(weights @ right / weights.sum())
    kish = float(weights.sum() ** 2 / (weights**2).sum())
    spread = float((weights**2 * (right - share) ** 2).sum() / weights.sum() ** 2 * n / max(1, n - 1))
    effective = min(kish, share * (1 - share) / spread if spread > 0 else kish)
    bounds = [
        clopper_pearson(share * effective, effective, confidence),
        clopper_pearson(share * effective, effective, 0.5 + confidence / 2),
        1 - clopper_pearson((1 - share) * effective, effective, 0.5 + confidence / 2),
    ]
    method = f"weighted (Korn–Graubard, worth {effective:.0f} blind checks)"
    correct = Interval(share, bounds[1], bounds[2], n, confidence)
    wrong = int(n - right.sum())
    corrected = min(1.0, bounds[0] + wrong / total)
    return Certificate(correct, bounds[0], corrected, n, wrong, total, method, confidence)
