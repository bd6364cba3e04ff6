"""The one exception tree. Every error says what went wrong, where, and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class GroundswellError(Exception):
    """What a user can cause or mend.

    Parameters
    ----------
    what
        One sentence: what is wrong.
    where
        The file, row, field or name it is about.
    hint
        What to do about it.

    Examples
    --------
    >>> print(GroundswellError("No column 'body'", where="a.csv", hint="Columns: id, text"))
    a.csv: No column 'body'. Columns: id, text
    """

    exit_code = 2

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        line = f"{self.where}: {self.what}" if self.where else self.what
        if self.hint:
            line = f"{line.rstrip('.')}. {self.hint}"
        return line


class InputError(GroundswellError):
    """Data or a setting from outside cannot be used as it is."""


class BadRowsError(InputError):
    """Some rows of a file cannot be used. ``rows`` holds (row number from 1, reason)."""

    def __init__(
        self, what: str, *, rows: list[tuple[int, str]], where: str | None = None, hint: str | None = None
    ) -> None:
        super().__init__(what, where=where, hint=hint)
        self.rows = rows


class AnswerError(InputError):
    """An answer does not fit its question."""


class NotFoundError(GroundswellError):
    """Something was named that does not exist."""


class ConflictError(GroundswellError):
    """Something stands in the way: it exists already, or has changed meanwhile."""


class StorageError(GroundswellError):
    """The disk or the database refused."""


class UnsupportedClaimError(GroundswellError):
    """What is asked for cannot be learned from labels, or must not be. Needs a recorded override."""


class MissingExtraError(GroundswellError):
    """An optional dependency is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"This needs the package '{package}', which is not installed",
            hint=f'Install it with: pip install "groundswell[{extra}]"',
        )


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint that lists what exists, the nearest name first.

    Examples
    --------
    >>> did_you_mean("margni", ["entropy", "margin"])
    "Did you mean 'margin'? Known: entropy, margin"
    """
    names = sorted(known)
    listed = f"Known: {', '.join(names)}" if names else "None exists yet"
    near = difflib.get_close_matches(name, names, n=1)
    return f"Did you mean '{near[0]}'? {listed}" if near else listed
