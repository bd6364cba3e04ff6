"""The documentation says what the code does: the reference is complete and current, and the tutorial's blocks run."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(path for path in [*DOCS.rglob("*.md"), *ROOT.glob("*.md")])


def load(name: str) -> ModuleType:
    """A script of tools/ as a module."""
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(ROOT / "tools"))


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    return load("reference")


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "reference").glob("*.md")}


def test_the_reference_is_current(reference: ModuleType, written: dict[str, str]) -> None:
    stale = [name for name, text in reference.pages().items() if written.get(name) != text]
    assert not stale, f"{stale} are out of date: run make reference"


def test_every_command_and_option_is_in_the_reference(reference: ModuleType, written: dict[str, str]) -> None:
    page = written["cli.md"]
    sections = {part.split("`")[0]: part for part in re.split(r"^## `", page, flags=re.MULTILINE)}
    seen = 0
    for name, command in reference.commands():
        assert name in sections, f"{name} is not in the reference"
        for parameter in reference.parameters(command):
            for spelling in [*parameter.opts, *parameter.secondary_opts]:
                shown = spelling if spelling.startswith("-") else spelling.upper().replace("_", "-")
                named = shown in sections[name] or (parameter.metavar or "").upper() in sections[name]
                assert named, f"{name} {spelling} is not in the reference"
            assert parameter.help, f"{name} {parameter.name} has no help"
            seen += 1
        assert command.help, f"{name} has no help"
    assert seen > 20


def test_every_part_is_in_the_reference_with_words(reference: ModuleType, written: dict[str, str]) -> None:
    rows = re.findall(r"^\| `([^`]+)` \| (.*) \|$", written["parts.md"], flags=re.MULTILINE)
    words = dict(rows)
    for address, registry in reference.registries():
        assert len(registry), f"{address} is empty"
        for name, _ in registry.items():
            assert len(words.get(name, "")) > 10, f"{registry.kind} '{name}' is not described"


def test_every_public_name_is_in_the_reference(written: dict[str, str]) -> None:
    import groundswell

    for name in groundswell.__all__:
        section = written["python.md"].partition(f"## `gs.{name}`\n")[2].partition("\n## ")[0]
        prose = re.sub(r"```.*?```", "", section, flags=re.DOTALL)
        assert len(prose.strip()) > 20, f"gs.{name} is not described"


def test_every_error_is_in_the_reference(reference: ModuleType, written: dict[str, str]) -> None:
    for kind in reference.errors():
        assert f"| `{kind.__name__}` |" in written["errors.md"]
        assert kind.__doc__


def test_every_route_is_in_the_reference(written: dict[str, str]) -> None:
    from groundswell.app.openapi import schema

    for path, methods in schema()["paths"].items():
        for method in methods:
            assert f"`{method.upper()} {path}`" in written["http.md"]


def test_every_page_is_in_the_navigation() -> None:
    listed = re.findall(r"[\w/-]+\.md", (ROOT / "mkdocs.yml").read_text(encoding="utf-8").split("\nnav:")[1])
    assert sorted(listed) == sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target or target.startswith(("#", "mailto:")):
            continue
        assert (page.parent / target.partition("#")[0]).exists(), f"{target} is not there"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_pages_fetch_nothing_from_elsewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"!\[[^\]]*\]\((https?:)?//", text), "a picture from elsewhere"
    assert not re.search(r"<(script|iframe|img|link)\b[^>]*(src|href)=.https?:", text)


@pytest.mark.slow
def test_the_site_builds_and_fetches_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for page in tmp_path.rglob("*.html"):
        tags = re.findall(r"<(?:script|link|img|iframe|source)\b[^>]*>", page.read_text(encoding="utf-8"))
        assert not [tag for tag in tags if re.search(r"(src|href)=.?(https?:)?//", tag)], page.name
    assert "<math" in (tmp_path / "howto" / "fit-a-line.html").read_text(encoding="utf-8")


def blocks(page: Path) -> list[tuple[str, str]]:
    """(language, text) of every fenced block, also of those in lists."""
    found = re.findall(r"^( *)```(\w+)[^\n]*\n(.*?)^\1```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [(language, re.sub(rf"^{indent}", "", text, flags=re.MULTILINE)) for indent, language, text in found]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_settings_in_the_pages_can_be_read(page: Path) -> None:
    for language, text in blocks(page):
        if language == "toml":
            tomllib.loads(text)
        if language == "python":
            compile(text, str(page), "exec")


def test_the_changelog_knows_this_version() -> None:
    import groundswell

    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = groundswell.__version__.partition(".dev")[0]
    assert "## [Unreleased]" in text or f"## [{released}]" in text
