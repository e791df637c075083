"""How much each page jumps while it loads: ``python -m bench.shift [page ...]``.

Prints the cumulative layout shift of each page at two widths: the sum of Chromium's layout-shift entries
(PerformanceObserver) from the navigation until nothing has changed for a second. 0 is a page on which nothing
moves, 0.1 is one in which a tenth of the screen was pushed away by its own height. With ``--causes`` the elements
that moved are named below each page. tests/browser/test_shift.py holds every page at no more than 0.05.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "browser"), str(ROOT / "tools")]

import find_browser  # noqa: E402
from conftest import FLAGS  # noqa: E402
from layout_shift import SIZES, shifts, total  # noqa: E402
from server import Server  # noqa: E402

from ui.frame import frame  # noqa: E402


def main(wanted: list[str], causes: bool) -> None:
    """Print the table of the pages that are wanted, or of all."""
    path = find_browser.installed()
    if path is None:
        sys.exit("No Chromium was found; `make test` installs one.")
    server = Server(Path(tempfile.mkdtemp()) / "log.txt")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            print(f"{'page':16}" + "".join(f"{width:>7} px" for width in SIZES))
            for stem in (lesson.stem for lesson in frame.lessons()):
                if wanted and stem not in wanted:
                    continue
                found = shifts(browser, f"{server.url}/{stem}")
                print(f"{stem:16}" + "".join(f"{total(found[width]):10.3f}" for width in SIZES), flush=True)
                for width in SIZES if causes else ():
                    for shift in found[width]:
                        print(
                            f"  {width:4} px {shift['at']:6.0f} ms {shift['value']:.3f}  {'; '.join(shift['causes'])}"
                        )
            browser.close()
    finally:
        server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="How much each page jumps while it loads.")
    parser.add_argument("page", nargs="*", help="names of pages; all without any")
    parser.add_argument("--causes", action="store_true", help="name what moved")
    arguments = parser.parse_args()
    main(arguments.page, arguments.causes)
