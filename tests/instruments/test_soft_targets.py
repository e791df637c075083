"""Soft targets of the logit board: what is accepted, and the distribution that comes of it."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from instruments.logit_board import BoardState, boards
from instruments.shared.values import shares

GOOD = {"logits": [2.0, 1.0, 0.0], "target": 1, "temperature": 1.0, "shift": 0.0, "names": ["", "", ""], "soft": [], "smoothing": 0.0, "step": 4}  # fmt: skip


def test_a_label_is_the_target_without_more() -> None:
    state = boards.read(GOOD)
    assert state.targets == (0.0, 1.0, 0.0)
    assert state.is_label


def test_smoothing_moves_part_of_a_label_to_all_classes() -> None:
    state = boards.read(GOOD | {"smoothing": 0.3})
    assert state.targets == pytest.approx((0.1, 0.8, 0.1))
    assert not state.is_label


def test_soft_shares_are_the_target_and_can_be_smoothed() -> None:
    state = boards.read(GOOD | {"soft": [0.5, 0.5, 0.0]})
    assert state.targets == pytest.approx((0.5, 0.5, 0.0))
    assert boards.read(GOOD | {"soft": [0.5, 0.5, 0], "smoothing": 0.3}).targets == pytest.approx(
        (0.45, 0.45, 0.1)
    )


@given(st.lists(st.integers(0, 100), min_size=2, max_size=10).filter(any), st.floats(0, 0.5))
def test_the_target_is_always_a_distribution(raw: list[int], smoothing: float) -> None:
    soft = tuple(round(x / sum(raw), 4) for x in raw)  # a link's shares are rounded
    assume(abs(math.fsum(soft) - 1) <= 1e-3)
    state = BoardState(
        logits=(0.0,) * len(raw), names=("",) * len(raw), soft=soft, smoothing=smoothing
    )  # fmt: skip
    assert math.fsum(state.targets) == pytest.approx(1, abs=1e-12)
    assert min(state.targets) >= 0


@pytest.mark.parametrize(
    "change",
    [
        {"soft": [0.5, 0.5]}, {"soft": [0.5, 0.6, 0.0]}, {"soft": [1.5, -0.5, 0.0]}, {"soft": [math.nan, 1, 0]},
        {"soft": [math.inf, 0, 0]}, {"soft": None}, {"soft": "abc"}, {"soft": 1}, {"smoothing": 0.6},
        {"smoothing": -0.1}, {"smoothing": math.nan}, {"smoothing": None}, {"smoothing": "x"},
        {"smoothing": 10**400}, {"soft": [10**400, 0, 0]}, {"logits": [10**400, 0, 0]},
    ],
)  # fmt: skip
def test_a_bad_target_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        boards.read(GOOD | change)


def test_another_number_of_classes_makes_a_soft_target_a_label() -> None:
    state = BoardState((1.0, 2.0), soft=(0.5, 0.5), names=("", ""))
    assert state.with_logits((1.0, 3.0)).soft == (0.5, 0.5)
    assert state.with_logits((1.0, 2.0, 3.0)).soft == ()


def test_shares_of_a_link() -> None:
    assert shares("0.7~0.2~0.1") == (0.7, 0.2, 0.1)
    for text in ("", "1", "0.5~0.6", "a~b", "nan~1", "-0.5~1.5", "~".join(["0.1"] * 11), "inf~0"):
        with pytest.raises(ValueError):
            shares(text)
