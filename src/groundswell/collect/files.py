"""Paths, globs and folders to files; bytes to text. Everything that the file system can refuse is said here."""

from __future__ import annotations

import codecs
import glob
import gzip
import io
import os
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from groundswell.core.errors import GroundswellError, InputError, NotFoundError, did_you_mean

MAX_BYTES = 2 * 1024**3
_BOMB_BYTES, _BOMB_RATIO = 64 * 1024**2, 200
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook", "Unpack it, or save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file", "Save it as CSV"),
    (b"PAR1", "a Parquet file", "Give it the ending .parquet, or say reader='parquet' (--reader parquet)"),
    (b"\x1f\x8b", "gzip", "Give it the ending .gz"),
    (b"SQLite format 3", "a SQLite database", "Export the table as CSV"),
    (b"%PDF", "a PDF", "Save its text"),
    (b"\x89PNG", "a PNG image", "Give it the ending .png, or say reader='image' (--reader image)"),
    (b"\xff\xd8\xff", "a JPEG image", "Give it the ending .jpg, or say reader='image' (--reader image)"),
    (b"GIF8", "a GIF image", "Give it the ending .gif, or say reader='image' (--reader image)"),
)


@dataclass(frozen=True, slots=True)
class File:
    """A file to read. ``name`` is its path within the folder that was given, with forward slashes."""

    path: Path
    name: str

    @property
    def origin(self) -> str:
        """The path as it was given, for messages and provenance."""
        return legible(str(self.path))

    @property
    def zipped(self) -> bool:
        """Whether its name ends in ``.gz``."""
        return self.path.suffix.lower() == ".gz"

    @property
    def ending(self) -> str:
        """``.csv`` for ``a.CSV`` and ``a.csv.gz``."""
        return Path(self.path.stem).suffix.lower() if self.zipped else self.path.suffix.lower()

    def content(self) -> bytes:
        """Its content, unpacked. Raises :class:`InputError` if it cannot be read, is empty or is a bomb."""
        try:
            if not self.path.is_file() and self.path.exists():
                raise InputError("This is no ordinary file", where=self.origin)
            if self.path.stat().st_size > MAX_BYTES:
                raise InputError("The file is larger than 2 GB", where=self.origin, hint="Split it, or use Parquet")
            packed = self.path.read_bytes()
        except OSError as e:
            raise unreadable(self.path, e) from None
        content = self._unzip(packed) if self.zipped else packed
        if not content:
            raise InputError("The file is empty", where=self.origin, hint="Nothing was collected")
        return content

    def _unzip(self, packed: bytes) -> bytes:
        limit = min(MAX_BYTES, max(_BOMB_BYTES, _BOMB_RATIO * len(packed)))
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
                content = stream.read(limit + 1)
        except (OSError, EOFError, zlib.error) as e:
            raise InputError(f"The file is not whole gzip ({e})", where=self.origin, hint="Fetch it again") from None
        if len(content) > limit:
            raise InputError(
                f"The file unpacks to more than {limit // 1024**2:,} MB", where=self.origin, hint="Unpack it first"
            )
        return content

    def text(self, encoding: str | None) -> str:
        """Its content as text. Raises :class:`InputError` on binary content and on a wrong encoding."""
        return decode(self.content(), encoding, self.origin)


def legible(path: str) -> str:
    """A path as characters: file names may hold any byte, which no database or JSON can."""
    return "".join(c if c.isprintable() else "\ufffd" for c in path)


def unreadable(path: Path, error: OSError) -> GroundswellError:
    """What the operating system refused, in one line."""
    if isinstance(error, FileNotFoundError):
        return _missing(path)
    if isinstance(error, PermissionError):
        return InputError(
            "May not be read: permission denied", where=legible(str(path)), hint="Check who may read it (ls -l)"
        )
    return InputError(f"Cannot be read: {error.strerror or error}", where=legible(str(path)))


def _missing(path: Path) -> NotFoundError:
    # The nearest name in the same folder is nearly always what was meant.
    hint = "Check the path"
    folder = path.parent
    try:
        names = sorted(entry.name for entry in os.scandir(folder))
    except OSError:
        names = []
        hint = f"The folder {folder} does not exist or may not be read"
    if names:
        near = did_you_mean(path.name, names)
        hint = near.split("? ")[0] + "?" if near.startswith("Did you mean") else f"{folder} holds {_some(names)}"
    return NotFoundError("No such file or folder", where=legible(str(path)), hint=hint)


def _some(names: Sequence[str], n: int = 8) -> str:
    listed = ", ".join(names[:n])
    return f"{listed} and {len(names) - n:,} more" if len(names) > n else listed


