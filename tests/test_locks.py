"""The locks hold what pyproject.toml asks for, by hash, and name no place to fetch it from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

LOCKS = ("runtime.txt", "dev.txt", "build.txt", "uv.txt")


def locked(root: Path, name: str) -> dict[str, Version]:
    lines = (root / "requirements" / name).read_text(encoding="utf-8").splitlines()
    found = [re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", line) for line in lines]
    return {canonicalize_name(one[1]): Version(one[2]) for one in found if one}


def asked(root: Path, kind: str) -> list[Requirement]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    lists = {
        "runtime.txt": [project["project"]["dependencies"]],
        "dev.txt": [
            project["project"]["dependencies"],
            *project["project"].get("optional-dependencies", {}).values(),
            project["dependency-groups"]["dev"],
        ],
        "build.txt": [project["build-system"]["requires"]],
    }
    return [Requirement(text) for texts in lists[kind] for text in texts]


@pytest.mark.parametrize("name", ["runtime.txt", "dev.txt", "build.txt"])
def test_locks_hold_what_is_asked_for(root: Path, name: str) -> None:
    versions = locked(root, name)
    for requirement in asked(root, name):
        version = versions.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement} is not in requirements/{name}: run make lock"
        assert version in requirement.specifier, f"requirements/{name} has {version}, not {requirement}: run make lock"


def test_the_demo_runs_on_what_is_tested(root: Path) -> None:
    tested = locked(root, "dev.txt")
    assert {name: tested[name] for name in locked(root, "runtime.txt")} == locked(root, "runtime.txt")


@pytest.mark.parametrize("name", LOCKS)
def test_locks_have_hashes_and_no_address(root: Path, name: str) -> None:
    text = (root / "requirements" / name).read_text(encoding="utf-8")
    assert text.count("--hash=sha256:") >= len(locked(root, name))
    assert not re.search(r"://|--index|--find-links|--extra-index", text)
