"""Pictures: are they whole, how large, which way up. Nothing larger than the bounds is ever decoded."""

from __future__ import annotations

import hashlib
import struct
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError

from groundswell.collect.files import legible, unreadable
from groundswell.core.errors import InputError

MAX_PIXELS = 100_000_000
MAX_BYTES = 256 * 1024**2
FORMATS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp", "BMP": "bmp", "TIFF": "tif"}
_ORIENTATION = 0x0112


@dataclass(frozen=True, slots=True)
class Picture:
    """A decodable picture.

    ``name`` is its content address, with the ending of the format that it really has. ``width`` and ``height`` are
    in pixels as stored; ``orientation`` is the EXIF value 1 to 8, 1 meaning upright.
    """

    name: str
    width: int
    height: int
    orientation: int

    def meta(self) -> dict[str, int]:
        """``width``, ``height`` and, unless upright, ``orientation``."""
        size = {"width": self.width, "height": self.height}
        return size if self.orientation == 1 else {**size, "orientation": self.orientation}


def look(path: Path) -> Picture:
    """Decode a picture once (of an animation the first frame).

    Raises
    ------
    InputError
        If it is no PNG, JPEG, GIF, WebP, BMP or TIFF, is damaged, or is larger than 100 million pixels or 256 MB.
    """
    try:
        with path.open("rb") as stream:
            size = stream.seek(0, 2)
            if size == 0:
                raise InputError("The file is empty", where=legible(str(path)))
            if size > MAX_BYTES:
                raise InputError("The picture is larger than 256 MB", where=legible(str(path)))
            stream.seek(0)
            address = hashlib.file_digest(stream, "sha256").hexdigest()
            stream.seek(0)
            return _decode(stream, address, path)
    except OSError as e:
        raise unreadable(path, e) from None


def _decode(stream: Any, address: str, path: Path) -> Picture:
    def refuse(why: str) -> InputError:
        return InputError(why, where=legible(str(path)), hint="PNG, JPEG, GIF, WebP, BMP or TIFF are read")

    try:
        # Pillow warns of large headers and odd metadata; our own bounds decide.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(stream, formats=list(FORMATS)) as image:
                width, height = image.size
                if width * height > MAX_PIXELS:
                    raise InputError(
                        f"The picture claims {width:,} × {height:,} pixels, more than 100 million",
                        where=legible(str(path)),
                    )
                kind = FORMATS[image.format or ""]
                orientation = image.getexif().get(_ORIENTATION, 1)
                image.draft("RGB", (max(1, width // 8), max(1, height // 8)))
                image.load()
    except UnidentifiedImageError:
        raise refuse("This is not a picture that can be read") from None
    except Image.DecompressionBombError:
        raise InputError("The picture claims more than 100 million pixels", where=legible(str(path))) from None
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, TypeError, struct.error, MemoryError) as e:
        # Pillow's decoders raise all of these on damaged files.
        raise refuse(f"The picture is damaged ({str(e)[:80] or type(e).__name__})") from None
    upright = orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1
    return Picture(f"{address}.{kind}", width, height, upright)
