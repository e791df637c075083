"""The Loss lesson as a learner walks it: answers first, then what happens; and every goal by keys alone."""

import re

import numpy as np
import pytest
from lesson import card, number, row
from playwright.sync_api import Locator, Page, expect
from server import Server
from waits import painted, query_has, quiet

from softmax_core.functional import logsumexp, softmax
from softmax_core.losses import cross_entropy

SHIFT = """() => {
  window.labShift = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { if (!entry.hadRecentInput) window.labShift += entry.value; }))
    .observe({ type: "layout-shift" });
}"""


def curve(page: Page) -> Locator:
    return page.locator("[data-instrument=loss-curve]")


def opened(page: Page, server: Server) -> Locator:
    page.goto(f"{server.url}/loss")
    expect(curve(page)).to_have_attribute("data-loss", re.compile("."))
    expect(card(page)).to_have_attribute("data-open", re.compile("."))
    expect(page.get_by_text(re.compile("^(Next: |下一课：)"))).to_be_visible()
    return curve(page)


def box_of(part: Locator) -> dict[str, float]:
    box = part.bounding_box()
    assert box is not None
    return dict(box)


def middle(part: Locator) -> tuple[float, float]:
    box = box_of(part)
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, part: Locator, dx: float, dy: float = 0.0) -> None:
    x, y = middle(part)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=6)
    page.mouse.up()
    painted(page)


def dot(page: Page) -> Locator:
    return page.get_by_role("slider", name="on the loss curve")


def step(page: Page, n: int) -> None:
    card(page).get_by_role("button", name=re.compile(f"^Challenge {n}(, solved|, answered)?$")).click()


def solved(page: Page, code: str) -> None:
    expect(card(page)).to_have_attribute("data-solved", re.compile(rf"\b{code}\b"))


def answered(page: Page, n: int) -> None:
    """The challenge has its quiet mark and no tick."""
    expect(card(page).get_by_role("button", name=f"Challenge {n}, answered")).to_be_visible()


def type_number(page: Page, number: Locator, text: str) -> None:
    number.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    painted(page)


def test_all_is_on_one_screen_and_dot_and_logits_move_each_other(page: Page, server: Server) -> None:
    instrument = opened(page, server)
    for part in (
        instrument,
        instrument.locator(".dot"),
        instrument.locator(".tangent"),
        card(page),
        page.get_by_role("button", name="Next step"),
        page.locator(".katex-display"),
    ):
        expect(part).to_be_visible()
        assert box_of(part)["y"] + box_of(part)["height"] <= 800
    expect(
        page.get_by_text("✓ Correct: cat has the largest p. But the loss is 0 only at p = 1.")
    ).to_be_visible()
    handles_cover_no_numbers(instrument)
    dot_and_logits_move_each_other(page, instrument)
    extremes_stay_on_the_axis(page, instrument)


def test_nothing_jumps_once_the_page_stands(page: Page, server: Server) -> None:
    instrument = opened(page, server)
    page.evaluate(SHIFT)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        quiet(page)
        kept = page.evaluate(
            "parseFloat(getComputedStyle(document.querySelector('.st-key-lab_instrument')).minHeight)"
        )
        assert kept == pytest.approx(box_of(instrument)["height"], abs=6), width
        # The next step's formula has a height of its own: what stands below it moves, once, as the answer to the key.
        formula = page.locator(".katex-display").first.inner_text()
        page.get_by_role("button", name="Next step").press("Enter")
        expect(page.locator(".katex-display").first).not_to_have_text(formula, use_inner_text=True)
        quiet(page)
        page.evaluate("window.labShift = 0")
        # Long after each key, when the browser no longer forgives a shift as the answer to it.
        quiet(page, 700)
        dot(page).press("PageDown")
        quiet(page, 700)
        assert page.evaluate("window.labShift") <= 0.05, width
    curve_box, axis = (box_of(instrument.locator(part)) for part in (".plot", ".axis .scale"))
    below = axis["y"] - curve_box["y"] - curve_box["height"]
    assert 0 <= below < 16, "the numbers of the axis stand right below the curve on a phone too"


