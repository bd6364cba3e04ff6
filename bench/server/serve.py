"""Serve a project as ``groundswell label`` does, with a token known beforehand, for the load harness.

serve.py FOLDER PORT PEOPLE     links of PEOPLE annotators go to FOLDER/links.json; /health says when it is up
serve.py FOLDER --votes         print every effective vote as JSON: [key, item, source]
serve.py FOLDER --collect FILE  add the items of a JSON Lines file; print how many the project holds
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import groundswell as gs
from groundswell import app, store
from groundswell.app.access import project_secret

QUESTION = "sentiment"
LABELS = ("positive", "negative", "neutral")


def main() -> None:
    folder = Path(sys.argv[1])
    if sys.argv[2] == "--votes":
        with store.open(folder) as held:
            print(json.dumps([[v.key, v.item, v.source] for v in held.votes(QUESTION)]))
        return
    with gs.open(folder) as project:
        project.add_question(QUESTION, gs.Choice(*LABELS), text="How does it sound?")
        if sys.argv[2] == "--collect":
            project.collect(sys.argv[3], text="text", id="key")
            print(len(project.items_frame))
        else:
            serve(project, folder, int(sys.argv[2]), int(sys.argv[3]))


def serve(project: gs.Project, folder: Path, port: int, people: int) -> None:
    access = app.Access(secret=project_secret(folder), token="bench")
    bound = app.bind("127.0.0.1", port)
    inner = app.create(project, access=access)
    links = [inner.state.link(bound, f"annotator{i:02d}") for i in range(people)]
    (folder / "links.json").write_text(json.dumps(links))

    async def outer(scope, receive, send):
        if scope["type"] == "http" and scope["path"] == "/health":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body", "body": b""})
        else:
            await inner(scope, receive, send)

    app.serve(outer, bound)


if __name__ == "__main__":
    main()
