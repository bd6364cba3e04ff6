"""Text files: each file is one item."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from groundswell.collect.base import READERS, Bad, Options, Reader, Reading, Record
from groundswell.collect.files import File
from groundswell.collect.values import clean_text


def place(file: File) -> dict[str, Any]:
    """Where a file stood, as metadata: its name, and the folder that it stood in, if any."""
    path = PurePosixPath(file.name)
    folder = path.parent.as_posix()
    return {"file": path.name} if folder == "." else {"file": path.name, "folder": folder}


@READERS.register("text")
class TextFile(Reader):
    """Plain text, a file an item. The folder's name becomes metadata: it often is an old label."""

    endings = (".txt", ".md", ".text")
    whole_files = True

    def read(self, file: File, options: Options) -> Reading:
        """Read one file."""
        try:
            text = clean_text(file.text(options.encoding))
        except ValueError as e:
            return Reading(bad=[Bad(None, str(e))])
        if not text.strip():
            return Reading(bad=[Bad(None, "holds only blanks")])
        group = place(file).get(options.group) if options.group else None
        return Reading([Record(None, text, None, place(file), group, None, {})])
