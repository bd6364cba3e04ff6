"""The shapes of what is read rather than answered: exploring, auditing, releases, models, watching."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from groundswell.app.schema import Figure, Histogram, In, Out


class ExploreCounts(Out):
    """What the items are."""

    items: int
    text: int
    media: int
    groups: int


class MissingOut(Out):
    """A field with missing values."""

    field: str
    missing: int
    share: float


class DuplicateOut(Out):
    """Items that are the same (``similarity`` 1) or nearly so."""

    items: list[str]
    text_start: str
    similarity: float


class DuplicatesOut(Out):
    """Exact and near-duplicates: how many items are one too many, and the groups, largest first."""

    exact: int
    near: int
    groups: list[DuplicateOut]


class BalanceOut(Out):
    """How many items carry a label, as known so far."""

    label: str
    n: int
    share: float


class MapOut(Out):
    """The map: parallel lists, one entry per point. ``label`` is null where nothing is believed or shown."""

    n: int
    x: list[float]
    y: list[float]
    cluster: list[int]
    label: list[str | None]
    confidence: list[float | None]
    item: list[str]


class ClusterOut(Out):
    """A cluster of the map and the terms that set it apart."""

    id: int
    n: int
    terms: list[str]


class FieldOut(Out):
    """A metadata field: its kind of values, the three figures of numbers, else its commonest values with counts."""

    name: str
    kind: str
    present: int
    distinct: int
    minimum: float | None
    median: float | None
    maximum: float | None
    top: list[tuple[str, int]]


class ExploreOut(Out):
    """What is in the data. Parts that do not apply to it are null or empty.

    ``sentences`` says by part, in plain words, what a reader should take from it.
    """

    sentences: dict[str, str]
    counts: ExploreCounts
    lengths: Histogram | None
    missing: list[MissingOut]
    duplicates: DuplicatesOut
    balance: list[BalanceOut]
    fields: list[FieldOut]
    map: MapOut | None
    clusters: list[ClusterOut]


class FindingOut(Out):
    """Something that a check found; ``severity`` in [0, 1], 1 the worst."""

    check: str
    severity: float
    why: str
    action: str
    item: str | None
    others: list[str]
    evidence: dict[str, Any]
    text: str


class AuditOut(Out):
    """All findings, worst first; ``total`` counts also those left off."""

    total: int
    findings: list[FindingOut]


class CertificateOut(Out):
    """How correct a release is: one sentence for a lay reader, and the figures behind it."""

    sentence: str
    correct: Figure
    bound: float
    n: int
    method: str


class ReleaseOut(Out):
    """A frozen dataset: items per split, and its hash."""

    name: str
    at: float
    n: int
    certificate: CertificateOut | None
    splits: dict[str, int]
    hash: str


class RungOut(Out):
    """A model of the ladder; ``against_previous`` is the gain in accuracy over the rung below, null for the first."""

    model: str
    accuracy: Figure | None
    f1: Figure | None
    against_previous: Figure | None


class WeightOut(Out):
    """What a model looks at: a positive weight argues for the label."""

    feature: str
    label: str
    weight: float


class GroupRowOut(Out):
    """Error rate of one group; null where the group is too small to judge."""

    group: str
    n: int
    error: Figure | None


class GroupsOut(Out):
    """Error rates by the values of one column."""

    column: str
    rows: list[GroupRowOut]


class ModelOut(Out):
    """A trained model."""

    name: str
    release: str
    ladder: list[RungOut]
    weights: list[WeightOut]
    groups: list[GroupsOut]
    card: dict[str, Any]


class DriftOut(Out):
    """One test of today against the training data."""

    what: str
    test: str
    statistic: float
    p_value: float | None
    level: Literal["same", "shifted", "changed"]
    why: str


class DoubtfulOut(Out):
    """A prediction that the model is least sure of."""

    text_start: str
    label: str
    confidence: float
    at: float | None


class WatchOut(Out):
    """A model in use."""

    model: str
    n_predictions: int
    drift: list[DriftOut]
    doubtful: list[DoubtfulOut]


class EventOut(Out):
    """An entry of the audit trail."""

    at: float
    event: str
    data: dict[str, Any]


# The prediction service -----------------------------------------------------------------------------------------

MAX_PREDICT = 1_000
"""Items in one call of the prediction service."""

Value = Annotated[str, StringConstraints(max_length=100_000)] | bool | int | float | None


class PredictIn(In):
    """Items to predict: their fields by name, such as ``{"text": "…"}``."""

    items: Annotated[
        list[Annotated[dict[str, Value], Field(min_length=1, max_length=1_000)]],
        Field(min_length=1, max_length=MAX_PREDICT),
    ]


class Because(Out):
    """A feature of the item and how far it argues for the predicted label."""

    feature: str
    weight: float


class PredictionOut(Out):
    """The likeliest label with the probabilities of all, or a number (then without them), and the strongest reasons."""

    label: str | float
    confidence: float | None
    p: dict[str, float]
    because: list[Because]


class PredictOut(Out):
    """One prediction per item, in their order."""

    model: str
    predictions: list[PredictionOut]


class CardOut(Out):
    """What to know of a model before using it."""

    model: str
    card: dict[str, Any]


class HealthOut(Out):
    """The service answers."""

    status: Literal["ok"]
    model: str
