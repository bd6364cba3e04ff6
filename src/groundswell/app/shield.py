"""The outermost layer: whose name the server answers to, who may change anything, who is there, and what is logged."""

from __future__ import annotations

import ipaddress
import logging
import time
from collections.abc import Collection
from urllib.parse import urlsplit

from fastapi import HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from groundswell.app.access import SESSION_SECONDS, Access, same
from groundswell.app.problems import local_path, page, refusal

log = logging.getLogger("groundswell.access")

LOCAL = "localhost"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}
"""Put on every response that does not say otherwise."""


def host_name(host: str) -> str:
    """The name in a Host header, without its port, in lower case.

    Examples
    --------
    >>> host_name("LOCALHOST:8000"), host_name("[::1]:8000")
    ('localhost', '[::1]')
    """
    name, _, port = host.rpartition(":")
    return (name if name and port.isdigit() else host).lower()


def is_numeric(name: str) -> bool:
    """Whether a host is an IP address: those cannot be made to point elsewhere, as names can (DNS rebinding)."""
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def same_origin(headers: Headers) -> bool:
    """Whether the browser says that a page of this server sends the request. A missing word is a no."""
    site = headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    origin = headers.get("origin")
    if origin is None:
        return site is not None
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and parts.netloc.lower() == headers.get("host", "").lower()


class Shield:
    """Checks every request before a route sees it, and puts the security headers on every response.

    Parameters
    ----------
    max_body
        Bytes of the longest body.
    access
        The keys; ``None`` lets everybody in who passes the other checks (the prediction service without a token).
    hosts
        Names that the server answers to besides localhost and numeric addresses: a foreign name that is made to
        resolve to this machine must read nothing.
    bearer
        A token that must stand in ``Authorization: Bearer`` (the prediction service).
    """

    def __init__(
        self,
        app: ASGIApp,
        max_body: int,
        access: Access | None = None,
        hosts: Collection[str] = (),
        bearer: str | None = None,
    ) -> None:
        self.app = app
        self.max_body = max_body
        self.access = access
        self.bearer = bearer
        self.hosts = {LOCAL, *(host.lower() for host in hosts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or pass on."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        began, status = time.perf_counter(), 500

        async def shielded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            answer = self._refuse(scope) or self._enter(scope) or self._identify(scope)
            await (answer or self.app)(scope, self._limited(receive), shielded)
        finally:
            path = scope.get("raw_path", b"").split(b"?")[0].decode("ascii", "replace")  # the query may hold a token
            log.info("%s %s %d %.0f ms", scope["method"], path, status, 1e3 * (time.perf_counter() - began))

    def _limited(self, receive: Receive) -> Receive:
        """``receive`` that stops at the longest body, for those that do not say their length beforehand."""
        taken = 0

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.max_body:
                raise HTTPException(413)
            return message

        return limited

    def _refuse(self, scope: Scope) -> Response | None:
        """What no route ever sees."""
        headers, path = Headers(scope=scope), scope["path"]
        if not self._answers_to(headers.getlist("host")):
            hint = "Open it as localhost, or start it with the host's name allowed"
            return refusal(path, 400, "The server does not answer to this name", hint)
        if any(c < " " or c == "\x7f" for c in path) or b"%00" in scope.get("query_string", b""):
            return refusal(path, 404, "Nothing is here", "The address holds a control character")
        if scope["method"] in SAFE:
            return None
        foreign = not same_origin(headers) if self.access else headers.get("sec-fetch-site", "none") == "cross-site"
        if foreign:
            hint = "Requests that change something must come from the server's own pages (Origin or Sec-Fetch-Site)"
            return refusal(path, 403, "The request comes from elsewhere", hint)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length[:20]) > self.max_body:
            return refusal(path, 413, "The body is too large", f"At most {self.max_body:,} bytes")
        if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return refusal(path, 415, "The body is not JSON", "Send it with Content-Type: application/json")
        return None

    def _answers_to(self, hosts: list[str]) -> bool:
        """Whether there is one Host header, and it names this server."""
        return len(hosts) == 1 and (host_name(hosts[0]) in self.hosts or is_numeric(host_name(hosts[0])))

    def _enter(self, scope: Scope) -> Response | None:
        """``GET /?token=…``: open a session and go on without the token in the address."""
        if self.access is None or scope["path"] != "/" or scope["method"] != "GET":
            return None
        request = Request(scope)
        token = request.query_params.get("token")
        if token is None:
            return None
        session = self.access.enter(token, request.query_params.get("person"))
        if session is None:  # an old address: whoever has a session goes on with it
            return None
        onward = local_path(request.query_params.get("next", "/"))
        response = _onward(onward) if _is_foreign(request) else RedirectResponse(onward, 303)
        response.set_cookie(
            self.access.cookie_name,
            self.access.cookie(session),
            max_age=SESSION_SECONDS,
            secure=scope.get("scheme") == "https",
            httponly=True,
            samesite="strict",
        )
        return response

    def _identify(self, scope: Scope) -> Response | None:
        """Say who is there, or refuse."""
        path, request = scope["path"], Request(scope)
        if self.access is not None:
            session = self.access.session(request.cookies.get(self.access.cookie_name, ""))
            if session is None:
                return _onward(local_path(path)) if _is_foreign(request) else _unknown(path)
            scope["groundswell.session"] = session
        if self.bearer is not None:
            given = request.headers.get("authorization", "")
            if not same(given, f"Bearer {self.bearer}"):
                response = refusal(path, 401, "A token is needed", "Send it as Authorization: Bearer TOKEN")
                response.headers["www-authenticate"] = "Bearer"
                return response
        return None


def _is_foreign(request: Request) -> bool:
    """Whether somebody followed a link on a foreign page: then the browser withholds the strict cookie."""
    headers = request.headers
    following = headers.get("sec-fetch-mode") == "navigate" and request.method == "GET"
    return following and headers.get("sec-fetch-site") == "cross-site"


def _onward(path: str) -> Response:
    """A page that goes on by itself: coming from here, the browser sends the cookie. A redirect would not do."""
    return page(200, "Groundswell", "Opening …", refresh=path)


def _unknown(path: str) -> Response:
    return refusal(path, 401, "Who is there?", "Open the address that the terminal printed, with its token")
