"""Practice in a browser: a teacher's link, an answer, the lesson behind it, the print."""

import re

from playwright.sync_api import Page, expect
from server import Server

from ui.practice.questions import KINDS


def place(code: str) -> int:
    return [kind.code for kind in KINDS].index(code) + 1


def test_a_teachers_link_gives_the_same_question_and_the_lesson_opens_in_its_state(
    page: Page, server: Server
) -> None:
    question = next(kind for kind in KINDS if kind.code == "loss").question(42)
    page.goto(f"{server.url}/practice?practice_seed=42&practice_question={place('loss')}&lang=en")
    expect(page.get_by_text(question.text)).to_be_visible()
    field = page.get_by_label("Your prediction")
    field.fill(f"{question.answer:.3f}".replace(".", ","))
    field.press("Enter")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("Right.")).to_be_visible()
    expect(page.get_by_text("1 of 1 right")).to_be_visible()
    with page.expect_popup() as popup:
        page.get_by_role("link", name=re.compile("See it in the lesson")).click()
    board = popup.value.locator("[data-instrument=logit-board]")
    expect(board).to_have_attribute("data-loss", re.compile("."))
    assert abs(float(board.get_attribute("data-loss") or "") - question.answer) < 1e-5
    assert int(board.get_attribute("data-target") or "") == question.given["k"]


def test_questions_turn_and_the_link_follows(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/practice")
    page.get_by_role("button", name="Next question").click()
    expect(page.get_by_text(f"2. {KINDS[1].title()}")).to_be_visible()
    page.wait_for_function("new URL(location).searchParams.get('practice_question') === '2'")
    page.get_by_role("button", name="New sheet").click()
    page.wait_for_function("new URL(location).searchParams.has('practice_seed')")
    expect(page.get_by_text(f"1. {KINDS[0].title()}")).to_be_visible()


def test_on_paper_there_are_questions_and_lines_and_nothing_to_press(page: Page, server: Server) -> None:
    page.add_init_script("window.print = () => { window.printed = true; }")
    page.goto(f"{server.url}/practice?practice_view=sheet&practice_seed=3")
    last = page.get_by_text(f"{len(KINDS)}. {KINDS[-1].title()}")
    expect(last).to_be_visible()
    page.get_by_role("button", name="Print the sheet").click()
    page.wait_for_function("window.printed")
    page.emulate_media(media="print")
    expect(page.get_by_text("Name:")).to_be_visible()
    expect(last).to_be_visible()
    for gone in (
        page.get_by_role("button", name="Check").first,
        page.get_by_role("link", name="Training"),
        page.get_by_text("Answer key"),
    ):
        expect(gone).to_be_hidden()
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height > 2500, "all of the sheet flows, not one screen of it"


def test_a_word_in_a_lesson_leads_to_its_entry(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/softmax?lang=zh")
    link = page.get_by_role("link", name="logit", exact=True).first
    assert "任意实数" in (link.get_attribute("title") or "")
    with page.expect_popup() as popup:
        link.click()
    entry = popup.value.locator("#term-logit")
    expect(entry).to_be_in_viewport()
    expect(entry).to_have_class(re.compile("here"))
    expect(entry).to_contain_text("logit（未规范化的预测）")
    entry_of_nan = popup.value.locator("#term-nan")
    entry_of_nan.get_by_role("link").first.click()
    expect(entry_of_nan).to_have_class(re.compile("here"))
    expect(entry).not_to_have_class(re.compile("here"))
