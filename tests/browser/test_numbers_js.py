"""What the instruments read as a number, what they refuse because it has two readings or none, and how they fill a sentence."""

from collections.abc import Iterator

import pytest
from lesson import module_page
from playwright.sync_api import Browser, Page

from instruments.shared.bundle import FOLDER
from softmax_core.numbers_text import share_text
from tests.ui import number_cases, sentence_cases
from ui.widgets.show import number

NUMBERS = [
    ("0", 0.0), ("7", 7.0), ("+7", 7.0), ("-7", -7.0), ("007", 7.0), ("1.5", 1.5), ("1,5", 1.5), (" 1.5 ", 1.5), ("2\n", 2.0),
    (".5", 0.5), (",5", 0.5), ("5.", 5.0), ("-.5", -0.5), ("0,123", 0.123), ("1,2345", 1.2345), ("1.234", 1.234),
    ("1e3", 1000.0), ("1E-3", 0.001), ("1,5e+2", 150.0), ("1,234e3", 1234.0), ("1e308", 1e308), ("1e\u22123", 0.001),
    # The minus sign, and what word processors and phones put in its place.
    ("\u22121.5", -1.5), ("\u20132", -2.0), ("\u20142", -2.0), ("\u20103", -3.0), ("\u20113", -3.0), ("\u20123", -3.0),
    ("\uff0d2", -2.0), ("\u2212 1.5", -1.5),
    # Full-width digits, signs and letters, as a Chinese keyboard writes them.
    ("\uff11\uff12", 12.0), ("\uff0d\uff11\uff0e\uff15", -1.5), ("\uff0b\uff11\uff0c\uff15", 1.5), ("\uff11\uff45\uff13", 1000.0),
    ("\u30002\u00a0", 2.0),
    # Thousands in groups, where the text has one reading.
    ("1,234.5", 1234.5), ("1.234,5", 1234.5), ("1,234,567", 1234567.0), ("1.234.567", 1234567.0), ("-12,345,678.9", -12345678.9),
    ("1 234", 1234.0), ("1\u00a0234,5", 1234.5), ("1\u2009234.5", 1234.5), ("1\u3000234", 1234.0), ("1\u202f234\u202f567", 1234567.0),
    ("1'234", 1234.0), ("1\u2019234.5", 1234.5), ("12'345'678", 12345678.0),
    # A comma with three digits behind it that cannot set thousands apart.
    ("1234,567", 1234.567), ("-0,001", -0.001),
]  # fmt: skip

NO_NUMBERS = [
    "", " ", "-", "+", ".", ",", "abc", "1a", "nan", "NaN", "inf", "-Infinity", "Infinity", "\u221e", "0x10", "0X1F", "0b1", "0o7",
    "1_000", "1,2,3", "1.2.3", "1,23,456", "1 2", "1 23 456", "1'2", "1,234 567", "1,234.567.8", "0,123,456", "--1", "-+1", "1-",
    "1e", "e3", "1e3.5", "1,234e", "10\u00b2", "\u00bd", "\u0661\u0662", "1/2", "5%", "$5", "1e999", "-1e999", "1.23,4.5",
]  # fmt: skip

TWO_READINGS = [
    ("1,234", [1234, 1.234]), ("-12,345", [-12345, -12.345]), ("999,000", [999000, 999]), ("\u22121,234", [-1234, -1.234]),
    (" \uff11\uff0c\uff12\uff13\uff14 ", [1234, 1.234]),
]  # fmt: skip


@pytest.fixture(scope="module")
def numbers(browser: Browser) -> Iterator[Page]:
    text = "\n".join(
        (FOLDER / f"shared/{name}.js").read_text(encoding="utf-8") for name in ("numbers", "live")
    )
    with module_page(
        browser, text, "typedNumber, twoReadings, readable, shareText, beyondText, fill"
    ) as page:
        yield page


def test_what_a_hand_types_is_read(numbers: Page) -> None:
    for text, wanted in [*NUMBERS, *number_cases.NUMBERS]:
        assert numbers.evaluate("(text) => lab.typedNumber(text)", text) == wanted, text
        assert numbers.evaluate("(text) => lab.twoReadings(text)", text) is None, text


def test_what_is_no_number_is_refused(numbers: Page) -> None:
    for text in [*NO_NUMBERS, *number_cases.NO_NUMBERS, *number_cases.TOO_LARGE]:
        assert numbers.evaluate("(text) => lab.typedNumber(text)", text) is None, text
        assert numbers.evaluate("(text) => lab.twoReadings(text)", text) is None, text


def test_a_number_with_two_readings_is_refused_and_both_are_named(numbers: Page) -> None:
    both = [(text, [whole, decimal]) for text, decimal, whole in number_cases.AMBIGUOUS]
    for text, readings in [*TWO_READINGS, *both]:
        assert numbers.evaluate("(text) => lab.typedNumber(text)", text) is None, text
        assert numbers.evaluate("(text) => lab.twoReadings(text)", text) == readings


def test_what_is_shown_can_be_typed_again(numbers: Page) -> None:
    for x in (0.0, -0.25, 3.0, 1234.5, -99999.0, 1e-7, -2.5e9, 1e300):
        again = numbers.evaluate("(x) => lab.typedNumber(lab.readable(x, 3))", x)
        assert again == pytest.approx(x, rel=0.1)


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
