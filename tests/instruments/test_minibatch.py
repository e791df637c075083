"""What a minibatch accepts from a link and from a browser."""

import pytest

from instruments.minibatch import MinibatchState, boards

GOOD = {"n": 8, "seed": 9999, "row": 8, "column": 2}


def test_a_good_message_is_taken() -> None:
    assert boards.read(GOOD) == MinibatchState(8, 9999, 8, 2)


@pytest.mark.parametrize(
    "change",
    [{"n": 1}, {"n": 9}, {"seed": -1}, {"seed": 10_000}, {"row": 0}, {"row": 9}, {"column": 3}, {"column": None}],
)  # fmt: skip
def test_a_bad_message_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        boards.read(GOOD | change)


def test_messages_hold_the_received_value() -> None:
    with pytest.raises(ValueError, match=r"number of pictures lies in 2\.\.8, got 12"):
        MinibatchState(n=12)
