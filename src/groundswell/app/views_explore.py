"""From the views of the data to the shapes that go over the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundswell.app import facade_reports as facade
from groundswell.app import schema_reports as schema
from groundswell.app.schema import Histogram
from groundswell.app.views import START, Sight
from groundswell.core.belief import Beliefs


def explore_out(views: Mapping[str, facade.View], beliefs: Beliefs | None, sight: Sight) -> schema.ExploreOut:
    """What is in the data; what is believed of hidden items is left out of the map."""
    found: dict[str, Mapping[str, Any]] = {name: view.to_json() for name, view in views.items()}
    counts, missing, lengths = found.get("counts", {}), found.get("missing", {}), found.get("lengths")
    return schema.ExploreOut(
        sentences={name: view["sentence"] for name, view in found.items() if view.get("sentence")},
        counts=schema.ExploreCounts(
            items=counts.get("items", 0),
            text=counts.get("texts", 0),
            media=counts.get("media", 0),
            groups=counts.get("groups", 0),
        ),
        lengths=None if lengths is None else Histogram(edges=lengths["edges"], counts=lengths["bins"]),
        missing=[schema.MissingOut(**row) for row in missing.get("fields", ())],
        duplicates=_duplicates(found.get("duplicates", {})),
        balance=[schema.BalanceOut(**row) for row in found.get("balance", {}).get("labels", ())],
        fields=[schema.FieldOut(**row) for row in found.get("fields", {}).get("fields", ())],
        map=None if "map" not in found else _map(found["map"], beliefs, sight),
        clusters=[
            schema.ClusterOut(id=row["id"], n=row["n"], terms=row["terms"])
            for row in found.get("map", {}).get("clusters", ())
        ],
    )


def _duplicates(view: Mapping[str, Any]) -> schema.DuplicatesOut:
    exact, near = view.get("exact", {}), view.get("near", {})
    groups = [
        schema.DuplicateOut(items=group["items"], text_start=group["text"][:START], similarity=group["similarity"])
        for group in (*exact.get("groups", ()), *near.get("groups", ()))
    ]
    groups.sort(key=lambda group: -len(group.items))
    return schema.DuplicatesOut(exact=exact.get("spare", 0), near=near.get("spare", 0), groups=groups)


def _map(view: Mapping[str, Any], beliefs: Beliefs | None, sight: Sight) -> schema.MapOut:
    """Places, and what is believed of them now; the two need not be of the same minute."""
    label: list[str | None] = [None] * view["n"]
    confidence: list[float | None] = [None] * view["n"]
    if beliefs is not None:
        codes, sure = beliefs.codes.tolist(), beliefs.confidence.tolist()
        rows = {str(item): row for row, item in enumerate(beliefs.items)}
        for point, item in enumerate(view["item"]):
            row = rows.get(item)
            if row is not None and not sight.hides(item):
                label[point], confidence[point] = str(beliefs.labels[codes[row]]), round(sure[row], 4)
    places = {name: view[name] for name in ("n", "x", "y", "cluster", "item")}
    return schema.MapOut(**places, label=label, confidence=confidence)
