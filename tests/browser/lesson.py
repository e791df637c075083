"""What the tests of several lessons do: open one, read its instrument, load its JavaScript, look at its width."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from playwright.sync_api import Browser, Frame, Locator, Page, expect
from waits import query_has, quiet

# Whether a part of an instrument, or the controls of a key, stand between the menu and the card: the upper part of what is higher.
BETWEEN = """(name) => {
  const parts = [...document.querySelectorAll(".stMain *")].map(({ shadowRoot }) => shadowRoot?.querySelector(`[data-part=${name}]`));
  const part = (document.querySelector(`.st-key-${name}`) ?? parts.find(Boolean))?.getBoundingClientRect();
  if (!part?.height) return false;
  const [menu, card] = [".stAppHeader", ":is(.st-key-lab_card, .st-key-training_card)"].map((selector) => document.querySelector(selector).getBoundingClientRect());
  return part.top >= menu.bottom && (part.bottom <= card.top || (part.height > card.top - menu.bottom - 12 && part.top < menu.bottom + 12));
}"""


def open_lesson(page: Page, address: str, instrument: str, attribute: str) -> Locator:
    """Open a lesson, wait until the whole page is there, and return its instrument."""
    page.goto(address)
    mounted = page.locator(f"[data-instrument={instrument}]")
    expect(mounted).to_have_attribute(f"data-{attribute}", re.compile("."))
    expect(page.locator(".stMain [data-testid=stPageLink]").last).to_be_visible()  # the page ends with it
    return mounted


def row(instrument: Locator, name: str) -> np.ndarray:
    """The numbers in a data attribute of an instrument."""
    text = instrument.get_attribute(f"data-{name}")
    assert text is not None, f"no data-{name}"
    return np.array([float(part.replace("Infinity", "inf")) for part in text.split(",")])


def number(instrument: Locator, name: str) -> float:
    """The one number in a data attribute of an instrument."""
    (value,) = row(instrument, name)
    return float(value)


def fits_the_screen(page: Page) -> None:
    """Nothing can be scrolled sideways: neither the page nor the part of it that Streamlit scrolls."""
    widths = "[document.documentElement, document.querySelector('.stMain')].map((part) => part.scrollWidth)"
    assert max(page.evaluate(widths)) <= page.viewport_size["width"]


def choose(option: Locator) -> None:
    """Click the name of a panel, and wait until Python has shown it: the address follows, and the page is at rest."""
    page = option.page
    before = page.evaluate("location.search")
    option.click()
    page.wait_for_function("before => location.search !== before", arg=before)
    quiet(page, 200)


def card(page: Page | Frame) -> Locator:
    """The card of challenges."""
    return page.locator("[data-instrument=challenges]")


def go_on(page: Page, lesson: str, code: str) -> None:
    """Go to the next challenge, and wait until the address names it too."""
    card(page).get_by_role("button", name="Next challenge").click()
    expect(card(page)).to_have_attribute("data-open", code)
    query_has(page, {f"{lesson}_challenge_open": code})


def tab_to(wanted: Locator, key: str = "Tab", most: int = 120) -> None:
    """Press Tab, or Shift+Tab, until the element has the focus."""
    # Looked up once: by its role on the whole page, that is half of what such a walk costs.
    expect(wanted).to_have_count(1)
    node = wanted.element_handle()
    for _press in range(most):
        if node.evaluate("(node) => node.getRootNode().activeElement === node"):
            return
        wanted.page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {wanted}")


@contextmanager
def module_page(browser: Browser, text: str, names: str) -> Iterator[Page]:
    """An empty page with JavaScript in it, given as `lab` to what the tests of a file evaluate; it must throw nothing."""
    troubles: list[str] = []
    page = browser.new_page()
    page.on("pageerror", lambda error: troubles.append(str(error)))
    load_module(page, text, names)
    yield page
    page.close()
    assert not troubles, "\n".join(troubles)


def load_module(page: Page, text: str, names: str) -> None:
    """Load JavaScript into an empty page, and give it as `lab` to what the test evaluates."""
    page.goto("about:blank")
    page.add_script_tag(content=f"{text}\nwindow.lab = {{ {names} }};", type="module")
    page.wait_for_function("() => window.lab")
