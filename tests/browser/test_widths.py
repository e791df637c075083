"""No page jumps while it loads; each with its panels fits its screen, from a small phone to a projector and with large letters; axe-core finds nothing on a page that
is ours (of panels bench.axe says it); a finger hits every control."""

import re

import pytest
from axe import HEIGHT, lines, violations
from axe import WIDTHS as AXE_WIDTHS
from layout_shift import SIZES, at_rest, shifts_of_a_load
from lesson import BETWEEN
from playwright.sync_api import Page, TimeoutError, expect
from server import Server
from waits import painted, quiet

from ui.slips.registry import SLIPS

STEMS = (
    "softmax",
    "loss",
    "linear_layer",
    "training",
    "hidden_layer",
    "images",
    "text",
    "information",
    "practice",
    "slips",
    "glossary",
)
LESSONS = ("Softmax", "Loss", "Linear layer", "Training", "Hidden layer", "Images", "Text", "Information")
WIDTHS = (320, 800, 1024)
EMBEDDED = 640
# Streamlit's grid of points scrolls by design: it has a column for every number of a point.
WIDER = """() => {
  const found = [];
  const wide = (node) => node.scrollWidth > node.clientWidth + 1;
  const look = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) look(node.shadowRoot);
      if (node.matches(".lab-table, .katex-display, pre, [data-instrument], [role=radiogroup]") && wide(node)
        && getComputedStyle(node).overflowX !== "visible") found.push(node.outerHTML.slice(0, 120));
    }
  };
  for (const part of [document.documentElement, document.querySelector(".stMain")]) if (wide(part)) found.push(part.className);
  look(document.querySelector(".stMain"));
  return found;
}"""
# Lines of which the end cannot be read, not even under the pointer.
CUT = """() => {
  const found = [];
  const look = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) look(node.shadowRoot);
      const { overflowX, whiteSpace } = getComputedStyle(node);
      if (["hidden", "clip"].includes(overflowX) && whiteSpace === "nowrap" && node.clientWidth > 2
        && node.scrollWidth > node.clientWidth + 1 && node.innerText?.trim() && !node.title
        && node.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true })) found.push(node.outerHTML.slice(0, 120));
    }
  };
  look(document.querySelector(".stMain"));
  return found;
}"""
# What of an instrument would lie below the card beside it.
BEYOND = """() => {
  const found = [];
  const place = document.querySelector(".st-key-lab_instrument, .st-key-training_left");
  const look = (root, right) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) look(node.shadowRoot, right);
      const box = node.getBoundingClientRect();
      if (box.width && box.right > right + 3 && node.checkVisibility({ checkVisibilityCSS: true })) found.push(node.outerHTML.slice(0, 120));
    }
  };
  if (place) look(place, place.getBoundingClientRect().right);
  return found;
}"""
# Which controls a finger hits on less than 43 pixels across or down, their middle among them. Words that show something under the pointer, cells of
# tables and rows of a list are as high as a line of text.
SMALL = """(part) => {
  const found = [], controls = [];
  const LINES = ".term, .cell, .class, .dial-number, p a, canvas";
  const CONTROLS = "button, a[href], select, summary, [role=slider], [data-instrument] input";
  const collect = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) collect(node.shadowRoot);
      if (node.matches(CONTROLS) && !node.matches(LINES) && !node.disabled && node.checkVisibility({ checkVisibilityCSS: true })) controls.push(node);
    }
  };
  collect(document.querySelector(part));
  for (const node of controls) {
    node.scrollIntoView({ block: "center", behavior: "instant" });
    const target = node.closest("label") ?? node, box = target.getBoundingClientRect();
    const isHit = (dx, dy) => {
      let hit = document.elementFromPoint(box.left + box.width / 2 + dx, box.top + box.height / 2 + dy);
      for (let inner = hit; inner?.shadowRoot; hit = inner) {
        inner = inner.shadowRoot.elementFromPoint(box.left + box.width / 2 + dx, box.top + box.height / 2 + dy);
        if (!inner || inner === hit) break;
      }
      for (; hit; hit = hit.parentElement ?? hit.getRootNode().host) if (hit === target) return true;
      return false;
    };
    if (!isHit(0, 0)) continue; // below something that sticks to an edge
    const reach = (dx, dy) => {
      let far = 0;
      for (const stride of [6, 1]) while (far < 43 && isHit(dx * (far + stride), dy * (far + stride))) far += stride;
      return far;
    };
    if (Math.min(reach(-1, 0) + reach(1, 0), reach(0, -1) + reach(0, 1)) < 42) found.push(node.outerHTML.slice(0, 120));
  }
  return [controls.length, found];
}"""


