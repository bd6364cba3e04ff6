"""From the project's nouns to the shapes that go over the wire: the project, labelling, beliefs."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt

from groundswell.app import schema
from groundswell.app.access import Session
from groundswell.app.facade import Asked, Facade, Queue, Receipt, Said, SourceRow, Status, Undone
from groundswell.app.markup import markdown_html
from groundswell.core.abstain import ABSTAIN
from groundswell.core.belief import Beliefs
from groundswell.core.errors import NotFoundError, did_you_mean
from groundswell.core.frame import Frame
from groundswell.core.interval import Interval
from groundswell.core.item import Item
from groundswell.core.question import Question
from groundswell.core.vote import Vote

START = 160
"""Code points of a text that a list shows."""
HUES = 8
"""Colours of the palette; labels beyond them begin anew and are told apart by their letter."""
IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff")


@dataclass(frozen=True)
class Sight:
    """Which items' answers one person may not see yet: nobody is shown what others said before they have answered.

    ``items`` are the ones hidden, or, for a person by link, the only ones shown.
    """

    items: Set[str]
    only: bool

    @classmethod
    def of(cls, project: Facade, question: str, session: Session) -> Self:
        """The owner is kept from the items they are being asked, a person by link from all they have not answered."""
        if session.owner:
            return cls(project.open_items(question, session.person), only=False)
        return cls(project.answered_items(question, session.person), only=True)

    def hides(self, item: str) -> bool:
        """Whether what is known of ``item`` stays hidden."""
        return (item not in self.items) if self.only else (item in self.items)


def figure(interval: Interval | None) -> schema.Figure | None:
    """An interval as it is shown; ``None`` (too few to say) stays ``None``, and so does one that is not a number."""
    if interval is None or not np.isfinite([interval.value, interval.low, interval.high]).all():
        return None
    return schema.Figure(value=interval.value, low=interval.low, high=interval.high, n=interval.n)


def start(item: Item) -> str:
    """The beginning of an item's text, or of its fields."""
    text = item.text if item.text is not None else ", ".join(f"{k}: {v}" for k, v in item.meta.items())
    text = " ".join(text[: 4 * START].split())
    return text if len(text) <= START else text[: START - 1] + "…"


def item_out(item: Item, hidden: Set[str] = frozenset()) -> schema.ItemOut:
    """An item without the fields that hold an answer."""
    kind: Literal["text", "image", "row"] = "row"
    if item.media is not None and item.media.endswith(IMAGES):
        kind = "image"
    elif item.text is not None:
        kind = "text"
    meta = {name: value for name, value in item.meta.items() if name not in hidden}
    return schema.ItemOut(id=item.id, text=item.text, media=item.media, kind=kind, meta=meta, group=item.group)


def question_out(question: Question) -> schema.QuestionOut:
    """A question; its instructions are Markdown, made safe here."""
    labels = list(question.labels)
    settings = {k: v for k, v in question.answer.config().items() if k in schema.AnswerShape.model_fields}
    return schema.QuestionOut(
        name=question.name,
        text=question.text,
        instructions_html=markdown_html(question.instructions),
        answer=schema.AnswerShape(**{**settings, "type": question.answer.name, "labels": labels}),
        examples=[schema.ExampleOut(text=e.text, answer=e.answer, why=e.why) for e in question.examples],
        suggestions=question.suggestions,  # type: ignore[arg-type]  # checked when the question was made
        overlap=question.overlap,
        version=question.version,
        hues=[i % HUES for i in range(len(labels))],
    )


def frame_out(frame: Frame) -> schema.FrameOut:
    """Why the project exists."""
    return schema.FrameOut.model_validate(
        {name: getattr(frame, name) for name in schema.FrameOut.model_fields}, from_attributes=False
    )


def project_out(project: Facade, question: Question, status: Status, session: Session) -> schema.ProjectOut:
    """Where the project stands."""
    return schema.ProjectOut(
        name=project.name,
        frame=frame_out(project.frame),
        question=question_out(question),
        questions=[other.name for other in project.questions()],
        counts=schema.Counts(**{name: getattr(status, name) for name in schema.Counts.model_fields}),
        stages=[schema.StageOut(key=s.key, title=s.title, state=s.state, figure=s.figure) for s in status.stages],
        next=[schema.StepOut(key=s.key, title=s.title, detail=s.detail, href=s.href) for s in status.next],
        accuracy=figure(status.accuracy),
        certainty=list(status.certainty),
        settled=status.settled,
        doubtful=status.doubtful,
        person=session.person,
        owner=session.owner,
    )


def asked_out(asked: Asked, question: Question, hidden: Set[str]) -> schema.AssignmentOut:
    """An assignment; a suggestion only where the question shows them, whatever the project says."""
    assignment = asked.assignment
    return schema.AssignmentOut(
        id=assignment.id,
        item=item_out(asked.item, hidden),
        why=assignment.why,
        stratum=assignment.stratum,
        probability=assignment.probability,
        version=assignment.version,
        suggestion=None if question.suggestions == "off" else asked.suggestion,
    )


def next_out(queue: Queue, question: Question, hidden: Set[str]) -> schema.NextOut:
    """The next questions."""
    return schema.NextOut(
        assignments=[asked_out(asked, question, hidden) for asked in queue.asked],
        remaining=queue.remaining,
        done_by_me=queue.done,
        seconds_each=queue.seconds_each,
    )


