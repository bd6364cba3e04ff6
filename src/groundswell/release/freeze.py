"""Freezing: beliefs become a dataset that does not change any more."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from groundswell.core.belief import Beliefs
from groundswell.core.errors import ConflictError, InputError, NotFoundError, StorageError
from groundswell.core.frame import Frame
from groundswell.core.ids import canonical, check_name
from groundswell.core.question import Question
from groundswell.release.certificate import Certificate
from groundswell.release.datasheet import datasheet
from groundswell.release.split import SPLITS, split
from groundswell.release.tables import WRITERS

FORMAT, VERSION = "groundswell-release", 1
MANIFEST, DATASHEET, QUESTION, VOTES = "manifest.json", "datasheet.md", "question.json", "votes.parquet"
LARGEST_MANIFEST = 16 * 2**20  # bytes
OWN = ("label", "confidence", "split", "people")


@dataclass(frozen=True)
class Release:
    """A frozen dataset.

    Parameters
    ----------
    path
        Its folder.
    manifest
        What ``manifest.json`` says: name, question, splits, certificate, and the SHA-256 of every file.
    """

    path: Path
    manifest: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.manifest["name"])

    @property
    def n(self) -> int:
        """Items."""
        return int(self.manifest["items"])

    @property
    def labels(self) -> tuple[str, ...]:
        """In the order of the probabilities."""
        return tuple(self.manifest["labels"])

    @property
    def hash(self) -> str:
        """SHA-256 of the manifest, which holds those of all files: names the content of the whole release."""
        return hashlib.sha256(canonical(dict(self.manifest)).encode()).hexdigest()

    @property
    def certificate(self) -> Certificate | None:
        """How correct it is, if that was measured."""
        told = self.manifest.get("certificate")
        return None if told is None else Certificate.from_json(told)

    @cached_property
    def frame(self) -> pl.DataFrame:
        """All items: ``item, text, media, group``, fields, ``label, confidence, p_<label>, split`` and ``people``."""
        return pl.read_parquet(self.path / "data.parquet")

    def part(self, name: str) -> pl.DataFrame:
        """The items of one split. Raises :class:`NotFoundError`."""
        if name not in SPLITS:
            raise NotFoundError(f"No split '{name}'", hint=", ".join(SPLITS))
        return self.frame.filter(pl.col("split") == name)

    @property
    def train(self) -> pl.DataFrame:
        """Items to learn from."""
        return self.part("train")

    @property
    def validation(self) -> pl.DataFrame:
        """Items to choose between models on."""
        return self.part("validation")

    @property
    def test(self) -> pl.DataFrame:
        """Items to judge the chosen model on, once."""
        return self.part("test")

    def soft_labels(self, frame: pl.DataFrame) -> npt.NDArray[np.float64]:
        """``(n, K)`` probabilities of the labels, in the order of :attr:`labels`, for rows of this release."""
        columns = [f"p_{label}" for label in self.labels]
        missing = [column for column in columns if column not in frame.columns]
        if missing:
            raise InputError(f"No column '{missing[0]}'", where=self.name, hint="Give rows of this release")
        return frame.select(columns).to_numpy()


def freeze(
    directory: str | Path,
    name: str,
    *,
    items: pl.DataFrame,
    beliefs: Beliefs,
    question: Question,
    frame: Frame,
    votes: pl.DataFrame | None = None,
    certificate: Certificate | None = None,
    head: str = "",
    seed: int = 0,
    shares: Sequence[float] = (0.8, 0.1, 0.1),
) -> Release:
    """Write a release into the new folder ``directory/name``, whole or not at all.

    Parameters
    ----------
    directory
        Where releases are kept.
    items
        The items of the release, with ``item`` and any further columns.
    beliefs
        About these items at least.
    votes
        People's effective votes, written along; ``people`` counts them by item.
    certificate
        How correct the labels are.
    head
        Names the state of the vote log that it was made from.
    seed, shares
        Of the splits, see :func:`~groundswell.release.split`.

    Raises
    ------
    ConflictError
        If there is a release of that name.
    InputError
        If an item is listed twice, has no belief, or there is none; if a name or the shares make no sense.
    StorageError
        If the disk refuses.
    """
    where = Path(directory) / check_name(name, "release")
    if where.exists():
        raise ConflictError(f"There is a release '{name}' already", hint="A release never changes; choose a new name")
    data, renamed = _data(items, beliefs, votes, seed=seed, shares=shares)
    sheet = datasheet(
        name, data, beliefs=beliefs, question=question, why=frame, certificate=certificate, votes=votes, renamed=renamed
    )
    about = {
        "format": FORMAT,
        "version": VERSION,
        "name": name,
        "question": {"name": question.name, "version": question.version, "hash": question.hash},
        "labels": [str(label) for label in beliefs.labels],
        "model": beliefs.model,
        "head": head,
        "items": data.height,
        "splits": {part: int((data["split"] == part).sum()) for part in SPLITS},
        "shares": list(shares),
        "seed": seed,
        "renamed": renamed,
        "certificate": None if certificate is None else certificate.to_json(),
    }
    return _write(where, about, data, sheet, question, votes)


def _data(
    items: pl.DataFrame, beliefs: Beliefs, votes: pl.DataFrame | None, *, seed: int, shares: Sequence[float]
) -> tuple[pl.DataFrame, dict[str, str]]:
    """The table of a release, and which of the data's own columns had to be renamed (new name → old)."""
    if items.height == 0:
        raise InputError("There is no item to release")
    if "item" not in items.columns or items["item"].n_unique() < items.height:
        raise InputError("Every item must be listed once, under 'item'")
    rows = np.fromiter((beliefs.index(item) for item in items["item"].to_list()), np.intp, items.height)
    probabilities, labels = beliefs.probabilities[rows], [str(label) for label in beliefs.labels]
    own = {*OWN, *(f"p_{label}" for label in labels)}
    taken = {*items.columns, *own}
    renamed: dict[str, str] = {}
    for column in items.columns:
        if column in own:
            new = next(new for new in (f"{column}_in_data{'_' * i}" for i in range(len(taken))) if new not in taken)
            renamed[new] = column
            taken.add(new)
    label = [labels[code] for code in beliefs.codes[rows]]
    data = items.rename({old: new for new, old in renamed.items()}).with_columns(
        pl.Series("label", label, dtype=pl.String),
        pl.Series("confidence", probabilities.max(1)),
        *(pl.Series(f"p_{name}", probabilities[:, k]) for k, name in enumerate(labels)),
    )
    if votes is not None:
        data = data.with_columns(_people(items, votes))
    parts = split(items, label, shares=shares, seed=seed)
    return data.with_columns(pl.Series("split", [SPLITS[part] for part in parts])), renamed


