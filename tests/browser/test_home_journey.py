"""Home as a newcomer meets it: something moves, one button starts, solved challenges are ticked, links can be sent."""

import json
import re
from collections.abc import Callable

from lesson import fits_the_screen
from playwright.sync_api import Page, expect
from server import Server
from waits import query_has, quiet

from ui.loss import challenges as loss
from ui.softmax.challenges import CHALLENGES

MAP = "[data-instrument=lesson-map]"
SOFTMAX, LOSS = (f"{MAP} [data-lesson={stem}]" for stem in ("softmax", "loss"))
CODES = [task.code for task in CHALLENGES.table()]
ALL = len(CODES)
SHIFT = CODES.index("shift") + 1


KEPT = "() => [localStorage, sessionStorage].flatMap(Object.keys).filter((name) => name.startsWith('softmax-lab:'))"
# Beside what the page has kept; no number is a list of codes.
SOLVE_THE_OTHERS = """(codes) => {
  const kept = JSON.parse(localStorage.getItem("softmax-lab:progress"));
  localStorage.setItem("softmax-lab:progress", JSON.stringify({ softmax: [...kept.softmax, ...codes], loss: 7 }));
}"""
BEGINS_AGAIN = """run => new Promise((done) => {
  const look = () => run.dataset.step === "0" && done(true);
  new MutationObserver(look).observe(run, { attributes: true });
  setTimeout(done, 20000, false);
  look();
})"""


def steps_of(page: Page, seconds: float) -> set[str]:
    """The steps that the short run shows within some seconds."""
    run = page.locator(f"{MAP} .short-run")
    shown = set()
    for _ in range(int(10 * seconds)):
        shown.add(run.get_attribute("data-step") or "")
        page.wait_for_timeout(100)
    return shown


def test_from_the_start_button_to_a_tick_and_on(page: Page, server: Server) -> None:
    page.goto(server.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Softmax Lab")
    expect(page.locator(SOFTMAX)).to_contain_text(f"0 of {ALL} solved")
    page.get_by_role("link", name="Start: Softmax").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Softmax")
    page.get_by_role("button", name=f"Challenge {SHIFT}", exact=True).click()
    page.get_by_role("button", name="it stays").click()
    expect(page.get_by_role("button", name=f"Challenge {SHIFT}, solved")).to_be_visible()
    page.get_by_test_id("stTopNavLink").get_by_text("Home", exact=True).click()
    expect(page.locator(SOFTMAX)).to_contain_text(f"1 of {ALL} solved")
    page.locator(SOFTMAX).get_by_role("button").click()
    expect(page.locator(f"{SOFTMAX} li.solved")).to_have_text(re.compile("5 is added"))
    # A lesson whose challenges are all solved is followed by the next, also on another day.
    expect(page.get_by_role("link", name="Go on: Softmax")).to_be_visible()
    page.evaluate(SOLVE_THE_OTHERS, [code for code in CODES if code != "shift"])
    page.reload()
    expect(page.locator(SOFTMAX)).to_contain_text(f"{ALL} of {ALL} solved")
    expect(page.get_by_role("link", name="Go on: Loss")).to_be_visible()
    # Home says what this browser keeps, and forgets it when it is asked twice; so does the visit.
    forgetting = page.locator("[data-instrument=forgetting]")
    forgetting.get_by_role("button", name="Forget what this browser keeps").click()
    forgetting.get_by_role("button", name="Keep it").click()
    expect(page.locator(SOFTMAX)).to_contain_text(f"{ALL} of {ALL} solved")
    forgetting.get_by_role("button", name="Forget what this browser keeps").press("Enter")
    forgetting.get_by_role("button", name="Forget it all").click()
    expect(forgetting.get_by_role("status")).to_have_text(re.compile("^Forgotten"))
    expect(page.locator(SOFTMAX)).to_contain_text(f"0 of {ALL} solved")
    assert page.evaluate(KEPT) == []
    page.get_by_role("link", name="Start: Softmax").click()
    expect(page.get_by_role("button", name=f"Challenge {SHIFT}", exact=True)).to_be_visible()
    assert page.evaluate(KEPT) == []


def test_links_of_home_open_a_lesson_in_the_state_that_they_name(page: Page, server: Server) -> None:
    page.goto(server.url)
    page.locator(LOSS).get_by_role("button").click()
    page.locator(LOSS).get_by_role("listitem").nth(2).get_by_role("link").click()
    third = list(loss.CHALLENGES.table())[2].code
    query_has(page, {"loss_challenge_open": third})
    expect(page.get_by_role("button", name="Challenge 3", exact=True)).to_have_attribute(
        "aria-current", "step"
    )
    # A link for teachers leads to the lesson that this visit knows already.
    page.get_by_role("link", name="Home").first.click()
    page.get_by_text("For teachers").click()
    page.get_by_role("link", name="Gradient steps towards a smoothed label").click()
    expect(page.locator("[data-instrument=loss-curve]")).to_have_attribute("data-logits", "-1,2,0")
    expect(page.locator(".lab-notes")).to_have_count(0)


def test_home_is_one_screen_whose_run_moves_at_once_stops_on_a_click_and_begins_again(
    page: Page, server: Server
) -> None:
    page.goto(server.url)
    expect(page.locator(f"{MAP} .short-run[data-step]")).to_be_visible()
    run = page.locator(f"{MAP} .short-run")
    (cat, *at_cat), (dog, *at_dog), (bird, *at_bird) = json.loads(run.get_attribute("data-names") or "")
    assert (cat, dog, bird) == ("cat", "dog", "bird"), "the colours have names"
    width, height = map(int, (run.get_attribute("data-width") or "").split())
    assert at_cat[0] < width / 2 < at_dog[0], "each name in its region"
    assert at_bird[1] < height / 2 < at_dog[1]
    assert len(steps_of(page, 1)) > 3
    page.get_by_role("button", name="Pause").click()
    assert len(steps_of(page, 0.5)) == 1
    page.get_by_role("button", name="Play").click()
    assert page.locator(f"{MAP} .short-run").evaluate(BEGINS_AGAIN), "it plays in a loop"
    page.get_by_role("button", name="Pause").click()
    for teachers in ("For teachers", "教师专区"):
        expect(page.get_by_text(teachers)).to_be_visible()
        quiet(page, 200)
        box = page.get_by_text(teachers).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 800
        fits_the_screen(page)
        page.get_by_role("radio", name="简体中文", exact=True).click()


def test_nothing_moves_for_who_wants_less_motion(new_page: Callable[..., Page], server: Server) -> None:
    page = new_page(reduced_motion="reduce")
    page.goto(server.url)
    run = page.locator(f"{MAP} .short-run[data-step]")
    expect(run).to_have_attribute("data-playing", "false")
    (step,) = steps_of(page, 1)
    assert 0 < int(step) < 150, "a step at which something can be seen"