def find(paths: str | Path | Iterable[str | Path]) -> tuple[list[File], bool]:
    """The files behind paths, globs and folders, in the order given, each once; and whether a folder was among them.

    Folders are read to the bottom, sorted by name. Hidden files, and links that lead out of the folder, are left out.

    Raises
    ------
    NotFoundError
        If a path does not exist or a glob matches nothing.
    InputError
        If a folder may not be read or holds nothing.
    """
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    if not given:
        raise InputError("No path was given", hint="For example reports/*.csv")
    files: dict[str, File] = {}
    folders = False
    for one in given:
        if "\0" in str(one):
            raise InputError("A path cannot hold a NUL character")
        for path, base in _expand(str(one)):
            try:
                is_folder = path.is_dir()
                found = _walk(path) if is_folder else [File(path, legible(path.relative_to(base).as_posix()))]
                for file in found:
                    files.setdefault(str(file.path.resolve()), file)
            except OSError as e:
                raise unreadable(path, e) from None
            folders = folders or is_folder
    return list(files.values()), folders


def _expand(text: str) -> list[tuple[Path, Path]]:
    """Each path meant, and the folder that it is named from."""
    path = Path(text).expanduser()
    try:
        exists = path.exists()
    except OSError as e:
        raise unreadable(path, e) from None
    if exists:
        return [(path, path.parent)]
    if not glob.has_magic(text):
        if path.is_symlink():
            raise InputError("The link leads nowhere", where=text)
        raise _missing(path)
    matches = sorted(Path(match) for match in glob.glob(str(path), recursive=True))  # noqa: PTH207
    parts = list(path.parts)
    fixed = next(n for n, part in enumerate(parts) if glob.has_magic(part))
    base = Path(*parts[:fixed]) if fixed else Path()
    # A pattern that ends in ** or * also matches folders whose files it matches anyway.
    kept = [match for match in matches if match.is_file()] or matches
    if not kept:
        raise NotFoundError("No file matches", where=text, hint="Check the folder and the ending")
    return [(match, base) for match in kept]


def _walk(folder: Path) -> list[File]:
    def refuse(error: OSError) -> None:
        raise unreadable(Path(error.filename or folder), error)

    root = folder.resolve()
    files = []
    for where, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(where, name)
            if name.startswith(".") or not path.is_file():
                continue
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                continue
            files.append(File(path, legible(path.relative_to(folder).as_posix())))
    if not files:
        raise InputError("The folder holds no file", where=str(folder), hint="Nothing was collected")
    return files


def decode(data: bytes, encoding: str | None, where: str) -> str:
    """Bytes to text: a byte-order mark decides, then ``encoding``, then UTF-8.

    Raises
    ------
    InputError
        If the bytes are no text, or not in this encoding; the line and a likely encoding are named.
    """
    if encoding is not None:
        try:
            codecs.lookup(encoding)
        except LookupError:
            raise InputError(f"No encoding '{encoding}'", hint="For example utf-8, latin-1, cp1252, utf-16") from None
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            encoding = name
    _refuse_binary(data, where, wide=encoding is not None)
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError as e:
        line = data.count(b"\n", 0, e.start) + 1
        raise InputError(
            f"Line {line:,} is not {encoding or 'UTF-8'} (byte 0x{data[e.start]:02X})",
            where=where,
            hint=_encodings(data),
        ) from None
    except (UnicodeError, LookupError, ValueError, TypeError) as e:
        raise InputError(f"Cannot be read as {encoding}: {e}", where=where, hint="Try utf-8 or latin-1") from None
    return text


def _refuse_binary(data: bytes, where: str, *, wide: bool) -> None:
    # A chosen encoding may be a wide one, in which zero bytes are letters.
    for magic, what, hint in _MAGIC:
        if data.startswith(magic):
            raise InputError(f"This is {what}, not text", where=where, hint=hint)
    head = data[:65536]
    zeros = head.count(0)
    if wide or not zeros:
        return
    for offset, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if head[offset::2].count(0) > 0.4 * len(head[offset::2]):
            raise InputError(
                "This looks like UTF-16 without its mark",
                where=where,
                hint=f"Say encoding='{name}' (--encoding {name})",
            )
    if zeros > len(head) // 1000:
        raise InputError("This is a binary file, not text", where=where, hint="Check that it is the right file")


def _encodings(data: bytes) -> str:
    # 0x80-0x9F are control characters in latin-1 and quotes, dashes and the euro in cp1252.
    smart = any(0x80 <= byte <= 0x9F for byte in data)
    name = "cp1252" if smart and not any(byte in data for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)) else "latin-1"
    names = "cp1252 or latin-1" if name == "cp1252" else name
    return f"Western European files often are {names}: say encoding='{name}' (--encoding {name})"
