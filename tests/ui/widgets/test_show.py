"""Numbers as a reader sees them: halves, powers of ten, sums that are true as printed."""

import numpy as np
import pytest

from ui.widgets.formulas import tex
from ui.widgets.show import as_read, as_shown, digits_of_sum, number, rate_text


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0.0625, "0.063"), (-0.0625, "−0.063"), (np.float32(0.5), "0.500"), (3.8e-4, "3.8×10⁻⁴"),
        (-1.5e12, "−1.50×10¹²"), (-0.0, "0.000"), (99999.0, "99999.000"),
    ],
)  # fmt: skip
def test_a_number_is_written_as_the_browser_writes_it(x: float, text: str) -> None:
    assert number(x) == text


@pytest.mark.parametrize("x", [0.0625, -1.5e12, 3.8e-6, np.inf, -np.inf])
def test_a_written_number_is_read_back(x: float) -> None:
    assert as_read(number(x, 4)) == x
    assert np.isnan(as_read(number(np.nan)))


def test_parts_that_no_digits_make_add_up_have_as_few_as_there_were() -> None:
    assert digits_of_sum([0.124, 0.252], 0.376) == 3
    assert digits_of_sum([0.125, 0.25], 0.375) == 2  # printed as 0.13 + 0.25 = 0.38
    assert digits_of_sum([1.0, 1.0], 3.0, least=3) == 3


def test_a_power_of_ten_in_a_formula() -> None:
    assert tex(-3.8e-4) == r"-3.8 \times 10^{-4}"
    assert rate_text(1694.667) == "1690"


def test_the_printed_sum_is_true() -> None:
    rng = np.random.default_rng(0)
    assert digits_of_sum((1.5003, 0.0233), 1.5236, 3) == 4
    agreed = 0
    for a, b in rng.random((200, 2)):
        digits = digits_of_sum((a, b), a + b, 3)
        agreed += abs(as_shown(a, digits) + as_shown(b, digits) - as_shown(a + b, digits)) < 1e-9
    assert agreed >= 195, "four tries fail for one sum in 256"
    assert digits_of_sum((1.0, np.inf), np.inf, 3) == 3


@pytest.mark.parametrize(
    ("x", "said"),
    [(1.0, "1.000"), (0.9994, "0.999"), (0.99966, "0.9997"), (-0.99996, "-0.99996"), (1 - 1e-9, "1.000")],
)
def test_a_formula_does_not_write_1_for_what_is_almost_1(x: float, said: str) -> None:
    assert tex(x) == said
