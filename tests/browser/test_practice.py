"""The practice sheet in a browser: a teacher's link, answers that stay, the lesson behind one, the print."""

import json
import re

from playwright.sync_api import Locator, Page, expect
from server import Server
from waits import query_has

from ui.practice.questions import KINDS


def place(code: str) -> int:
    return [kind.code for kind in KINDS].index(code) + 1


def question(code: str, seed: int):
    return next(kind for kind in KINDS if kind.code == code).question(seed)


def opened(page: Page, server: Server, **query: object) -> Locator:
    """Open the page; the sheet is there and judged."""
    page.goto(f"{server.url}/practice?" + "&".join(f"{name}={value}" for name, value in query.items()))
    sheet = page.locator("[data-instrument=practice-sheet]")
    expect(sheet).to_have_attribute("data-judged", "true")
    return sheet


def at(page: Page, server: Server, code: str, seed: int, **query: object) -> Locator:
    return opened(page, server, practice_seed=seed, practice_question=place(code), **query)


def test_a_teachers_link_a_slip_of_the_finger_the_lesson_behind_it_the_summary_and_what_is_kept(
    page: Page, server: Server
) -> None:
    asked = question("loss", 42)
    sheet = at(page, server, "loss", 42, lang="en")
    expect(page.get_by_text(asked.text)).to_be_visible()
    field = page.get_by_label("Your prediction")
    field.fill("o.3")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("not a number yet")).to_be_visible()
    field.fill(f"{asked.answer:.3f}")
    field.press("Enter")
    expect(page.get_by_text(f"You said: {asked.answer:.3f}")).to_be_visible()
    expect(page.get_by_text("Right.")).to_be_visible()
    expect(page.get_by_text("1 of 1 right")).to_be_visible()
    expect(page.get_by_text("o.3")).to_have_count(0)
    expect(field).to_have_count(0)
    kept = page.evaluate("localStorage.getItem('softmax-lab:practice')")
    assert json.loads(kept)[0]["answers"] == [f"loss:{asked.answer:.3f}"]
    expect(page.get_by_text("all sheets:")).to_have_count(0)
    with page.expect_popup() as popup:
        page.get_by_role("link", name=re.compile("See it in the lesson")).click()
    board = popup.value.locator("[data-instrument=loss-curve]")
    expect(board).to_have_attribute("data-loss", re.compile("."))
    assert abs(float(board.get_attribute("data-loss") or "") - asked.answer) < 1e-5
    assert int(board.get_attribute("data-target") or "") == asked.given["k"]
    popup.value.close()

    # The summary tells by lesson and leads back.
    page.get_by_role("link", name="Summary").click()
    summary = sheet.locator(".summary")
    expect(summary.locator("p").first).to_contain_text(f"1 of {len(KINDS)} are right")
    row = summary.get_by_role("row").filter(has_text="Loss")
    of_loss = sum(kind.question(42).link.stem == "loss" for kind in KINDS)
    expect(row).to_contain_text(f"1 of {of_loss}")
    expect(row.get_by_role("link", name=str(place("loss")), exact=True)).to_have_count(0)
    assert (row.get_by_role("link", name="Loss").get_attribute("href") or "").startswith("loss?")
    row.get_by_role("link", name=str(place("gradient")), exact=True).click()
    expect(sheet).to_have_attribute("data-question", str(place("gradient")))

    # The score counts all sheets until it is cleared.
    number = page.get_by_label("Sheet", exact=True)
    number.fill("43")
    number.press("Enter")
    expect(page.get_by_text("all sheets: 1 of 1")).to_be_visible()
    expect(sheet.locator("form")).to_be_visible()
    number.fill("10000")
    number.press("Enter")
    expect(page.get_by_text("a whole number from 0 to 9999")).to_be_visible()
    page.get_by_role("button", name="Clear the answers of all sheets").click()
    expect(page.get_by_text("all sheets:")).to_have_count(0)
    assert page.evaluate("localStorage.getItem('softmax-lab:practice')") == "[]"
    what_is_kept_is_data_and_never_markup(page, server)


