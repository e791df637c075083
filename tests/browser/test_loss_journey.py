"""The Loss lesson as a learner walks it: answers first, then what happens; and every goal by keys alone."""

import re

import numpy as np
import pytest
from lesson import number, row
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


def card(page: Page) -> Locator:
    return page.locator("[data-instrument=challenges]")


def opened(page: Page, server: Server, query: str = "") -> Locator:
    page.goto(f"{server.url}/loss{query}")
    expect(curve(page)).to_have_attribute("data-loss", re.compile("."))
    expect(card(page)).to_have_attribute("data-open", re.compile("."))
    expect(page.get_by_text(re.compile("^(Next: |下一课：)"))).to_be_visible()
    return curve(page)


def middle(part: Locator) -> tuple[float, float]:
    box = part.bounding_box()
    assert box is not None
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


def type_share(page: Page, k: int, text: str) -> None:
    type_number(page, curve(page).locator(".row").nth(k).locator(".y .plain"), text)


def test_the_page_opens_on_the_curve_and_all_of_it_is_on_one_screen(page: Page, server: Server) -> None:
    instrument = opened(page, server)
    quiet(page)
    for part in (
        instrument,
        instrument.locator(".dot"),
        instrument.locator(".tangent"),
        card(page),
        page.get_by_role("button", name="Next step"),
        page.locator(".katex-display"),
    ):
        expect(part).to_be_visible()
        box = part.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800
    expect(
        page.get_by_text("✓ Correct: cat has the largest p. But the loss is 0 only at p = 1.")
    ).to_be_visible()
    handles_cover_no_numbers(instrument)
    page.set_viewport_size({"width": 390, "height": 844})
    quiet(page)
    curve_box, axis = (instrument.locator(part).bounding_box() for part in (".plot", ".axis .scale"))
    assert curve_box is not None
    assert axis is not None
    below = axis["y"] - curve_box["y"] - curve_box["height"]
    assert 0 <= below < 16, "the numbers of the axis stand right below the curve on a phone too"


def handles_cover_no_numbers(instrument: Locator) -> None:
    for k in range(3):
        handle = instrument.locator(".share-handle").nth(k).bounding_box()
        numbers = [
            instrument.locator(".row").nth(k).locator(part).bounding_box()
            for part in (".z .plain", ".p > span:last-child", ".y .plain")
        ]
        assert handle is not None
        for box in numbers:
            assert box is not None
            assert handle["x"] + handle["width"] <= box["x"] or box["x"] + box["width"] <= handle["x"]


def test_the_dot_moves_the_true_logit_by_mouse_and_keys_and_a_logit_moves_the_dot(
    page: Page, server: Server
) -> None:
    instrument = opened(page, server)
    before = row(instrument, "logits")
    drag(page, dot(page), -100)
    z, p = row(instrument, "logits"), row(instrument, "probabilities")
    assert z[0] < before[0]
    assert z[1:].tolist() == before[1:].tolist(), "the dot moves one logit only"
    np.testing.assert_allclose(p, softmax(z), rtol=1e-12)
    assert number(instrument, "loss") == pytest.approx(float(cross_entropy(z, 0)), rel=1e-12)
    # The dot stands above the end of the bar of p: both have one axis.
    axis = instrument.locator(".row .axis .track").first.bounding_box()
    assert axis is not None
    assert middle(dot(page))[0] == pytest.approx(axis["x"] + p[0] * axis["width"], abs=1.5)
    page.get_by_role("slider", name="Logit of cat").press("PageUp")
    painted(page)
    after = row(instrument, "probabilities")[0]
    assert after > p[0]
    assert middle(dot(page))[0] == pytest.approx(axis["x"] + after * axis["width"], abs=1.5)
    query_has(page, {"loss_board_z": (instrument.get_attribute("data-logits") or "").replace(",", "~")})
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


