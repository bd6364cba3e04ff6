"""Pictures as points: colours by place, and which way edges run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from groundswell.core.errors import InputError

Floats: TypeAlias = npt.NDArray[np.float64]
SIDE = 64
CELLS = 8
DIRECTIONS = 9
WIDTH = CELLS * CELLS * (3 + DIRECTIONS)


def picture_features(
    paths: Sequence[Path | None], *, progress: Callable[[int, int], None] | None = None
) -> npt.NDArray[np.float64]:
    """``(n, 768)``: of each of 8 × 8 cells the mean colour and a histogram of 9 edge directions; 0 without a picture.

    Histograms of oriented gradients as in Dalal and Triggs 2005 (doi:10.1109/CVPR.2005.177), without their blocks;
    each of the two halves of a row has length 1 at most.

    Parameters
    ----------
    paths
        One per item; ``None`` where it has no picture.
    progress
        Called with (done, all) after each picture.

    Raises
    ------
    InputError
        If a file is no picture that can be read.
    """
    found = np.zeros((len(paths), WIDTH))
    for row, path in enumerate(paths):
        if path is not None:
            found[row] = describe(_small(path))
        if progress is not None:
            progress(row + 1, len(paths))
    return found


def _small(path: Path) -> Floats:
    """``(64, 64, 3)`` in [0, 1], turned upright."""
    try:
        with Image.open(path) as picture:
            picture.draft("RGB", (2 * SIDE, 2 * SIDE))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            return np.asarray(upright.resize((SIDE, SIDE), Image.Resampling.BOX), np.float64) / 255.0
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as e:
        raise InputError(f"Not a picture that can be read ({e})", where=str(path)) from None


def describe(pixels: Floats) -> Floats:
    """``(768,)`` of one picture, ``(64, 64, 3)`` in [0, 1].

    Examples
    --------
    >>> ramp = np.repeat(np.linspace(0, 1, 64)[None, :, None], 64, axis=0).repeat(3, axis=2)
    >>> edges = describe(ramp)[CELLS * CELLS * 3 :].reshape(CELLS * CELLS, DIRECTIONS)
    >>> int(edges.sum(0).argmax())
    0
    """
    size = SIDE // CELLS
    cells = pixels.reshape(CELLS, size, CELLS, size, 3)
    colours = cells.mean((1, 3)).reshape(-1) - 0.5
    grey = pixels.mean(2)
    down, right = np.gradient(grey)
    strength = np.hypot(down, right)
    turned = ((np.arctan2(down, right) % np.pi) / np.pi * DIRECTIONS).astype(int) % DIRECTIONS
    place = np.arange(SIDE) // size
    where = (place[:, None] * CELLS + place[None, :]) * DIRECTIONS + turned
    edges = np.bincount(where.ravel(), strength.ravel(), CELLS * CELLS * DIRECTIONS)
    return np.concatenate([_shortened(colours), _shortened(np.sqrt(edges))])


def _shortened(values: Floats) -> Floats:
    length = float(np.linalg.norm(values))
    return values / length if length > 1e-9 else values
