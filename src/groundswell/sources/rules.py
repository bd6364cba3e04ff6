"""A project's own ``rules.py``: Python that is run only when the user allows it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from groundswell.core.errors import GroundswellError, InputError, NotFoundError
from groundswell.core.ids import digest
from groundswell.sources.base import Source, unique


def load_rules(path: str | Path, *, allow_code: bool = False) -> dict[str, Source]:
    """The sources that a Python file defines, by name, in the order of their definition.

    Parameters
    ----------
    path
        The file; every :class:`Source` at its top level counts (also in lists and tuples).
    allow_code
        Whether the file may be run at all. Running it can do anything that you can.

    Raises
    ------
    InputError
        If code is not allowed, or the file fails.
    NotFoundError
        If there is no such file.
    """
    path = Path(path)
    if not path.is_file():
        raise NotFoundError(f"No file '{path}'")
    if not allow_code:
        raise InputError(
            "Python code is not run unless allowed", where=str(path), hint="Allow it if you trust the file"
        )
    name = f"_groundswell_rules_{digest(str(path.resolve()))}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InputError("It is not a Python file", where=str(path), hint="Its name must end in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except GroundswellError:
        raise
    except Exception as e:
        line = getattr(e, "lineno", None) or _line_in(e, path)
        raise InputError(f"{type(e).__name__}: {e}", where=f"{path}, line {line}" if line else str(path)) from e
    found: list[Source] = []
    for value in vars(module).values():
        members = value if isinstance(value, list | tuple) else [value]
        found.extend(member for member in members if isinstance(member, Source))
    return unique(found)


def _line_in(error: Exception, path: Path) -> int | None:
    line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
