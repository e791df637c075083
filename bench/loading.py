"""How soon each page can be used: ``python -m bench.loading [page ...] [--rounds N]``.

From the navigation to the frame in which the first instrument of the page is painted and seen, against the text of an
empty Streamlit page. The loads of all pages follow one another in turn, round by round, so that the machine's load meets
all of them, and of each page the fastest load counts: other work on the machine only ever adds to it. "Cold" is a
browser that has never been here, "cached" its second visit. The megabytes are those of the first visit until it is quiet,
files and messages of the socket, as they travel. The empty page is served by a Streamlit of its own, as it comes.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from server import Server
from traffic import Traffic
from waits import quiet

from bench.support.browser import addresses, launching

EMPTY = 'import streamlit as st\n\nst.write("Nothing else")\n'
# In the page before anything else: notes the first frame that shows the first instrument, or the empty page's text.
WATCH = """
const usable = () => {
  const hosts = [...document.querySelectorAll('.stMain [data-testid="stBidiComponentIsolated"]')].filter((host) => !host.closest(".st-key-lab_head"));
  const first = hosts.length ? hosts[0].shadowRoot?.querySelector("[data-instrument]")
    : [...document.querySelectorAll(".stMarkdown p")].find((text) => text.textContent === "Nothing else");
  return first?.offsetHeight && first.checkVisibility({ visibilityProperty: true });
};
const look = () => {
  if (usable()) requestAnimationFrame(() => { window.labUsable = performance.now(); });
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


def load(browser: Browser, address: str) -> tuple[float, float, float]:
    """Open an address twice in a new browser; return ms to the first use, cold and cached, and megabytes of the first."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    context.add_init_script(WATCH)
    times = []
    megabytes = 0.0
    try:
        for visit in range(2):
            page = context.new_page()
            traffic = Traffic(page)
            page.goto(address, wait_until="commit")
            page.wait_for_function("() => window.labUsable", timeout=60_000)
            times.append(float(page.evaluate("window.labUsable")))
            if visit == 0:
                quiet(page)
                megabytes = traffic.bytes / 1e6
            page.close()
    finally:
        context.close()
    return times[0], times[1], megabytes


def main(wanted: list[str], rounds: int) -> None:
    """Print the table of the pages that are wanted, or of all."""
    how = launching()
    folder = Path(tempfile.mkdtemp())
    (folder / "empty.py").write_text(EMPTY, encoding="utf-8")
    servers = [Server(folder / "app.txt"), Server(folder / "empty.txt", str(folder / "empty.py"))]
    pages = {"empty page": servers[1].url} | dict(addresses(servers[0].url, wanted))
    print(f"load before: {os.getloadavg()}, cores: {os.cpu_count()}, fastest of {rounds} rounds")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(**how)
            # Not measured: servers import and compress at their first visit.
            for address in pages.values():
                load(browser, address)
            found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in pages}
            for _ in range(rounds):
                for name, address in pages.items():
                    found[name].append(load(browser, address))
            browser.close()
    finally:
        for server in servers:
            server.stop()
    print(f"{'page':14}{'cold ms':>9}{'cached ms':>11}{'cold ratio':>12}{'cached ratio':>14}{'MB':>7}")
    fastest = {name: [min(values) for values in zip(*loads, strict=True)] for name, loads in found.items()}
    empty = fastest["empty page"]
    for name, (cold, cached, megabytes) in fastest.items():
        print(
            f"{name:14}{cold:9.0f}{cached:11.0f}{cold / empty[0]:12.2f}{cached / empty[1]:14.2f}{megabytes:7.2f}"
        )
    print(f"load after: {os.getloadavg()}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description="How soon each page can be used, against an empty Streamlit page."
    )
    parser.add_argument("page", nargs="*", help="names of pages; all without any")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    main(arguments.page, arguments.rounds)
