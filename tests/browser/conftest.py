"""A server, a browser, and a page that fails the test on any error or any request to the outside."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "tools")]

import find_browser  # noqa: E402 - lives in tools/, which is no package
from server import Server  # noqa: E402

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    # The address bar's suggestions are pages of their own: a quarter of what a page load costs. The others are
    # Playwright's, which Chromium forgets when this flag comes twice.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,PaintHolding,HttpsUpgrades,OptimizationHints,DestroyProfileOnBrowserClose",
]  # fmt: skip
TIMEOUT_MS = 30_000

# Once in a page, before anything of the app runs there.
FORGET = """try {
  if (!sessionStorage.getItem("forgotten")) localStorage.clear();
  sessionStorage.setItem("forgotten", "yes");
} catch { /* an empty page has no storage */ }"""

# Long, because machines that run tests can be slow; a test that passes does not wait for it.
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests of this worker. `server.url` has no slash at its end."""
    server = Server(tmp_path_factory.mktemp("server") / "log.txt")
    yield server
    server.stop()
    assert not server.complaints()


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers that nobody has visited: `fresh_server()` or `fresh_server("pages/softmax.py")`."""
    started: list[Server] = []

    def start(script: str = "app.py") -> Server:
        started.append(Server(tmp_path / f"log{len(started)}.txt", script))
        return started[-1]

    yield start
    for server in started:
        server.stop()
    assert not "".join(server.complaints() for server in started)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this worker."""
    path = find_browser.installed()
    if path is None:
        pytest.fail("No Chromium was found. `make test` installs one: tools/find_browser.py.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def contexts() -> dict[str, list[BrowserContext]]:
    """The browser contexts of this worker by their options."""
    return {}


@pytest.fixture
def new_page(browser: Browser, contexts: dict[str, list[BrowserContext]]) -> Iterator[Callable[..., Page]]:
    """Opens pages of other readers: `new_page(locale="zh-CN", viewport={...})`. All are watched.

    A context is used again by later tests with the same options, so that it has Streamlit's files.
    """
    opened: list[Page] = []
    troubles: list[str] = []

    def open_page(**options: object) -> Page:
        options = {"locale": "en-US", "viewport": {"width": 1280, "height": 800}} | options
        name = json.dumps(options, sort_keys=True)
        idle = [context for context in contexts.setdefault(name, []) if not context.pages]
        if not idle:
            idle = [browser.new_context(**options)]  # type: ignore[arg-type]
            idle[0].set_default_timeout(TIMEOUT_MS)
            contexts[name] += idle
        idle[0].clear_cookies()
        page = idle[0].new_page()
        page.add_init_script(FORGET)
        opened.append(page)
        watch(page, troubles)
        return page

    yield open_page
    for page in opened:
        for part in page.context.pages:
            part.close()
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One watched page of a reader who has never been here, in an English browser, 1280 by 800."""
    return new_page()


def watch(page: Page, troubles: list[str]) -> None:
    """Note console errors, uncaught exceptions and requests that leave the machine."""

    def on_request(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in (
            "127.0.0.1",
            "localhost",
        ):
            troubles.append(f"request to {url}")

    def on_console(message: ConsoleMessage) -> None:
        # On a deep link Streamlit looks for its server below the page's path first, gets a 404, and goes up.
        searching = urlsplit(message.location["url"]).path.endswith(
            ("/_stcore/health", "/_stcore/host-config")
        )
        if message.type == "error" and not searching:
            troubles.append(f"console: {message.text}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: troubles.append(f"uncaught: {error}"))
    page.on("request", lambda request: on_request(request.url))
    page.on("websocket", lambda socket: on_request(socket.url))
