"""The state of the text board, as links and browsers send it."""

import pytest

from instruments.text_board import MOST_LETTERS, TextState, boards


def test_a_message_is_read() -> None:
    assert boards.read({"text": "<b>so good</b>", "target": 2, "out": [1, 0]}) == TextState(
        "<b>so good</b>", 2, (1, 0)
    )


@pytest.mark.parametrize(
    "wrong",
    [{"text": "x" * (MOST_LETTERS + 1)}, {"target": -1}, {"target": 10}, {"out": [-1]}, {"out": [MOST_LETTERS]}, {"out": ["x"]}, {"text": "\ud800"}],
)  # fmt: skip
def test_what_is_no_state_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        boards.read({"text": "good", "target": 0, "out": []} | wrong)
