"""The reader of numbers against written-out cases, and against Python's own float."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmax_core.numbers_text import decimal_mark, is_infinite, read_number, readings
from tests.limits import at_most
from tests.ui import number_cases as cases


@pytest.mark.parametrize(("text", "value"), cases.NUMBERS)
def test_numbers_as_people_write_them(text: str, value: float) -> None:
    assert read_number(text) == value


@pytest.mark.parametrize(("text", "decimal", "grouped"), cases.AMBIGUOUS)
def test_both_readings_of_an_ambiguous_number(text: str, decimal: float, grouped: float) -> None:
    assert readings(text) == (grouped, decimal)
    assert read_number(text) == decimal
    assert read_number(text, whole=True) == grouped


@pytest.mark.parametrize("text", cases.NO_NUMBERS)
def test_what_is_no_number(text: str) -> None:
    assert read_number(text) is None
    assert read_number(text, whole=True) is None


def test_a_long_cell_of_digits_that_is_no_number_takes_no_time() -> None:
    """A pattern that can split digits in two ways tries all of them: these took twelve seconds of a processor."""
    with at_most(1):
        assert readings("9" * 20_000 + "k") == (None, None)


@pytest.mark.parametrize("text", cases.TOO_LARGE)
def test_too_large_numbers_are_infinite(text: str) -> None:
    assert math.isinf(read_number(text) or 0.0)
    assert is_infinite(text)


@pytest.mark.parametrize(("text", "said"), [("inf", True), ("-Infinity", True), ("∞", True), ("nan", False), ("1e99", False)])  # fmt: skip
def test_words_for_infinity(text: str, said: bool) -> None:
    assert is_infinite(text) is said


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_python_writes_comes_back_bit_for_bit(x: float) -> None:
    back = read_number(repr(x))
    assert back is not None
    assert (back, math.copysign(1.0, back)) == (x, math.copysign(1.0, x))


@given(st.integers(-(10**15), 10**15), st.sampled_from([",", ".", " ", "'", "\u2009", "\u00a0"]))
def test_groups_of_three(n: int, mark: str) -> None:
    assert read_number(f"{n:,}".replace(",", mark), whole=True) == n


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    value = read_number(text)
    assert value is None or isinstance(value, float)


@pytest.mark.parametrize(
    ("column", "mark"),
    [
        (["1.5", "2"], "."), (["1,5", "2"], ","), (["1", "2"], "."), ([], "."), (["1,234", "2,345"], "unclear"),
        (["1,234", "0,5"], ","), (["1,234", "12.5"], "."), (["1,234", "1,234,567"], "."), (["1.234", "5,5"], ","),
        (["1.234", "2.345"], "."), (["1,5", "1.5"], "either"), (["1,234", "word", ""], "unclear"), (["1,234", "1'234"], "unclear"),
    ],
)  # fmt: skip
def test_a_column_agrees_on_its_decimal_mark(column: list[str], mark: str) -> None:
    assert decimal_mark(column) == mark
