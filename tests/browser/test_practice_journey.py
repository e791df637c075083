"""A learner with a sheet, by what is on the screen: once with the mouse, a reload and another language, once by the keys alone."""

import re

from lesson import tab_to
from playwright.sync_api import Locator, Page, expect
from server import Server
from waits import query_has

from ui.practice.questions import KINDS, Question
from ui.practice.sheet import answer_text
from ui.widgets import markup

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


# One of each kind of answer: a number, a number that is not known, one that is wrong at first, a choice, the last.
ASKED = ("shift", "temperature", "from_loss", "entropy", KINDS[-1].code)


def test_a_sheet_from_the_first_question_to_the_summary_a_reload_and_another_language(
    page: Page, server: Server
) -> None:
    sheet = opened(page, server, practice_seed=SEED)
    for place, kind in enumerate(KINDS, start=1):
        if kind.code not in ASKED:
            continue
        question = kind.question(SEED)
        if place > 1:
            page.get_by_role("link", name=str(place), exact=True).click()
        expect(page.get_by_role("heading", name=f"{place}. {kind.title()}", exact=True)).to_be_visible()
        if kind.code == "from_loss":
            a_slip_gets_its_reason_and_a_double_click_is_one_try(page, sheet, question)
        if kind.code == "temperature":
            page.get_by_role("button", name="Show the solution").click()
            expect(sheet.locator(".solution")).to_contain_text(answer_text(question))
            the_formula_stands_there_as_mathematics(sheet, question)
        else:
            solve(page, question)
        if kind.code == "entropy":
            query_has(page, {"practice_question": str(place)})  # the address follows a moment later
            page.reload()
            expect(sheet).to_have_attribute("data-judged", "true")
            # The solution that was only shown is neither right nor wrong.
            expect(page.get_by_text("3 of 3 right")).to_be_visible()
            expect(sheet.locator(".chip.shown")).to_contain_text("○")
            expect(sheet.locator(".chip.wrong")).to_have_count(0)
    page.get_by_role("button", name="Next question").click()
    summary = sheet.locator(".summary")
    expect(summary).to_be_visible()
    expect(summary).to_contain_text(f"{len(ASKED) - 1} of {len(KINDS)} are right")
    again = summary.locator(".again a")  # what is not right yet can be tried again
    expect(again.filter(has_text=re.compile("^1$"))).to_have_count(0)
    again.filter(has_text=re.compile(r"^4\D*$")).click()
    expect(page.get_by_role("heading", name=re.compile("^4\\. "))).to_be_visible()
    page.get_by_role("radio", name="简体中文").click()
    expect(page.get_by_text("已答 4 题，答对 4 题")).to_be_visible()
    page.get_by_role("button", name="清除答案").click()
    expect(sheet.locator("form")).to_be_visible()
    assert page.evaluate("localStorage.getItem('softmax-lab:practice')") == "[]"


def a_slip_gets_its_reason_and_a_double_click_is_one_try(
    page: Page, sheet: Locator, question: Question
) -> None:
    trap, remark = question.traps[0]
    page.get_by_label("Your prediction").fill(f"{trap:.4f}")
    page.get_by_role("button", name="Check").dblclick()
    expect(page.get_by_text(remark)).to_be_visible()
    expect(page.get_by_text("one more try")).to_be_visible()
    expect(sheet.locator(".verdict")).to_have_count(1)
    expect(sheet.locator(".solution")).to_have_count(0)


def the_formula_stands_there_as_mathematics(sheet: Locator, question: Question) -> None:
    formula = sheet.locator(".formula").first
    expect(formula.locator("mfrac").first).to_be_visible()
    wanted = markup.text_of(*markup.formula(question.solution[0].strip("$"), display=True))
    assert re.sub(r"\s", "", formula.text_content() or "") == re.sub(r"\s", "", wanted)
    # Where it must scroll, Tab reaches it.
    expect(formula).not_to_have_attribute("tabindex", "0")
    formula.evaluate("(node) => { node.style.width = '1rem'; }")
    expect(formula).to_have_attribute("tabindex", "0")
    formula.evaluate("(node) => { node.style.width = ''; }")
    expect(formula).not_to_have_attribute("tabindex", "0")


def test_a_sheet_by_keys_alone(page: Page, server: Server) -> None:
    sheet = opened(page, server, practice_seed=SEED)
    shift = next(kind for kind in KINDS if kind.code == "shift").question(SEED)
    field = page.get_by_label("Your prediction")
    tab_to(field)
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
    tab_to(sheet.get_by_role("radio").first)
    page.keyboard.press("Space")
    for _press in range(int(formats.answer)):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Right.")).to_be_visible()
    expect(page.get_by_text("2 of 2 right")).to_be_visible()
    tab_to(page.get_by_role("link", name="Summary"))
    page.keyboard.press("Enter")
    expect(sheet.locator(".summary")).to_be_visible()
    tab_to(page.get_by_role("button", name="Clear answers"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("0 of 0 right")).to_be_visible()
