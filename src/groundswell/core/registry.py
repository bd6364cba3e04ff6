"""Interchangeable parts by string name; a miss lists what exists."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from groundswell.core.errors import ConflictError, NotFoundError, did_you_mean

T = TypeVar("T")


class Registry(Generic[T]):
    """Parts of one kind under their names.

    A part is registered by a decorator where it is defined. The modules of ``package`` are imported at the
    first look-up, so that a new file is picked up without being listed anywhere and an unused one costs no
    start-up time.

    Parameters
    ----------
    kind
        What the parts are, for messages: "belief model".
    package
        The package whose modules define the parts.

    Examples
    --------
    >>> colours = Registry[str]("colour")
    >>> _ = colours.register("blue")("#0072b2")
    >>> colours["blue"]
    '#0072b2'
    >>> colours["blew"]
    Traceback (most recent call last):
    groundswell.core.errors.NotFoundError: No colour 'blew'. Did you mean 'blue'? Known: blue
    """

    def __init__(self, kind: str, package: str | None = None) -> None:
        self.kind = kind
        self._package = package
        self._parts: dict[str, T] = {}

    def register(self, name: str) -> Callable[[T], T]:
        """Decorator that stores the part under ``name``."""

        def store(part: T) -> T:
            if name in self._parts and self._parts[name] is not part:
                raise ConflictError(f"A {self.kind} '{name}' exists already")
            self._parts[name] = part
            return part

        return store

    def _load(self) -> None:
        if self._package is None:
            return
        package, self._package = self._package, None
        module = importlib.import_module(package)
        for found in pkgutil.iter_modules(module.__path__):
            importlib.import_module(f"{package}.{found.name}")

    def __getitem__(self, name: str) -> T:
        self._load()
        try:
            return self._parts[name]
        except KeyError:
            raise NotFoundError(f"No {self.kind} '{name}'", hint=did_you_mean(name, self._parts)) from None

    def __contains__(self, name: object) -> bool:
        self._load()
        return name in self._parts

    def __iter__(self) -> Iterator[str]:
        self._load()
        return iter(sorted(self._parts))

    def __len__(self) -> int:
        self._load()
        return len(self._parts)

    def items(self) -> list[tuple[str, T]]:
        """All (name, part), sorted by name."""
        return [(name, self[name]) for name in self]
