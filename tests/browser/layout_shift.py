"""How much a page jumps while it loads, as Chromium measures it: bench.shift prints it, test_widths.py and test_shift.py limit it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from playwright.sync_api import Browser, Page
from waits import all_quiet, quiet

SIZES = {1280: 800, 390: 844}
ALLOWED = 0.05
# Chromium keeps the entries from before, up to 150. One that follows a click is marked: it counts where the page has changed.
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
    window.labShifts.push({ value: entry.value, asked: entry.hadRecentInput, at: entry.startTime, causes: entry.sources.map(({ node, previousRect, currentRect }) =>
      `${nameOf(node)} ${rect(previousRect)} to ${rect(currentRect)}`) });
  }
}).observe({ type: "layout-shift", buffered: true });
"""


def shifts(
    browser: Browser, address: str, sizes: Mapping[int, int] = MappingProxyType(SIZES)
) -> dict[int, list[dict[str, Any]]]:
    """Open a page in browsers that have not seen it, one a width; return the shifts of each: value, time in ms, and what moved."""
    contexts = [
        browser.new_context(viewport={"width": width, "height": height}, locale="en-US")
        for width, height in sizes.items()
    ]
    try:
        pages = [context.new_page() for context in contexts]
        for page in pages:
            page.add_init_script(WATCH)
            page.goto(address, wait_until="commit")  # one loads while the other is waited for
        for page in pages:
            page.get_by_role("heading", level=1).wait_for(timeout=60_000)
        all_quiet(pages, 1000)
        found: list[list[dict[str, Any]]] = [page.evaluate("window.labShifts") for page in pages]
    finally:
        for context in contexts:
            context.close()
    return {
        width: [shift for shift in own if not shift["asked"]] for width, own in zip(sizes, found, strict=True)
    }


def shifts_of_a_load(page: Page, address: str) -> list[dict[str, Any]]:
    """Open an address and wait for a second of rest; return the shifts, but for those that a click has asked for."""
    page.goto(address)
    page.evaluate(WATCH)
    page.get_by_role("heading", level=1).wait_for(timeout=60_000)
    quiet(page, 1000)
    return [shift for shift in page.evaluate("window.labShifts") if not shift["asked"]]


def shifts_of_a_change(browser: Browser, address: str, name: str) -> list[dict[str, Any]]:
    """Open a page, go to another one by the menu; return the shifts from the click on, with those that it asked for."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    try:
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(address)
        page.get_by_role("heading", level=1).wait_for(timeout=60_000)
        quiet(page, 1000)
        page.evaluate("window.labShifts.length = 0")
        page.get_by_test_id("stTopNavLink").get_by_text(name, exact=True).click()
        page.get_by_role("heading", level=1, name=name).wait_for(timeout=60_000)
        quiet(page, 1000)
        found: list[dict[str, Any]] = page.evaluate("window.labShifts")
        return found
    finally:
        context.close()


def total(found: list[dict[str, Any]]) -> float:
    """Return the sum of the shifts."""
    return sum(float(shift["value"]) for shift in found)


def at_rest(found: list[dict[str, Any]]) -> None:
    """Fail, with what moved, where a page has jumped."""
    assert total(found) <= ALLOWED, "\n".join(f"{shift['value']:.3f} {shift['causes']}" for shift in found)
