"""Item: one thing to label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from groundswell.core.ids import digest


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an item came from: a path or address, the row or member in it (from 1), and which reader read it."""

    origin: str
    row: int | None = None
    reader: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to label: text, an image, a table row.

    Parameters
    ----------
    id
        Names the item for ever: given by the data's own id column, or a hash of its content and of how many
        equal ones stood before it in the same file. The same file twice therefore adds nothing, and a file
        that holds a text twice holds two items, which an audit can find.
    text
        The text to label, if any.
    media
        Name of a content-addressed media file (``<sha256>.<ending>``), if any.
    meta
        Further fields, JSON values only.
    group
        Items that must stay together in a split (one author, one patient, one thread).
    """

    id: str
    text: str | None = None
    media: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    group: str | None = None
    provenance: Provenance | None = None


def content_id(text: str | None, media: str | None, meta: Mapping[str, Any], occurrence: int = 0) -> str:
    """The id of an item that brings none: a hash of its content and of its ``occurrence`` among equals."""
    return digest([text, media, dict(meta), occurrence])