def vote_out(receipt: Receipt, answer: Any | None) -> schema.VoteOut:
    """The vote is stored: what the others said, beside the answer given (``None``: skipped)."""
    return schema.VoteOut(
        stored=True, new=receipt.new, belief=dict(receipt.belief), revealed=[_revealed(s, answer) for s in receipt.said]
    )


def _revealed(said: Said, answer: Any | None) -> schema.Revealed:
    right = None
    if said.answer is not None and answer is not None:
        right = said.answer in answer if isinstance(answer, list) else said.answer == answer
    return schema.Revealed(source=said.source, kind=said.kind, answer=said.answer, right=right)


def undo_out(undone: Undone, question: Question, hidden: Set[str]) -> schema.UndoOut:
    """The vote is taken back."""
    again = None if undone.asked is None else asked_out(undone.asked, question, hidden)
    return schema.UndoOut(stored=True, new=undone.new, assignment=again)


def mine_out(votes: Sequence[Vote], items: Sequence[Item]) -> list[schema.MineOut]:
    """One person's answers."""
    return [
        schema.MineOut(
            key=vote.key,
            item=vote.item,
            text_start=start(item),
            answer=None if vote.answer is ABSTAIN else vote.answer,
            abstained=vote.answer is ABSTAIN,
            at=vote.at or 0.0,
        )
        for vote, item in zip(votes, items, strict=True)
    ]


def source_out(row: SourceRow) -> schema.SourceOut:
    """One source."""
    plain = {name: getattr(row, name) for name in schema.SourceOut.model_fields if name != "accuracy"}
    return schema.SourceOut(**plain, accuracy=figure(row.accuracy))


@dataclass(frozen=True)
class BeliefPage:
    """Rows of the beliefs in the order asked for, without the hidden ones."""

    beliefs: Beliefs
    rows: list[int]
    hidden: int

    def item(self, row: int) -> str:
        """The item of a row."""
        return str(self.beliefs.items[row])


def belief_page(beliefs: Beliefs, sight: Sight, *, order: str, label: str | None) -> BeliefPage:
    """Filter by label and sort: most doubtful first, surest first, or as collected.

    Raises
    ------
    NotFoundError
        If no label is called that.
    """
    labels = [str(known) for known in beliefs.labels]
    if label is not None and label not in labels:
        raise NotFoundError(f"No label '{label[:80]}'", hint=did_you_mean(label[:80], labels))
    shown = np.array([not sight.hides(str(item)) for item in beliefs.items], dtype=bool)
    wanted = shown if label is None else shown & (beliefs.codes == labels.index(label))
    rows: npt.NDArray[np.intp] = np.flatnonzero(wanted)
    if order != "item":
        confidence = beliefs.confidence[rows]
        rows = rows[np.argsort(confidence if order == "doubtful" else -confidence, kind="stable")]
    return BeliefPage(beliefs, rows.tolist(), int(len(shown) - shown.sum()))


def belief_row(beliefs: Beliefs, row: int, item: Item) -> schema.BeliefRow:
    """What is believed of one item, in a list."""
    p = by_label(beliefs.labels, beliefs.probabilities[row])
    label = str(beliefs.labels[int(beliefs.codes[row])])
    return schema.BeliefRow(
        item=item.id, text_start=start(item), media=item.media, label=label, confidence=p[label], p=p
    )


def by_label(labels: Sequence[Hashable], probabilities: npt.NDArray[np.float64]) -> dict[str, float]:
    """Label to probability."""
    return dict(zip(map(str, labels), probabilities.tolist(), strict=True))


def hidden_item(item: Item, fields: Set[str]) -> schema.ItemBelief:
    """An item of which this person is to see no more than itself."""
    return schema.ItemBelief(item=item_out(item, fields), belief={}, prior={}, pushes=[], votes=[], hidden=True)


def item_belief(item: Item, beliefs: Beliefs, votes: Sequence[Vote], said: Sequence[Said]) -> schema.ItemBelief:
    """An item, its votes, and how they made its belief."""
    kinds: Mapping[str, str] = {r.source.name: r.source.kind for r in beliefs.reliability}
    pushes = [
        schema.PushOut(
            source=push.source,
            kind=kinds.get(push.source, "prior" if push.vote is None else "source"),
            vote=None if push.vote is None else str(push.vote),
            label=str(push.label),
            log_odds=float(push.log_odds),
        )
        for push in beliefs.explain(item.id)
    ]
    people = [_vote_row(vote, kinds.get(vote.source, "person")) for vote in votes]
    automatic = [
        schema.VoteRow(source=s.source, kind=s.kind, answer=s.answer, abstained=s.answer is None, at=None, note="")
        for s in said
    ]
    return schema.ItemBelief(
        item=item_out(item),
        belief=by_label(beliefs.labels, beliefs.probabilities[beliefs.index(item.id)]),
        prior=by_label(beliefs.labels, beliefs.prior),
        pushes=pushes,
        votes=people + automatic,
        hidden=False,
    )


def _vote_row(vote: Vote, kind: str) -> schema.VoteRow:
    abstained = vote.answer is ABSTAIN
    answer = None if abstained else vote.answer
    return schema.VoteRow(source=vote.source, kind=kind, answer=answer, abstained=abstained, at=vote.at, note=vote.note)
