"""The tutorial and the how-to pages are run as they stand, and print what they say they print.

In a page, a block with ``title="name"`` is a file. ``console`` is run: the lines that begin with ``$``; the lines
under one must be printed in this order, ``…`` standing for anything. ``python`` is run, and a ``text`` block right
under it is what it prints. Every page has a folder and a Python namespace of its own. Other blocks are not run.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*(ROOT / "docs" / "tutorial").glob("*.md"), *(ROOT / "docs" / "howto").glob("*.md")])
FENCE = re.compile(
    r'^( *)```(\w+)(?: title="([^"]+)")?[^\n]*\n(.*?)^\1```$(?:\n\n^\1```text\n(.*?)^\1```$)?', re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class Block:
    language: str
    title: str
    text: str
    printed: str | None
    line: int


def blocks(page: Path) -> list[Block]:
    source = page.read_text(encoding="utf-8")
    return [
        Block(
            found[2],
            found[3] or "",
            textwrap.dedent(found[4]),
            None if found[5] is None else textwrap.dedent(found[5]),
            source.count("\n", 0, found.start()) + 1,
        )
        for found in FENCE.finditer(source)
    ]


def expect(said: str, printed: str, where: str) -> None:
    """Fails unless the lines of ``said`` are printed in this order; blanks within a line count as one."""
    rest = " ".join(printed.split())
    for line in said.splitlines():
        words = " ".join(line.split())
        if words in ("", "…"):
            continue
        pattern = ".*?".join(re.escape(part) for part in words.split("…"))
        found = re.search(pattern, rest)
        assert found, f"{where}: not printed: {words}\n--- printed:\n{printed}"
        rest = rest[found.end() :]


def run(command: str, folder: Path) -> str:
    """What a command prints. Nothing but groundswell is run."""
    from groundswell.cli import base, main

    words = shlex.split(command, comments=True)
    assert words[0] == "groundswell", f"not run: {command}"
    base.out.width = base.err.width = 120
    said = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            main(words[1:])
            code = 0
        except SystemExit as e:
            code = int(e.code or 0)
    assert code == 0, f"{command}: exit code {code}\n{said.getvalue()}"
    return said.getvalue()


def console(block: Block, folder: Path, where: str) -> None:
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        while lines[0].endswith("\\"):
            lines[:2] = [lines[0][:-1] + lines[1].strip()]
        expect("\n".join(lines[1:]), run(lines[0], folder), f"{where}: {lines[0]}")


def python(block: Block, folder: Path, names: dict[str, Any], where: str) -> None:
    printed = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(printed):
        exec(compile("\n" * block.line + block.text, where, "exec"), names)
    if block.printed is not None:
        expect(block.printed, printed.getvalue(), where)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ada")
    names: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks(page):
        where = f"{page.name}:{block.line}"
        if block.title:
            target = tmp_path / block.title
            assert target.resolve().is_relative_to(tmp_path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            console(block, tmp_path, where)
        elif block.language == "python":
            python(block, tmp_path, names, where)


def test_what_is_not_printed_is_noticed() -> None:
    expect("a  b\n…\nd …f", "a b c\nd e f", "here")
    with pytest.raises(AssertionError, match="not printed: b a"):
        expect("b a", "a b", "here")
    with pytest.raises(AssertionError, match="not printed: a"):
        expect("b\na", "a b", "here")
