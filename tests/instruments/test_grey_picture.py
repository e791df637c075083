"""What a grey picture accepts from a link and from a browser, either of which anyone can write."""

import pytest

from instruments.grey_picture import GreyState, from_browser
from instruments.shared.values import numbers

GOOD = {"x": [0, 0.5, 1, 0.25], "W": [1.5] * 12, "b": [0, -20, 20], "target": 2}


def test_a_good_message_is_taken() -> None:
    assert from_browser(GOOD) == GreyState((0, 0.5, 1, 0.25), (1.5,) * 12, (0, -20, 20), 2)


@pytest.mark.parametrize(
    "change",
    [
        {"x": [0, 0, 0]}, {"x": [0, 0, 0, 1.01]}, {"x": [0, 0, 0, -0.01]}, {"x": [0, 0, 0, float("nan")]}, {"x": None},
        {"x": "abcd"}, {"W": [0] * 11}, {"W": [0] * 11 + [20.5]}, {"W": [0] * 11 + [float("inf")]}, {"W": 3},
        {"b": [0, 0]}, {"b": [0, 0, -21]}, {"b": [0, 0, {}]}, {"target": 3}, {"target": -1}, {"target": None},
        {"target": float("inf")}, {"b": [0, 0, 10**400]},
    ],
)  # fmt: skip
def test_a_bad_message_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        from_browser(GOOD | change)


def test_a_message_without_a_part_is_refused() -> None:
    for part in GOOD:
        with pytest.raises(ValueError, match=part):
            from_browser({key: value for key, value in GOOD.items() if key != part})


def test_messages_hold_the_received_value() -> None:
    with pytest.raises(ValueError, match=r"greys lie in 0..1, got 7"):
        GreyState((7, 0, 0, 0), (0,) * 12, (0,) * 3)
    with pytest.raises(ValueError, match="12 weights, got 2"):
        GreyState((0,) * 4, (0, 0), (0,) * 3)


def test_rows_of_the_matrix_are_pixels() -> None:
    state = GreyState((0,) * 4, tuple(range(12)), (0,) * 3)
    assert state.rows[1] == [3, 4, 5]


def test_numbers_of_a_link() -> None:
    assert numbers("0.5~-1e1~2") == (0.5, -10.0, 2.0)
    for text in ("", "a", "1~~2", "1,2"):
        with pytest.raises(ValueError):
            numbers(text)
