"""``/api``: exploring, auditing, releases, models, watching. Every route is a thin translation."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from groundswell.app import views, views_reports
from groundswell.app.access import owner_only
from groundswell.app.routes import PROBLEM, Limit, Me, Project
from groundswell.app.schema_reports import AuditOut, EventOut, ExploreOut, ModelOut, ReleaseOut, WatchOut
from groundswell.app.strict import StrictRoute
from groundswell.app.views_explore import explore_out

router = APIRouter(prefix="/api", route_class=StrictRoute, responses=PROBLEM)
OWNER = [Depends(owner_only)]


@router.get("/explore")
def explore(project: Project, me: Me, question: str | None = None) -> ExploreOut:
    """What is in the data."""
    name = project.question(question).name
    found = project.explore(name)
    known = "balance" in found  # labels were known: somebody or something has said something
    return explore_out(found, project.current(name) if known else None, views.Sight.of(project, name, me))


@router.get("/audit")
def audit(
    project: Project, me: Me, question: str | None = None, limit: Annotated[int, Query(ge=1, le=5_000)] = 500
) -> AuditOut:
    """What the checks found, worst first."""
    name = project.question(question).name
    sight = views.Sight.of(project, name, me)
    findings = [f for f in project.audit(name) if not views_reports.is_hidden(f, sight)]
    shown = findings[:limit]
    ids = list(dict.fromkeys(f.item for f in shown if f.item is not None))
    texts = {item.id: views.start(item) for item in project.items(ids)}
    return AuditOut(total=len(findings), findings=[views_reports.finding_out(f, texts) for f in shown])


@router.get("/releases")
def releases(project: Project) -> list[ReleaseOut]:
    """Frozen datasets, newest first."""
    return [views_reports.release_out(release) for release in project.releases()]


@router.get("/models")
def models(project: Project) -> list[ModelOut]:
    """Trained models, newest first."""
    return [views_reports.model_out(model) for model in project.models()]


@router.get("/watch", dependencies=OWNER)
def watch(project: Project) -> list[WatchOut]:
    """Models in use: today against the training data."""
    return [views_reports.watch_out(report) for report in project.watch()]


@router.get("/events", dependencies=OWNER)
def events(project: Project, limit: Limit = 100) -> list[EventOut]:
    """The audit trail, newest first."""
    return [EventOut(at=event.at, event=event.event, data=dict(event.data)) for event in project.events(limit)]
