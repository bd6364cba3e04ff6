"""Model: anything with ``predict_proba`` as one more source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import numpy as np
import polars as pl

from groundswell.core.errors import InputError
from groundswell.core.ids import digest
from groundswell.core.votes import Floats
from groundswell.sources.base import SOURCES, Context, Source, settings


@SOURCES.register("model")
class Model(Source):
    """Votes the likeliest label of a model, with the whole distribution.

    Parameters
    ----------
    model
        Has ``predict_proba(x) -> (n_items, n_labels)``, rows summing to 1, and ``labels`` or ``classes_``.
    takes
        What ``x`` is: the items ``frame``, or the list of ``texts`` (scikit-learn pipelines).
    threshold
        Least probability at which it votes; below it abstains.
    derived
        Whether it was trained on beliefs about these items. On by default: such votes are never independent
        evidence for the labels that it learned from.
    version
        Of the model; its own ``version`` or ``hash`` by default.
    """

    type: ClassVar[str] = "model"
    kind = "model"

    def __init__(
        self,
        name: str,
        model: Any,
        *,
        labels: Sequence[str] | None = None,
        takes: Literal["frame", "texts"] = "frame",
        threshold: float = 0.0,
        derived: bool = True,
        version: str | None = None,
        **common: Any,
    ) -> None:
        self.derived = derived
        super().__init__(name, **common)
        where = f"source '{name}'"
        if not callable(getattr(model, "predict_proba", None)):
            raise InputError(f"A {type(model).__name__} has no predict_proba", where=where)
        known = labels if labels is not None else getattr(model, "labels", getattr(model, "classes_", None))
        if known is None:
            raise InputError("The model does not say what its labels are", where=where, hint="Give labels=[…]")
        if takes not in ("frame", "texts"):
            raise InputError(f"takes = {takes!r}", where=where, hint="Use frame or texts")
        if not 0 <= threshold <= 1:
            raise InputError(f"threshold = {threshold}", where=where, hint="A probability, 0 to 1")
        self.model = model
        self.takes = takes
        self.threshold = float(threshold)
        self._labels = tuple(str(label) for label in known)
        self._version = str(version or getattr(model, "version", None) or getattr(model, "hash", None) or name)

    @property
    def labels(self) -> tuple[str, ...]:
        """The model's classes."""
        return self._labels

    def definition(self) -> dict[str, Any]:
        """``model`` (its version), ``threshold``."""
        return {"model": self._version} | ({"threshold": self.threshold} if self.threshold else {})

    @property
    def version(self) -> str:
        """A hash of the model's version, its labels and the threshold."""
        return digest([super().version, list(self._labels)])

    @classmethod
    def from_config(cls, config: Mapping[str, Any], context: Context) -> Model:
        """Models stand among the context's rules, under their source's name: a file cannot hold one."""
        given = settings(config, ("name", "model"), ("threshold",))
        found = context.rules.get(given["name"])
        if not isinstance(found, Model):
            raise InputError(
                f"The model of the source '{given['name']}' is not loaded", hint="Train it, or remove the source"
            )
        return found

    def probabilities(self, items: pl.DataFrame) -> Floats:
        """``(n_items, n_labels)``. Raises :class:`InputError` unless they are probabilities of the right shape."""
        given = items if self.takes == "frame" else [text or "" for text in items["text"].to_list()]
        found = np.asarray(self.model.predict_proba(given), dtype=np.float64)
        where = f"source '{self.name}'"
        if found.shape != (items.height, len(self._labels)):
            raise InputError(
                f"The model gave probabilities of shape {found.shape}, not {(items.height, len(self._labels))}",
                where=where,
            )
        if not np.isfinite(found).all() or (found < -1e-9).any() or (np.abs(found.sum(1) - 1) > 1e-3).any():
            raise InputError("The model's probabilities do not sum to 1 in every row", where=where)
        return found

    def vote(self, items: pl.DataFrame) -> pl.DataFrame:
        """See :meth:`Source.vote`; with ``confidence`` and ``p_<label>``."""
        p = self.probabilities(items)
        confidence = p.max(1, initial=0.0)
        names = np.array([*self._labels, ""], dtype=object)[p.argmax(1)] if p.size else np.array([], dtype=object)
        voted = confidence >= self.threshold
        labels = [name if sure else None for name, sure in zip(names.tolist(), voted.tolist(), strict=True)]
        columns = {"item": items["item"], "label": pl.Series(labels, dtype=pl.String), "confidence": confidence}
        return pl.DataFrame(columns | {f"p_{label}": p[:, k] for k, label in enumerate(self._labels)})
