"""Listening, and stopping again: with real sockets and real processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading

import httpx
import pytest

from groundswell.app import Access, bind, create_predict, running
from groundswell.app.serving import address
from groundswell.core.errors import ConflictError, InputError


def test_a_port_in_use_is_one_line():
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConflictError) as caught:
            bind("127.0.0.1", port)
    assert str(caught.value) == (
        f"127.0.0.1:{port}: The port is in use. Stop what runs there, or choose another: --port 0 takes a free one"
    )
    bind("127.0.0.1", port).close()  # and free again at once


@pytest.mark.parametrize(
    ("host", "port", "says"),
    [("no.such.host.invalid", 0, "no host"), ("127.0.0.1", 70_000, "no port"), ("127.0.0.1", -1, "no port"),
     ("a" * 300, 0, "no host"), ("192.0.2.1", 0, "Nothing can listen here")],
)  # fmt: skip
def test_what_cannot_be_listened_at_is_one_line(host, port, says):
    with pytest.raises(InputError, match=says) as caught:
        bind(host, port)
    assert "\n" not in str(caught.value)


def test_addresses_can_be_opened():
    access = Access(secret=b"s" * 32, token="t", owner="ada")
    with bind("0.0.0.0", 0) as everywhere:
        port = everywhere.getsockname()[1]
        assert address(access, everywhere) == f"http://127.0.0.1:{port}/?token=t"
        assert address(None, everywhere) == f"http://127.0.0.1:{port}/"
        assert address(access, everywhere, "ben").endswith(access.query("ben"))
        with pytest.raises(InputError):
            address(access, everywhere, "Ben & Co")


def test_ipv6_addresses_can_be_opened():
    try:
        bound = bind("::1", 0)
    except InputError:
        pytest.skip("this machine has no IPv6")
    with bound:
        assert address(None, bound) == f"http://[::1]:{bound.getsockname()[1]}/"


def test_it_runs_beside_a_program(project, app):
    with running(create_predict(project, "v1")) as printed, httpx.Client(base_url=printed) as client:
        assert client.get("/health").json() == {"status": "ok", "model": "v1"}
        assert client.post("/predict", json={"items": [{"text": "win"}]}).status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(printed)
    with running(app) as printed:
        assert "token=the-token" in printed
        with httpx.Client(follow_redirects=True) as client:
            assert client.get(printed).status_code == 200


SERVER = """
import sys, time
sys.path[:0] = [{tests!r}]
import conftest
from groundswell import app
project = conftest.FakeProject()
quick = project.status
def slow(question):
    print("asked", flush=True)
    time.sleep(1)
    return quick(question)
project.status = slow
made = app.create(project, access=app.Access(secret=b"s" * 32, token="t", owner="ada"))
bound = app.bind("127.0.0.1", 0)
print(made.state.address(bound), flush=True)
app.serve(made, bound)
print("closed", flush=True)
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_finishes_what_is_under_way_and_comes_back(how, root, tmp_path):
    script = tmp_path / "server.py"
    script.write_text(textwrap.dedent(SERVER.format(tests=str(root / "tests" / "app"))))
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as server:
        try:
            printed = server.stdout.readline().strip()
            with httpx.Client(timeout=20) as client, httpx.Client(timeout=20) as other:
                base = printed.split("?")[0]
                assert client.get(printed, follow_redirects=True).status_code in (200, 503)  # 503: no page built
                other.cookies = client.cookies
                assert client.get(f"{base}api/questions/spam/next").status_code == 200
                found = []
                waiting = threading.Thread(target=lambda: found.append(other.get(f"{base}api/project").status_code))
                waiting.start()
                assert server.stdout.readline().strip() == "asked"
                server.send_signal(how)
                waiting.join(15)
                assert found == [200]
            assert server.wait(15) == 0
            assert server.stdout.read().strip() == "closed"
            assert "Traceback" not in server.stderr.read()
        finally:
            server.kill()
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", int(base.rsplit(":", 1)[1].strip("/"))), timeout=2)
