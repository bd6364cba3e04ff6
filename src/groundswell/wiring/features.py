"""Features of all items, computed once: of their texts, or of their pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from groundswell import learn
from groundswell.wiring.workspace import Workspace

FEWEST = 3
MOST_PICTURES = 20_000
"""Beyond it reading all pictures takes minutes; features are then left out."""


def holds(items: pl.DataFrame, column: str) -> bool:
    """Whether most items have a value in ``column``."""
    return len(items) >= FEWEST and items[column].null_count() <= len(items) // 2


def item_features(ws: Workspace) -> Any | None:
    """``(n_items, d)`` to learn from, sparse for texts; ``None`` where most items have neither text nor picture."""
    items = ws.items()
    if holds(items, "text"):
        texts = items["text"]
        return ws.keep("features", len(items), lambda: learn.TextFeatures().fit_transform(texts))
    return pictures(ws, items)


def pictures(ws: Workspace, items: pl.DataFrame) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    """``(n_items, 768)`` of the items' pictures; ``None`` where most have none, or there are too many."""
    if not holds(items, "media") or len(items) > MOST_PICTURES:
        return None

    def look() -> np.ndarray[Any, np.dtype[np.float64]]:
        names = items["media"].to_list()
        return learn.picture_features([None if name is None else ws.store.media_path(name) for name in names])

    found: np.ndarray[Any, np.dtype[np.float64]] = ws.keep("pictures", len(items), look)
    return found


def embedding(ws: Workspace) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    """Dense ``(n_items, d)`` features for maps and typicality; ``None`` where there is nothing to describe items by."""
    items = ws.items()
    if not holds(items, "text"):
        return pictures(ws, items)
    made: np.ndarray[Any, np.dtype[np.float64]] = ws.keep(
        "embedding", len(items), lambda: learn.text_embedding(items.select("item", "text"), seed=ws.seed)
    )
    return made
