"""A real project, a real server in a process of its own, and a real Chromium."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

import groundswell as gs
from groundswell.demo import rules, sms

HERE = Path(__file__).parent
SHOTS = HERE / "shots"
STATIC = HERE.parent.parent / "src" / "groundswell" / "app" / "static"
WIDE = {"width": 1280, "height": 860}
MESSAGES = 400
PEOPLE = 40


@dataclass
class Server:
    """``groundswell label`` on a project, in a process that can be killed and started again on its port."""

    folder: Path
    people: tuple[str, ...] = ()
    port: int = 0
    address: str = ""
    links: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it; returns once it has said where it is."""
        command = "import sys; from groundswell.cli import main; main(sys.argv[1:])"
        options = ["-C", str(self.folder), "--no-browser", "--port", str(self.port)]
        for person in self.people:
            options += ["--person", person]
        self.process = subprocess.Popen(
            [sys.executable, "-c", command, "label", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1", "COLUMNS": "200"},
        )
        said = ""
        watchdog = threading.Timer(120, self.process.kill)
        watchdog.start()
        for line in self.process.stdout or ():
            said += line
            self._read(line)
            if self.address and len(self.links) == len(self.people):
                break
        watchdog.cancel()
        if not self.address:
            pytest.fail(f"the server did not start: {said}")
        self.port = urlsplit(self.address).port or 0
        # What it says from now on must not fill the pipe.
        threading.Thread(target=lambda: [*(self.process.stdout or ())] if self.process else None, daemon=True).start()

    def _read(self, line: str) -> None:
        found = re.search(r"(\S+): (http\S+)", line) or re.search(r"(at) (http\S+)", line)
        if found and found[1] == "at":
            self.address = found[2]
        elif found:
            self.links[found[1]] = found[2]

    def kill(self) -> None:
        """As a power cut would."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            if self.process.stdout:
                self.process.stdout.close()
            self.process = None


@dataclass
class Visit:
    """A person in a browser at a server."""

    page: Page
    server: Server
    problems: list[str] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def go(self, view: str) -> None:
        """Open a view by its address."""
        self.page.goto(f"{self.base}/#/{view}")

    def api(self, path: str) -> Any:
        """What the server says, asked with this person's session."""
        response = self.page.request.get(f"{self.base}/api/{path}")
        assert response.ok, response.text()
        return response.json()

    def mine(self) -> list[dict[str, Any]]:
        """This person's answers, newest first."""
        found = self.api(f"questions/{self.api('project')['question']['name']}/mine?limit=500")
        assert isinstance(found, list)
        return found

    def item(self) -> str:
        """The text on the screen."""
        return self.page.get_by_role("article").inner_text()

    def saved(self) -> None:
        """Wait until everything is on disk."""
        self.page.get_by_role("button", name="Saving: on disk").wait_for(timeout=30_000)

    def shot(self, name: str) -> None:
        """A picture to look at."""
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    if not (STATIC / "index.html").is_file():
        pytest.fail("the page is not built: make web")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def messages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of the demo's messages and rules, to be copied."""
    folder = tmp_path_factory.mktemp("messages") / "sms-spam"
    rows = folder.parent / "messages.jsonl"
    # No text twice: a journey sees by the text that the next item has come.
    texts = list(dict.fromkeys(" ".join(text.split()) for text, _ in sms.messages()))[:MESSAGES]
    rows.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
    with gs.new(folder, template="spam") as project:
        project.collect(rows, text="text")
        known = {row.name for row in project.source_table()}
        project.add_source(*[source for source in rules.sources() if source.info().name not in known])
        project.cast()
        project.believe()
    return folder


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Serve a copy of a project; all are stopped in the end."""
    running: list[Server] = []

    def start(folder: Path, *people: str) -> Server:
        copy = tmp_path_factory.mktemp("served") / folder.name
        shutil.copytree(folder, copy)
        server = Server(copy, people)
        running.append(server)
        server.start()
        return server

    yield start
    for server in running:
        server.kill()


@pytest.fixture(scope="session")
def shared_server(messages: Path, serve: Callable[..., Server]) -> Server:
    """One server for all who do not kill it; everybody who labels is somebody else."""
    return serve(messages, *(f"person-{i}" for i in range(PEOPLE)))


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Open the printed address in a browser of its own. Errors on the page and breaches of its policy fail the test."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def enter(server: Server, address: str | None = None, **options: Any) -> Visit:
        context = chromium.new_context(**({"viewport": WIDE} | options))
        contexts.append(context)
        context.set_default_timeout(20_000)
        found = Visit(context.new_page(), server)
        visits.append(found)
        watch(found)
        found.page.goto(address or server.address)
        return found

    yield enter
    for context in contexts:
        context.close()
    for found in visits:
        assert found.problems == []


def watch(found: Visit) -> None:
    """Note what goes wrong on the page of a visit."""
    page, own = found.page, f"127.0.0.1:{found.server.port}"

    def console(text: str) -> None:
        if "ERR_INTERNET_DISCONNECTED" not in text and "ERR_CONNECTION_REFUSED" not in text:
            found.problems.append(text)

    def request(url: str) -> None:
        if urlsplit(url).scheme in ("http", "https") and urlsplit(url).netloc != own:
            found.problems.append(f"asked another host: {url}")

    page.on("pageerror", lambda error: found.problems.append(f"{error}"))
    page.on("console", lambda message: console(message.text) if message.type == "error" else None)
    page.on("request", lambda asked: request(asked.url))
    page.on("dialog", lambda dialog: (found.problems.append(f"dialog: {dialog.message}"), dialog.dismiss()))


@pytest.fixture(scope="session")
def names() -> Iterator[str]:
    """Names of people who have never been here."""
    return (f"person-{i}" for i in range(PEOPLE))


@pytest.fixture
def newcomer(shared_server: Server, names: Iterator[str], visit: Callable[..., Visit]) -> Visit:
    """Somebody who has just opened their own link to the messages project."""
    return visit(shared_server, shared_server.links[next(names)])


@pytest.fixture
def owner(shared_server: Server, visit: Callable[..., Visit]) -> Visit:
    """Whoever started the server, at the address that it printed."""
    return visit(shared_server)
