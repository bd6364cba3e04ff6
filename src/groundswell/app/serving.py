"""Listen, say where, and serve until stopped."""

from __future__ import annotations

import contextlib
import errno
import signal
import socket
import threading
import time
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI

from groundswell.app.access import Access
from groundswell.core.errors import ConflictError, InputError, StorageError

START_SECONDS = 10
GRACE_SECONDS = 5
"""How long requests under way may still take when the server is stopped."""

EVERYWHERE = ("", "0.0.0.0", "::")  # noqa: S104 - compared with, not bound to


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens at ``host`` and ``port`` (0: any free one).

    Raises
    ------
    ConflictError
        If something listens there already, or the system forbids the port.
    InputError
        If there is no such host or port.
    """
    where = f"{host}:{port}"
    if not 0 <= port <= 65535:
        raise InputError(f"There is no port {port}", hint="Ports are 0 (any free one) to 65535")
    try:
        family, kind, proto, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError):
        raise InputError(f"There is no host '{host}'", hint="127.0.0.1 is this machine") from None
    found = socket.socket(family, kind, proto)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(place)
        found.listen(1024)
    except OSError as e:
        found.close()
        if e.errno == errno.EADDRINUSE:
            raise ConflictError(
                "The port is in use",
                where=where,
                hint="Stop what runs there, or choose another: --port 0 takes a free one",
            ) from None
        if e.errno == errno.EACCES:
            raise ConflictError("The system forbids this port", where=where, hint="Choose one above 1023") from None
        raise InputError(f"Nothing can listen here: {e.strerror}", where=where) from None
    return found


def address(access: Access | None, bound: socket.socket, person: str | None = None) -> str:
    """What to open in a browser: with the token of this start, or as ``person``, with their own.

    Raises :class:`InputError` on a name that cannot be one.
    """
    host, port = bound.getsockname()[:2]
    name = "127.0.0.1" if host in EVERYWHERE else host
    base = f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"
    return f"{base}?{access.query(person)}" if access else base


def serve(app: FastAPI, bound: socket.socket) -> None:
    """Serve ``app`` at a socket that :func:`bind` made, until SIGINT or SIGTERM; requests under way are finished."""
    with bound, _signals_end_here():
        _server(app).run(sockets=[bound])


@contextlib.contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """Serve ``app`` at a free port of this machine while the ``with`` block runs, which gets the address to open.

    Raises
    ------
    StorageError
        If the server does not come up within ten seconds.
    """
    with bind("127.0.0.1", 0) as bound:
        server = _server(app)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, name="server", daemon=True)
        thread.start()
        try:
            deadline = time.monotonic() + START_SECONDS
            while not server.started:
                if not thread.is_alive() or time.monotonic() > deadline:
                    raise StorageError("The server did not start", hint="The log says more")
                time.sleep(0.01)
            yield address(getattr(app.state, "access", None), bound)
        finally:
            server.should_exit = True
            thread.join(GRACE_SECONDS + START_SECONDS)


def _server(app: FastAPI) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app,
            access_log=False,  # it would log tokens; see groundswell.access
            log_config=None,
            ws="none",
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )


@contextlib.contextmanager
def _signals_end_here() -> Iterator[None]:
    """Come back after SIGINT or SIGTERM: uvicorn raises them anew once it has stopped, the caller has to clean up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            yield
    finally:
        signal.signal(signal.SIGTERM, before)
