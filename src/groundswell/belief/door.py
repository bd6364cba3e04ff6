"""The stateless door: tables of votes in, beliefs out."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from groundswell.belief.base import MODELS
from groundswell.belief.tables import Table, read
from groundswell.belief.text import with_text_model, worth_reading
from groundswell.core.belief import Beliefs
from groundswell.core.errors import BadRowsError, InputError
from groundswell.core.source import SourceInfo
from groundswell.core.votes import VoteTable


def fit(votes: VoteTable, model: str = "default", *, seed: int = 0) -> Beliefs:
    """Beliefs about ``votes`` by one model.

    Raises
    ------
    NotFoundError
        If there is no such model.
    InputError
        If there is nothing to learn from.
    """
    chosen = MODELS[model]
    fresh = chosen()
    if "seed" in fresh.get_params():
        fresh.set_params(seed=seed)
    return fresh.fit(votes).beliefs()


def believe(
    votes: Any,
    *,
    sources: Any = None,
    items: Any = None,
    gold: Any = None,
    model: str = "default",
    seed: int = 0,
) -> Beliefs:
    """What is true of every item, from a table of votes.

    Every table may be a path (CSV, TSV, JSON Lines, JSON, Parquet; also ``.gz``), a pandas or Polars data frame, a
    PyArrow table, a dict of lists or a list of dicts. Labels come back in the type in which they came (from CSV:
    texts).

    Parameters
    ----------
    votes
        Columns ``item``, ``source``, ``label``; others are ignored. A missing label is an abstention. The same vote
        twice counts once; two different answers of one source about one item both count.
    sources
        Columns ``source`` and any of ``kind``, ``saw`` (``all`` or ``asked``), ``group``, ``trust``, ``derived``. A
        source without a row is of kind ``source``.
    items
        Column ``item``: also the items without a vote. Their order is the order of the beliefs. With a column
        ``text``, a model over the words, trained on the beliefs and cross-fitted, joins as a derived source
        ``text-model`` (with the default model, from 200 texts on).
    gold
        Columns ``item``, ``label``: known answers, clamped.
    model
        A name in :data:`~groundswell.belief.MODELS`.

    Raises
    ------
    InputError
        If a table has no such columns or holds rows that cannot be used.

    Examples
    --------
    >>> beliefs = believe({"item": ["a", "a", "b"], "source": ["x", "y", "x"], "label": [True, True, False]})
    >>> beliefs.label_of("a"), beliefs.label_of("b")
    (True, False)
    """
    listed = None if items is None else read(items, "items")
    table = vote_table(votes, sources=sources, items=listed, gold=gold)
    beliefs = fit(table, model, seed=seed)
    if listed is None or "text" not in listed.columns or model != "default":
        return beliefs
    texts = _texts(listed, table)
    if not table.n_votes or not worth_reading(table, texts):
        return beliefs
    return fit(with_text_model(table, texts, beliefs.probabilities, seed), model, seed=seed)


def _texts(listed: Table, votes: VoteTable) -> list[str]:
    """The text of every item of ``votes``; empty where there is none."""
    known = dict(zip(listed.values("item"), listed.values("text"), strict=True))
    return [str(known.get(item) or "") for item in votes.items]


def vote_table(votes: Any, *, sources: Any = None, items: Any = None, gold: Any = None) -> VoteTable:
    """The tables of :func:`believe` as one :class:`~groundswell.core.votes.VoteTable`."""
    table = read(votes, "votes")
    table.require("item", "source", "label")
    item_names, item = table.codes("item")
    source_names, source = table.codes("source")
    label_names, label = table.codes("label")
    _refuse_missing(table, item, source)
    gold_table = None if gold is None else read(gold, "gold")
    gold_items, gold_item, gold_labels, gold_label = _gold_codes(gold_table)
    first = [] if items is None else _item_names(read(items, "items"))
    all_items, maps = _merge([first, item_names, gold_items])
    all_labels, label_maps = _merge([label_names, gold_labels])
    order = _sorted_order(all_labels)
    place = np.argsort(order)
    infos, source_map = _source_infos(sources, source_names)
    voted = label >= 0
    codes = np.column_stack(
        [maps[1][item[voted]], source_map[source[voted]], place[label_maps[0][label[voted]]]]
    ).astype(np.int64)
    codes = np.unique(codes, axis=0) if len(codes) else codes
    known = _clamp(gold_table, maps[2], gold_item, place, label_maps[1], gold_label, all_items)
    return VoteTable.build(
        all_items, infos, [all_labels[k] for k in order], codes[:, 0], codes[:, 1], codes[:, 2], known
    )


def _refuse_missing(table: Table, item: npt.NDArray[np.int64], source: npt.NDArray[np.int64]) -> None:
    for codes, what in ((item, "item"), (source, "source")):
        rows = np.flatnonzero(codes < 0)
        if len(rows):
            reason = f"{len(rows):,} rows have no {what}, the first is row {rows[0] + 1}"
            raise BadRowsError(reason, rows=[(int(r) + 1, f"no {what}") for r in rows[:1000]], where=table.where)


def _item_names(table: Table) -> list[Hashable]:
    table.require("item")
    names, codes = table.codes("item")
    if (codes < 0).any():
        row = int(np.flatnonzero(codes < 0)[0]) + 1
        raise BadRowsError(f"Row {row} has no item", rows=[(row, "no item")], where=table.where)
    return names


def _gold_codes(
    table: Table | None,
) -> tuple[list[Hashable], npt.NDArray[np.int64], list[Hashable], npt.NDArray[np.int64]]:
    if table is None:
        return [], np.empty(0, np.int64), [], np.empty(0, np.int64)
    table.require("item", "label")
    items, item = table.codes("item")
    labels, label = table.codes("label")
    rows = np.flatnonzero((item < 0) & (label >= 0))
    if len(rows):
        row = int(rows[0]) + 1
        raise BadRowsError(f"Row {row} has no item", rows=[(row, "no item")], where=table.where)
    return items, item, labels, label


def _clamp(
    table: Table | None,
    item_map: npt.NDArray[np.int64],
    item: npt.NDArray[np.int64],
    place: npt.NDArray[np.int64],
    label_map: npt.NDArray[np.int64],
    label: npt.NDArray[np.int64],
    items: Sequence[Hashable],
) -> npt.NDArray[np.int64] | None:
    """Known answers as codes per item. Raises :class:`InputError` where two rows disagree."""
    if table is None:
        return None
    given = label >= 0
    rows, codes = item_map[item[given]], place[label_map[label[given]]]
    known = np.full(len(items), -1, np.int64)
    known[rows] = codes
    disagree = np.flatnonzero(known[rows] != codes)
    if len(disagree):
        name = items[int(rows[disagree[0]])]
        raise InputError(f"Item '{name}' has two different known answers", where=table.where, hint="Keep one of them")
    return known


def _merge(lists: Sequence[list[Hashable]]) -> tuple[list[Hashable], list[npt.NDArray[np.int64]]]:
    """One list of all names, and for each list where its names stand in it.

    Where one table holds numbers and another texts (a CSV file beside a data frame), "7" and 7 are the same name.
    """
    names: list[Hashable] = []
    place: dict[Any, int] = {}
    texts: dict[str, int] = {}
    maps = []
    for given in lists:
        where = np.empty(len(given), np.int64)
        by_text = bool(names) and bool(given) and ({type(x) for x in names[:1]} != {type(x) for x in given[:1]})
        if by_text and not texts:
            texts = {str(name): at for at, name in enumerate(names)}
        for at, name in enumerate(given):
            key = (type(name), name)
            known = place.get(key)
            if known is None and by_text:
                known = texts.get(str(name))
            if known is None:
                known = len(names)
                names.append(name)
                place[key] = known
            where[at] = known
        maps.append(where)
    return names, maps


def _sorted_order(labels: Sequence[Any]) -> npt.NDArray[np.int64]:
    """Order of the labels: sorted if they can be, texts that are all numbers by value; else as they appeared."""
    try:
        keys = [float(label) for label in labels] if all(isinstance(x, str) for x in labels) else list(labels)
    except ValueError:
        keys = list(labels)
    try:
        return np.array(sorted(range(len(keys)), key=lambda k: keys[k]), np.int64)
    except TypeError:
        return np.arange(len(keys))


def _source_infos(table: Any, voting: list[Hashable]) -> tuple[list[SourceInfo], npt.NDArray[np.int64]]:
    """All sources: those that voted first; and where each voting name stands."""
    infos = {str(name): SourceInfo(str(name)) for name in voting}
    if table is not None:
        listed = read(table, "sources")
        listed.require("source")
        columns = {name: listed.values(name) for name in ("source", "kind", "saw", "group", "trust", "derived")}
        for row in range(listed.length):
            info = _source_info({name: values[row] for name, values in columns.items()}, listed.where, row + 1)
            infos[info.name] = info
    places = {name: at for at, name in enumerate(infos)}
    return list(infos.values()), np.array([places[str(name)] for name in voting], np.int64).reshape(len(voting))


def _source_info(row: dict[str, Any], where: str, number: int) -> SourceInfo:
    if row["source"] is None:
        raise BadRowsError(f"Row {number} has no source", rows=[(number, "no source")], where=where)
    try:
        trust = None if row["trust"] is None else float(row["trust"])
    except (TypeError, ValueError):
        raise InputError(f"trust is {row['trust']!r}", where=f"{where}, row {number}", hint="Between 0 and 1") from None
    try:
        return SourceInfo(
            name=str(row["source"]),
            kind=str(row["kind"] or "source"),  # type: ignore[arg-type]
            saw=str(row["saw"] or "asked"),  # type: ignore[arg-type]
            group=None if row["group"] is None else str(row["group"]),
            trust=trust,
            derived=str(row["derived"] or "").strip().lower() in ("true", "1", "yes"),
        )
    except InputError as error:
        raise InputError(error.what, where=f"{where}, row {number}", hint=error.hint) from None
