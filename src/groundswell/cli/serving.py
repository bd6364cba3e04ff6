"""Starting the two servers and printing where they are."""

from __future__ import annotations

import webbrowser
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from groundswell.cli.base import err, out

if TYPE_CHECKING:
    from groundswell.project import Project


def serve_project(project: Project, *, host: str, port: int, browser: bool, people: Sequence[str] = ()) -> None:
    """Serve the app of a project until it is stopped."""
    from groundswell import app as web

    application = web.create(project)
    bound = web.bind(host, port)
    address = application.state.address(bound)
    out.print(Text.assemble("Groundswell is at ", (address, "bold")), soft_wrap=True)
    for person in people:
        out.print(Text.assemble(f"{person}: ", (application.state.link(bound, person), "bold")), soft_wrap=True)
    err.print("Stop it with Ctrl+C.", style="dim")
    project.warm()
    if browser:
        webbrowser.open(address)
    web.serve(application, bound)


def serve_model(project: Project, name: str, *, host: str, port: int, token: str | None) -> None:
    """Serve predictions of a model until it is stopped."""
    from groundswell import app as web

    application = web.create_predict(project, name, token=token)
    bound = web.bind(host, port)
    out.print(
        Text(f"The model '{name}' answers at http://{host}:{bound.getsockname()[1]}/predict; its card is at /"),
        soft_wrap=True,
    )
    err.print("Stop it with Ctrl+C.", style="dim")
    web.serve(application, bound)
