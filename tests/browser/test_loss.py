"""Stories of the Loss page: targets that are dragged, typed and smoothed, and the steps of the derivation."""

import re

import numpy as np
import pytest
from lesson import number, row
from playwright.sync_api import Locator, Page, expect
from server import Server
from waits import painted, query, query_has

from softmax_core.functional import softmax
from softmax_core.losses import soft_cross_entropy


def board(page: Page) -> Locator:
    return page.locator("[data-instrument=loss-curve]")


def opened(page: Page, server: Server, query: str = "") -> Locator:
    page.goto(f"{server.url}/loss{query}")
    expect(board(page)).to_have_attribute("data-targets", re.compile("."))
    expect(page.get_by_text(re.compile("^(Next: |下一课：)"))).to_be_visible()
    return board(page)


def target(page: Page, k: int) -> Locator:
    return page.get_by_role("slider", name="Target share of").nth(k)


def check_numbers(instrument: Locator) -> None:
    z, y, p = row(instrument, "logits"), row(instrument, "targets"), row(instrument, "probabilities")
    assert y.sum() == pytest.approx(1, abs=1e-12)
    np.testing.assert_allclose(p, softmax(z), rtol=1e-12)
    assert number(instrument, "loss") == pytest.approx(float(soft_cross_entropy(z, y)), rel=1e-12)


def test_a_target_is_dragged_the_loss_follows_under_the_hand_and_classes_come_and_go(
    page: Page, server: Server
) -> None:
    instrument = opened(page, server, "?loss_panel=check")
    assert row(instrument, "targets").tolist() == [1, 0, 0]
    box = target(page, 1).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 50, box["y"] + 5, steps=3)
    painted(page)
    during = row(instrument, "targets")
    assert 0 < during[1] < 1
    assert during[0] == pytest.approx(1 - during[1], abs=1e-4)
    check_numbers(instrument)
    page.mouse.move(box["x"] + 75, box["y"] + 5, steps=3)
    page.mouse.up()
    painted(page)
    y = row(instrument, "targets")
    assert y[1] > during[1]
    check_numbers(instrument)
    # Python's own numbers, in the table of slopes.
    slope = softmax(row(instrument, "logits")) - y
    cell = page.locator(".lab-table tbody tr").nth(1).locator("th, td").nth(4)
    expect(cell).to_have_text(f"{slope[1]:.8f}".replace("-", "−"))
    # The address is written a moment after the last change; an earlier value may stand there before.
    query_has(page, {"loss_board_y": "~".join(f"{x:g}" for x in y)})
    page.get_by_role("button", name="Add a class").click()
    expect(instrument).to_have_attribute("data-targets", ",".join(f"{x:g}" for x in [*y, 0]))
    page.get_by_role("button", name="Edit classes").click()
    page.get_by_role("button", name="Remove bird").click()
    painted(page)
    np.testing.assert_allclose(row(instrument, "targets"), [*y[:2], 0], atol=1e-3)
    page.get_by_role("button", name="Remove cat").click()
    painted(page)
    assert row(instrument, "targets") == pytest.approx([1, 0])
    check_numbers(instrument)


def test_typing_keys_click_and_smoothing_set_the_target_and_a_button_the_step(
    page: Page, server: Server
) -> None:
    instrument = opened(page, server)
    # What is no share is refused with a sentence.
    for text, wanted in (("0,25", [0.75, 0.25, 0]), ("1.5", [0.75, 0.25, 0]), ("<b>", [0.75, 0.25, 0])):
        target(page, 1).press("Enter")
        field = page.get_by_role("textbox", name="Type the target share of dog exactly")
        field.fill(text)
        field.press("Enter")
        painted(page)
        assert row(instrument, "targets") == pytest.approx(wanted)
    expect(page.get_by_text("“<b>” is not a number from 0 to 1")).to_be_visible()
    page.get_by_role("button", name="cat", exact=True).click()
    expect(instrument).to_have_attribute("data-targets", "1,0,0")
    target(page, 2).press("PageUp")
    target(page, 2).press("ArrowRight")
    expect(instrument).to_have_attribute("data-targets", "0.89,0,0.11")
    expect(target(page, 2)).to_have_attribute("aria-valuenow", "0.11")
    page.get_by_role("button", name="dog", exact=True).click()
    expect(instrument).to_have_attribute("data-targets", "0,1,0")
    smoothing = page.get_by_role("slider", name="label smoothing")
    smoothing.press("End")
    painted(page)
    assert row(instrument, "targets") == pytest.approx([1 / 6, 2 / 3, 1 / 6])
    check_numbers(instrument)
    # The address is written a moment after the last change; an earlier value may stand there before.
    query_has(page, {"loss_board_smoothing": "0.5"})
    assert "loss_board_y" not in query(page)
    smoothing.press("Home")
    expect(instrument).to_have_attribute("data-targets", "0,1,0")
    steps_of_the_derivation_follow_the_button(page)
    a_name_has_room_to_be_changed_on_a_phone(page)


def a_name_has_room_to_be_changed_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Edit classes").click()
    field = page.get_by_role("textbox", name="Name of bird")
    assert field.evaluate("node => node.clientWidth") > 100, "ten letters and more"
    marker, box = board(page).locator(".name .marker").nth(2).bounding_box(), field.bounding_box()
    assert marker is not None
    assert box is not None
    assert marker["x"] + marker["width"] <= box["x"], "the mark of the class stands beside it"


def steps_of_the_derivation_follow_the_button(page: Page) -> None:
    on = page.get_by_role("button", name="Next step")
    on.click()
    expect(page.get_by_text("Put softmax in for p.")).to_be_visible()
    query_has(page, {"loss_at": "2"})
    expect(page.get_by_text("how surprised is the model")).to_have_count(0)
    for element in (on, page.locator(".katex-display"), page.get_by_text("Put softmax in for p.")):
        box = element.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800, (
            "the step and its buttons are on the screen, without scrolling"
        )
    on.dblclick()  # two clicks are two steps
    query_has(page, {"loss_at": "4"})
    expect(page.get_by_text("Step 4 of 10")).to_be_visible()
    page.get_by_role("button", name="Previous step").click()
    query_has(page, {"loss_at": "3"})
    expect(page.locator(".katex-error")).to_have_count(0)
