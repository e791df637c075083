"""The Softmax lesson as a learner walks it: its steps, its challenges, its goals, and what can be dragged."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from lesson import card, fits_the_screen, open_lesson, row, tab_to
from playwright.sync_api import Locator, Page, expect
from scipy import special
from server import Server
from waits import painted, query_has, quiet


def opened(page: Page, server: Server, query: str = "") -> Locator:
    return open_lesson(page, f"{server.url}/softmax{query}", "logit-board", "logits")


def handle(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=f"Logit of {name}", exact=True)


def logits(board: Locator) -> list[float]:
    return row(board, "logits").tolist()


def middle(box: dict[str, float]) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def box_of(part: Locator) -> dict[str, float]:
    box = part.bounding_box()
    assert box is not None
    return dict(box)


def next_challenge(page: Page, code: str) -> None:
    card(page).get_by_role("button", name="Next challenge").click()
    is_set_up(page, code)


def challenge(page: Page, n: int, code: str) -> None:
    card(page).get_by_role("button", name=f"Challenge {n}", exact=True).click()
    is_set_up(page, code)


def is_set_up(page: Page, code: str) -> None:
    """The card shows the challenge, and Python has set the board up for it."""
    expect(card(page)).to_have_attribute("data-open", code)
    query_has(page, {"softmax_challenge_open": code})
    quiet(page, 250)


def test_a_learner_walks_the_lesson(page: Page, server: Server) -> None:
    board = opened(page, server)
    for part in (board, page.get_by_text("A logit is a score")):
        expect(part).to_be_in_viewport(ratio=1)
    heads = board.locator(".heads")
    # First only the class and its score; then e to it; then its share.
    for step, unseen in (
        (1, (".exp", ".probability", ".logp", ".gap")),
        (2, (".probability", ".logp")),
        (3, (".logp", ".gap")),
    ):
        board.get_by_role("button", name=("1 score z", "2 e", "3 share p")[step - 1]).click()
        expect(board).to_have_attribute("data-step", str(step))
        expect(board.locator(".formula")).to_have_attribute("data-lit", str(step))
        for column in unseen:
            expect(heads.locator(column)).to_be_hidden()
    expect(page.get_by_text("The numbers here would answer")).to_be_visible()
    expect(board.locator(".row .probability .number").first).to_contain_text("?")
    for piece in board.locator(".piece").all():
        expect(piece).to_be_hidden()  # the bar is empty

    # Predict, then look: the sketch lies over the shares.
    expect(card(page).get_by_role("heading")).to_have_text("Predict, then look")
    guess = (0.5, 0.3, 0.2)
    for name, share in zip(("cat", "dog", "bird"), guess, strict=True):
        page.get_by_role("slider", name=f"Your guess for {name}").fill(str(share))
    card(page).get_by_role("button", name="Check").click()
    p = special.softmax([2.0, 1.0, 0.1])
    expect(card(page)).to_contain_text(
        f"off by up to {np.abs(p - guess).max():.2f}. It is 0.659, 0.242, 0.099."
    )
    expect(board).to_have_attribute("data-guess", "0.5,0.3,0.2")
    expect(board.locator(".row .probability .number").first).to_contain_text(f"{p[0]:.3f}")
    bar, ghost = (box_of(board.locator(part).first) for part in (".bar", ".guess"))
    assert ghost["width"] / bar["width"] == pytest.approx(0.5, abs=0.02)
    pieces = [box_of(piece)["width"] for piece in board.locator(".piece").all()]
    np.testing.assert_allclose(np.array(pieces) / sum(pieces), p, atol=0.01)
    expect(page.get_by_text("The largest logit has the largest share: cat wins.")).to_be_visible()

    challenge(page, 3, "shift")
    card(page).get_by_role("button", name="it stays").click()
    expect(card(page)).to_contain_text("✓ Right")
    expect(board).to_have_attribute("data-logits", "7,6,5.1")
    guess, bar = box_of(board.locator(".bar .your-guess:visible")), box_of(board.locator(".bar").first)
    assert guess["x"] + guess["width"] / 2 == pytest.approx(bar["x"] + p[0] * bar["width"], abs=2)
    answers = card(page).locator(".settled")
    expect(answers).to_have_text(["it grows", "it staysyour answer", "it shrinks"])
    expect(card(page).locator(".settled.yours.right")).to_have_count(1)

    next_challenge(page, "halves")
    # Passing through the goal in a drag is not reaching it.
    knob, axis = box_of(handle(page, "cat")), box_of(board.locator(".row .track").first)
    x, y = middle(knob)
    page.mouse.move(x, y)
    page.mouse.down()
    for z in (0.69, 3.0):
        page.mouse.move(axis["x"] + axis["width"] * (z + 10) / 20, y, steps=2)
        if z == 0.69:
            expect(board).to_have_attribute("data-logits", re.compile(r"^0\.(69|7),0,0$"))
        quiet(page)
    page.mouse.up()
    quiet(page)
    expect(card(page)).to_have_attribute("data-solved", "shift")
    expect(card(page)).not_to_contain_text("Reached")

    challenge(page, 6, "thousand")
    expect(board).to_have_attribute("data-logits", "1000,999,0")
    expect(board).to_have_attribute("data-step", "1")
    board.get_by_role("button", name="2 e").click()
    expect(board.locator(".row .exp").first).to_contain_text("?")
    expect(board).not_to_contain_text("no number that a computer holds")
    card(page).get_by_role("button", name="0.731").click()
    expect(board).to_contain_text("no number that a computer holds")
    expect(card(page)).to_contain_text("You said: 0.731. The answer: NaN")
    expect(page.get_by_text("The formula as written broke")).to_be_visible()
    expect(page.get_by_role("radio", name="float64")).to_be_checked()
    # A wrong answer is no tick, and what was answered is not covered when one comes back to it.
    expect(card(page)).to_have_attribute("data-solved", "shift")
    expect(card(page).get_by_role("button", name="Challenge 6, answered")).to_have_text("6")
    card(page).get_by_role("button", name="Challenge 1, answered").click()
    expect(card(page)).to_contain_text("Your probabilities are off by up to")
    expect(board.locator(".row .probability .number").first).to_contain_text(f"{p[0]:.3f}")
    card(page).get_by_role("button", name="Start again").click()
    expect(card(page).get_by_role("button", name="Check")).to_be_disabled()
    for name, share in zip(("cat", "dog", "bird"), p, strict=True):
        page.get_by_role("slider", name=f"Your guess for {name}").fill(f"{share:.2f}")
    expect(card(page)).to_contain_text("Sum 1.00;")
    card(page).get_by_role("button", name="Check").click()
    expect(card(page).get_by_role("button", name="Challenge 1, solved")).to_have_text("✓")
    # What is solved is not covered again after a reload, also of a board that is on its way by the exponentials.
    expect(board).to_have_attribute("data-step", re.compile("2|3"))
    query_has(page, {"softmax_board_step": "3"})
    page.reload()
    expect(card(page)).to_contain_text("The answer: 0.659")
    expect(board).to_have_attribute("data-step", "3")
    expect(board.locator(".row .probability .number").first).to_contain_text(f"{p[0]:.3f}")


def heard(page: Page, text: str) -> None:
    """What is told politely holds this text."""
    expect(page.get_by_role("status").filter(has_text=text).first).to_be_attached()


def test_the_lesson_by_keys_alone_and_what_a_screen_reader_hears(page: Page, server: Server) -> None:
    opened(page, server, "?softmax_board_step=3")
    table = page.get_by_role("table", name="Logit board")
    expect(table.get_by_role("columnheader")).to_have_text(["class", re.compile("z$"), "ez", "p"])
    for k, name in enumerate(("cat", "dog", "bird")):
        told = table.get_by_role("row", name=name, exact=True)
        expect(told.get_by_role("rowheader")).to_contain_text(name)
        expect(told.get_by_role("cell").first.get_by_role("button")).to_have_text(("2.00", "1.00", "0.10")[k])

    def press(role: str, name: str, *keys: str, way: str = "Tab") -> None:
        tab_to(page.get_by_role(role, name=name, exact=True), way)  # type: ignore[arg-type]
        for key in keys:
            page.keyboard.press(key)

    def go_on(code: str) -> None:
        press("button", "Next challenge", "Enter")
        is_set_up(page, code)
        quiet(page)  # so soon after it has opened, a press answers nothing
        # The button is gone: the focus is on the new question.
        assert card(page).locator(".question").evaluate("node => node.getRootNode().activeElement === node")

    for name, tenths in (("cat", 7), ("dog", 2), ("bird", 1)):
        press("slider", f"Your guess for {name}", *["PageUp"] * tenths)
    press("button", "Check", "Enter")
    heard(page, "✓ Close enough.")
    go_on("nine_tenths")
    for name in ("bird", "dog"):
        press("slider", f"Logit of {name}", *["PageDown"] * 3, way="Shift+Tab")
    heard(page, "✓ Reached.")
    heard(page, "The largest p: cat, 0.9")
    go_on("shift")
    press("button", "it stays", "Enter")
    heard(page, "✓ Right")
    press("radio", "Example", *["ArrowRight"] * 3, "Enter")
    expect(
        page.get_by_role("figure", name=re.compile("The logistic function .* from .* to .*"))
    ).to_be_visible()
    press("link", "Next: Loss", "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Loss")


def test_the_dots_of_triangle_and_curves_move_the_board(page: Page, server: Server) -> None:
    """By keys and by a click; test_touch.py drags them."""
    board = opened(page, server, "?softmax_panel=simplex")
    view = page.locator("[data-instrument=logit-view]")
    dot = view.get_by_role("slider")
    expect(dot).to_be_visible()
    before = row(board, "probabilities")[1]
    dot.press("ArrowRight")
    painted(page)
    p = row(board, "probabilities")
    np.testing.assert_allclose(p, special.softmax(logits(board)), rtol=1e-9)
    assert p[1] > before
    expect(view).to_have_attribute("data-logits", ",".join(f"{z:g}" for z in logits(board)))

    page.get_by_role("radio", name="Curves").click()
    expect(view.get_by_role("slider", name="Logit of cat on the curves")).to_be_visible()
    quiet(page, 250)
    plot = box_of(view.locator(".plot"))
    page.mouse.click(plot["x"] + plot["width"] - 12, plot["y"] + 60)
    painted(page)
    assert logits(board)[0] == pytest.approx(10, abs=0.05)
    view.get_by_role("button", name="dog").click()
    view.get_by_role("slider", name="Logit of dog on the curves").press("ArrowLeft")
    painted(page)
    query_has(
        page, {"softmax_curve_class": "1", "softmax_board_z": "~".join(f"{z:g}" for z in logits(board))}
    )


def test_a_longer_name_is_read_whole_no_knob_lies_on_a_number_and_a_gap_stands_on_its_side_of_the_axis(
    page: Page, server: Server
) -> None:
    board = opened(page, server, "?softmax_board_z=1000~999~0&softmax_board_names=chicken~hippopotamus~")
    for label in board.locator(".name .label").all():
        assert label.evaluate(
            "node => node.scrollWidth <= node.clientWidth + 1 && node.scrollHeight <= node.clientHeight + 1"
        )
    pointed = "node => getComputedStyle(node).clipPath"
    for k, line in enumerate(board.locator(".row").all()):
        assert line.locator(".signed > :last-child").evaluate(pointed) == "none", "arrows show y − p"
        gap = row(board, "probabilities")[k] - (k == 0)
        length, axis = box_of(line.locator(".signed > :last-child")), box_of(line.locator(".middle"))
        assert length["width"] == pytest.approx(
            abs(gap) * box_of(line.locator(".signed"))["width"] / 2, abs=0.6
        )
        if gap > 0.01:
            assert length["x"] >= axis["x"] - 0.5
        if gap < -0.01:
            assert length["x"] + length["width"] <= axis["x"] + 1
    for width in (1280, 853):  # 853 pixels are 1280 at a zoom of 150 %
        page.set_viewport_size({"width": width, "height": 800})
        quiet(page, 200)
        line = board.locator(".row").first
        number = line.locator(".value .plain").first
        text = number.evaluate(
            "node => { const r = document.createRange(); r.selectNodeContents(node); return r.getBoundingClientRect().left; }"
        )
        knob = box_of(line.locator(".handle").first)
        assert knob["x"] + knob["width"] <= text, width
        ends = box_of(line)
        for part in line.locator(".gap .number").all():
            box = box_of(part)
            assert box["x"] + box["width"] <= ends["x"] + ends["width"] + 1, width
        fits_the_screen(page)


def test_what_the_card_does_is_seen_on_a_phone(new_page: Callable[..., Page], server: Server) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    board = opened(page, server)
    fits_the_screen(page)
    for part in (
        board.locator(".row").first,
        card(page).locator(".question"),
        card(page).get_by_role("button", name="Check"),
    ):
        expect(part).to_be_in_viewport(ratio=1)  # question, answer and board on one screen
    card(page).get_by_role("button", name="Just show me").click()
    # From scores to shares by way of the exponentials; the panel goes with the board.
    expect(board).to_have_attribute("data-step", "2")
    expect(page.get_by_text("always positive")).to_be_visible()
    expect(board).to_have_attribute("data-step", "3")
    expect(board.locator(".row").first).to_be_in_viewport()


def test_instrument_and_panel_are_on_one_screen(page: Page, server: Server) -> None:
    # The highest board, and the two panels with the most to show: words and formula stand beside the panel, below the card.
    board = opened(page, server, "?softmax_board_z=2~1~0.5&softmax_panel=precision")
    stands = (
        page.locator(".js-plotly-plot"),
        page.locator(".st-key-lab_panel tbody tr").last,
        page.get_by_text("Both agree here"),
    )
    for part in (board, *stands):
        expect(part).to_be_in_viewport(ratio=1)
    page.get_by_role("radio", name="Log-softmax").click()
    for part in (board, page.locator(".katex-display"), page.get_by_text("Libraries call the whole")):
        expect(part).to_be_in_viewport(ratio=1)
