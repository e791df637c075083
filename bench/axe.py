"""What axe-core finds on every page and panel: ``python -m bench.axe [page ...]``.

Both languages, both themes, both widths, in a window 3,000 pixels high. tests/browser/test_widths.py asks the same of each
page and panel in one language, theme and width.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from itertools import product
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "browser"), str(ROOT / "tools")]

import find_browser  # noqa: E402
from axe import HEIGHT, WIDTHS, lines, violations  # noqa: E402
from conftest import FLAGS  # noqa: E402
from server import Server  # noqa: E402
from waits import quiet  # noqa: E402

from ui.frame import frame  # noqa: E402
from ui.slips.links import CODES  # noqa: E402

# Views that no list of panels leads to.
MORE = {
    "training": ("training_mode=race", "training_stage_step=60&training_panel=settings&training_all=true"),
    "images": ("images_challenge_open=draw",),
    "slips": tuple(f"slips_panel={code}" for code in CODES),
    "practice": ("practice_seed=7&practice_view=sheet",),
}


def look(page: Page, where: str, counts: Counter[str], said: set[str]) -> None:
    """Run axe at both widths; print each thing once a page."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        quiet(page, 250)
        found = violations(page)
        counts[where] += len(found)
        for line in lines(found):
            if line not in said:
                said.add(line)
                print(f"  {where} {width}  {line}", flush=True)


def main(wanted: list[str], languages: list[str]) -> None:
    """Look at the pages that are wanted, or at all, and print how much was found on each."""
    path = find_browser.installed()
    if path is None:
        sys.exit("No Chromium was found; `make test` installs one.")
    server = Server(Path(tempfile.mkdtemp()) / "log.txt")
    total = Counter[str]()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            page = browser.new_page(viewport={"width": WIDTHS[0], "height": HEIGHT})
            for stem in (lesson.stem for lesson in frame.lessons()):
                if wanted and stem not in wanted:
                    continue
                counts, said = Counter[str](), set[str]()
                for language, theme in product(languages, ("light", "dark")):
                    # Before the page is opened: Python hears of the theme with the next run of the script.
                    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
                    for query in ("", *MORE.get(stem, ())):
                        page.goto(f"{server.url}/{'' if stem == 'home' else stem}?lang={language}&{query}")
                        page.get_by_role("heading", level=1).wait_for(timeout=60_000)
                        quiet(page)
                        look(page, f"{stem} {language} {theme} {query}".strip(), counts, said)
                        panels = page.locator(f".st-key-{stem}_panel [role=radio]")
                        for k in range(0 if query else panels.count()):
                            if not panels.nth(k).is_checked():
                                panels.nth(k).click()
                                quiet(page)
                                look(page, f"{stem} {language} {theme} panel {k}", counts, said)
                total[stem] = sum(counts.values())
                print(f"{stem:16}{total[stem]:6}  {dict(+counts)}", flush=True)
            browser.close()
    finally:
        server.stop()
    print(f"{'together':16}{sum(total.values()):6}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What axe-core finds on every page and panel.")
    parser.add_argument("page", nargs="*", help="names of pages; all without any")
    parser.add_argument("--languages", nargs="*", default=["en", "zh"])
    arguments = parser.parse_args()
    main(arguments.page, arguments.languages)