def test_a_difference_of_zero_has_no_arrow_and_a_small_one_a_small_head(page: Page, server: Server) -> None:
    instrument = opened(page, server, "?loss_board_z=0~0&loss_board_y=0.5~0.5")
    arrows = instrument.locator(".row .arrow path")
    assert [arrows.nth(k).get_attribute("d") for k in range(2)] == ["", ""]
    type_share(page, 0, "0.98")
    type_number(page, instrument.locator(".row").first.locator(".z .plain"), "20")
    expect(instrument).to_have_attribute("data-logits", "20,0")
    painted(page)
    assert row(instrument, "targets").tolist() == [0.98, 0.02]
    for k in range(2):
        ends = [float(x) for x in re.findall(r"[ML](-?[\d.]+)", arrows.nth(k).get_attribute("d") or "")]
        axis = instrument.locator(".row .axis .track").nth(k).bounding_box()
        assert axis is not None
        y, p = row(instrument, "targets")[k], row(instrument, "probabilities")[k]
        assert ends[0] == pytest.approx(p * axis["width"], abs=1), "the arrow begins at p"
        assert ends[1] == pytest.approx(y * axis["width"], abs=1), "and its head ends at y, on the right side"


def test_the_three_predictions(page: Page, server: Server) -> None:
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
    under = card(page).get_by_role("button", name="it stays").bounding_box()
    assert under is not None
    assert under["y"] < y < under["y"] + under["height"]
    quiet(page)
    expect(card(page)).to_have_attribute("data-shown", "false")
    step(page, 1)
    expect(instrument).to_have_attribute("data-logits", "2,1,0.1")
    # 1. A number.
    page.get_by_role("textbox", name="Your answer").fill("2")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_text("You said 2.000 nats, it is 1.386 nats.")).to_be_visible()
    expect(instrument).to_have_attribute("data-logits", "0,0,0,0")
    assert number(instrument, "loss") == pytest.approx(np.log(4))
    expect(instrument.locator(".level-name")).to_have_text("your guess: 2.00")
    answered(page, 1)
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
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_text(re.compile("Your sketch is off by up to"))).to_be_visible()
    expect(instrument.locator(".curve")).to_be_visible()
    expect(instrument.locator(".guessed circle")).to_have_count(5)
    answered(page, 3)
    # The next challenge shows the loss again.
    page.get_by_role("button", name="Next challenge").click()
    expect(instrument.locator(".guessed circle")).to_have_count(0)
    expect(instrument.locator(".tangent")).to_be_visible()


def test_every_goal_by_keys_alone(page: Page, server: Server) -> None:
    instrument = opened(page, server, "?loss_challenge_open=one_logit")
    expect(instrument).to_have_attribute("data-logits", "0,1,2")
    z = page.get_by_role("slider", name="Logit of cat")
    for _press in range(4):
        z.press("PageUp")
    solved(page, "one_logit")
    expect(page.get_by_text("✓ Reached.")).to_be_visible()
    # The walk: a larger rate, five times Enter on the button.
    page.get_by_role("button", name="Next challenge").press("Enter")
    expect(instrument).to_have_attribute("data-logits", "-1,2,0")
    one = page.get_by_role("button", name="One step")
    expect(one).to_be_visible()
    quiet(page)  # the challenge sets the rate
    rate = page.get_by_role("slider", name="Learning rate")
    expect(rate).to_have_attribute("aria-valuetext", "0.2")
    for _press in range(3):
        rate.press("ArrowRight")
    query_has(page, {"loss_eta": "2"})
    for n in range(1, 6):
        one.press("Enter")
        query_has(page, {"loss_taken": str(n)})
    solved(page, "walk")
    # The gradient: y is brought to p.
    page.get_by_role("button", name="Next challenge").press("Enter")
    expect(instrument).to_have_attribute("data-logits", "2,1,0.1")
    for name, share in (("dog", 0.24), ("bird", 0.1), ("dog", 0.24)):
        handle = page.get_by_role("slider", name=f"Target share of {name}")
        for _press in range(40):
            missing = share - float(handle.get_attribute("aria-valuenow") or 0)
            if abs(missing) < 0.006:
                break
            small, large = ("ArrowRight", "PageUp") if missing > 0 else ("ArrowLeft", "PageDown")
            handle.press(large if abs(missing) > 0.06 else small)
            painted(page)
    solved(page, "zero")
    gap = row(instrument, "probabilities") - row(instrument, "targets")
    assert np.abs(gap).max() < 0.01


