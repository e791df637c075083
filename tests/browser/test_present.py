"""A lesson on the projector: what is on the wall, and what a clicker and the keys do."""

import pytest
from lesson import card, open_lesson
from playwright.sync_api import Frame, Locator, Page, expect
from server import Server
from waits import query_has, quiet

PROJECTOR = {"width": 1280, "height": 720}


def box(part: Locator) -> dict[str, float]:
    found = part.bounding_box()
    assert found is not None
    return dict(found)


def is_at(show: Frame, at: int, count: int) -> None:
    """The place in the list is written: "1 of 4"."""
    expect(show.locator(".lab-place")).to_be_visible()
    for name, value in (("--lab-at", at), ("--lab-count", count)):
        expect(show.locator(":root")).to_have_css(name, f'"{value}"')


def test_a_lesson_is_shown_with_keys_alone(page: Page, server: Server) -> None:
    page.set_viewport_size(PROJECTOR)  # type: ignore[arg-type]
    board = open_lesson(page, f"{server.url}/softmax", "logit-board", "logits")
    page.keyboard.press("p")
    query_has(page, {"view": "present"})
    quiet(page)
    # Only the lesson, in large letters, and nothing runs out of the screen.
    for gone in ("header", ".st-key-lab_head button", "text=Notation:", "text=Next: Loss"):
        expect(page.locator(gone).first).to_be_hidden()
    title = page.get_by_role("heading", level=1)  # said by a screen reader, and not seen
    expect(title).to_have_text("Softmax")
    assert box(title.locator("xpath=ancestor::*[contains(@class, 'st-key-lab_head')]"))["height"] <= 1
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "24px"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    left, right = box(board), box(card(page))
    assert left["x"] + left["width"] <= right["x"]
    assert right["x"] + right["width"] <= PROJECTOR["width"]
    assert right["y"] + right["height"] <= PROJECTOR["height"]

    # An arrow goes a step on and back; PageDown gives the answer first, then asks the next question.
    page.keyboard.press("ArrowRight")
    expect(board).to_have_attribute("data-step", "2")
    page.keyboard.press("ArrowLeft")
    expect(board).to_have_attribute("data-step", "1")
    expect(card(page)).to_have_attribute("data-shown", "false")

    # With the challenges put away nothing is asked, so nothing is covered.
    for step in ("2", "3"):
        page.keyboard.press("ArrowRight")
        expect(board).to_have_attribute("data-step", step)
    covered = page.get_by_text("The numbers here would answer")
    expect(covered).to_be_visible()
    page.keyboard.press("c")
    query_has(page, {"view": "show"})
    expect(card(page)).to_be_hidden()
    expect(covered).to_have_count(0)
    page.keyboard.press("c")
    expect(card(page)).to_be_visible()
    expect(covered).to_be_visible()
    for step in ("2", "1"):
        page.keyboard.press("ArrowLeft")
        expect(board).to_have_attribute("data-step", step)
    quiet(page)
    page.keyboard.press("PageDown")
    expect(card(page)).to_have_attribute("data-shown", "true")
    # The answer is read as a whole, and what is left is the panel's.
    expect(card(page).locator(".verdict")).to_be_visible()
    quiet(page)
    answer, rest = box(card(page)), box(page.locator(".st-key-lab_panel"))
    assert card(page).evaluate("node => node.scrollHeight <= node.clientHeight")
    assert answer["y"] + answer["height"] <= min(rest["y"], PROJECTOR["height"])
    # Light or dark: the page is not loaded anew, and the answer stays.
    page.evaluate("window.thisLoad = true")
    page.keyboard.press("l")
    expect(page.locator(".stApp")).to_have_css("color-scheme", "dark")
    quiet(page)
    page.keyboard.press("l")
    expect(page.locator(".stApp")).to_have_css("color-scheme", "light")
    quiet(page)
    expect(card(page)).to_have_attribute("data-shown", "true")
    assert page.evaluate("window.thisLoad")
    page.keyboard.press("PageDown")
    expect(card(page)).to_have_attribute("data-open", "nine_tenths")
    quiet(page)
    page.keyboard.press("PageUp")
    expect(card(page)).to_have_attribute("data-open", "shares")
    quiet(page)

    page.keyboard.press("?")
    expect(page.get_by_role("group", name="Keys")).to_be_visible()
    page.keyboard.press("PageDown")  # nothing goes on behind it
    page.keyboard.press("Escape")
    expect(page.get_by_role("group", name="Keys")).to_be_hidden()
    expect(card(page)).to_have_attribute("data-open", "shares")
    page.keyboard.press("b")
    assert (
        page.evaluate("getComputedStyle(document.documentElement, '::after').backgroundColor")
        == "rgb(0, 0, 0)"
    )
    page.keyboard.press("b")
    page.keyboard.press("c")
    expect(card(page)).to_be_hidden()
    # What is typed is text, and no key of the presentation.
    board.get_by_role("button", name="Edit classes").click()
    field = board.get_by_role("textbox").first
    field.press("p")
    query_has(page, {"view": "show"})  # as C has left it
    field.press("Escape")
    field.blur()
    quiet(page)  # the name that was typed has been heard of
    page.keyboard.press("p")
    page.wait_for_function("() => !new URLSearchParams(location.search).has('view')")
    expect(page.locator("header").first).to_be_visible()