def handles_cover_no_numbers(instrument: Locator) -> None:
    for line in instrument.locator(".row").all():
        logit = box_of(line.locator(".logit .handle"))
        assert min(logit["width"], logit["height"]) >= 24, "WCAG 2.5.8"
        handle = box_of(line.locator(".share-handle"))
        for part in (".z .plain", ".p > span:last-child", ".y .plain"):
            box = box_of(line.locator(part))
            assert handle["x"] + handle["width"] <= box["x"] or box["x"] + box["width"] <= handle["x"]


def dot_and_logits_move_each_other(page: Page, instrument: Locator) -> None:
    before = row(instrument, "logits")
    drag(page, dot(page), -100)
    z, p = row(instrument, "logits"), row(instrument, "probabilities")
    assert z[0] < before[0]
    assert z[1:].tolist() == before[1:].tolist(), "the dot moves one logit only"
    np.testing.assert_allclose(p, softmax(z), rtol=1e-12)
    assert number(instrument, "loss") == pytest.approx(float(cross_entropy(z, 0)), rel=1e-12)
    # The dot stands above the end of the bar of p: both have one axis.
    axis = box_of(instrument.locator(".row .axis .track").first)
    assert middle(dot(page))[0] == pytest.approx(axis["x"] + p[0] * axis["width"], abs=1.5)
    page.get_by_role("slider", name="Logit of cat").press("PageUp")
    painted(page)
    after = row(instrument, "probabilities")[0]
    assert after > p[0]
    assert middle(dot(page))[0] == pytest.approx(axis["x"] + after * axis["width"], abs=1.5)
    query_has(page, {"loss_board_z": (instrument.get_attribute("data-logits") or "").replace(",", "~")})
    an_arrow_goes_from_p_to_y(instrument)
    # A click on the drawing brings the dot, without a drag: a quarter of the way to the right, and on the axis.
    instrument.locator("svg.plot").click(position={"x": axis["width"] / 4, "y": 155})
    painted(page)
    clicked = row(instrument, "probabilities")[0]
    assert 0.2 < clicked < 0.6
    expect(dot(page)).to_be_focused()
    dot(page).press("ArrowLeft")
    painted(page)
    assert row(instrument, "probabilities")[0] == pytest.approx(clicked - 0.01, abs=1e-3)
    dot(page).press("Home")
    painted(page)
    assert row(instrument, "probabilities")[0] == pytest.approx(0.002, abs=1e-4)
    expect(instrument.locator(".above")).to_have_text("↑ 6.2")
    dot(page).press("End")
    painted(page)
    assert row(instrument, "probabilities")[0] == pytest.approx(0.998, abs=1e-4)


def extremes_stay_on_the_axis(page: Page, instrument: Locator) -> None:
    """Far out the dot stays at the end of the axis, and no p is written as 0."""
    for k, text in enumerate(("0", "60", "0")):
        type_number(page, instrument.locator(".row").nth(k).locator(".z .plain"), text)
    expect(instrument).to_have_attribute("data-logits", "0,60,0")
    assert number(instrument, "loss") == pytest.approx(float(logsumexp([0.0, 60.0, 0.0])))
    expect(instrument.locator(".above")).to_have_text("↑ 60.0")
    p_text = instrument.locator(".row").first.locator(".p > span:last-child")
    expect(p_text).to_have_text("<0.001")
    expect(p_text).to_have_attribute("title", "8.8×10⁻²⁷")
    drag(page, dot(page), 60, 60)
    assert row(instrument, "probabilities")[0] > 0.02


def an_arrow_goes_from_p_to_y(instrument: Locator) -> None:
    for k, (p, y) in enumerate(
        zip(row(instrument, "probabilities"), row(instrument, "targets"), strict=True)
    ):
        line = instrument.locator(".row").nth(k)
        path, axis = (
            line.locator(".arrow path").get_attribute("d") or "",
            box_of(line.locator(".axis .track")),
        )
        ends = [float(x) for x in re.findall(r"[ML](-?[\d.]+)", path)]
        assert ends[:2] == pytest.approx([p * axis["width"], y * axis["width"]], abs=1)