def test_three_typed_targets_stay_and_reach_the_goal(page: Page, server: Server) -> None:
    instrument = opened(page, server, "?loss_challenge_open=zero")
    for k, share in enumerate(("0.659", "0.242", "0.099")):
        type_share(page, k, share)
    assert row(instrument, "targets").tolist() == [0.659, 0.242, 0.099]
    solved(page, "zero")


def test_a_reload_keeps_what_was_solved_and_an_answer_can_be_seen_without_one(
    page: Page, server: Server
) -> None:
    opened(page, server)
    page.get_by_role("textbox", name="Your answer").fill("1.386")
    page.get_by_role("button", name="Check", exact=True).click()
    solved(page, "uniform")
    query_has(page, {"loss_board_z": "0~0~0~0"})
    expect(page.get_by_role("button", name="Show it again")).to_have_count(0)
    page.get_by_role("slider", name="Logit of cat").press("PageUp")
    query_has(page, {"loss_board_z": "1~0~0~0"})
    page.reload()
    solved(page, "uniform")
    # The answer stands beside what the link has brought, and the board of the answer is one click away.
    expect(page.get_by_text("The answer: 1.386")).to_be_visible()
    expect(curve(page)).to_have_attribute("data-logits", "1,0,0,0")
    page.get_by_role("button", name="Show it again").click()
    expect(curve(page)).to_have_attribute("data-logits", "0,0,0,0")
    expect(page.get_by_role("button", name="Show it again")).to_have_count(0)
    expect(page.get_by_text("The answer: 1.386")).to_be_visible()
    # Nothing must be answered to see an answer.
    step(page, 3)
    expect(curve(page)).to_have_attribute("data-sketching", "true")
    page.get_by_role("button", name="Just show me").click()
    expect(curve(page)).to_have_attribute("data-sketching", "false")
    expect(page.get_by_text("a straight line, never above 1")).to_be_visible()


def test_an_extreme_logit_leaves_the_dot_at_the_end_of_the_axis_and_no_p_is_written_as_0(
    page: Page, server: Server
) -> None:
    instrument = opened(page, server, "?loss_board_z=0~60~0")
    assert number(instrument, "loss") == pytest.approx(float(logsumexp([0.0, 60.0, 0.0])))
    expect(instrument.locator(".above")).to_have_text("↑ 60.0")
    p = instrument.locator(".row").first.locator(".p > span:last-child")
    expect(p).to_have_text("<0.001")
    expect(p).to_have_attribute("title", "8.8×10⁻²⁷")
    drag(page, dot(page), 60, 60)
    assert row(instrument, "probabilities")[0] > 0.02


@pytest.mark.parametrize("logits", ["2~1~0.1", "1~2~3~4~5~6"])
def test_the_place_of_the_instrument_is_kept_and_nothing_jumps_once_the_page_stands(
    page: Page, server: Server, logits: str
) -> None:
    instrument = opened(page, server, f"?loss_board_z={logits}")
    page.evaluate(SHIFT)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        quiet(page)
        painted_height = instrument.bounding_box()
        kept = page.evaluate(
            "parseFloat(getComputedStyle(document.querySelector('.st-key-lab_instrument')).minHeight)"
        )
        assert painted_height is not None
        assert kept == pytest.approx(painted_height["height"], abs=6), width
        page.evaluate("window.labShift = 0")
        # Long after each key, when the browser no longer forgives a shift as the answer to it.
        page.get_by_role("button", name="Next step").press("Enter")
        quiet(page, 700)
        dot(page).press("PageDown")
        quiet(page, 700)
        assert page.evaluate("window.labShift") <= 0.05, width
