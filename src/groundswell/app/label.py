"""The labelling app: the page and its API over one project."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware import Middleware

from groundswell.app import pages, problems, routes, routes_reports
from groundswell.app.access import Access, project_secret
from groundswell.app.facade import Facade
from groundswell.app.serving import address
from groundswell.app.shield import Shield

MAX_BODY = 8 * 2**20
"""Bytes of the longest request: a hundred thousand spans."""


def create(
    project: Facade, *, access: Access | None = None, hosts: Collection[str] = (), static: Path | None = None
) -> FastAPI:
    """The labelling app of a project.

    Parameters
    ----------
    project
        An open project.
    access
        The keys; by default a new token for this start, and the project's own secret.
    hosts
        Names under which the server is reached besides localhost; numeric addresses need not be listed.
    static
        The built page, if it is not the package's own.

    Returns
    -------
    FastAPI
        Its ``state`` has ``address(bound)``, the owner's address once a socket is bound, and
        ``link(bound, person)``, a person's own.
    """
    keys = access or Access(secret=project_secret(project.path))
    app = FastAPI(
        title="Groundswell",
        openapi_url=None,
        redirect_slashes=False,
        middleware=[Middleware(Shield, max_body=MAX_BODY, access=keys, hosts=hosts)],
    )
    app.state.project = project
    app.state.access = keys
    app.state.address = partial(address, keys)
    app.state.link = partial(address, keys)
    app.state.pages = pages.Pages(static or pages.STATIC)
    problems.install(app)
    app.include_router(routes.router)
    app.include_router(routes_reports.router)
    app.include_router(pages.router)
    return app
