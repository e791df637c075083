"""On a phone the card of challenges lies over the page: what a question is about stands above it."""

from importlib import import_module

import pytest
from lesson import BETWEEN
from lesson import card as card_of
from playwright.sync_api import expect
from server import Server

from ui.widgets.challenges import Prediction

LESSONS = ("softmax", "loss", "linear_layer", "training", "hidden_layer", "images", "text")


@pytest.mark.parametrize("lesson", LESSONS)
def test_what_a_question_is_about_stands_above_the_card(server: Server, new_page, lesson: str) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    tasks = import_module(f"ui.{lesson}.challenges")._table()
    first = next(i for i, task in enumerate(tasks) if task.about)
    page.goto(f"{server.url}/{lesson}?lang=en&{lesson}_challenge_open={tasks[first].code}")
    card = card_of(page)
    for task in tasks[first:]:
        expect(card).to_have_attribute("data-open", task.code)
        if task.about and task is not tasks[0]:  # with which a visit begins: at the top of the page
            page.wait_for_function(BETWEEN, arg=task.about)
        if task.about and isinstance(task, Prediction):
            card.get_by_role("button", name="Just show me").evaluate("(button) => button.click()")
            expect(card.locator(".result")).to_be_visible()
            page.wait_for_function(BETWEEN, arg=task.about)
        if task is not tasks[-1]:
            card.get_by_role("button", name="Next challenge").evaluate("(button) => button.click()")


def test_other_lessons_have_nothing_that_the_card_must_not_cover() -> None:
    assert not any(task.about for task in import_module("ui.information.challenges")._table())
