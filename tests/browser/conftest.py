"""A server, a browser, and a page that fails the test on any error or any request to the outside."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, CDPSession, ConsoleMessage, Dialog, Page, expect, sync_playwright

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "tools")]

import find_browser  # noqa: E402 - lives in tools/, which is no package
from server import MODULE, Server  # noqa: E402

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    # The address bar's suggestions are pages of their own: a quarter of what a page load costs. The others are
    # Playwright's, which Chromium forgets when this flag comes twice.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,PaintHolding,HttpsUpgrades,OptimizationHints,DestroyProfileOnBrowserClose",
]  # fmt: skip
TIMEOUT_MS = 30_000

# What stays on a page or its context for good.
LASTING = (
    "add_init_script", "expose_binding", "expose_function", "install", "on", "once", "route", "route_web_socket",
)  # fmt: skip

MEDIA = ("color_scheme", "reduced_motion", "forced_colors")

CLEAR = """() => {
  try { localStorage.clear(); sessionStorage.clear(); } catch { return false; }
  return true;
}"""

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

    def start(script: str = "app.py", module: str = MODULE) -> Server:
        started.append(Server(tmp_path / f"log{len(started)}.txt", script, module=module))
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


@dataclass
class Tab:
    """A page that one test after another uses, and what went wrong on it in the present one.

    The next test finds Streamlit's files in its cache and in its process, which halves what loading a page costs.
    """

    page: Page
    free: bool = True
    marked: bool = False
    """Whether a test has left something on the page or its context that stays, such as a script for every load."""
    taken_back: list[Callable[[], object]] = field(default_factory=list)
    """How what a test has left is taken back, where that can be done."""
    troubles: list[str] = field(default_factory=list)

    def watch_for_marks(self) -> None:
        """Note what a test does that would reach the tests after it."""

        def marking(act: Callable[..., object]) -> Callable[..., object]:
            def marked(*args: object, **options: object) -> object:
                self.marked = True
                return act(*args, **options)

            return marked

        for owner in (self.page, self.page.context, self.page.clock):
            for name in LASTING:
                if hasattr(owner, name):
                    setattr(owner, name, marking(getattr(owner, name)))
        listen, begin = type(self.page).on, self.page.context.new_cdp_session

        def on(event: Any, act: Callable[..., object]) -> None:
            listen(self.page, event, act)
            self.taken_back.append(lambda: self.page.remove_listener(event, act))

        def new_cdp_session(page: Page) -> CDPSession:
            session = begin(page)
            self.taken_back.append(session.detach)
            return session

        self.page.on = on  # type: ignore[method-assign, assignment]
        self.page.context.new_cdp_session = new_cdp_session  # type: ignore[method-assign, assignment]

    def dress(self, viewport: dict[str, int], media: dict[str, str]) -> None:
        """Give the page its size and what the reader's system asks for; what is not named is as everywhere."""
        self.page.set_viewport_size(viewport)  # type: ignore[arg-type]
        self.page.emulate_media(media="null", **(dict.fromkeys(MEDIA, "null") | media))  # type: ignore[arg-type]

    def leave(self) -> None:
        """Make the page as good as new, or close it with its context where that cannot be done."""
        for other in self.page.context.pages:
            if other != self.page:
                other.close()
        # A page without an address has no storage of its own, and that of the app cannot be reached from it.
        if self.marked or self.page.is_closed() or not self.page.evaluate(CLEAR):
            self.page.context.close()
            return
        for take_back in self.taken_back:
            take_back()
        self.taken_back.clear()
        self.page.mouse.move(0, 0)
        self.page.goto("about:blank")
        self.page.context.clear_cookies()
        self.free = True


@pytest.fixture(scope="session")
def tabs() -> dict[str, list[Tab]]:
    """The pages of this worker by the options of their contexts that stay."""
    return {}


@pytest.fixture
def new_page(browser: Browser, tabs: dict[str, list[Tab]]) -> Iterator[Callable[..., Page]]:
    """Opens pages of other readers: `new_page(locale="zh-CN", viewport={...})`. All are watched."""
    taken: list[Tab] = []

    def open_page(**options: Any) -> Page:
        options = {"locale": "en-US"} | options
        viewport = options.pop("viewport", {"width": 1280, "height": 800})
        media = {name: options.pop(name) for name in MEDIA if name in options}
        those = tabs.setdefault(json.dumps(options, sort_keys=True), [])
        tab = next((tab for tab in those if tab.free), None)
        if tab is None:
            context = browser.new_context(**options)
            context.set_default_timeout(TIMEOUT_MS)
            tab = Tab(context.new_page())
            tab.page.add_init_script(FORGET)
            watch(tab.page, tab.troubles)
            tab.watch_for_marks()
            those.append(tab)
        tab.free = False
        tab.troubles.clear()
        tab.dress(viewport, media)
        taken.append(tab)
        return tab.page

    yield open_page
    troubles = [trouble for tab in taken for trouble in tab.troubles]
    for tab in taken:
        tab.leave()
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One watched page of a reader who has never been here, in an English browser, 1280 by 800."""
    return new_page()


def watch(page: Page, troubles: list[str]) -> None:
    """Note console errors, uncaught exceptions, dialogs that a script opened and requests that leave the machine."""

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

    def on_dialog(dialog: Dialog) -> None:
        troubles.append(f"{dialog.type}: {dialog.message}")
        dialog.dismiss()

    page.on("console", on_console)
    page.on("dialog", on_dialog)
    page.on("pageerror", lambda error: troubles.append(f"uncaught: {error}"))
    page.on("request", lambda request: on_request(request.url))
    page.on("websocket", lambda socket: on_request(socket.url))
