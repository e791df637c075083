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
from typing import Any

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "browser"), str(ROOT / "tools")]

import find_browser  # noqa: E402
from conftest import FLAGS  # noqa: E402
from server import Server  # noqa: E402
from waits import quiet  # noqa: E402

from ui.frame import frame  # noqa: E402

SIZES = {1280: 800, 390: 844}
# Before the first line of the page runs, so that no entry is missed. An entry that follows a click does not count.
WATCH = """
window.labShifts = [];
const rect = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ");
const nameOf = (node) => {
  for (let part = node; part; part = part.parentElement ?? part.getRootNode().host) {
    const key = [...(part.classList ?? [])].find((name) => name.startsWith("st-key-"));
    const name = key ?? part.dataset?.instrument ?? part.dataset?.testid;
    if (name) return name;
  }
  return node?.nodeName ?? "(gone)";
};
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput) continue;
    window.labShifts.push({ value: entry.value, at: entry.startTime, causes: entry.sources.map(({ node, previousRect, currentRect }) =>
      `${nameOf(node)} ${rect(previousRect)} to ${rect(currentRect)}`) });
  }
}).observe({ type: "layout-shift", buffered: true });
"""


def shifts(browser: Browser, address: str, width: int) -> list[dict[str, Any]]:
    """Open a page in a browser that has not seen it; return its shifts: value, time in ms, and what moved."""
    context = browser.new_context(viewport={"width": width, "height": SIZES[width]}, locale="en-US")
    try:
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(address)
        page.get_by_role("heading", level=1).wait_for(timeout=60_000)
        quiet(page, 1000)
        found: list[dict[str, Any]] = page.evaluate("window.labShifts")
        return found
    finally:
        context.close()


def total(found: list[dict[str, Any]]) -> float:
    """Return the sum of the shifts."""
    return sum(float(shift["value"]) for shift in found)


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
                found = {width: shifts(browser, f"{server.url}/{stem}", width) for width in SIZES}
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
