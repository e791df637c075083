"""A browser and the app for benchmarks that look at its pages, with the tools of the browser tests."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import find_browser
from conftest import FLAGS
from playwright.sync_api import Browser, sync_playwright
from server import Server

from ui.frame import frame


def launching() -> dict[str, Any]:
    """Return what Playwright's ``launch`` needs, or end the command with a sentence where there is no Chromium."""
    path = find_browser.installed()
    if path is None:
        sys.exit("No Chromium was found; `make test` installs one.")
    return {"executable_path": path, "args": FLAGS}


@contextmanager
def app_in_browser(module: str = "streamlit") -> Iterator[tuple[Server, Browser]]:
    """Start the app on a free port and a browser beside it; `module` starts it instead of Streamlit."""
    how = launching()
    server = Server(Path(tempfile.mkdtemp()) / "log.txt", module=module)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(**how)
            yield server, browser
            browser.close()
    finally:
        server.stop()


def addresses(url: str, wanted: list[str]) -> Iterator[tuple[str, str]]:
    """Yield name and address of each page that is wanted, or of all where none is named."""
    for lesson in frame.lessons():
        if not wanted or lesson.stem in wanted:
            yield lesson.stem, f"{url}/{'' if lesson.stem == 'home' else lesson.stem}"
