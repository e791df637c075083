"""The Linear layer lesson as a learner walks it: predictions first, then goals by the keys alone."""

import re

from lesson import go_on, open_lesson, row, tab_to
from playwright.sync_api import Locator, Page, expect
from server import Server


def test_a_learner_walks_through_the_lesson(page: Page, server: Server) -> None:
    instrument = open_lesson(page, f"{server.url}/linear_layer", "grey-picture", "logits")
    card = page.locator("[data-instrument=challenges]")
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

    go_on(page, "linear_layer", "score")
    expect(instrument).to_have_attribute("data-pixels", "0.5,1,0,1")
    expect(instrument.locator(".explain b")).to_have_text("?")
    expect(instrument.locator(".net-logit")).to_have_text(["?"] * 3)
    answer = card.get_by_role("textbox", name="Your answer")
    answer.fill("5.2")
    answer.press("Enter")
    expect(card.get_by_text("You said 5.200, it is 1.100.")).to_be_visible()
    expect(instrument.locator(".explain b")).to_have_text("1.10")
    expect(instrument.get_by_text("your guess: 5.20")).to_be_visible()

    go_on(page, "linear_layer", "one_pixel")
    expect(instrument).to_have_attribute("data-pixels", "0.6,0.6,0.3,0.5")
    one_pixel(page, instrument)
    expect(card.get_by_text("✓ Reached.")).to_be_visible()
    expect(instrument.get_by_text("hard answer (one class): bird").first).to_be_visible()

    go_on(page, "linear_layer", "twins")
    card.get_by_role("button", name="Yes, some pictures can").click()
    expect(card.get_by_text("The answer: No, none can")).to_be_visible()
    expect(instrument).to_have_attribute("data-weights", re.compile(r"^1\.8,1\.8,"))
    p = row(instrument, "probabilities")
    assert p[0] == p[1]
    expect(card.locator(".settled.yours")).to_contain_text("Yes, some pictures can")
    expect(card.locator(".settled.right")).to_have_text("No, none can")

    go_on(page, "linear_layer", "tie")
    expect(instrument).to_have_attribute("data-pixels", "0.9,0.8,0.1,0.2")
    the_hint_is_there_for_who_asks(card)
    tie(page, instrument)
    expect(card.get_by_text("✓ Reached.")).to_be_visible()
    expect(instrument.get_by_text("hard answer (one class): a tie").first).to_be_visible()

    go_on(page, "linear_layer", "other_weights")
    expect(instrument).to_have_attribute("data-pixels", "0.9,0.8,0.1,0.2")
    before = row(instrument, "probabilities")
    other_weights(page, instrument)
    expect(card.get_by_text("✓ Reached.")).to_be_visible()
    assert abs(row(instrument, "probabilities") - before).max() < 1e-12

    expect(card.locator(".step.done")).to_have_count(4)  # two answers were wrong


def one_pixel(page: Page, instrument: Locator) -> None:
    tab_to(instrument.get_by_role("slider", name="Grey of the pixel top left"), "Shift+Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")


def tie(page: Page, instrument: Locator) -> None:
    tab_to(instrument.get_by_role("slider", name="Grey of the pixel top left"), "Shift+Tab")
    for way in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        page.keyboard.press("Home")
        page.keyboard.press(way)
    for name in ("cat", "dog"):
        tab_to(instrument.get_by_role("spinbutton", name=f"Bias of {name}"))
        page.keyboard.type("0")
        page.keyboard.press("Enter")


def other_weights(page: Page, instrument: Locator) -> None:
    for name in ("bird", "dog", "cat"):
        weight = instrument.get_by_role("spinbutton", name=f"Weight from the pixel bottom left to {name}")
        tab_to(weight, "Shift+Tab")
        page.keyboard.press("PageUp")


def the_hint_is_there_for_who_asks(card: Locator) -> None:
    hint = card.get_by_text("Paint every pixel black.")
    expect(hint).to_be_hidden()
    card.get_by_role("button", name="Show the hint").press("Enter")
    expect(hint).to_be_focused()
