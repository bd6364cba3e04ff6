"""Starting the two servers and printing where they are."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from groundswell.cli.base import err, out
from groundswell.core.errors import ConflictError

if TYPE_CHECKING:
    from groundswell.project import Project


APP_PORT, MODEL_PORT = 8765, 8766


def listen(host: str, port: int | None, usual: int) -> socket.socket:
    """A socket at the port asked for; if none was, at the usual one, or a free one if that is taken."""
    from groundswell.app import bind

    if port is not None:
        return bind(host, port)
    try:
        return bind(host, usual)
    except ConflictError:
        return bind(host, 0)


def serve_project(project: Project, *, host: str, port: int | None, browser: bool, people: Sequence[str] = ()) -> None:
    """Serve the app of a project until it is stopped."""
    from groundswell import app as web

    application = web.create(project)
    bound = listen(host, port, APP_PORT)
    address = application.state.address(bound)
    out.print(Text.assemble("Groundswell is at ", (address, "bold")), soft_wrap=True)
    for person in people:
        out.print(Text.assemble(f"{person}: ", (application.state.link(bound, person), "bold")), soft_wrap=True)
    err.print("Stop it with Ctrl+C.", style="dim")
    project.warm()
    if browser:
        webbrowser.open(address)
    web.serve(application, bound)


def serve_model(project: Project, name: str, *, host: str, port: int | None, token: str | None) -> None:
    """Serve predictions of a model until it is stopped."""
    from groundswell import app as web

    application = web.create_predict(project, name, token=token)
    bound = listen(host, port, MODEL_PORT)
    out.print(
        Text(f"The model '{name}' answers at http://{host}:{bound.getsockname()[1]}/predict; its card is at /"),
        soft_wrap=True,
    )
    err.print("Stop it with Ctrl+C.", style="dim")
    web.serve(application, bound)