def test_a_learner_answers_and_a_reload_keeps_it_then_reaches_every_goal_by_keys_alone(
    page: Page, server: Server
) -> None:
    instrument = opened(page, server)

    # Nothing says which way a logit goes before it is asked.
    def expect_nothing_told() -> None:
        expect(instrument.locator(".row .way")).to_have_text(["", "", ""])
        expect(instrument.locator(".row .gap")).to_contain_text(["?", "?", "?"])
        expect(instrument.locator(".legend")).not_to_contain_text("y − p")
        expect(instrument.locator(".rule")).to_have_count(0)
        for covered in (".row .arrow", ".slope-z"):
            expect(instrument.locator(covered).first).to_be_hidden()

    expect_nothing_told()
    # The second press of a double click comes down on an option that has slid under the pointer: it answers nothing.
    x, y = middle(page.get_by_role("button", name="Next challenge"))
    page.mouse.dblclick(x, y)
    expect(card(page)).to_have_attribute("data-open", "push")
    under = card(page).get_by_role("button", name="it rises").bounding_box()
    assert under is not None
    assert under["y"] < y < under["y"] + under["height"]
    quiet(page)
    expect(card(page)).to_have_attribute("data-shown", "false")
    step(page, 1)
    expect(instrument).to_have_attribute("data-logits", "2,1,0.1")
    # 1. A number.
    page.get_by_role("textbox", name="Your answer").fill("1.4")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_text("You said 1.400 nats, it is 1.386 nats.")).to_be_visible()
    expect(instrument).to_have_attribute("data-logits", "0,0,0,0")
    assert number(instrument, "loss") == pytest.approx(np.log(4))
    expect(instrument.locator(".level-name")).to_have_text("your guess: 1.40")
    solved(page, "uniform")
    a_reload_keeps_it_and_the_board_of_the_answer_is_one_click_away(page, instrument)
    # 2. A choice; nothing on the instrument gives it away before.
    page.get_by_role("button", name="Next challenge").click()
    expect(instrument).to_have_attribute("data-logits", "2,1,0.1")
    quiet(page)
    page.get_by_role("radio", name="Check the slope").click()
    expect(page.get_by_text("The numbers here would answer")).to_be_visible()
    page.get_by_role("radio", name="Derivation").click()
    expect(page.get_by_text("The numbers here would answer")).to_have_count(0)
    expect_nothing_told()
    page.get_by_role("button", name="it rises").click()
    expect(page.get_by_text("You said: it rises. The answer: it falls")).to_be_visible()
    expect(instrument.locator(".way").nth(1)).to_have_text("z↓")
    expect(instrument.locator(".rule")).to_have_text("p too large: z is pushed down. Too small: pulled up.")
    expect(instrument.locator(".row .was")).to_have_text(["was 2.00", "was 1.00", "was 0.10"])
    expect(instrument.locator(".row .arrow").first).to_be_visible()
    assert row(instrument, "logits")[1] < 1
    expect(instrument.locator(".row").nth(1).locator(".your-guess")).to_have_text("your guess →")
    expect(instrument.locator(".your-guess:visible")).to_have_count(1)
    expect(instrument.locator(".level-name")).to_have_text("")
    # 3. A sketch, with mouse and keys.
    page.get_by_role("button", name="Next challenge").click()
    expect(instrument.locator(".row .was")).to_have_text(["", "", ""])
    expect(instrument).to_have_attribute("data-sketching", "true")
    expect(instrument.locator(".curve")).to_be_hidden()
    expect(page.get_by_role("button", name="Check", exact=True)).to_be_disabled()
    handles = page.get_by_role("slider", name="Your sketch at p")
    drag(page, handles.nth(0), 0, -40)
    handles.nth(4).press("PageDown")
    painted(page)
    sketch = row(instrument, "sketch")
    assert sketch[0] > 1
    assert sketch[4] == pytest.approx(0.5)
    # A single click brings the nearest handle to its height, and the keys then move that handle.
    plot = instrument.locator("svg.plot")
    size = plot.bounding_box()
    assert size is not None
    plot.click(position={"x": 0.48 * size["width"], "y": 0.25 * size["height"]})
    expect(handles.nth(2)).to_be_focused()
    expect(handles.nth(2)).to_have_attribute("aria-valuetext", re.compile(r"1\.(49|50|51)"))
    page.keyboard.press("ArrowUp")
    expect(handles.nth(2)).to_have_attribute("aria-valuetext", re.compile(r"1\.(54|55|56)"))
    # So does a click on a handle, a little above its middle.
    before = row(instrument, "sketch")[1]
    handle = handles.nth(1).bounding_box()
    assert handle is not None
    handles.nth(1).click(position={"x": handle["width"] / 2, "y": 3})
    painted(page)
    assert row(instrument, "sketch")[1] > before + 0.02
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_text(re.compile("Your sketch is off by up to"))).to_be_visible()
    expect(instrument.locator(".curve")).to_be_visible()
    expect(instrument.locator(".guessed circle")).to_have_count(5)
    answered(page, 3)
    # The next challenge shows the loss again.
    page.get_by_role("button", name="Next challenge").click()
    expect(instrument.locator(".guessed circle")).to_have_count(0)
    expect(instrument.locator(".tangent")).to_be_visible()
    every_goal_by_keys_alone(page, instrument)