def test_a_clicker_walks_a_list_of_links(page: Page, server: Server) -> None:
    page.set_viewport_size(PROJECTOR)  # type: ignore[arg-type]
    links = "softmax?softmax_board_z=3~1~0|loss?loss_board_z=2~1~0~-1~-2&loss_challenge_open=uniform|home|training?training_panel=curves"
    page.goto(
        f"{server.url}/?view=present&present={links.replace('?', '%3F').replace('=', '%3D').replace('&', '%26')}"
    )
    # The links are shown in a frame, and the address bar holds what is seen.
    query_has(page, {"view": "show", "softmax_board_z": "3~1~0"})
    (show,) = page.main_frame.child_frames
    board = show.locator("[data-instrument=logit-board]")
    expect(board).to_have_attribute("data-logits", "3,1,0")
    expect(card(show)).to_be_hidden()  # the link names no challenge
    is_at(show, 1, 4)
    page.keyboard.press("f")
    page.wait_for_function("() => document.fullscreenElement")
    page.keyboard.press("PageDown")
    expect(card(show)).to_be_visible()  # this one does: first its answer, then the next link
    expect(card(show)).to_have_attribute("data-shown", "false")
    quiet(show)
    # Five classes are on the screen, each with all of its numbers.
    rows = show.locator("[data-instrument=loss-curve] .row")
    expect(rows).to_have_count(5)
    assert max(box(part)["y"] + box(part)["height"] for part in rows.all()) <= PROJECTOR["height"]
    card(show).get_by_role("textbox").press("1")  # a clicker goes on where somebody has typed a number
    page.keyboard.press("PageDown")
    expect(card(show)).to_have_attribute("data-shown", "true")
    quiet(show)
    page.keyboard.press("PageDown")
    expect(show.locator("[data-instrument=lesson-map]")).to_be_visible()
    expect(show.get_by_role("dialog")).to_have_count(0)  # Streamlit would say that it knows no such page
    # Whoever leaves the presentation and comes back goes on at the same place.
    is_at(show, 3, 4)
    page.keyboard.press("p")
    expect(show.locator(".lab-place")).to_have_count(0)
    quiet(show)
    page.keyboard.press("p")
    is_at(show, 3, 4)
    quiet(show)
    page.keyboard.press("PageDown")
    query_has(page, {"view": "show", "training_panel": "curves"})
    is_at(show, 4, 4)
    quiet(show)
    page.keyboard.press("PageDown")  # there is no other
    expect(show.get_by_role("status").filter(has_text="That was the last link of the list.")).to_be_visible()
    stage = show.locator("[data-instrument=training-stage]")
    # Letters of a chart have 18 pixels, its lines 3.
    chart = show.locator(".js-plotly-plot").first
    expect(chart.locator(".xtick text").first).to_have_css("font-size", "18px")
    assert (
        float(chart.locator(".js-line").first.evaluate("n => parseFloat(getComputedStyle(n).strokeWidth)"))
        >= 3
    )
    # It fills its place, whatever the letters of the projector are.
    places = chart.evaluate(
        "n => [n.closest('.lab-chart'), n.querySelector('.main-svg')].map((part) => part.getBoundingClientRect().width)"
    )
    assert places[0] == pytest.approx(places[1], abs=3)
    # Space plays and stops wherever the focus is.
    playing = stage.get_attribute("data-playing")
    page.keyboard.press(" ")
    expect(stage).not_to_have_attribute("data-playing", playing or "")
    # Nothing is asked, so there is no panel for it.
    expect(show.get_by_role("radio", name="Curves")).to_be_visible()
    expect(show.get_by_role("radio", name="Challenges")).to_have_count(0)
    # What is longer than the screen moves by keys.
    page.keyboard.press("ArrowDown")
    show.wait_for_function("() => document.querySelector('.st-key-training_left').scrollTop > 0")
    page.keyboard.press("PageUp")
    expect(show.locator("[data-instrument=lesson-map]")).to_be_visible()
    quiet(show)
    page.keyboard.press("PageUp")
    page.wait_for_url("**/loss?**")
    assert page.evaluate("Boolean(document.fullscreenElement)")  # all the way
    page.evaluate("document.exitFullscreen()")

    # The box on Home keeps a list from visit to visit.
    for text in ("loss\nhome", None):
        page.goto(server.url)
        page.get_by_text("For teachers").click()
        field = page.get_by_role("textbox", name="One link a line")
        if text:
            field.fill(text)
            field.press("Control+Enter")
            page.wait_for_function("() => localStorage.getItem('softmax-lab:list') === 'loss\\nhome'")
        else:
            expect(field).to_have_value("loss\nhome")
