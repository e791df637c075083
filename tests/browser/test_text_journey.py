"""The Text lesson as a learner walks it, by mouse, by keys, on a telephone, in Chinese; and its JavaScript beside Python."""

from collections.abc import Iterator

import numpy as np
import pytest
from lesson import fits_the_screen, go_on, module_page, open_lesson, row, tab_to
from playwright.sync_api import Browser, Locator, Page, expect
from server import Server
from waits import query_has, quiet

from instruments.shared.bundle import bundle
from softmax_core.text import TextConfig, sentiment, tokenise, train_on_texts
from tests.softmax_core.text.token_cases import CASES

MODELS = {code: train_on_texts(sentiment(code), TextConfig()) for code in ("en", "zh")}


@pytest.fixture
def module(browser: Browser) -> Iterator[Page]:
    with module_page(browser, bundle("text_board/tokens.js"), "tokenise, takeApart, stillOut") as page:
        yield page


def test_the_browser_cuts_and_adds_as_python_does(module: Page) -> None:
    sentences = [*CASES, *sentiment("en").texts[:40], *sentiment("zh").texts[:40]]
    assert module.evaluate("texts => texts.map(lab.tokenise)", sentences) == [
        tokenise(text) for text in sentences
    ]
    for code, weighting in (("en", "counts"), ("zh", "tf_idf")):
        model = train_on_texts(sentiment(code), TextConfig(weighting))
        places = [[word, i] for i, word in enumerate(model.vocabulary.words)]
        sent = {
            "weights": model.W.ravel().tolist(),
            "bias": model.b.tolist(),
            "idf": None if weighting == "counts" else model.vocabulary.idf.tolist(),
        }
        texts = [*CASES, *sentiment(code).texts[-20:]]
        logits = module.evaluate(
            "([texts, places, sent]) => texts.map((text) => lab.takeApart(text, [], { ...sent, places: new Map(places) }).logits)",
            [texts, places, sent],
        )
        np.testing.assert_allclose(logits, model.logits(map(tokenise, texts)), atol=1e-12)
    # A word that is left out stays so while others are typed.
    assert module.evaluate(
        "lab.stillOut([{ word: 'good', isOut: true }, { word: 'food', isOut: false }], 'what good food')"
    ) == [1]


def opened(page: Page, server: Server, query: str = "") -> tuple[Locator, Locator]:
    board = open_lesson(page, f"{server.url}/text?{query}", "text-board", "logits")
    return board, page.locator("[data-instrument=challenges]")


def shows(board: Locator, text: str, code: str = "en") -> None:
    """The board shows what Python makes of the sentence."""
    expect(board).to_have_attribute("data-text", text)
    np.testing.assert_allclose(
        row(board, "probabilities"), MODELS[code].probabilities([tokenise(text)])[0], atol=1e-12
    )


