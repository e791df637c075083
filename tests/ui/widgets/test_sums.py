"""Numbers that are printed as a sum add up as they are printed."""

import pytest

from ui.widgets.show import digits_of_sum, number


@pytest.mark.parametrize(
    ("parts", "total"), [((12.604, -2.096, -1.082), 9.426), ((0.366, 0.337, 0.297), 1.0), ((1.0, 2.0), 3.0)]
)
def test_the_printed_parts_add_up_to_the_printed_total(parts: tuple[float, ...], total: float) -> None:
    digits = digits_of_sum(parts, total)
    printed = [float(number(part, digits).replace("−", "-")) for part in parts]
    assert sum(printed) == pytest.approx(float(number(total, digits)), abs=1e-9)
