# ruff: noqa: ARG002, I001 - the harness names the arguments, and its module core is not ours
"""Adapter of Groundswell for the load harness for annotation servers (one class per product).

Run it from the harness's folder, with this folder and the package on the path:

    PYTHONPATH=bench/server:src python bench.py groundswell_peer:Groundswell --venv .venv --state /tmp/state \
        --out results.jsonl cold import:100000 load:1,20 load:8,20 load:32,20 crash:8,10

The server is the one of ``groundswell label`` (see ``serve.py``); every annotator comes by their own link. A project
is one folder, so imports add up instead of making new projects.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
import uuid
from pathlib import Path
from typing import ClassVar

import aiohttp
from core import Command, Item, Peer, Refused, Stored

SERVE = str(Path(__file__).parent / "serve.py")


def uuid7() -> str:
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    return str(uuid.UUID(int=value & ~(0xF000 << 64) | 0x7000 << 64 & ~(0xC000 << 48) | 0x8000 << 48))


class Groundswell(Peer):
    name = "groundswell"
    ready_path = "/health"
    log_patterns: ClassVar = {"errors": r"(?m)^(ERROR|Traceback)", "locked": "database is locked"}
    people = 32

    def __init__(self, *given):
        super().__init__(*given)
        self.state = self.state.absolute()
        self.folder = self.state / "project"
        self.python = str(Path(self.venv, "bin", "python").absolute())
        self.sqlite_path = self.folder / "project.db"
        self.http: list[aiohttp.ClientSession] = []

    def _command(self, *options: str) -> Command:
        return Command(
            [self.python, SERVE, str(self.folder), *options], {"PYTHONPATH": os.environ.get("PYTHONPATH", "")}
        )

    def server_commands(self):
        return [self._command(str(self.port), str(self.people))]

    async def _run(self, *options: str) -> str:
        command = self._command(*options)
        process = await asyncio.create_subprocess_exec(
            *command.argv, env={**os.environ, **command.env}, stdout=asyncio.subprocess.PIPE
        )
        printed, _ = await process.communicate()
        if process.returncode:
            raise RuntimeError(f"{command.argv}: exit {process.returncode}")
        return printed.decode()

    async def open(self, annotators):
        for link in json.loads((self.folder / "links.json").read_text())[:annotators]:
            session = aiohttp.ClientSession(
                cookie_jar=aiohttp.CookieJar(unsafe=True),
                headers={"Origin": self.base, "Sec-Fetch-Site": "same-origin"},
                timeout=aiohttp.ClientTimeout(total=600),
            )
            async with session.get(link, allow_redirects=False) as answer:
                if answer.status != 303:
                    raise Refused(answer.status, await answer.text())
            self.http.append(session)

    async def close(self):
        for session in self.http:
            await session.close()
        self.http = []

    async def setup_project(self, title):
        return "sentiment"

    async def import_items(self, project, items):
        file = self.state / "items.jsonl"
        file.write_text("\n".join(json.dumps(item) for item in items))
        return int(await self._run("--collect", str(file)))

    async def _call(self, who, method, path, **options):
        async with self.http[who].request(method, f"{self.base}/api/questions/sentiment/{path}", **options) as answer:
            body = await answer.text()
            if answer.status != 200:
                raise Refused(answer.status, body)
            return json.loads(body)

    async def next_item(self, who, project):
        found = (await self._call(who, "GET", "next?n=1"))["assignments"]
        return Item(found[0]["item"]["id"], found[0]) if found else None

    async def submit(self, who, project, item, label):
        body = {"key": uuid7(), "assignment": item.raw["id"], "item": item.id, "version": item.raw["version"]}
        await self._call(who, "POST", "votes", json={**body, "answer": label, "seconds": 1.0})
        return body["key"]

    async def export(self, project, dest: Path):
        dest.write_text(await self._run("--votes"))
        return len(json.loads(dest.read_text()))

    async def count(self, project):
        return [Stored(*row) for row in json.loads(await self._run("--votes"))]