def test_a_learner_walks_through_the_lesson(page: Page, server: Server) -> None:
    board, card = opened(page, server)
    numbers = board.locator(".row .number")
    shows(board, "The room was lovely, but the breakfast was awful.")
    expect(numbers.first).not_to_have_text("?")
    # Only the sentence that would answer the question is covered, and the number that would answer a later one.
    expect(page.get_by_text("How many test sentences are right? Challenge 3 asks.")).to_be_visible()
    expect(page.get_by_text("Right on the test sentences")).to_have_count(0)
    board.get_by_role("textbox").fill("The room was awful, but the breakfast was lovely.")
    expect(numbers).to_have_text(["?"] * 6)
    card.get_by_role("button", name="It rises").click()
    expect(card.get_by_text("The answer: It stays")).to_be_visible()
    shows(board, "The room was awful, but the breakfast was lovely.")
    expect(board.get_by_text("↑ your guess")).to_be_visible()

    go_on(page, "text", "unknown")
    card.get_by_role("button", name="neutral").click()
    expect(card.get_by_text("✓ Right: neutral")).to_be_visible()
    expect(board).to_have_attribute("data-known", "000")
    expect(board.locator(".told")).to_have_text(
        "The model knows none of these words: the biases alone decide."
    )

    go_on(page, "text", "accuracy")
    page.get_by_role("radio", name="Mistakes").click()
    expect(page.get_by_text("The numbers here would answer a question")).to_be_visible()
    answer = card.get_by_role("textbox", name="Your answer")
    answer.fill("90")
    answer.press("Enter")
    expect(card.get_by_text("it is 75.9")).to_be_visible()
    expect(page.get_by_text("Right on the test sentences: 75.9 % of 108. On the")).to_be_visible()
    expect(page.get_by_text("Right on the test sentences: 75.9 % of 108.", exact=True)).to_be_visible()

    # The goals, by the keys alone.
    go_on(page, "text", "flip")
    expect(card.get_by_text("✓ Reached.")).to_be_hidden()
    chip = board.get_by_role("button", name="awful:")
    chip.hover()
    expect(board.locator(".told")).to_contain_text("awful: negative +1.42")
    expect(board.locator(".piece.lit")).to_have_count(3)
    board.get_by_role("textbox").focus()
    tab_to(chip, most=10)  # two tools, six words before the one
    page.keyboard.press("Space")
    expect(card.get_by_text("✓ Reached.")).to_be_visible()
    query_has(page, {"text_board_out": "6"})

    go_on(page, "text", "sure")
    expect(board).to_have_attribute("data-text", "Zork blimpy qwertz.")  # what the goal begins with
    board.get_by_role("textbox").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Wonderful, excellent, beautiful!")
    expect(card.get_by_text("✓ Reached.")).to_be_visible()
    shows(board, "Wonderful, excellent, beautiful!")
    query_has(page, {"text_board_text": "Wonderful, excellent, beautiful!"})

    go_on(page, "text", "humble")
    expect(card.get_by_text("✓ Reached.")).to_be_hidden()
    page.get_by_role("slider", name="Label smoothing").press("End")
    expect(card.get_by_text("✓ Reached.")).to_be_visible()
    assert row(board, "probabilities").max() < 0.9
    shown = board.locator(".row.target .p").text_content()  # negative is the class of the harsh sentence
    expect(board.locator(".announced")).to_have_text(f"The largest p: negative, {shown}.")

    # What is typed is data, and too much of it is cut with a sentence.
    box = board.get_by_role("textbox")
    box.fill("<img src=x onerror=alert(1)> שלום 🙂")
    expect(board).to_have_attribute("data-words", "8")
    expect(board.locator("img")).to_have_count(0)
    box.fill("good " * 20_000)
    expect(board.get_by_text("only the first 500 characters are read")).to_be_visible()
    expect(box).to_have_value("good " * 100)
    box.fill("")
    expect(board.locator(".told")).to_have_text("No words: the biases alone decide.")
    query_has(page, {"text_board_text": " "})


def test_on_a_narrow_screen_nothing_stands_apart(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    board, _card = opened(page, server)
    chips, told = board.locator(".chip"), board.locator(".told")
    expect(chips).to_have_count(7)
    lowest = max(chip.bounding_box()["y"] + chip.bounding_box()["height"] for chip in chips.all())
    assert told.bounding_box()["y"] - lowest < 16, "two lines of words take the room that is kept for them"
    heads = page.locator(".lab-table thead th")
    expect(heads).to_have_text(["negative", "neutral", "positive"])
    assert all(head.bounding_box()["height"] < 40 for head in heads.all()), "a name beside its dot"


def test_own_texts_in_chinese_on_a_telephone(page: Page, server: Server) -> None:
    """A table is refused with row and column, then read; a reload and the address in another visit go on with it."""
    page.set_viewport_size({"width": 390, "height": 844})
    board, _card = opened(page, server, "lang=zh&text_challenge_open=flip")
    shows(board, "味道不错，服务很差。", "zh")
    fits_the_screen(page)
    page.get_by_role("radio", name="自己的数据").click()
    field = page.locator("[data-testid=stFileUploaderDropzoneInput]")
    field.set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": b"text,label\n<b>good</b>,x\n,y\n"}
    )
    expect(page.get_by_text("第 3 行")).to_be_visible()
    shows(board, "味道不错，服务很差。", "zh")
    lines = [f"<b>good{i % 7}</b> thing,<i>yes</i>\nbad{i % 7} thing,no" for i in range(30)]
    table = "\n".join(["text,label", *lines]).encode()
    field.set_input_files({"name": "b.csv", "mimeType": "text/csv", "buffer": table})
    expect(board.locator(".label")).to_have_text(["<i>yes</i>", "no"])
    fits_the_screen(page)
    page.wait_for_function("() => new URLSearchParams(location.search).get('text_own')?.startsWith('kept.')")
    quiet(page, 200)
    page.reload()
    expect(board.locator(".label")).to_have_text(["<i>yes</i>", "no"])
