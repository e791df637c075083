"""The Information lesson as a learner walks it: predictions with the mouse, goals by the keys alone."""

from lesson import go_on, number, open_lesson, tab_to
from playwright.sync_api import Locator, Page, expect
from server import Server
from waits import query_has


def answer(card: Locator, text: str) -> None:
    field = card.get_by_role("textbox", name="Your answer")
    field.fill(text)
    field.press("Enter")


def type_share(page: Page, side: str, name: str, text: str, way: str = "Tab") -> None:
    tab_to(page.get_by_role("slider", name=f"{side} of {name}"), way)
    page.keyboard.press("Enter")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_a_learner_walks_through_the_lesson(page: Page, server: Server) -> None:
    instrument = open_lesson(page, f"{server.url}/information", "distribution-board", "p")
    card = page.locator("[data-instrument=challenges]")
    expect(card.get_by_text("How many bits of surprise does it bring?")).to_be_visible()
    answer(card, "4")
    expect(card.get_by_text("✓ Right: 4.000 bits")).to_be_visible()
    expect(instrument).to_have_attribute("data-p", "0.5,0.25,0.1875,0.0625")
    expect(instrument.locator(".row").nth(3).get_by_text("your guess: 4.00")).to_be_visible()

    go_on(page, "information", "uniform")
    answer(card, "1")
    expect(card.get_by_text("You said 1.000 bits, it is 2.000 bits.")).to_be_visible()
    expect(instrument).to_have_attribute("data-entropy", "2")
    expect(instrument.locator(".headline .your-guess")).to_have_text("your guess: 1.00")
    query_has(page, {"information_panel": "entropy"})

    go_on(page, "information", "quiet")
    expect(card.get_by_text("✓ Reached.")).to_be_hidden()
    type_share(page, "P", "cat", "0.96", "Shift+Tab")
    expect(card.get_by_text("✓ Reached.")).to_be_visible()

    go_on(page, "information", "belief")
    expect(instrument).to_have_attribute("data-view", "kl")
    expect(card.get_by_text("✓ Reached.")).to_be_hidden()
    type_share(page, "Q", "cat", "0.5", "Shift+Tab")
    type_share(page, "Q", "dog", "0.25")
    type_share(page, "Q", "cat", "0.5", "Shift+Tab")
    expect(card.get_by_text("✓ Reached.")).to_be_visible()
    assert number(instrument, "kl") < 0.01

    go_on(page, "information", "ways")
    expect(instrument).to_have_attribute("data-view", "q")
    expect(instrument).not_to_contain_text("KL(P ‖ Q) =")  # it would give the answer away, written or told
    card.get_by_role("button", name="They are equal").click()
    expect(card.get_by_text("You said: They are equal. The answer: KL(P ‖ Q)")).to_be_visible()
    expect(instrument.locator(".measure", has_text="KL(P ‖ Q) =")).to_be_visible()
    for line in (".sum", ".back"):
        expect(instrument.locator(f".line{line}").get_by_text("your guess: they are equal")).to_be_visible()
    assert round(number(instrument, "kl"), 2) == 2.99
    assert round(number(instrument, "kl-back"), 2) == 1.76

    go_on(page, "information", "code")
    expect(page.locator("[data-instrument=message-stream]")).to_be_visible()
    instrument.get_by_role("button", name="Reset").click()
    expect(card.get_by_text("Not like this: three symbols are asked for.")).to_be_visible()
    card.get_by_role("button", name="Start again").click()
    expect(instrument).to_have_attribute("data-p", "0.4,0.35,0.25")
    tab_to(page.get_by_role("button", name="P uniform"), "Shift+Tab")
    page.keyboard.press("Space")
    type_share(page, "P", "dog", "0.5", "Shift+Tab")
    expect(card.get_by_text("✓ Reached.")).to_be_visible()
    expect(card.locator(".step.done")).to_have_count(4)  # two answers were wrong
