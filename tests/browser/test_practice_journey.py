"""A learner with a sheet, by what is on the screen: once with the mouse and a reload, once by the keys alone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from server import Server
from waits import query_has

from ui.practice.questions import KINDS, Question
from ui.practice.sheet import answer_text

SEED = 12


def opened(page: Page, server: Server, **query: object) -> Locator:
    page.goto(f"{server.url}/practice?" + "&".join(f"{name}={value}" for name, value in query.items()))
    sheet = page.locator("[data-instrument=practice-sheet]")
    expect(sheet).to_have_attribute("data-judged", "true")
    return sheet


def solve(page: Page, question: Question) -> None:
    """Answer the question on the screen with the mouse and the keyboard."""
    right = answer_text(question)
    if question.options:
        page.get_by_role("radio", name=right, exact=True).check()
    else:
        page.get_by_label("Your prediction").fill(right)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text(f"✓ You said: {right}")).to_be_visible()


def test_a_sheet_from_the_first_question_to_the_summary(page: Page, server: Server) -> None:
    sheet = opened(page, server, practice_seed=SEED)
    questions = [kind.question(SEED) for kind in KINDS]
    for place, (kind, question) in enumerate(zip(KINDS, questions, strict=True), start=1):
        expect(page.get_by_role("heading", name=f"{place}. {kind.title()}", exact=True)).to_be_visible()
        if kind.code == "from_loss":  # one slip on the way
            trap, remark = question.traps[0]
            page.get_by_label("Your prediction").fill(f"{trap:.4f}")
            page.get_by_role("button", name="Check").click()
            expect(page.get_by_text(remark)).to_be_visible()
        if kind.code == "gap":  # and one that is not known
            page.get_by_role("button", name="Show the solution").click()
            expect(sheet.locator(".solution")).to_contain_text(answer_text(question))
        else:
            solve(page, question)
        if place == 9:
            query_has(page, {"practice_question": "9"})  # the address follows a moment later
            page.reload()
            expect(sheet).to_have_attribute("data-judged", "true")
            # The solution that was only shown is neither right nor wrong.
            expect(page.get_by_text("8 of 8 right")).to_be_visible()
            expect(sheet.locator(".chip.shown")).to_contain_text("○")
            expect(sheet.locator(".chip.wrong")).to_have_count(0)
        page.get_by_role("button", name="Next question").click()
    summary = sheet.locator(".summary")
    expect(summary).to_be_visible()
    expect(summary).to_contain_text(f"{len(KINDS) - 1} of {len(KINDS)} are right")
    again = summary.locator(".again a")
    expect(again).to_have_count(1)
    again.click()
    expect(page.get_by_role("heading", name=re.compile("Twice the lead"))).to_be_visible()
    with page.expect_popup() as popup:
        page.get_by_role("link", name=re.compile("See it in the lesson")).click()
    expect(popup.value.locator("[data-instrument=logit-board]")).to_be_visible()


def tab_to(page: Page, target: Locator, most: int = 60) -> None:
    """Press Tab until the target has the focus."""
    for _press in range(most):
        if target.evaluate("node => node.getRootNode().activeElement === node"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{target} is not reached by Tab")


def test_a_sheet_by_keys_alone(page: Page, server: Server) -> None:
    sheet = opened(page, server, practice_seed=SEED)
    shift = next(kind for kind in KINDS if kind.code == "shift").question(SEED)
    field = page.get_by_label("Your prediction")
    tab_to(page, field)
    page.keyboard.type("o.3")
    page.keyboard.press("Enter")
    expect(page.get_by_text("not a number yet")).to_be_visible()
    expect(field).to_be_focused()
    page.keyboard.type(answer_text(shift))  # what was refused is selected, so this replaces it
    page.keyboard.press("Enter")
    expect(page.get_by_text("Right.")).to_be_visible()
    turn = page.get_by_role("button", name="Next question")
    expect(turn).to_be_focused()
    for _press in range(4):
        page.keyboard.press("Enter")
    query_has(page, {"practice_question": "5"})
    formats = next(kind for kind in KINDS if kind.code == "formats").question(SEED)
    tab_to(page, sheet.get_by_role("radio").first)
    page.keyboard.press("Space")
    for _press in range(int(formats.answer)):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Right.")).to_be_visible()
    expect(page.get_by_text("2 of 2 right")).to_be_visible()
    tab_to(page, page.get_by_role("link", name="Summary"), 120)
    page.keyboard.press("Enter")
    expect(sheet.locator(".summary")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Clear answers"), 120)
    page.keyboard.press("Enter")
    expect(page.get_by_text("0 of 0 right")).to_be_visible()
