"""What the instruments read as a number, and what they refuse because it has two readings or none."""

import pytest
from playwright.sync_api import Page

from instruments.shared.bundle import FOLDER

NUMBERS = [
    ("1.5", 1.5), ("1,5", 1.5), ("-1,5", -1.5), (".5", 0.5), (",5", 0.5), ("5.", 5.0), ("+3", 3.0), ("007", 7.0),
    ("1e-3", 1e-3), ("1,5E3", 1500.0), ("1e308", 1e308), ("0", 0.0), ("12,34", 12.34), ("1.234", 1.234),
    # The minus sign, and what word processors and phones put in its place.
    ("\u22122", -2.0), ("\u20102", -2.0), ("\u20112", -2.0), ("\u20132", -2.0), ("\u20142", -2.0), ("\uff0d2", -2.0),
    ("1e\u22123", 1e-3),
    # Full-width digits and signs, as a Chinese keyboard writes them.
    ("１２", 12.0), ("－１．５", -1.5), ("＋１，５", 1.5), ("１ｅ３", 1000.0),
    ("  2 ", 2.0), ("\u30002\u00a0", 2.0), ("2\n", 2.0),
    # A comma with three digits behind it is no separator of thousands where it cannot be one.
    ("0,125", 0.125), ("1234,567", 1234.567), ("-0,001", -0.001), ("1,234e3", 1234.0),
    # Two marks, or the same mark twice, have one reading.
    ("1,234.5", 1234.5), ("1.234,5", 1234.5), ("1,234,567", 1234567.0), ("-12,345,678.9", -12345678.9),
]  # fmt: skip

NO_NUMBERS = [
    "", " ", "a", "0x10", "0b1", "1_000", "nan", "NaN", "inf", "-Infinity", "Infinity", "1e999", "1,2,3", "1.2.3",
    "1 000", "1e", "--1", "1-", "-", ".", ",", "1,23,456", "1.23,4.5", "²", "½", "٣", "1e1.5", "3/4", "5 %", "1'000",
]  # fmt: skip

TWO_READINGS = [
    ("1,234", [1234, 1.234]), ("-12,345", [-12345, -12.345]), ("\u2212999,000", [-999000, -999]),
    (" １，２３４ ", [1234, 1.234]),
]  # fmt: skip


@pytest.fixture
def numbers(page: Page) -> Page:
    page.goto("about:blank")
    module = (FOLDER / "shared/numbers.js").read_text(encoding="utf-8")
    page.add_script_tag(
        content=f"{module}\nwindow.lab = {{ typedNumber, twoReadings, readable }};", type="module"
    )
    page.wait_for_function("window.lab")
    return page


def test_what_a_hand_types_is_read(numbers: Page) -> None:
    for text, wanted in NUMBERS:
        assert numbers.evaluate("(text) => lab.typedNumber(text)", text) == wanted, text
        assert numbers.evaluate("(text) => lab.twoReadings(text)", text) is None, text


def test_what_is_no_number_is_refused(numbers: Page) -> None:
    for text in NO_NUMBERS:
        assert numbers.evaluate("(text) => lab.typedNumber(text)", text) is None, text
        assert numbers.evaluate("(text) => lab.twoReadings(text)", text) is None, text


def test_a_number_with_two_readings_is_refused_and_both_are_named(numbers: Page) -> None:
    for text, readings in TWO_READINGS:
        assert numbers.evaluate("(text) => lab.typedNumber(text)", text) is None, text
        assert numbers.evaluate("(text) => lab.twoReadings(text)", text) == readings


def test_what_is_shown_can_be_typed_again(numbers: Page) -> None:
    for x in (0.0, -0.25, 3.0, 1234.5, -99999.0, 1e-7, -2.5e9, 1e300):
        again = numbers.evaluate("(x) => lab.typedNumber(lab.readable(x, 3))", x)
        assert again == pytest.approx(x, rel=0.1)