def _fits(page: Page, where: str) -> None:
    painted(page)
    assert not page.evaluate(WIDER), where
    assert not page.evaluate(CUT), where


def _is_for_everyone(page: Page, where: str, turn: int) -> None:
    """Axe finds nothing of ours, at one of its widths; bench.axe looks at all of them, in both themes and languages."""
    page.set_viewport_size({"width": AXE_WIDTHS[turn % 2], "height": HEIGHT})
    quiet(page, 150)
    assert not lines(violations(page)), where


# The colours of parts that carry data, and of what is chosen, beside that of the page: where the system sets the colours, too.
COLOURS = """() => {
  const board = [...document.querySelectorAll("*")].map(({ shadowRoot }) => shadowRoot?.querySelector("[data-instrument=logit-board]")).find(Boolean);
  const of = (node, pseudo) => getComputedStyle(node, pseudo).backgroundColor;
  const tabs = document.querySelectorAll(".st-key-softmax_panel [role=radio]");
  return {
    page: of(document.querySelector(".stApp")), fill: of(board.querySelector(".fill")), other: of(board.querySelectorAll(".fill")[1]),
    amount: of(board.querySelector(".amount")), bar: of(board.querySelector(".cell .bar")), track: of(board.querySelector(".track"), "::before"),
    chosen: of([...tabs].find((tab) => tab.ariaChecked === "true")), tab: of([...tabs].find((tab) => tab.ariaChecked === "false")),
  };
}"""


def _in_forced_colours(page: Page, what: str) -> dict[str, str]:
    page.emulate_media(forced_colors="active")
    quiet(page, 150)
    seen: dict[str, str] = page.evaluate(what)
    page.emulate_media(forced_colors="none")
    return seen


def _keeps_its_colours(page: Page) -> None:
    seen = _in_forced_colours(page, COLOURS)
    assert len({seen["page"], seen["fill"], seen["other"], seen["track"]}) == 4, seen
    assert len({seen["page"], seen["amount"], seen["bar"]}) == 3, seen
    assert seen["chosen"] != seen["tab"], seen


# The ring and the knob of a choice, chosen and not, and a switch.
KNOBS = """() => {
  const of = (node) => getComputedStyle(node).backgroundColor;
  const rings = [...document.querySelectorAll("[data-testid=stRadioOption] > div > div:first-child")];
  const on = document.querySelector("[data-testid=stCheckbox] label[data-selected] > span + div");
  return { page: of(document.querySelector(".stApp")), chosen: of(rings[0]), knob: of(rings[0].firstChild), other: of(rings[1]), on: of(on), handle: of(on.firstChild) };
}"""


def _keeps_its_knobs(page: Page) -> None:
    seen = _in_forced_colours(page, KNOBS)
    assert len({seen["chosen"], seen["knob"], seen["other"]}) == 3, seen
    assert seen["on"] not in (seen["page"], seen["handle"]), seen


