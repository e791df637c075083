"""Conditions to wait for, in place of a fixed time."""

from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Frame, Page, TimeoutError

_PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
_QUIET = """(pause) => new Promise((done) => {
  let timer = 0;
  const again = () => { clearTimeout(timer); timer = setTimeout(finish, pause); };
  const observer = new MutationObserver(again);
  const finish = () => {
    const app = document.querySelector("[data-testid=stApp]");
    if (app.dataset.testScriptState !== "notRunning") return again();
    observer.disconnect();
    done();
  };
  observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  again();
})"""
_HAS_QUERY = """([wanted, alone]) => {
  const query = Object.fromEntries(new URLSearchParams(location.search));
  const named = Object.entries(wanted);
  return named.every(([key, value]) => query[key] === value) && !(alone && Object.keys(query).length > named.length);
}"""

# How many different pictures a canvas shows in 1.2 seconds after a button was pressed.
PICTURES = """async (canvas, button) => {
  button.click();
  const seen = new Set();
  const end = performance.now() + 1200;
  while (performance.now() < end) {
    await new Promise(requestAnimationFrame);
    seen.add(canvas.toDataURL());
  }
  return seen.size;
}"""


def painted(page: Page) -> None:
    """Wait until an instrument has painted what it was told: it does so on the next frame."""
    page.evaluate(_PAINTED)


def quiet(page: Page | Frame, pause: int = 500) -> None:
    """Wait until the script has ended and nothing on the page has changed for ``pause`` milliseconds."""
    page.evaluate(_QUIET, pause)


def all_quiet(pages: list[Page], pause: int = 500) -> None:
    """Wait until every one of several pages is `quiet`; the pauses run at the same time."""
    for page in pages:
        page.evaluate(f"(pause) => {{ window.labQuiet = ({_QUIET})(pause); }}", pause)
    for page in pages:
        page.evaluate("window.labQuiet")


def query(page: Page) -> dict[str, str]:
    """The parameters in the address bar."""
    return {key: values[-1] for key, values in parse_qs(urlsplit(page.url).query).items()}


def query_has(page: Page, wanted: dict[str, str]) -> None:
    """Wait until the address holds these parameters: it is written a moment after the last change."""
    _wait_for_query(page, wanted, alone=False)
    assert query(page).items() >= wanted.items()


def query_is(page: Page, wanted: dict[str, str]) -> None:
    """Wait until the address holds these parameters and no others."""
    _wait_for_query(page, wanted, alone=True)
    assert query(page) == wanted


def _wait_for_query(page: Page, wanted: dict[str, str], *, alone: bool) -> None:
    with suppress(TimeoutError):  # the caller's assertion says what was there instead
        page.wait_for_function(_HAS_QUERY, arg=[wanted, alone], timeout=20_000)
