"""How long the texts are."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from groundswell.explore.base import VIEWS, Subject, View, bar, number

_BINS = 20
_LINES = 10


@dataclass(frozen=True)
class Lengths(View):
    """Characters per text. ``edges`` has one more entry than ``bins``; the last bin holds all longer ones too."""

    title = "Lengths"
    n: int
    minimum: int
    median: float
    mean: float
    p95: float
    maximum: int
    edges: list[int]
    bins: list[int]

    @property
    def sentence(self) -> str:
        """The middle and the ends."""
        return (
            f"Half of the texts are shorter than {number(round(self.median))} characters, one in twenty is longer than "
            f"{number(round(self.p95))}; the longest has {self.maximum:,}."
        )

    def data(self) -> dict[str, Any]:
        """Quantiles and histogram, in characters."""
        return {"unit": "characters", **asdict(self)}

    def lines(self) -> list[str]:
        """A histogram."""
        step = -(-len(self.bins) // _LINES)
        starts = self.edges[:-1][::step]
        counts = [sum(self.bins[n : n + step]) for n in range(0, len(self.bins), step)]
        return [
            f"{start:>7,}+  {bar(count, max(counts), 40)} {count:,}"
            for start, count in zip(starts, counts, strict=True)
        ]


@VIEWS.register("lengths")
def lengths(subject: Subject) -> Lengths | None:
    """Measure; nothing where there is no text."""
    found = np.array([len(text) for text in subject.column("text") if text and not text.isspace()])
    if not len(found):
        return None
    # Bins of a round width; a few very long texts must not squeeze all others into the first.
    top = float(np.quantile(found, 0.99))
    width = max(1, int(np.ceil(top / _BINS)))
    step = 10 ** max(0, len(str(width)) - 2)
    width = -(-width // step) * step
    edges = np.arange(0, _BINS + 1) * width
    bins = np.bincount(np.minimum(found // width, _BINS - 1), minlength=_BINS)
    return Lengths(
        n=len(found),
        minimum=int(found.min()),
        median=float(np.median(found)),
        mean=round(float(found.mean()), 2),
        p95=float(np.quantile(found, 0.95)),
        maximum=int(found.max()),
        edges=edges.tolist(),
        bins=bins.tolist(),
    )
