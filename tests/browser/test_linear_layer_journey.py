"""The Linear layer lesson as a learner walks it: predictions first, then goals, with mouse and with keys."""

import re

import pytest
from lesson import open_lesson, row
from playwright.sync_api import Locator, Page, expect
from server import Server
from waits import query_has


def opened(page: Page, server: Server, code: str = "") -> tuple[Locator, Locator]:
    query = f"?linear_layer_challenge_open={code}" if code else ""
    instrument = open_lesson(page, f"{server.url}/linear_layer{query}", "grey-picture", "logits")
    return instrument, page.locator("[data-instrument=challenges]")


def go_on(page: Page, card: Locator, code: str) -> None:
    card.get_by_role("button", name="Next challenge").click()
    expect(card).to_have_attribute("data-open", code)
    query_has(page, {"linear_layer_challenge_open": code})


def test_a_learner_walks_through_the_lesson(page: Page, server: Server) -> None:
    instrument, card = opened(page, server)
    expect(card.get_by_text("What happens to the score of bird, which is −2.51?")).to_be_visible()
    card.get_by_role("button", name="It rises").click()
    expect(card.get_by_text("✓ Right: It rises")).to_be_visible()
    expect(instrument).to_have_attribute("data-pixels", "0.45,0.4,0.05,0.1")
    expect(instrument.get_by_text("was −2.51")).to_be_visible()
    expect(instrument.get_by_text("↑ your guess")).to_be_visible()
    # They are about this picture only: another one takes them away, and it brings them back.
    pixel = instrument.get_by_role("slider", name="Grey of the pixel bottom left")
    pixel.press("+")
    for tag in ("was −2.51", "↑ your guess"):
        expect(instrument.get_by_text(tag)).to_be_hidden()
    pixel.press("-")
    expect(instrument.get_by_text("was −2.51")).to_be_visible()

    go_on(page, card, "score")
    expect(instrument).to_have_attribute("data-pixels", "0.5,1,0,1")
    expect(instrument.locator(".explain b")).to_have_text("?")
    expect(instrument.locator(".net-logit")).to_have_text(["?"] * 3)
    answer = card.get_by_role("textbox", name="Your answer")
    answer.fill("5.2")
    answer.press("Enter")
    expect(card.get_by_text("You said 5.200, it is 1.100.")).to_be_visible()
    expect(instrument.locator(".explain b")).to_have_text("1.10")
    expect(instrument.get_by_text("your guess: 5.20")).to_be_visible()

    go_on(page, card, "one_pixel")
    expect(instrument).to_have_attribute("data-pixels", "0.6,0.6,0.3,0.5")
    instrument.get_by_role("slider", name="Grey of the pixel bottom left").click()
    expect(card.get_by_text("✓ Reached.")).to_be_visible()
    expect(instrument.get_by_text("hard answer (one class): bird").first).to_be_visible()

    go_on(page, card, "twins")
    card.get_by_role("button", name="Yes, some pictures can").click()
    expect(card.get_by_text("The answer: No, none can")).to_be_visible()
    expect(instrument).to_have_attribute("data-weights", re.compile(r"^1\.8,1\.8,"))
    p = row(instrument, "probabilities")
    assert p[0] == p[1]
    expect(card.locator(".settled.yours")).to_contain_text("Yes, some pictures can")
    expect(card.locator(".settled.right")).to_have_text("No, none can")

    go_on(page, card, "tie")
    expect(instrument).to_have_attribute("data-pixels", "0.9,0.8,0.1,0.2")
    for place in ("top left", "top right"):
        instrument.get_by_role("slider", name=f"Grey of the pixel {place}").click()
    for place in ("bottom left", "bottom right"):  # a tap makes a dark pixel white, and a white one black
        for _tap in range(2):
            instrument.get_by_role("slider", name=f"Grey of the pixel {place}").click()
    for name in ("cat", "dog"):
        bias = instrument.get_by_role("spinbutton", name=f"Bias of {name}")
        bias.press("Enter")
        page.keyboard.type("0")
        page.keyboard.press("Enter")
    expect(card.get_by_text("✓ Reached.")).to_be_visible()
    expect(instrument.get_by_text("hard answer (one class): a tie").first).to_be_visible()

    go_on(page, card, "other_weights")
    expect(instrument).to_have_attribute("data-pixels", "0.9,0.8,0.1,0.2")
    before = row(instrument, "probabilities")
    for name in ("cat", "dog", "bird"):
        instrument.get_by_role("button", name=f"Weight from the pixel top left to {name} + 0.1").click()
    expect(card.get_by_text("✓ Reached.")).to_be_visible()
    assert abs(row(instrument, "probabilities") - before).max() < 1e-12

    page.reload()
    expect(card.locator(".step.done")).to_have_count(4)  # kept in the browser; two answers were wrong


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the element has the focus."""
    for _press in range(80):
        if wanted.evaluate("(node) => node.getRootNode().activeElement === node"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab does not lead there")


def one_pixel(page: Page, instrument: Locator) -> None:
    tab_to(page, instrument.get_by_role("slider", name="Grey of the pixel top left"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")


def tie(page: Page, instrument: Locator) -> None:
    tab_to(page, instrument.get_by_role("slider", name="Grey of the pixel top left"))
    for way in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        page.keyboard.press("Home")
        page.keyboard.press(way)
    for name in ("cat", "dog"):
        tab_to(page, instrument.get_by_role("spinbutton", name=f"Bias of {name}"))
        page.keyboard.type("0")
        page.keyboard.press("Enter")


def other_weights(page: Page, instrument: Locator) -> None:
    for name in ("cat", "dog", "bird"):
        tab_to(
            page, instrument.get_by_role("spinbutton", name=f"Weight from the pixel bottom left to {name}")
        )
        page.keyboard.press("PageUp")


@pytest.mark.parametrize("keys", [one_pixel, tie, other_weights], ids=lambda keys: keys.__name__)
def test_every_goal_by_keys_alone(page: Page, server: Server, keys) -> None:
    instrument, card = opened(page, server, keys.__name__)
    expect(card.get_by_text("✓ Reached.")).to_be_hidden()
    keys(page, instrument)
    expect(card.get_by_text("✓ Reached.")).to_be_visible()


def test_the_hint_of_a_goal_is_there_for_who_asks(page: Page, server: Server) -> None:
    page.clock.install()
    _instrument, card = opened(page, server, "tie")
    hint = card.get_by_text("Paint every pixel black.")
    expect(hint).to_be_hidden()
    page.clock.fast_forward("10:00")  # nobody who works on it is disturbed
    expect(hint).to_be_hidden()
    card.get_by_role("button", name="Show the hint").press("Enter")
    expect(hint).to_be_focused()
