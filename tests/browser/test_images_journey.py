"""Images as a newcomer meets it: predict, then look; and every goal reached by keys alone."""

import re

import numpy as np
from lesson import card, fits_the_screen, row
from playwright.sync_api import Locator, Page, expect
from server import Server
from waits import query_has, quiet

from ui.images.training import standard_history

FOUR = [[(2, 1), (2, 5), (7, 5)], [(5, 3), (5, 7)]]  # in pixels, as the arrow keys walk
DOTS = [(2, 5), (5, 5), (6, 4), (3, 3), (4, 6), (7, 3)]


def pad(page: Page) -> Locator:
    return page.locator("[data-instrument=pixel-pad]")


def templates(page: Page) -> Locator:
    return page.locator("[data-instrument=weight-templates]")


def opened(page: Page, server: Server, challenge: str = "") -> None:
    page.goto(f"{server.url}/images" + (f"?images_challenge_open={challenge}" if challenge else ""))
    expect(pad(page)).to_have_attribute("data-probabilities", re.compile("."))
    expect(card(page)).to_have_attribute("data-open", challenge or "middle")


def test_from_the_covered_template_to_the_best_accuracy(page: Page, server: Server) -> None:
    accuracy = standard_history()[-1].test_accuracy
    opened(page, server)
    # Everything is on one screen: templates, pad, card and the buttons of the panel.
    for part in (templates(page), pad(page), card(page), page.get_by_role("radio", name="Mistakes")):
        box = part.bounding_box()
        assert box["y"] + box["height"] <= 800
    assert box["y"] < 400, "below the templates half of the screen is left for the panel"
    expect(templates(page)).to_have_attribute("data-covered", "0")
    card(page).get_by_role("button", name="Next challenge").click()
    expect(card(page)).to_have_attribute("data-open", "accuracy")
    expect(templates(page)).to_have_attribute("data-covered", "")  # nobody is locked out
    card(page).get_by_role("button", name="Challenge 1").click()
    expect(templates(page)).to_have_attribute("data-covered", "0")
    quiet(page)
    expect(page.get_by_text(f"{100 * accuracy:.1f} %")).to_have_count(0)
    card(page).get_by_role("button", name="in the four corners").click()
    expect(card(page).locator(".verdict")).to_have_text(
        "✗ Not quite. You said: in the four corners. The answer: in the middle"
    )
    expect(templates(page)).to_have_attribute("data-covered", "")
    outline, template = templates(page).locator(".predicted"), templates(page).locator("canvas").first
    for side in ("x", "y", "width", "height"):
        assert abs(outline.bounding_box()[side] - template.bounding_box()[side]) < 2
    sides = outline.locator("path").first.get_attribute("d")
    assert "M0 0h1" in sides
    assert "M8 7v1" in sides, "the corners reach to the ends of the template of 0"
    assert "M3 3" not in sides

    card(page).get_by_role("button", name="Next challenge").click()
    field = card(page).get_by_role("textbox", name="Your answer")
    field.fill("lots")
    field.press("Enter")
    expect(card(page)).to_contain_text("is not a number from 0 to 100")
    field.fill("80")
    field.press("Enter")
    expect(card(page).locator(".verdict")).to_contain_text(f"You said 80.0 %, it is {100 * accuracy:.1f} %.")
    expect(page.get_by_text(f"{100 * accuracy:.1f} %").first).to_be_visible()
    expect(page.locator(".st-key-images_controls").get_by_text("your guess: 80.0 %")).to_be_visible()
    expect(page.locator(".js-plotly-plot .annotation-text")).to_have_text("your guess: 80.0 %")

    page.get_by_role("radio", name="Mistakes").click()
    expect(pad(page)).to_have_count(0)
    card(page).get_by_role("button", name="Next challenge").click()
    expect(pad(page)).to_have_attribute(
        "data-centred", "false"
    )  # the question is about the pad, so it is opened
    expect(pad(page)).to_have_attribute("data-winner", "3")
    assert row(pad(page), "probabilities")[3] > 0.9
    card(page).get_by_role("button", name="another digit").click()
    expect(card(page).locator(".verdict")).to_have_text("✓ Right: another digit")
    expect(pad(page)).not_to_have_attribute("data-winner", "3")
    expect(pad(page).locator(".class").nth(3).locator(".your-guess")).to_have_text("← your guess")
    expect(templates(page).locator(".predicted")).to_have_count(0)

    card(page).get_by_role("button", name="Next challenge").click()
    expect(pad(page)).to_have_attribute("data-strokes", "[]")
    query_has(page, {"images_challenge_open": "draw"})
    box = pad(page).locator("canvas.paper").bounding_box()
    for stroke in FOUR:
        places = [(box["x"] + x / 8 * box["width"], box["y"] + y / 8 * box["height"]) for x, y in stroke]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=8)
        page.mouse.up()
    expect(card(page).locator(".verdict")).to_have_text("✓ Reached.")
    expect(card(page).get_by_role("button", name="Challenge 4, solved")).to_be_visible()

    card(page).get_by_role("button", name="Challenge 6").click()
    expect(pad(page)).to_have_attribute("data-trained", "true")
    expect(card(page).locator(".verdict")).to_have_count(0)
    page.reload()
    expect(card(page).get_by_role("button", name="Challenge 3, solved")).to_be_visible()


