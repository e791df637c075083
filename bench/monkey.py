"""Mouse, fingers and keys in random order on every page: ``python -m bench.monkey [page ...] [--seconds 60] [--seed N] [--doubled | --late]``.

While it acts it counts errors in the console and tracebacks of the server, freezes (no frame for more than a second), pages that
scroll sideways, exceptions on the page, and what axe-core finds. ``--doubled`` shows every text of ours at twice its length;
``--language zh`` the Chinese pages; ``--late`` takes a server that is late with everything. The seed is printed and gives the same choices again, though not the same moments.
A machine that is busy with something else makes freezes that are not the page's: only those count in which the page's own thread has
used the processor for as long; what went by without a frame is printed all the same.
tests/browser/test_monkey.py does a few seconds of the same.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "browser"), str(ROOT / "tools")]

import find_browser  # noqa: E402
from conftest import FLAGS  # noqa: E402
from monkey import SIZES, Monkey  # noqa: E402
from server import Server  # noqa: E402

from ui.frame import frame  # noqa: E402


def main(wanted: list[str], seconds: float, seed: int, kind: str, language: str) -> int:
    """Act on the pages that are wanted, or on all; print what went wrong, and return how many kinds of it."""
    path = find_browser.installed()
    if path is None:
        sys.exit("No Chromium was found; `make test` installs one.")
    print(f"seed {seed}, {seconds:g} s a page{f', {kind}' if kind else ''}", flush=True)
    log = Path(tempfile.mkdtemp()) / "log.txt"
    server = Server(log, module=f"bench.support.{kind}" if kind else "streamlit")
    total = 0
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            for stem in (lesson.stem for lesson in frame.lessons()):
                if wanted and stem not in wanted:
                    continue
                context = browser.new_context(
                    locale="en-US", has_touch=True, viewport={"width": SIZES[0][0], "height": SIZES[0][1]}
                )
                monkey = Monkey(context.new_page(), seed)
                monkey.visit(f"{server.url}/{'' if stem == 'home' else stem}?lang={language}", seconds)
                said = len(server.complaints())
                print(
                    f"{stem:16}{monkey.actions:6} actions, longest without a frame {monkey.longest:.2f} s, "
                    f"{len(monkey.faults)} kinds of faults{', TRACEBACKS' if said else ''}",
                    flush=True,
                )
                for fault in monkey.faults.values():
                    print(f"    {fault}", flush=True)
                total += len(monkey.faults)
                context.close()
            browser.close()
    finally:
        server.stop()
    if complaints := server.complaints():
        print(complaints[:8000])
        total += 1
    print(f"together {total}")
    return total


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Mouse, fingers and keys in random order on every page.")
    parser.add_argument("page", nargs="*", help="names of pages; all without any")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    kinds = parser.add_mutually_exclusive_group()
    kinds.set_defaults(kind="")
    for kind, what in (("doubled", "every text at twice its length"), ("late", "a server that is late")):
        kinds.add_argument(f"--{kind}", dest="kind", action="store_const", const=kind, help=what)
    parser.add_argument("--language", default="en")
    arguments = parser.parse_args()
    sys.exit(main(arguments.page, arguments.seconds, arguments.seed, arguments.kind, arguments.language) > 0)
