"""Models on disk: JSON and plain arrays. Nothing that is read is ever run (no pickle)."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

import numpy as np
import numpy.typing as npt

from groundswell.core.errors import ConflictError, InputError, NotFoundError, StorageError

Floats: TypeAlias = npt.NDArray[np.float64]

FORMAT = "groundswell-model"
VERSION = 1
LARGEST_JSON = 128 * 2**20  # bytes
LARGEST_ARRAYS = 1024 * 2**20
MOST_ARRAYS = 1000
DOCUMENT, ARRAYS = "model.json", "arrays.npz"


def write(directory: Path, document: dict[str, Any], arrays: dict[str, Floats], *, overwrite: bool) -> Path:
    """Write both files, each whole or not at all; the JSON, which names the arrays' hash, last.

    Raises
    ------
    ConflictError
        If there is a model already, unless ``overwrite``.
    StorageError
        If the disk refuses.
    """
    if (directory / DOCUMENT).exists() and not overwrite:
        raise ConflictError("There is a model here already", where=str(directory), hint="Name another folder")
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **{k: np.asarray(v, np.float64) for k, v in arrays.items()})
    packed = buffer.getvalue()
    head = {"format": FORMAT, "version": VERSION, "arrays_sha256": hashlib.sha256(packed).hexdigest()}
    text = json.dumps({**head, **document}, ensure_ascii=False, allow_nan=False, indent=1)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        _replace(directory / ARRAYS, packed)
        _replace(directory / DOCUMENT, text.encode())
    except OSError as e:
        raise StorageError(f"The model cannot be written: {e.strerror or e}", where=str(directory)) from None
    return directory


def _replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as f:
            f.write(content)
            f.flush()
            os.fsync(f.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def read(directory: Path) -> tuple[dict[str, Any], dict[str, Floats]]:
    """The document and the arrays, within bounds.

    Raises
    ------
    NotFoundError
        If there is no model.
    InputError
        If a file is too large, damaged, of another format, or holds objects or numbers that are not finite.
    """
    raw = _bytes(directory / DOCUMENT, LARGEST_JSON)
    try:
        document = json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError) as e:
        raise InputError(f"Not JSON: {e}"[:200], where=str(directory / DOCUMENT)) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InputError("Not a Groundswell model", where=str(directory / DOCUMENT))
    if document.get("version") != VERSION:
        raise InputError(
            f"Format version {document.get('version')!r} cannot be read", where=str(directory), hint="Train it again"
        )
    packed = _bytes(directory / ARRAYS, LARGEST_ARRAYS)
    if hashlib.sha256(packed).hexdigest() != document.get("arrays_sha256"):
        raise InputError("The arrays are not those that were saved with it", where=str(directory / ARRAYS))
    return document, _unpack(packed, str(directory / ARRAYS))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _bytes(path: Path, largest: int) -> bytes:
    try:
        if path.stat().st_size > largest:
            raise InputError(f"Larger than {largest // 2**20} MiB", where=str(path))
        return path.read_bytes()
    except FileNotFoundError:
        raise NotFoundError(f"No model here: {path.name} is missing", where=str(path.parent)) from None
    except OSError as e:
        raise StorageError(f"Cannot be read: {e.strerror or e}", where=str(path)) from None


def _unpack(packed: bytes, where: str) -> dict[str, Floats]:
    """The arrays of an ``.npz``, refused before it is unpacked if it claims too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            claimed = sum(member.file_size for member in archive.infolist())
            if len(archive.namelist()) > MOST_ARRAYS or claimed > LARGEST_ARRAYS:
                raise InputError("The arrays would not fit in memory", where=where)
        with np.load(io.BytesIO(packed), allow_pickle=False) as loaded:
            arrays = {name: loaded[name] for name in loaded.files}
    except (ValueError, OSError, EOFError, KeyError, zipfile.BadZipFile, SyntaxError, MemoryError) as e:
        raise InputError(f"The arrays are damaged: {e}"[:200], where=where) from None
    for name, array in arrays.items():
        if array.dtype != np.float64 or not np.isfinite(array).all():
            raise InputError(f"The array '{name[:80]}' holds something else than finite numbers", where=where)
    return arrays
