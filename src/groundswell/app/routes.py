"""``/api``: the project, labelling, beliefs and sources. Every route is a thin translation."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request

from groundswell.app import views
from groundswell.app.access import Session
from groundswell.app.facade import Facade
from groundswell.app.schema import (
    BeliefsOut,
    ItemBelief,
    MineOut,
    NextOut,
    Problem,
    ProjectOut,
    SourceOut,
    UndoIn,
    UndoOut,
    VoteIn,
    VoteOut,
)
from groundswell.app.strict import StrictRoute
from groundswell.core.abstain import ABSTAIN

LONGEST_SECONDS = 86_400.0
"""A tab left open overnight must not spoil the pace: seconds spent are cut off here."""


async def _project(request: Request) -> Facade:
    found: Facade = request.app.state.project
    return found


async def _session(request: Request) -> Session:
    found: Session = request.scope["groundswell.session"]
    return found


Project = Annotated[Facade, Depends(_project)]
Me = Annotated[Session, Depends(_session)]
Limit = Annotated[int, Query(ge=1, le=500)]
PROBLEM: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": Problem, "description": "What went wrong, where, and how to mend it"}
}

router = APIRouter(prefix="/api", route_class=StrictRoute, responses=PROBLEM)


@router.get("/project")
def project(project: Project, me: Me, question: str | None = None) -> ProjectOut:
    """Where the project stands on a question (the first one unless named)."""
    asked = project.question(question)
    return views.project_out(project, asked, project.status(asked.name), me)


@router.get("/questions/{q}/next")
def next_questions(q: str, project: Project, me: Me, n: Annotated[int, Query(ge=1, le=50)] = 3) -> NextOut:
    """The next questions for this person; asking again gives the same ones until they are answered."""
    asked = project.question(q)
    return views.next_out(project.next(q, me.person, n), asked, project.hidden_fields(q))


@router.post("/questions/{q}/votes")
def vote(q: str, body: VoteIn, project: Project, me: Me) -> VoteOut:
    """Store an answer. What automatic sources said is revealed only now."""
    receipt = project.vote(
        q,
        key=body.key,
        person=me.person,
        assignment=body.assignment,
        item=body.item,
        version=body.version,
        answer=ABSTAIN if body.abstain else body.answer,
        seconds=None if body.seconds is None else min(body.seconds, LONGEST_SECONDS),
        note=body.note,
        confidence=body.confidence,
    )
    return views.vote_out(receipt, None if body.abstain else body.answer)


@router.post("/questions/{q}/undo")
def undo(q: str, body: UndoIn, project: Project, me: Me) -> UndoOut:
    """Take back an answer of mine; the question is asked again."""
    asked = project.question(q)
    undone = project.undo(q, key=body.key, person=me.person, retracts=body.retracts)
    return views.undo_out(undone, asked, project.hidden_fields(q))


@router.get("/questions/{q}/mine")
def mine(q: str, project: Project, me: Me, limit: Limit = 50) -> list[MineOut]:
    """My last answers, newest first."""
    votes = project.mine(q, me.person, limit)
    return views.mine_out(votes, project.items([vote.item for vote in votes]))


@router.get("/questions/{q}/sources")
def sources(q: str, project: Project) -> list[SourceOut]:
    """Every source: how much it says and how right it is thought to be."""
    return [views.source_out(row) for row in project.source_table(q)]


@router.get("/questions/{q}/beliefs")
def beliefs(
    q: str,
    project: Project,
    me: Me,
    order: Literal["doubtful", "sure", "item"] = "doubtful",
    label: str | None = None,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Limit = 50,
) -> BeliefsOut:
    """A page of beliefs; items that this person is still to answer are left out."""
    sight = views.Sight.of(project, q, me)
    page = views.belief_page(project.current(q), sight, order=order, label=label)
    rows = page.rows[offset : offset + limit]
    items = project.items([page.item(row) for row in rows])
    return BeliefsOut(
        total=len(page.rows),
        hidden=page.hidden,
        rows=[views.belief_row(page.beliefs, row, item) for row, item in zip(rows, items, strict=True)],
    )


@router.get("/questions/{q}/items/{id:path}")
def item(q: str, id: str, project: Project, me: Me) -> ItemBelief:
    """One item, what is believed of it and why; only the item as long as this person is to answer it."""
    found = project.item(id)
    fields = project.hidden_fields(q)
    if views.Sight.of(project, q, me).hides(id):
        return views.hidden_item(found, fields)
    return views.item_belief(found, project.current(q), project.votes_on(q, id), project.said(q, id))
