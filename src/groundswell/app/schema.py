"""The shapes of what goes over the wire; the page's TypeScript types are generated from them.

Probabilities and shares are in [0, 1]; times are seconds since 1970; durations are seconds. Bodies that a client
sends are strict: an unknown field is an error, so nobody can claim a source, a role or a time.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from groundswell.core.ids import is_key

MAX_ID = 1_000
"""Code points of the longest item id, assignment id or name in a request."""


class Out(BaseModel):
    """Something that the server says."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class In(BaseModel):
    """Something that a client says."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _key(text: str) -> str:
    if not is_key(text):
        raise ValueError("is not a UUID in its canonical spelling")
    return text


Key = Annotated[str, StringConstraints(min_length=36, max_length=36), AfterValidator(_key)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=MAX_ID)]


class Problem(Out):
    """What went wrong, where, and how to mend it."""

    what: str
    where: str | None = None
    hint: str | None = None


class Figure(Out):
    """A figure with its interval and the count behind it."""

    value: float
    low: float
    high: float
    n: int


class Histogram(Out):
    """Counts of a number: bin ``i`` runs from ``edges[i]`` to ``edges[i + 1]``; one edge more than counts."""

    edges: list[float]
    counts: list[int]


# The project and its question -----------------------------------------------------------------------------------


class AnswerShape(Out):
    """The answer type of a question with its settings; what does not apply is null or empty."""

    type: str
    labels: list[str]
    ordered: bool = False
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    longest: int | None = None


class ExampleOut(Out):
    """An item with its right answer and why."""

    text: str
    answer: Any
    why: str


class QuestionOut(Out):
    """What is asked of every item. ``hues`` holds an index into the palette for each label."""

    name: str
    text: str
    instructions_html: str
    answer: AnswerShape
    examples: list[ExampleOut]
    suggestions: Literal["off", "on request", "pre-filled"]
    overlap: int
    version: int
    hues: list[int]


class FrameOut(Out):
    """Why the project exists, in plain words; empty where nobody said."""

    purpose: str
    predicted: str
    used_by: str
    task: str
    task_why: str
    metrics: list[str]
    success: str
    existing: str
    harmed: str
    constraints: str
    hypotheses: list[str]
    warnings: list[str]
    override: str


class Counts(Out):
    """How many there are of everything."""

    items: int
    people: int
    rules: int
    answers: int
    findings: int


class StageOut(Out):
    """One stage of the road and its figure in a word (``12``, ``96.9 %``, ``v1``)."""

    key: str
    title: str
    state: Literal["done", "open", "next"]
    figure: str


class StepOut(Out):
    """Something to do next: the key that starts it, and what it is expected to bring."""

    key: str
    title: str
    detail: str
    href: str


class ProjectOut(Out):
    """Where the project stands on one question.

    ``certainty`` counts items in 20 equal bins of the likeliest label's probability, from 1/K to 1. ``accuracy`` is
    the beliefs' against people's answers on the random sample. ``owner`` is whether this session was opened with the
    address that the terminal printed rather than with a person's own link.
    """

    name: str
    frame: FrameOut
    question: QuestionOut
    questions: list[str]
    counts: Counts
    stages: list[StageOut]
    next: list[StepOut]
    accuracy: Figure | None
    certainty: list[int]
    settled: int
    doubtful: int
    person: str
    owner: bool


# Labelling ------------------------------------------------------------------------------------------------------


class ItemOut(Out):
    """One thing to label. ``media`` is served at ``/media/{media}``; ``row`` has neither text nor media."""

    id: str
    text: str | None
    media: str | None
    kind: Literal["text", "image", "row"]
    meta: dict[str, Any]
    group: str | None


class AssignmentOut(Out):
    """An item put before this person, and why. ``suggestion`` is there only if the question shows suggestions."""

    id: str
    item: ItemOut
    why: str
    stratum: str
    probability: float
    version: int
    suggestion: Any | None


class NextOut(Out):
    """The next questions for this person. ``seconds_each`` is the median pace, null while unknown."""

    assignments: list[AssignmentOut]
    remaining: int
    done_by_me: int
    seconds_each: float | None


class VoteIn(In):
    """An answer, or ``abstain: true`` to skip. ``key`` is a UUID (version 7 by habit): a repeat is a no-op."""

    key: Key
    assignment: Name
    item: Name
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    answer: Any = None
    abstain: bool = False
    seconds: Annotated[float, Field(ge=0)] | None = None
    note: Annotated[str, StringConstraints(max_length=10_000)] = ""
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.abstain == (self.answer is not None):
            raise ValueError("give either an answer or abstain: true")
        return self


class Revealed(Out):
    """What an automatic source said of the item; ``right`` is whether that agrees with the answer just given."""

    source: str
    kind: str
    answer: Any | None
    right: bool | None


class VoteOut(Out):
    """The vote is on disk. ``new`` is false if the key was known already."""

    stored: Literal[True]
    new: bool
    belief: dict[str, float]
    revealed: list[Revealed]


class UndoIn(In):
    """Takes back the vote ``retracts``; ``key`` is a new one."""

    key: Key
    retracts: Key


class UndoOut(Out):
    """The vote is taken back; ``assignment`` asks it again (null if the item can be asked no more)."""

    stored: Literal[True]
    new: bool
    assignment: AssignmentOut | None


class MineOut(Out):
    """An answer of mine; ``answer`` is null for a skip."""

    key: str
    item: str
    text_start: str
    answer: Any | None
    abstained: bool
    at: float


# Beliefs and sources --------------------------------------------------------------------------------------------


class SourceOut(Out):
    """One source: what it is, how much it says, how right it is thought to be."""

    name: str
    kind: str
    group: str | None
    version: str
    definition: str
    n: int
    coverage: float
    overlap: float
    conflict: float
    accuracy: Figure | None
    below_chance: bool
    derived: bool


class BeliefRow(Out):
    """What is believed of one item."""

    item: str
    text_start: str
    media: str | None
    label: str
    confidence: float
    p: dict[str, float]


class BeliefsOut(Out):
    """A page of beliefs; ``total`` counts all that fit the filter.

    ``hidden`` counts items left out because this person is still to answer them.
    """

    total: int
    hidden: int
    rows: list[BeliefRow]


class PushOut(Out):
    """How far one vote moved the belief, in nats of log-odds for ``label`` against the rest.

    ``vote`` is null where nobody voted: the class balance pushes too (kind ``prior``), and so can silence.
    """

    source: str
    kind: str
    vote: str | None
    label: str
    log_odds: float


class VoteRow(Out):
    """One vote on an item; ``answer`` is null for an abstention."""

    source: str
    kind: str
    answer: Any | None
    abstained: bool
    at: float | None
    note: str


class ItemBelief(Out):
    """One item with its belief, from the prior through the pushes of its votes.

    All but the item is empty and ``hidden`` is true as long as this person is to answer it.
    """

    item: ItemOut
    belief: dict[str, float]
    prior: dict[str, float]
    pushes: list[PushOut]
    votes: list[VoteRow]
    hidden: bool
