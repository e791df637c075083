"""What the instruments read as a number, what they refuse because it has two readings or none, and how they fill a sentence."""

from collections.abc import Iterator

import pytest
from lesson import module_page
from playwright.sync_api import Browser, Page

from instruments.shared.bundle import FOLDER
from softmax_core.numbers_text import share_text
from tests.ui import number_cases, sentence_cases
from ui.widgets.show import number


@pytest.fixture(scope="module")
def numbers(browser: Browser) -> Iterator[Page]:
    text = "\n".join(
        (FOLDER / f"shared/{name}.js").read_text(encoding="utf-8") for name in ("numbers", "live")
    )
    with module_page(
        browser, text, "typedNumber, twoReadings, readable, shareText, beyondText, decimalText, fill"
    ) as page:
        yield page


def test_what_a_hand_types_is_read(numbers: Page) -> None:
    for text, wanted in number_cases.NUMBERS:
        assert numbers.evaluate("(text) => lab.typedNumber(text)", text) == wanted, text
        assert numbers.evaluate("(text) => lab.twoReadings(text)", text) is None, text


def test_what_is_no_number_is_refused(numbers: Page) -> None:
    for text in [*number_cases.NO_NUMBERS, *number_cases.TOO_LARGE]:
        assert numbers.evaluate("(text) => lab.typedNumber(text)", text) is None, text
        assert numbers.evaluate("(text) => lab.twoReadings(text)", text) is None, text


def test_a_number_with_two_readings_is_refused_and_both_are_named(numbers: Page) -> None:
    for text, decimal, whole in number_cases.AMBIGUOUS:
        assert numbers.evaluate("(text) => lab.typedNumber(text)", text) is None, text
        assert numbers.evaluate("(text) => lab.twoReadings(text)", text) == [whole, decimal]


def test_what_is_shown_can_be_typed_again(numbers: Page) -> None:
    for x in (0.0, -0.25, 3.0, 1234.5, -99999.0, 1e-7, -2.5e9, 1e300):
        again = numbers.evaluate("(x) => lab.typedNumber(lab.readable(x, 3))", x)
        assert again == pytest.approx(x, rel=0.1)


def test_the_value_of_a_slider_has_no_exponent(numbers: Page) -> None:
    cases = [(2.1e-9, "0"), (1e-6, "0.000001"), (-0.25, "-0.25"), (3, "3"), (1 - 1e-9, "1"), (1e6, "1000000")]
    for x, text in cases:
        assert numbers.evaluate("(x) => lab.decimalText(x)", x) == text


def test_what_the_browser_writes_python_writes_too(numbers: Page) -> None:
    for x in (0.0625, -0.0625, 3.8e-4, -1.5e12, 4.2e-18, -0.0, 0.4995, 2.5):
        assert numbers.evaluate("(x) => lab.readable(x, 3)", x) == number(x), x
    for x, said in number_cases.SHARES:
        assert numbers.evaluate("(x) => lab.shareText(x)", x) == share_text(x) == said, x


def test_what_a_share_has_no_room_for_is_told_beside_it(numbers: Page) -> None:
    cases = {
        4.2e-18: "4.2×10⁻¹⁸",
        1 - 3e-5: "1 − 0.000030",
        3e-5 - 1: "−1 + 0.000030",
        0.25: "",
        0.0: "",
        1.0: "",
    }
    for x, said in cases.items():
        assert numbers.evaluate("(x) => lab.beyondText(x)", x) == said, x


def test_a_sentence_is_filled_as_python_fills_it(numbers: Page) -> None:
    for sentence, values, filled in sentence_cases.FILLED:
        assert (
            numbers.evaluate("([sentence, values]) => lab.fill(sentence, values)", [sentence, values])
            == filled
        )
    assert numbers.evaluate("lab.fill('{known} and {unknown}', { known: 1 })") == "1 and {unknown}"
