"""What a distribution board accepts from a link and from a browser, either of which anyone can write."""

import math

import pytest

from instruments.distribution_board import DistributionState, from_browser, unit
from instruments.shared.bundle import FOLDER, stylesheet

GOOD = {"p": [0.5, 0.5], "q": [0.9, 0.1], "unit": "nats"}


def test_a_good_message_is_taken() -> None:
    state = from_browser(GOOD)
    assert state == DistributionState((0.5, 0.5), (0.9, 0.1), "nats")
    assert (state.base, DistributionState().base) == (None, 2.0)


def test_rounded_shares_are_divided_by_their_sum() -> None:
    state = from_browser(GOOD | {"p": [0.3333, 0.6666]})
    assert math.fsum(state.true) == pytest.approx(1, abs=1e-15)
    assert state.true[0] == pytest.approx(1 / 3, abs=1e-4)


@pytest.mark.parametrize(
    "change",
    [
        {"p": [1.0]}, {"p": [0.5, 0.6]}, {"p": [-0.5, 1.5]}, {"p": [math.nan, 1.0]}, {"p": [math.inf, 0.0]},
        {"p": None}, {"p": "ab"}, {"p": [0.1] * 11, "q": [0.1] * 11}, {"q": [1 / 3] * 3}, {"q": [10**400, 0]},
        {"unit": "hartleys"}, {"unit": None}, {"q": [{}, 1]},
    ],
)  # fmt: skip
def test_a_bad_message_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        from_browser(GOOD | change)


def test_a_message_without_a_part_is_refused() -> None:
    for part in GOOD:
        with pytest.raises(ValueError, match=part):
            from_browser({key: value for key, value in GOOD.items() if key != part})


def test_units_of_a_link() -> None:
    assert unit("bits") == "bits"
    with pytest.raises(ValueError, match="got 'Bits'"):
        unit("Bits")


def test_a_stylesheet_brings_what_it_imports() -> None:
    text = stylesheet("distribution_board/style.css")
    assert "@import" not in text
    assert (FOLDER / "logit_board/style.css").read_text(encoding="utf-8") in text