def a_reload_keeps_it_and_the_board_of_the_answer_is_one_click_away(page: Page, instrument: Locator) -> None:
    again = page.get_by_role("button", name="Show it again")
    expect(again).to_have_count(0)
    page.get_by_role("slider", name="Logit of cat").press("PageUp")
    query_has(page, {"loss_board_z": "1~0~0~0"})
    page.reload()
    solved(page, "uniform")
    expect(page.get_by_text("The answer: 1.386")).to_be_visible()
    expect(instrument).to_have_attribute("data-logits", "1,0,0,0")
    again.click()
    expect(instrument).to_have_attribute("data-logits", "0,0,0,0")
    expect(again).to_have_count(0)
    expect(page.get_by_text("The answer: 1.386")).to_be_visible()


def every_goal_by_keys_alone(page: Page, instrument: Locator) -> None:
    expect(instrument).to_have_attribute("data-logits", "0,1,2")
    z = page.get_by_role("slider", name="Logit of cat")
    for _press in range(4):
        z.press("PageUp")
    solved(page, "one_logit")
    expect(page.get_by_text("✓ Reached.")).to_be_visible()
    # The walk: the largest rate, then Enter on the button.
    page.get_by_role("button", name="Next challenge").press("Enter")
    expect(instrument).to_have_attribute("data-logits", "-1,2,0")
    one = page.get_by_role("button", name="One step")
    expect(one).to_be_visible()
    quiet(page)  # the challenge sets the rate
    rate = page.get_by_role("slider", name="Learning rate")
    expect(rate).to_have_attribute("aria-valuetext", "0.2")
    rate.press("End")
    query_has(page, {"loss_eta": "20"})
    one.press("Enter")
    solved(page, "walk")
    np.testing.assert_allclose(
        row(instrument, "logits"), [-1, 2, 0] - 20 * (softmax([-1.0, 2, 0]) - [1, 0, 0]), atol=1e-5
    )
    query_has(page, {"loss_from": "-1.0~2.0~0.0", "loss_taken": "1"})
    page.get_by_role("button", name="Back to the start").press("Enter")
    expect(instrument).to_have_attribute("data-logits", "-1,2,0")
    # The gradient: every y is typed as its p, and stays while the others are typed.
    page.get_by_role("button", name="Next challenge").press("Enter")
    expect(instrument).to_have_attribute("data-logits", "2,1,0.1")
    for name, share in (("cat", "0.659"), ("dog", "0.242"), ("bird", "0.099")):
        page.get_by_role("slider", name=f"Target share of {name}").press("Enter")
        page.keyboard.type(share)
        page.keyboard.press("Enter")
        painted(page)
    assert row(instrument, "targets").tolist() == [0.659, 0.242, 0.099]
    solved(page, "zero")