@pytest.mark.parametrize("number", range(len(STEMS)), ids=STEMS)
def test_a_page_and_its_panels_fit_every_width_and_are_for_everyone(
    server: Server, page: Page, number: int
) -> None:
    # Languages and the width at which a page loads take turns from page to page, and themes after two pages.
    stem, is_chinese = STEMS[number], number % 2
    page.emulate_media(color_scheme=("light", "dark")[number // 2 % 2])
    width = 1280 if is_chinese else 390
    page.set_viewport_size({"width": width, "height": SIZES[width]})
    at_rest(shifts_of_a_load(page, f"{server.url}/{stem}{'?lang=zh' if is_chinese else ''}"))
    page.set_viewport_size({"width": 1280, "height": 800})
    quiet(page, 150)
    _begins_at_the_top(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        _fits(page, f"{stem} at {width}")
    assert not page.evaluate(BEYOND), f"{stem} at {width}"
    if stem == "loss":
        _numbers_stand_in_a_row(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    _fits(page, f"{stem} at 1280")
    page.set_viewport_size({"width": EMBEDDED, "height": 600})  # as in a frame of another page
    page.evaluate("document.querySelector('.stApp').classList.add('streamlit-embedded')")
    _fits(page, f"{stem}, embedded, at {EMBEDDED}")
    page.evaluate("document.querySelector('.stApp').classList.remove('streamlit-embedded')")
    _is_for_everyone(page, stem, number)
    if stem == "softmax":
        _keeps_its_colours(page)
    if stem == "slips":
        _keeps_its_knobs(page)
    panels = page.locator(f".st-key-{stem}_panel :is([role=radio], label:has(input[type=radio]))")
    page.set_viewport_size({"width": 320, "height": 800})
    for panel in range(1, panels.count(), 3 if stem == "slips" else 1):  # the errors have one layout
        panels.nth(panel).click()
        quiet(page, 150)
        _fits(page, f"{stem}, panel {panel}")
        if is_chinese:
            _speaks_chinese(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate("document.documentElement.style.fontSize = '32px'")
    _fits(page, f"{stem} with large letters")


def _begins_at_the_top(page: Page) -> None:
    """Menu, title and language take 110 pixels, and what the page is about begins right below."""
    head = page.locator(".st-key-lab_head")
    box = head.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 110
    first = head.locator("xpath=following::*[@data-testid='stElementContainer'][1]").first.bounding_box()
    assert first is not None
    assert first["y"] <= 125


def test_home_fits_a_phone_and_is_for_everyone(server: Server, page: Page) -> None:
    at_rest(shifts_of_a_load(page, server.url))
    expect(page.locator("[data-instrument=lesson-map]")).to_be_visible()
    _begins_at_the_top(page)
    for name, language in (("简体中文", "zh-CN"), ("English", "en")):
        page.set_viewport_size({"width": 1280, "height": 800})
        page.get_by_role("radio", name=name, exact=True).click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        quiet(page, 200)
        page.set_viewport_size({"width": 320, "height": 800})
        _fits(page, f"home, {name}")
    _is_for_everyone(page, "home", 0)


def test_a_finger_hits_every_control_and_training_keeps_its_bar_in_sight(server, new_page) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto(f"{server.url}/softmax")
    for lesson in LESSONS:
        expect(page.get_by_role("heading", level=1)).to_have_text(lesson)
        expect(page.locator(".stMain [data-testid=stPageLink]").last).to_be_visible()
        quiet(page)
        # A page of which the greater part has not come yet can be quiet, too.
        page.wait_for_function(f"(part) => ({SMALL})(part)[0] > 15", arg=".stMain")
        quiet(page)
        count, small = page.evaluate(SMALL, ".stMain")
        assert count > 15
        assert not small, lesson
        if lesson == "Loss":
            _hides_nothing_that_has_the_focus(page)
            _uncovers_what_it_explains(page)
        if lesson == "Training":
            _keeps_its_bar(page)
        if lesson == "Softmax":
            _is_chosen_by_a_finger(page)
        else:
            quiet(page)  # a link that moves away below the finger is not pressed
            page.locator(".stMain [data-testid=stPageLink]").last.click()
    _turns_below_the_answer(page)
    _has_lists_for_a_finger(page, server)


TO_THE_TOP = "(main) => main.scrollTo({ top: 0, behavior: 'instant' })"
# How far the card, which sticks to the lower edge, lies over what has the focus.
COVERED = """() => {
  let node = document.activeElement;
  while (node.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  return node.getBoundingClientRect().bottom - document.querySelector(".st-key-lab_card").getBoundingClientRect().top;
}"""


def _hides_nothing_that_has_the_focus(page: Page) -> None:
    page.locator(".stMain").evaluate(TO_THE_TOP)
    page.get_by_title("Type the logit of bird exactly").focus()
    painted(page)
    assert page.evaluate(COVERED) <= 0
    expect(page.get_by_role("link", name="Glossary", exact=True)).to_have_count(0)  # in the closed menu


def _uncovers_what_it_explains(page: Page) -> None:
    """The answer and what it speaks of are on the screen together."""
    page.locator(".stMain").evaluate(TO_THE_TOP)
    card = page.locator("[data-instrument=challenges]")
    top = "document.querySelector('.st-key-lab_instrument').getBoundingClientRect().top"
    before = page.evaluate(top)
    assert before > 200
    card.get_by_role("textbox", name="Your answer").evaluate("(field) => field.focus()")
    page.keyboard.type("1.2")
    painted(page)
    assert page.evaluate(top) == before  # the card is in sight: what is typed there moves nothing
    card.get_by_role("button", name="Just show me").evaluate(
        "(button) => button.click()"
    )  # tap() would scroll
    expect(card.get_by_text("The answer: 1.386 nats")).to_be_in_viewport()
    page.wait_for_function(BETWEEN, arg="curve")


# What the pages of one language have in the names of their own and of Streamlit's controls.
ENGLISH = """() => [...document.querySelectorAll(".stApp :is([aria-label], [title], [placeholder])")].flatMap((node) =>
  ["aria-label", "title", "placeholder"].map((name) => node.getAttribute(name)).filter((text) => /[A-Za-z]{3}/.test(text ?? "") && !/[\u3400-\u9fff]/.test(text)))"""


def _speaks_chinese(page: Page) -> None:
    try:
        page.wait_for_function(f"() => ({ENGLISH})().length === 0")
    except TimeoutError:
        pytest.fail(f"English names: {page.evaluate(ENGLISH)}")


def _numbers_stand_in_a_row(page: Page) -> None:
    """On the widest of these screens the names of the numbers stand in one line, and an axis is as wide as the board."""
    board = page.locator("[data-instrument=loss-curve]")
    heads = [board.locator(f".head.{name}").bounding_box() for name in ("z", "p", "y", "gap")]
    assert len({round(box["y"]) for box in heads if box}) == 1
    axis, row = board.locator(".row .axis").first.bounding_box(), board.locator(".row").first.bounding_box()
    assert axis is not None
    assert row is not None
    assert axis["width"] > 0.9 * row["width"]


def _is_chosen_by_a_finger(page: Page) -> None:
    """The menu of a phone: Home, all pages, and the button that closes it; it leads to the next lesson."""
    menu = page.locator("[data-testid=stSidebar]")
    page.get_by_role("button", name="Expand sidebar").tap()
    expect(menu.get_by_role("link", name="Glossary")).to_be_in_viewport(ratio=0.99)
    assert page.evaluate(SMALL, "[data-testid=stSidebar]") == [len(STEMS) + 2, []]
    menu.get_by_role("button", name="Collapse sidebar").tap()
    expect(menu.get_by_role("link", name="Glossary")).not_to_be_in_viewport()
    page.get_by_role("button", name="Expand sidebar").tap()
    menu.get_by_role("link", name="Loss", exact=True).tap()
    expect(menu).to_be_hidden()  # it closes behind a choice


def _has_lists_for_a_finger(page: Page, server: Server) -> None:
    """Drop-down lists are pressed anywhere on them, and so are the lines of a list."""
    for address, part, count in (
        ("training?training_panel=settings&training_all=true", ".stSelectbox input", 2),
        ("slips", "[data-testid=stRadioOption]", len(SLIPS)),
    ):
        page.goto(f"{server.url}/{address}")
        parts = page.locator(f".stMain {part}")
        expect(parts).to_have_count(count)
        quiet(page)
        heights = parts.evaluate_all("(nodes) => nodes.map((node) => node.getBoundingClientRect().height)")
        assert min(heights) >= 44, address


def _turns_below_the_answer(page: Page) -> None:
    """Practice: what leads on stands below the card, and brings the next question up."""
    sheet = page.locator("[data-instrument=practice-sheet]")
    on, heading = sheet.get_by_role("button", name="Next question"), sheet.locator(".card h2")
    expect(heading).to_have_text(re.compile(r"^1\. "))
    on.scroll_into_view_if_needed()
    card, button = sheet.locator(".card").bounding_box(), on.bounding_box()
    assert card is not None
    assert button is not None
    assert button["y"] >= card["y"] + card["height"]
    page.locator(".stMain").evaluate(
        "(main) => main.scrollTo({ top: main.scrollHeight, behavior: 'instant' })"
    )
    on.evaluate("(button) => button.click()")
    expect(heading).to_have_text(re.compile(r"^2\. "))
    expect(heading).to_be_in_viewport(ratio=0.99)


# Whether the card leaves the picture of the stage free.
UNCOVERED = """() => {
  const plane = [...document.querySelectorAll(".st-key-training_left *")].map(({ shadowRoot }) => shadowRoot?.querySelector(".plane")).find(Boolean);
  return plane.getBoundingClientRect().bottom <= document.querySelector(".st-key-training_card").getBoundingClientRect().top;
}"""


def _keeps_its_bar(page: Page) -> None:
    """The learning rate is in sight of stage and loss; the bar stays in sight when these have gone."""
    rate = page.get_by_role("slider", name="Learning rate")
    stage = page.locator("[data-instrument=training-stage]")
    bar = (stage.locator(".key.play"), stage.locator(".readout span").nth(1))
    question = page.locator("[data-instrument=challenges] .question")
    expect(stage).to_have_attribute("data-playing", "false")  # the first run plays by itself
    quiet(page)
    rate.evaluate("(node) => node.scrollIntoView({ block: 'start', behavior: 'instant' })")
    for part in (*bar, rate, stage.locator(".plane"), question):
        expect(part).to_be_in_viewport(ratio=0.99)
    page.wait_for_function(UNCOVERED)
    stage.locator(".looks").evaluate(
        "(node) => node.scrollIntoView({ block: 'center', behavior: 'instant' })"
    )
    for part in (*bar, question):
        expect(part).to_be_in_viewport(ratio=0.99)
    expect(stage.locator(".plane")).not_to_be_in_viewport(ratio=0.9)
    rate.press("ArrowRight")  # the bar lies over the stage alone
    expect(rate).to_have_attribute("aria-valuetext", "0.2")