def walk(page: Page, place: tuple[int, int], cursor: list[int]) -> None:
    """Move the cursor of the pad to a place, in pixels, with the arrow keys: first across, then down."""
    paper = pad(page).locator("canvas.paper")
    for axis, keys in enumerate((("ArrowLeft", "ArrowRight"), ("ArrowUp", "ArrowDown"))):
        for _ in range(abs(place[axis] - cursor[axis])):
            paper.press(keys[place[axis] > cursor[axis]])
        cursor[axis] = place[axis]


def test_every_goal_by_keys_alone(page: Page, server: Server) -> None:
    opened(page, server, "draw")
    expect(pad(page)).to_have_attribute("data-strokes", "[]")
    expect(pad(page).locator(".sum")).to_be_hidden()  # nothing is drawn, so nothing is explained
    expect(pad(page).locator("figure.why")).to_be_hidden()
    paper, cursor = pad(page).locator("canvas.paper"), [4, 2]
    paper.focus()
    for stroke in FOUR:
        walk(page, stroke[0], cursor)
        paper.press("Enter")
        for place in stroke[1:]:
            walk(page, place, cursor)
        paper.press("Enter")
    expect(card(page).locator(".verdict")).to_have_text("✓ Reached.")
    assert row(pad(page), "probabilities")[4] > 0.9

    card(page).get_by_role("button", name="Next challenge").press("Enter")
    expect(card(page)).to_have_attribute("data-open", "fool")
    query_has(page, {"images_challenge_open": "fool"})
    expect(pad(page)).to_have_attribute("data-strokes", "[]")
    pad(page).get_by_role("checkbox").press("Space")
    expect(pad(page)).to_have_attribute("data-centred", "false")
    for place in DOTS:
        walk(page, place, cursor)
        paper.press("Enter")
        paper.press("Enter")
    expect(card(page).locator(".verdict")).to_have_text("✓ Reached.")
    assert row(pad(page), "probabilities").max() > 0.9

    card(page).get_by_role("button", name="Next challenge").press("Enter")
    expect(card(page)).to_have_attribute("data-open", "better")
    query_has(page, {"images_challenge_open": "better"})
    quiet(page)  # Python has set the page up for it
    rate = page.get_by_role("slider", name="Learning rate")
    for _ in range(2):
        rate.press("ArrowRight")
    query_has(page, {"images_rate": "0.3"})
    page.get_by_role("button", name="Train 20 epochs").press("Enter")
    expect(card(page).locator(".verdict")).to_have_text("✓ Reached.")
    solved = card(page).get_attribute("data-solved").split()
    assert set(solved) >= {"draw", "fool", "better"}


def test_on_a_phone_in_chinese_nothing_is_cut(new_page, server: Server) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page.goto(f"{server.url}/images?lang=zh")
    expect(card(page)).to_be_visible()
    expect(page.get_by_text("线性分类器在图像里看到了什么？")).to_be_visible()
    fits_the_screen(page)
    # One follows the other: templates, the panel with the pad, card, and then the settings of the training.
    tops = [
        part.bounding_box()["y"]
        for part in (templates(page), pad(page), card(page), page.locator(".st-key-images_controls"))
    ]
    assert (np.diff(tops) > 0).all()
    for button in page.locator(".st-key-images_more button:visible").all():
        text = button.locator("p:visible").first
        assert button.bounding_box()["width"] - text.bounding_box()["width"] > 12, "air beside the text"
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator(".st-key-images_card")).to_be_in_viewport(ratio=1)
    assert page.get_by_role("radio", name="错误").bounding_box()["y"] < 400, "as in English"
