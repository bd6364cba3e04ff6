"""Boxes: labelled rectangles on an image."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from groundswell.core.answers.base import ANSWERS, AnswerType, check_labels, finite, known_label
from groundswell.core.errors import AnswerError

MAX_BOXES = 100_000
_FIELDS = ("x", "y", "width", "height")


@ANSWERS.register("boxes")
@dataclass(frozen=True, init=False)
class Boxes(AnswerType):
    """Labelled rectangles. JSON: ``[{"x", "y", "width", "height", "label"}]`` in pixels of the original image.

    Examples
    --------
    >>> a = [{"x": 0, "y": 0, "width": 10, "height": 10, "label": "cookie"}]
    >>> b = [{"x": 0, "y": 0, "width": 10, "height": 5, "label": "cookie"}]
    >>> Boxes("cookie").distance(a, b)
    0.5
    """

    name: ClassVar[str] = "boxes"
    options: tuple[str, ...]

    def __init__(self, *labels: str) -> None:
        object.__setattr__(self, "options", check_labels(labels))

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, in the order of their keys."""
        return self.options

    def validate(self, value: Any) -> list[dict[str, Any]]:
        """A list of boxes with a positive area; x and y may not be negative."""
        if not isinstance(value, list) or len(value) > MAX_BOXES:
            raise AnswerError(f"The answer must be a list of at most {MAX_BOXES:,} boxes")
        found = []
        for box in value:
            if not isinstance(box, Mapping) or not {*_FIELDS, "label"} <= set(box) <= {
                *_FIELDS,
                "label",
                "id",
            }:
                raise AnswerError("A box has the fields x, y, width, height, label and perhaps id")
            numbers = {name: finite(box[name], name) for name in _FIELDS}
            if min(numbers["x"], numbers["y"]) < 0 or min(numbers["width"], numbers["height"]) <= 0:
                raise AnswerError("A box lies outside the image or has no area")
            found.append(
                numbers
                | {"label": known_label(box["label"], self.options)}
                | ({"id": str(box["id"])[:64]} if "id" in box else {})
            )
        return found

    def distance(self, a: list[dict[str, Any]], b: list[dict[str, Any]]) -> float:
        """1 − mean intersection over union, boxes of equal label matched greedily, unmatched ones count 0."""
        if not a and not b:
            return 0.0
        if not a or not b:
            return 1.0
        overlap = _iou(a, b)
        same = np.array([x["label"] for x in a])[:, None] == np.array([y["label"] for y in b])[None, :]
        overlap = np.where(same, overlap, 0.0)
        total, pairs = 0.0, 0
        for flat in np.argsort(-overlap, axis=None, kind="stable"):
            i, j = np.unravel_index(flat, overlap.shape)
            if overlap[i, j] <= 0:
                continue
            total, pairs = total + float(overlap[i, j]), pairs + 1
            overlap[i, :] = overlap[:, j] = 0.0
        return 1.0 - total / (len(a) + len(b) - pairs)

    def config(self) -> dict[str, Any]:
        """``labels``."""
        return {"labels": list(self.options)}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Boxes:
        """Inverse of :meth:`config`."""
        return cls(*check_labels(config.get("labels")))


def _iou(a: list[dict[str, Any]], b: list[dict[str, Any]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Intersection over union of all pairs, ``(len(a), len(b))``."""
    x = np.array([[box[f] for f in _FIELDS] for box in a])[:, None, :]
    y = np.array([[box[f] for f in _FIELDS] for box in b])[None, :, :]
    low = np.maximum(x[..., :2], y[..., :2])
    high = np.minimum(x[..., :2] + x[..., 2:], y[..., :2] + y[..., 2:])
    common = np.clip(high - low, 0, None).prod(-1)
    union = x[..., 2:].prod(-1) + y[..., 2:].prod(-1) - common
    return np.asarray(common / union)