def what_is_kept_is_data_and_never_markup(page: Page, server: Server) -> None:
    evil = "<img src=x onerror=document.title='owned'>"
    kept = [{"seed": 9, "answers": [f"loss:{evil}", "<b>x</b>:1", "gap:"]}, {"seed": "9"}, None, 7]
    page.evaluate("kept => localStorage.setItem('softmax-lab:practice', kept)", json.dumps(kept))
    sheet = at(page, server, "loss", 9)
    expect(page.get_by_text("not a number yet")).to_be_visible()
    expect(page.get_by_label("Your prediction")).to_have_value(evil)
    expect(sheet.locator("img")).to_have_count(0)
    assert "owned" not in page.title()


def test_five_quick_clicks_back_and_the_numbers_lead_to_their_questions(page: Page, server: Server) -> None:
    sheet = opened(page, server, practice_seed=1)
    turn = page.get_by_role("button", name="Next question")
    turn.dblclick()
    expect(sheet).to_have_attribute("data-question", "3")
    for _click in range(5):
        turn.click(delay=0)
    expect(sheet).to_have_attribute("data-question", "8")
    query_has(page, {"practice_question": "8"})
    expect(page.get_by_text(f"8. {KINDS[7].title()}")).to_be_visible()
    page.go_back()
    expect(page.get_by_text(f"7. {KINDS[6].title()}")).to_be_visible()
    query_has(page, {"practice_question": "7"})
    page.get_by_role("button", name="New sheet").click()
    page.wait_for_function("() => new URL(location).searchParams.has('practice_seed')")
    expect(sheet).to_have_attribute("data-judged", "true")
    page.go_back()
    expect(page.get_by_text(f"7. {KINDS[6].title()}")).to_be_visible()
    expect(sheet).to_have_attribute("data-seed", "1")
    page.go_forward()
    expect(page.get_by_text(f"1. {KINDS[0].title()}")).to_be_visible()
    page.get_by_role("link", name="Softmax").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Softmax")
    page.go_back()
    expect(page.get_by_text(f"1. {KINDS[0].title()}")).to_be_visible()
    page.go_back()
    expect(page.get_by_text(f"7. {KINDS[6].title()}")).to_be_visible()
    # Numbers are links, and the link follows.
    number = page.get_by_role("link", name="12", exact=True)
    assert "practice_question=12" in (number.get_attribute("href") or "")
    number.click()
    expect(page.get_by_text(f"12. {KINDS[11].title()}")).to_be_visible()
    expect(number).to_have_attribute("aria-current", "step")
    query_has(page, {"practice_question": "12"})


def test_on_a_whole_sheet_one_can_type_on_while_an_answer_is_judged_and_print_it(
    page: Page, server: Server
) -> None:
    sheet = opened(page, server, practice_view="sheet", practice_seed=42)
    first, second = (sheet.locator(f"[data-code={code}]") for code in ("loss", "from_loss"))
    first.get_by_label("Your prediction").fill("99")
    page.keyboard.press("Enter")
    field = second.get_by_label("Your prediction")
    field.press_sequentially("0.123456", delay=60)
    expect(first.get_by_text("one more try")).to_be_visible()
    expect(field).to_have_value("0.123456")
    expect(field).to_be_focused()
    on_paper_there_are_questions_and_lines_and_nothing_to_press(page, sheet)


def on_paper_there_are_questions_and_lines_and_nothing_to_press(page: Page, sheet: Locator) -> None:
    last = page.get_by_text(f"{len(KINDS)}. {KINDS[-1].title()}")
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Print the sheet").click()
    page.wait_for_function("() => window.printed")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")  # as every browser does
    page.emulate_media(media="print")
    expect(page.get_by_text("Name:")).to_be_visible()
    expect(last).to_be_visible()
    for gone in (
        page.get_by_role("button", name="Check").first,
        page.get_by_role("link", name="Training").first,
        page.get_by_text("Answer key"),
    ):
        expect(gone).to_be_hidden()
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height > 1500, "all of the sheet flows, not one screen of it"
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.get_by_label("Answer key").check()
    expect(sheet.locator(".solution")).to_have_count(len(KINDS))
    assert "practice_key" not in page.url


def test_a_link_leads_to_the_entry_of_a_term_and_that_to_another(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/glossary?lang=zh#term-logit")
    entry, other = page.locator("#term-logit"), page.locator("#term-nan")
    expect(entry).to_be_in_viewport()
    expect(entry).to_have_class(re.compile("here"))
    expect(entry).to_contain_text("logit（未归一化的预测）")
    other.get_by_role("link").first.click()
    expect(other).to_have_class(re.compile("here"))
    expect(entry).not_to_have_class(re.compile("here"))
