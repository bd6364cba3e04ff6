"""Takes the pictures of the documentation from a real project in a real browser.

Usage: python tools/screenshots.py PROJECT     (for example groundswell-demo, as `groundswell demo` leaves it)
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect, sync_playwright

from groundswell import app
from groundswell.project import open_project

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
SCREENS = ("road", "label")
SETTLE_MS = 1000
SIZE = {"width": 1280, "height": 800}


def main() -> None:
    """Write docs/images/<screen>.png and <screen>-dark.png."""
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
            context = browser.new_context(viewport=SIZE, color_scheme=scheme)
            context.new_page().goto(address)  # signs in
            for name in SCREENS:
                page = context.new_page()
                page.goto(f"{address.split('?')[0]}#/{name}")
                page.wait_for_load_state("networkidle")
                expect(page.locator("body")).to_contain_text(re.compile(r"\w[\s\S]{100,}"), timeout=30_000)
                page.wait_for_timeout(SETTLE_MS)
                shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
                shot.save(FOLDER / f"{name}{'-dark' if scheme == 'dark' else ''}.png", optimize=True)
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
