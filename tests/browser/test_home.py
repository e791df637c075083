"""Home: its links open a lesson in the state they promise, in the same session."""

from playwright.sync_api import Page, expect
from server import Server


def test_a_preset_opens_the_lesson_in_that_state(page: Page, server: Server) -> None:
    page.goto(server.url)
    page.get_by_text("For teachers").click()
    page.get_by_role("link", name="Confidently wrong: which losses notice?").click()
    board = page.locator("[data-instrument=loss-curve]")
    expect(board).to_have_attribute("data-logits", "-4,4,0")
    expect(page.get_by_text("This is the moment")).to_be_visible()
    page.get_by_role("link", name="Home").first.click()
    page.get_by_text("For teachers").click()
    page.get_by_role("link", name="Gradient steps towards a smoothed label").click()
    expect(board).to_have_attribute("data-logits", "-1,2,0")
    expect(page.locator(".lab-notes")).to_have_count(0)


def test_an_error_is_switched_on_beside_what_is_right(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/slips")
    expect(page.get_by_text("✓ right")).to_be_visible()
    expect(page.get_by_text("✗ the error")).to_be_visible()
    expect(page.get_by_text("the model unlearns its own class")).to_be_visible()
    page.get_by_text("Show the error beside it").click()
    expect(page.get_by_text("✗ the error")).to_have_count(0)
    page.wait_for_function("location.search.includes('slips_error=false')")
    page.get_by_text("Softmax twice").click()  # the switch stays as it was
    expect(page.get_by_text("cross_entropy(z, y)")).to_be_visible()
    expect(page.get_by_text("✗ the error")).to_have_count(0)
