# ruff: noqa: D102 - the properties of a Protocol are explained in its own docstring
"""What the routes need of releases, models, predictions and reports, as types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from groundswell.core.interval import Interval


class View(Protocol):
    """One view of the data; ``to_json()`` gives JSON values (see :mod:`groundswell.explore`)."""

    def to_json(self) -> Any: ...


class Certificate(Protocol):
    """How correct a release is: ``bound`` is the lower bound, ``n`` the checks; ``sentence`` is for a lay reader."""

    @property
    def sentence(self) -> str: ...
    @property
    def correct(self) -> Interval: ...
    @property
    def bound(self) -> float: ...
    @property
    def n(self) -> int: ...
    @property
    def method(self) -> str: ...


class Release(Protocol):
    """A frozen dataset; ``at`` in seconds since 1970, ``splits`` counts items."""

    @property
    def name(self) -> str: ...
    @property
    def at(self) -> float: ...
    @property
    def n(self) -> int: ...
    @property
    def certificate(self) -> Certificate | None: ...
    @property
    def splits(self) -> Mapping[str, int]: ...
    @property
    def hash(self) -> str: ...


class Rung(Protocol):
    """A model of the ladder; ``against_previous`` is the gain in accuracy over the rung below."""

    @property
    def model(self) -> str: ...
    @property
    def accuracy(self) -> Interval | None: ...
    @property
    def f1(self) -> Interval | None: ...
    @property
    def against_previous(self) -> Interval | None: ...


class GroupRow(Protocol):
    """Error rate of one group; ``None`` where it is too small to judge."""

    @property
    def group(self) -> str: ...
    @property
    def n(self) -> int: ...
    @property
    def error(self) -> Interval | None: ...


class ModelReport(Protocol):
    """A trained model. ``weights``: (feature, label, weight), largest first. ``groups``: column to its rows."""

    @property
    def name(self) -> str: ...
    @property
    def release(self) -> str: ...
    @property
    def ladder(self) -> Sequence[Rung]: ...
    @property
    def weights(self) -> Sequence[tuple[str, str, float]]: ...
    @property
    def groups(self) -> Mapping[str, Sequence[GroupRow]]: ...
    @property
    def card(self) -> Mapping[str, Any]: ...


class Drift(Protocol):
    """One test of today against the training data."""

    @property
    def what(self) -> str: ...
    @property
    def test(self) -> str: ...
    @property
    def statistic(self) -> float: ...
    @property
    def p_value(self) -> float | None: ...
    @property
    def level(self) -> Literal["same", "shifted", "changed"]: ...
    @property
    def why(self) -> str: ...


class Doubtful(Protocol):
    """A logged prediction that the model is least sure of."""

    @property
    def input(self) -> Mapping[str, Any]: ...
    @property
    def label(self) -> str: ...
    @property
    def confidence(self) -> float: ...
    @property
    def at(self) -> float | None: ...


class WatchReport(Protocol):
    """A model in use."""

    @property
    def model(self) -> str: ...
    @property
    def n_predictions(self) -> int: ...
    @property
    def drift(self) -> Sequence[Drift]: ...
    @property
    def doubtful(self) -> Sequence[Doubtful]: ...


class Event(Protocol):
    """An entry of the audit trail."""

    @property
    def at(self) -> float: ...
    @property
    def event(self) -> str: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


class Predicted(Protocol):
    """A prediction: a label with its probabilities, or a number (then ``confidence`` is ``None``, ``p`` empty).

    ``because``: (feature, how far it argues for what was predicted), strongest first.
    """

    @property
    def label(self) -> str | float: ...
    @property
    def confidence(self) -> float | None: ...
    @property
    def p(self) -> Mapping[str, float]: ...
    @property
    def because(self) -> Sequence[tuple[str, float]]: ...
