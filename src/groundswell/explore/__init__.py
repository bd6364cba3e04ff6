"""Explore: what is in the items, before anybody answers anything."""

from __future__ import annotations

from typing import Any

import polars as pl

from groundswell.core.errors import InputError
from groundswell.explore.base import VIEWS, Subject, View
from groundswell.explore.map import MapView, map2d

__all__ = ["VIEWS", "MapView", "Subject", "View", "explore", "map2d"]


def explore(
    items: pl.DataFrame, *, features: Any = None, labels: pl.Series | None = None, seed: int = 0
) -> dict[str, View]:
    """Every view that has something to show, by name.

    Parameters
    ----------
    items
        Columns item, text, media, group and one per metadata field.
    features
        ``(n_items, d)``, dense or sparse, for the map; without them the numbers in the metadata are used.
    labels
        ``(n_items,)``, null where unknown.

    Raises
    ------
    InputError
        If features or labels do not fit the items.

    Examples
    --------
    >>> items = pl.DataFrame({"item": ["a", "b"], "text": ["Hello", "Hello"], "media": [None, None]})
    >>> print(explore(items)["duplicates"].to_text())
    Duplicates
      1 item (50.0 %) repeat an earlier one.
          2 × the same: Hello
    """
    for given, what in ((features, "features"), (labels, "labels")):
        n = None if given is None else given.shape[0] if hasattr(given, "shape") else len(given)
        if n is not None and n != len(items):
            raise InputError(f"{n:,} {what} for {len(items):,} items")
    subject = Subject(items, features, labels, seed)
    found = {name: make(subject) for name, make in VIEWS.items()}
    return {name: view for name, view in found.items() if view is not None}
