"""Files that are there whole or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from groundswell.core.errors import NotFoundError, StorageError

_PART = 2**20


def error(cause: OSError, where: Path | str) -> StorageError:
    """One clear line for an error of the file system."""
    return StorageError(cause.strerror or str(cause), where=str(where), hint="Check the disk and its permissions")


@contextmanager
def whole(folder: Path, name: str) -> Iterator[IO[bytes]]:
    """A file to write to that appears as ``folder / name`` when all of it is on disk.

    Raises
    ------
    StorageError
        If the disk refuses; nothing is left behind.
    """
    file: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
        file = Path(temporary)
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        file.chmod(0o644)
        file.replace(folder / name)
        file = None
        sync_folder(folder)
    except OSError as cause:
        raise error(cause, folder / name) from None
    finally:
        if file is not None:
            file.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make new names in a folder survive a power cut, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(file: Path) -> bytes:
    """All of a file. Raises :class:`NotFoundError` or :class:`StorageError`."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise NotFoundError("There is no such file", where=str(file)) from None
    except OSError as cause:
        raise error(cause, file) from None


def parts(content: Path | bytes) -> Iterator[bytes]:
    """The content in parts of 1 MiB. Raises :class:`NotFoundError` or :class:`StorageError`."""
    if isinstance(content, bytes):
        yield content
        return
    try:
        with content.open("rb") as stream:
            while part := stream.read(_PART):
                yield part
    except FileNotFoundError:
        raise NotFoundError("There is no such file", where=str(content)) from None
    except OSError as cause:
        raise error(cause, content) from None


def sha256(content: Path | bytes) -> str:
    """The SHA-256 of a file or of bytes, 64 hexadecimal digits."""
    found = hashlib.sha256()
    for part in parts(content):
        found.update(part)
    return found.hexdigest()
