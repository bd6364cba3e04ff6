"""What a client is told when something is wrong: ``{"what", "where", "hint"}``, or a plain page. Never a traceback."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from html import escape

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from groundswell.app.schema import Problem
from groundswell.core import errors

log = logging.getLogger("groundswell.app")

STATUS: tuple[tuple[type[errors.GroundswellError], int], ...] = (
    (errors.NotFoundError, 404),
    (errors.ConflictError, 409),
    (errors.StorageError, 503),
    (errors.MissingExtraError, 501),
    (errors.GroundswellError, 422),
)
"""HTTP status by class, the first that fits. A full disk is nobody's input: the client keeps its answer and retries."""

_STYLE = (
    ":root{color-scheme:light dark;font:16px/1.6 system-ui,sans-serif}body{max-width:34rem;margin:18vh auto;"
    "padding:0 1.5rem}h1{font-size:1.25rem}p{opacity:.8}code{font-family:ui-monospace,monospace}"
)
PAGE_POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    f"style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'"
)


_PATH = re.compile(r"/(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*/?)*\Z")


def local_path(text: str) -> str:
    """``text`` if it is a plain path of this server, else ``/``.

    Examples
    --------
    >>> [local_path(t) for t in ("/label", "//evil", "/\\\\evil", "https:evil", "/a//evil")]
    ['/label', '/', '/', '/', '/']
    """
    return text if _PATH.match(text) else "/"


def problem(status: int, what: str, where: str | None = None, hint: str | None = None) -> Response:
    """An error as JSON."""
    content = Problem(what=_clean(what), where=_clean(where), hint=_clean(hint)).model_dump_json()
    return Response(content, status, media_type="application/json")


def _clean(text: str | None) -> str:
    """``text`` without halves of surrogate pairs, which UTF-8 cannot say."""
    return "" if text is None else text.encode("utf-8", "replace").decode()


def page(status: int, title: str, text: str, *, refresh: str | None = None) -> HTMLResponse:
    """A plain page without scripts. ``refresh`` is an address of this server to go on to at once."""
    forward = f'<meta http-equiv="refresh" content="0;url={local_path(refresh)}">' if refresh else ""
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>{forward}'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1><p>{escape(text)}</p></main></body></html>",
        status,
        headers={"content-security-policy": PAGE_POLICY, "cache-control": "no-store"},
    )


def refusal(path: str, status: int, what: str, hint: str) -> Response:
    """A refusal in the form that fits what was asked for: JSON under ``/api``, else a page."""
    return problem(status, what, hint=hint) if path.startswith("/api/") else page(status, what, f"{hint}.")


def _groundswell(_: Request, error: Exception) -> Response:
    assert isinstance(error, errors.GroundswellError)
    status = next(code for kind, code in STATUS if isinstance(error, kind))
    if status >= 500:
        log.error("%s", error)
    return problem(status, error.what, error.where, error.hint)


def _validation(_: Request, error: Exception) -> Response:
    """The first thing wrong with a request; what was sent is not repeated."""
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    where = ".".join(str(part) for part in found[0]["loc"])[:200]
    more = f"{len(found) - 1} more like this" if len(found) > 1 else None
    return problem(422, str(found[0]["msg"]).removeprefix("Value error, ")[:500], where, more)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    what = {404: "Nothing is here", 405: "This cannot be done here", 413: "The body is too large"}
    response = problem(error.status_code, what.get(error.status_code, str(error.detail)), request.url.path[:200])
    response.headers.update(error.headers or {})
    return response


def _unexpected(request: Request, _: Exception) -> Response:
    """Our own mistake; the server's log has the traceback, without headers or cookies."""
    log.error("%s %s failed", request.method, request.scope.get("raw_path", b"").decode("ascii", "replace"))
    return problem(500, "Something went wrong in Groundswell", hint="The server's log says more")


def install(app: FastAPI) -> None:
    """Answer every error in these forms."""
    app.add_exception_handler(errors.GroundswellError, _groundswell)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)
