"""python docs/screenshots.py: makes the README's picture again, of the bundled data.

Needs what `python3 run.py test` installs. The warehouse is the one that serves.
"""

import re
import sys
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import run  # noqa: E402
from bench import visitor  # noqa: E402

PICTURES = {"home.png": "/?lang=en"}
SIZE = {"width": 1366, "height": 768}


def main():
    """Starts the dashboard, takes the pictures, stops it."""
    with visitor.server(visitor.OURS) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=run.find_chromium())
        for name, path in PICTURES.items():
            page = browser.new_page(viewport=SIZE)
            page.goto(server.address + path)
            expect(page.get_by_text(re.compile("^(Versi data|Snapshot) "))).to_be_visible(
                timeout=60_000
            )
            page.wait_for_timeout(2_000)  # charts are drawn after the last line
            page.screenshot(path=ROOT / "docs" / name)
        browser.close()


if __name__ == "__main__":
    main()
