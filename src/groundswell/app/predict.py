"""The prediction service: one model over HTTP, with its card."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from starlette.middleware import Middleware

from groundswell.app import problems, views_reports
from groundswell.app.card import STYLE, card_html
from groundswell.app.facade import Facade
from groundswell.app.routes import PROBLEM, Project
from groundswell.app.schema_reports import CardOut, HealthOut, PredictIn, PredictOut
from groundswell.app.shield import Shield
from groundswell.app.strict import StrictRoute

MAX_BODY = 4 * 2**20
"""Bytes of the longest request."""


async def _model(request: Request) -> str:
    found: str = request.app.state.model
    return found


Model = Annotated[str, Depends(_model)]
router = APIRouter(route_class=StrictRoute, responses=PROBLEM)
page = APIRouter(include_in_schema=False)


@page.get("/")
def model_card_page(project: Project, model: Model) -> HTMLResponse:
    """The model card as a page."""
    return HTMLResponse(card_html(model, project.model_card(model)))


@page.get("/card.css")
def style() -> Response:
    """How the card looks."""
    return Response(STYLE, media_type="text/css", headers={"cache-control": "no-cache"})


@router.get("/card")
def model_card(project: Project, model: Model) -> CardOut:
    """The model card: what it was trained on, how good it is, for whom, what it must not be used for."""
    return CardOut(model=model, card=dict(project.model_card(model)))


@router.post("/predict")
def predict(body: PredictIn, project: Project, model: Model) -> PredictOut:
    """Predict items from their fields. Every prediction is logged, so that drift can be seen."""
    predicted = project.predict(model, body.items)
    return PredictOut(model=model, predictions=[views_reports.prediction_out(one) for one in predicted])


@router.get("/health")
def health(model: Model) -> HealthOut:
    """The service answers."""
    return HealthOut(status="ok", model=model)


def create_predict(project: Facade, model: str, *, token: str | None = None, hosts: Collection[str] = ()) -> FastAPI:
    """The prediction service of one model.

    Parameters
    ----------
    project
        An open project.
    model
        Name of a trained model.
    token
        Callers must send it as ``Authorization: Bearer``; by default nobody is asked.
    hosts
        Names under which the server is reached besides localhost; numeric addresses need not be listed.

    Raises
    ------
    NotFoundError
        If there is no such model.
    """
    project.model_card(model)
    app = FastAPI(
        title=f"Groundswell: {model}",
        openapi_url=None,
        redirect_slashes=False,
        middleware=[Middleware(Shield, max_body=MAX_BODY, hosts=hosts, bearer=token)],
    )
    app.state.project = project
    app.state.model = model
    problems.install(app)
    app.include_router(router)
    app.include_router(page)
    return app
