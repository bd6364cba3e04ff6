"""When the build hook builds, and when it lets be."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytest.importorskip("hatchling")


@pytest.fixture(scope="session")
def hook(root: Path) -> ModuleType:
    """hatch_build.py, loaded as hatchling loads it."""
    spec = importlib.util.spec_from_file_location("hatch_build", root / "hatch_build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(hook: Any, tmp_path: Path) -> Path:
    """A small project with sources of a page and the page built from them."""
    web, static = tmp_path / "web", tmp_path / hook.STATIC
    (web / "src" / "core").mkdir(parents=True)
    (web / "package.json").write_text("{}")
    (web / "package-lock.json").write_text('{"packages": {"": {}}}')
    (web / "src" / "main.ts").write_text("1")
    static.mkdir(parents=True)
    (static / "index.html").write_text("page")
    (static / hook.STAMP).write_text(hook.sources_hash(web))
    return tmp_path


def test_a_page_that_fits_its_sources_is_left_alone(hook: Any, checkout: Path) -> None:
    assert hook.is_current(checkout)
    hook.bring(checkout)  # without any Node


@pytest.mark.parametrize("name", ["src/new.ts", "src/main.ts", "public/icon.svg", "package-lock.json"])
def test_a_changed_source_is_noticed(hook: Any, checkout: Path, name: str) -> None:
    file = checkout / "web" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("2")
    assert not hook.is_current(checkout)


@pytest.mark.parametrize("name", ["src/core/schema.d.ts", "tests/a.test.ts", "openapi.json", "node_modules/x/index.js"])
def test_what_leaves_no_trace_in_the_page_does_not_count(hook: Any, checkout: Path, name: str) -> None:
    file = checkout / "web" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("2")
    assert hook.is_current(checkout)


def test_a_renamed_file_is_a_change(hook: Any, checkout: Path) -> None:
    (checkout / "web" / "src" / "main.ts").rename(checkout / "web" / "src" / "other.ts")
    assert not hook.is_current(checkout)


def test_without_sources_any_page_will_do_and_none_is_an_error(hook: Any, checkout: Path) -> None:
    (checkout / "web" / "package.json").unlink()
    assert hook.is_current(checkout)
    (checkout / hook.STATIC / "index.html").unlink()
    with pytest.raises(hook.WebBuildError, match="neither a built page nor web/"):
        hook.bring(checkout)


def test_installed_packages_are_compared_with_the_lock(hook: Any, tmp_path: Path) -> None:
    packages = {
        "": {},
        "node_modules/svelte": {"version": "5.0.0"},
        "node_modules/eslint": {"version": "10.0.0", "dev": True},
        "node_modules/binding-other-machine": {"version": "1.0.0", "optional": True},
    }
    (tmp_path / "package-lock.json").write_text(json.dumps({"packages": packages}))
    assert not hook.has_packages(tmp_path)
    folder = tmp_path / "node_modules" / "svelte"
    folder.mkdir(parents=True)
    (folder / "package.json").write_text('{"version": "5.0.0"}')
    assert hook.has_packages(tmp_path)
    (folder / "package.json").write_text('{"version": "4.9.0"}')
    assert not hook.has_packages(tmp_path)


def fake(folder: Path, name: str, script: str) -> None:
    """A program on a PATH of one folder."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.mark.skipif(os.name == "nt", reason="shell scripts stand in for Node")
@pytest.mark.parametrize(
    ("version", "fits"), [("v22.12.0", True), ("v24.1.0", True), ("v22.11.9", False), ("x", False)]
)
def test_an_old_node_is_not_taken(
    hook: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, fits: bool
) -> None:
    fake(tmp_path / "bin", "node", f"echo {version}")
    fake(tmp_path / "bin", "npm", "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert (hook.own_node() is not None) is fits


@pytest.mark.skipif(os.name == "nt", reason="shell scripts stand in for npm")
def test_an_unreachable_registry_is_said_in_one_line(hook: Any, tmp_path: Path) -> None:
    fake(tmp_path / "bin", "npm", "echo 'npm error code ECONNREFUSED' >&2; exit 1")
    node = hook.Node(sys.executable, (str(tmp_path / "bin" / "npm"),))
    with pytest.raises(hook.WebBuildError, match="npm does not reach its registry"):
        hook.install_packages(tmp_path, node)
    fake(tmp_path / "bin", "npm", "echo 'npm error code E500' >&2; exit 1")
    with pytest.raises(hook.WebBuildError, match="E500"):
        hook.install_packages(tmp_path, node)


def test_the_server_does_not_serve_the_stamp(hook: Any) -> None:
    from groundswell.app.pages import TYPES

    assert Path(hook.STAMP).suffix not in TYPES


def test_the_locked_packages_name_no_address(root: Path) -> None:
    lock = json.loads((root / "web" / "package-lock.json").read_text("utf-8"))
    assert lock["lockfileVersion"] == 3
    assert [place for place, package in lock["packages"].items() if "resolved" in package] == []
