"""Attacks in a real Chromium: what the headers and the escaping are for. Each has a control that fires."""

from __future__ import annotations

import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from groundswell.app import create, create_predict, running
from groundswell.core.item import Item

pytestmark = pytest.mark.browser

FIRE = "document.documentElement.dataset.fired=1"
PAYLOADS = (
    f'<img src=x onerror="{FIRE}">',
    f"</script><script>{FIRE}</script>",
    f'"><svg onload="{FIRE}">',
    f"</title><script>{FIRE}</script>",
)


@pytest.fixture(scope="module")
def chromium():
    playwright = pytest.importorskip("playwright.sync_api")
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with playwright.sync_playwright() as driver:
        try:
            browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        except playwright.Error as e:
            pytest.skip(f"no Chromium: {e}")
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium):
    context = chromium.new_context(accept_downloads=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def foreign():
    """A page of somebody else: another site than 127.0.0.1, and the requests it got."""

    class Handler(BaseHTTPRequestHandler):
        page = ""

        def do_GET(self):
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(Handler.page.encode())

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def show(html):
        Handler.page = html
        return f"http://localhost:{server.server_port}/"

    yield show
    server.shutdown()
    server.server_close()


def fired(tab):
    tab.wait_for_timeout(300)
    return tab.evaluate("document.documentElement.dataset.fired") is not None


def test_x1_a_card_full_of_scripts_does_nothing(tab, project):
    project.model_card = lambda name: {
        name: PAYLOADS[0],
        "list": list(PAYLOADS),
        "rows": [dict.fromkeys(PAYLOADS, "x")],
    }
    with running(create_predict(project, "v1")) as address:
        tab.goto(address)
        assert "document.documentElement" in tab.inner_text("body")  # shown as text
        assert not fired(tab)


def test_x1_the_policy_alone_stops_scripts_too(tab, project, access, static):
    (static / "index.html").write_text("<!doctype html><title>x</title>" + "".join(PAYLOADS))  # as if escaping failed
    with running(create(project, access=access, static=static)) as address:
        tab.goto(address)
        assert tab.title() == "x"
        assert not fired(tab)


def test_x1_control_without_either_they_fire(tab, foreign):
    tab.goto(foreign("<!doctype html><title>x</title>" + "".join(PAYLOADS)))
    assert fired(tab)


@pytest.mark.parametrize("ending", ["svg", "html", "png"])
def test_x2_media_do_nothing_when_opened(ending, tab, project, access, images):
    body = f"<svg xmlns='http://www.w3.org/2000/svg'><script>{FIRE}</script></svg>"
    name = f"{'0' * 64}.{ending}"
    (images / name).write_bytes((b"\x89PNG\r\n\x1a\n" if ending == "png" else b"") + body.encode())
    with running(create(project, access=access)) as address:
        tab.goto(address)
        base = address.split("?")[0]
        if ending == "png":
            tab.goto(f"{base}media/{name}")
            assert not fired(tab)
        else:
            with tab.expect_download() as download:
                tab.evaluate("path => { location.href = path }", f"/media/{name}")
            assert download.value.suggested_filename == name


def test_x2_control_such_a_picture_fires_elsewhere(tab, foreign):
    tab.goto(foreign(f"<svg xmlns='http://www.w3.org/2000/svg'><script>{FIRE}</script></svg>"))
    assert fired(tab)


def test_c1_a_foreign_page_cannot_vote(tab, project, app, foreign, make_ballot, owner):
    ballot = make_ballot(owner)
    with running(app) as address:
        base = address.split("?")[0]
        tab.goto(address)  # the session is there
        tab.goto(
            foreign(
                "<script>"
                f"window.tried = fetch({base + 'api/questions/spam/votes'!r}, {{method: 'POST', credentials: 'include',"
                f" headers: {{'content-type': 'text/plain'}}, body: {str(ballot).replace(chr(39), chr(34))!r}}})"
                ".then(() => 'read', () => 'refused');"
                "</script>"
                f"<form method=post enctype=text/plain action={base}api/questions/spam/votes>"
                "<input name='{' value='}'><button>go</button></form>"
            )
        )
        assert tab.evaluate("window.tried") == "refused"
        tab.click("button")
        tab.wait_for_load_state()
        assert "The request comes from elsewhere" in tab.content()
        assert project.votes == {}
        tab.goto(base)  # control: from its own page it can
        ballot = make_ballot(owner)
        status = tab.evaluate(
            "body => fetch('/api/questions/spam/votes', {method: 'POST', headers: {'content-type': 'application/json'},"
            " body: JSON.stringify(body)}).then(r => r.status)",
            ballot,
        )
        assert status == 200


def test_c2_a_foreign_page_cannot_read(tab, app, foreign):
    with running(app) as address:
        base = address.split("?")[0]
        tab.goto(address)
        tab.goto(foreign(f"<script>window.tried = fetch({base + 'api/project'!r}, {{credentials: 'include'}})"
                         ".then(r => r.text(), () => 'refused')</script>"))  # fmt: skip
        assert tab.evaluate("window.tried") == "refused"
        tab.goto(foreign(f"<iframe src={base}></iframe>"))
        tab.wait_for_timeout(300)
        assert not any("page" in (frame.text_content("body") or "") for frame in tab.frames[1:])


def test_c2_links_on_foreign_pages_open_the_app(tab, app, foreign):
    """Strict cookies are not sent along a redirect that began elsewhere: the server sends a page that goes on."""
    with running(app) as address:
        tab.goto(foreign(f"<a href='{address}'>label</a>"))
        tab.click("a")
        tab.wait_for_url("**/")
        tab.wait_for_function("document.title === 'Groundswell' && document.body.innerText.includes('page')")
        assert "token" not in tab.url
        base = address.split("?")[0]
        tab.goto(foreign(f"<a href='{base}label'>label</a>"))
        tab.click("a")
        tab.wait_for_url("**/label")
        tab.wait_for_function("document.body.innerText.includes('page')")


def test_i4_nothing_hidden_is_in_the_page(tab, app, project):
    project.stored = [Item("a", "win", meta={"label": "spam"})]
    with running(app) as address:
        tab.goto(address)
        text = tab.evaluate("fetch('/api/questions/spam/next').then(r => r.text())")
        assert '"spam"' not in text
