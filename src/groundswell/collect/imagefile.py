"""Image files: each file is one item."""

from __future__ import annotations

from groundswell.collect.base import READERS, Bad, Options, Reader, Reading, Record
from groundswell.collect.files import File
from groundswell.collect.pictures import look
from groundswell.collect.textfile import place
from groundswell.core.errors import InputError


@READERS.register("image")
class ImageFile(Reader):
    """Pictures, a file an item, with width, height and, unless upright, EXIF orientation as metadata."""

    endings = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff")
    whole_files = True

    def read(self, file: File, options: Options) -> Reading:
        """Read one file."""
        try:
            picture = look(file.path)
        except InputError as e:
            return Reading(bad=[Bad(None, e.what)])
        meta = {**place(file), **picture.meta()}
        group = meta.get(options.group) if options.group else None
        record = Record(None, None, picture.name, meta, group, None, {})
        return Reading([record], media={picture.name: file.path})