def _people(items: pl.DataFrame, votes: pl.DataFrame) -> pl.Series:
    """How many people answered each item."""
    answered = votes.filter(~pl.col("abstained")) if "abstained" in votes.columns else votes
    counts = answered.group_by("item").agg(pl.col("source").n_unique().alias("people"))
    joined = items.select("item").join(counts, on="item", how="left", maintain_order="left")
    return joined["people"].fill_null(0).cast(pl.Int64)


def _write(
    where: Path, about: dict[str, Any], data: pl.DataFrame, sheet: str, question: Question, votes: pl.DataFrame | None
) -> Release:
    """Everything into a folder beside, then one rename."""
    beside: Path | None = None
    try:
        where.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{where.name}.", dir=where.parent))
        for file, write in WRITERS.items():
            write(data, beside / file)
        if votes is not None:
            votes.write_parquet(beside / VOTES)
        (beside / DATASHEET).write_text(sheet, encoding="utf-8", errors="replace", newline="\n")
        asked = json.dumps({"name": question.name, "version": question.version, **question.config()}, indent=1)
        (beside / QUESTION).write_text(asked, encoding="utf-8", newline="\n")
        manifest = about | {"files": {path.name: _digest(path) for path in sorted(beside.iterdir())}}
        (beside / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False, allow_nan=False), "utf-8")
        for path in beside.iterdir():
            _sync(path)
        beside.chmod(0o755)
        beside.rename(where)
    except OSError as e:
        if where.exists():
            raise ConflictError(f"There is a release '{where.name}' already", hint="Choose a new name") from None
        raise StorageError(f"The release cannot be written: {e.strerror or e}", where=str(where)) from None
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)
    return Release(where, manifest)


def _sync(path: Path) -> None:
    with path.open("rb") as f:
        os.fsync(f.fileno())


def _digest(path: Path) -> dict[str, Any]:
    with path.open("rb") as f:
        return {"sha256": hashlib.file_digest(f, "sha256").hexdigest(), "bytes": path.stat().st_size}


def load(directory: str | Path, *, verify: bool = True) -> Release:
    """Read a release and check every file against its hash.

    Raises
    ------
    NotFoundError
        If there is no release.
    InputError
        If it is not one, or a file was changed, added or is missing.
    """
    where = Path(directory)
    path = where / MANIFEST
    try:
        if path.stat().st_size > LARGEST_MANIFEST:
            raise InputError("The manifest is too large", where=str(path))
        manifest = json.loads(path.read_bytes())
        canonical(manifest).encode()  # what cannot be written down cannot be hashed
    except FileNotFoundError:
        raise NotFoundError("No release here: manifest.json is missing", where=str(where)) from None
    except OSError as e:
        raise StorageError(f"Cannot be read: {e.strerror or e}", where=str(path)) from None
    except (ValueError, RecursionError) as e:
        raise InputError(f"Not JSON: {e}"[:200], where=str(path)) from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT or manifest.get("version") != VERSION:
        raise InputError("Not a release that can be read", where=str(path))
    if not _complete(manifest):
        raise InputError("The manifest is incomplete", where=str(path))
    if verify:
        _verify(where, manifest["files"])
    return Release(where, manifest)


def _complete(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest holds what :class:`Release` reads from it."""
    labels, files, certificate = (manifest.get(key) for key in ("labels", "files", "certificate"))
    if certificate is not None:
        Certificate.from_json(certificate)
    return (
        isinstance(files, dict)
        and "data.parquet" in files
        and isinstance(labels, list)
        and all(isinstance(label, str) for label in labels)
        and isinstance(manifest.get("name"), str)
        and type(manifest.get("items")) is int
    )


def _verify(where: Path, files: Mapping[str, Any]) -> None:
    present = {path.name for path in where.iterdir()} - {MANIFEST}
    for name, told in sorted(files.items()):
        if name not in present or Path(name).name != name:
            raise InputError(f"The file '{name}' is missing", where=str(where))
        if not isinstance(told, dict) or _digest(where / name) != told:
            raise InputError(f"The file '{name}' was changed after the release", where=str(where))
    extra = sorted(present - set(files))
    if extra:
        raise InputError(f"The file '{extra[0]}' does not belong to the release", where=str(where))
