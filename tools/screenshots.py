"""Takes the pictures of the documentation from a real project in a real browser.

Usage: python tools/screenshots.py PROJECT     (for example demo-project, as `groundswell demo` leaves it)
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

from groundswell import app
from groundswell.project import open_project

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
SCREENS = {"road": "", "label": "label"}
SIZE = {"width": 1280, "height": 800}


def main() -> None:
    """Write docs/images/<screen>.png, and <screen>-dark.png."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path)
    project = parser.parse_args().project
    FOLDER.mkdir(exist_ok=True)
    browser_path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with (
        open_project(project, create=False) as opened,
        app.running(app.create(opened)) as address,
        sync_playwright() as p,
    ):
        browser = p.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            page = browser.new_context(viewport=SIZE, color_scheme=scheme).new_page()
            page.goto(address)
            for name, place in SCREENS.items():
                page.goto(f"{address.split('?')[0]}{place}")
                page.wait_for_load_state("networkidle")
                page.screenshot(path=FOLDER / f"{name}{'-dark' if scheme == 'dark' else ''}.png")
        browser.close()


if __name__ == "__main__":
    main()
