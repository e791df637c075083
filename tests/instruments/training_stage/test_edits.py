"""Gestures from a browser and from a link: what is good is read exactly, what is hostile is refused whole."""

import copy
import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from instruments.training_stage.edits import (
    Add,
    Clear,
    Erase,
    Message,
    Move,
    as_text,
    from_browser,
    from_text,
    joined,
)

numbers = st.floats(-1e12, 1e12) | st.floats(allow_nan=False, allow_infinity=False)
places = st.tuples(numbers, numbers)
gestures = st.one_of(
    st.builds(Add, st.integers(0, 9), st.lists(places, min_size=1, max_size=4).map(tuple)),
    st.builds(Move, st.integers(0, 9999), places),
    st.builds(Erase, st.lists(st.integers(0, 9999), min_size=1, max_size=4, unique=True).map(tuple)),
)
ADD = {"number": 3, "drag": 2, "kind": "add", "label": 1, "places": [0.5, -1, 2, 3.25]}


@given(st.lists(gestures, min_size=1, max_size=6))
@example([Add(0, ((0.0, 0.0018258027348229749), (0.00010258027348229749, -1e-5)))])
def test_a_link_gives_back_the_same_gestures(done: list[Any]) -> None:
    text = as_text(done)
    assert from_text(text) == tuple(done)
    assert not set(text) - set("0123456789abcdefghijklmnopqrstuvwxyz*-._"), "an address would escape these"


def test_the_form_is_short() -> None:
    assert as_text([Add(1, ((0.25, -1.3), (2.0, 3.0))), Move(17, (2.0, 3.5)), Erase((5, 6))]) == (
        "a1_0.25_-1.3_2_3*m17_2_3.5*e5_6"
    )


def test_what_was_cleared_is_not_in_the_link() -> None:
    assert as_text([Erase((1,)), Clear(), Erase((2,))]) == "e2"
    assert as_text([Erase((1,)), Clear()]) == ""


def test_messages_are_read() -> None:
    found = from_browser(
        [
            ADD,
            {"number": 4, "kind": "move", "point": 7, "places": [1, 2]},
            {"number": 5, "kind": "erase", "points": [1, 1, 2]},
            {"number": 6, "kind": "undo"},
            {"number": 7, "kind": "clear"},
        ]
    )
    assert found == (
        Message(3, 2, Add(1, ((0.5, -1.0), (2.0, 3.25)))), Message(4, 0, Move(7, (1.0, 2.0))),
        Message(5, 0, Erase((1, 2))), Message(6, 0, "undo"), Message(7, 0, Clear()),
    )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"number": -1}, {"number": 1.5}, {"number": True}, {"number": "3"}, {"number": None}, {"number": 1e300},
        {"number": math.nan}, {"number": math.inf}, {"drag": -1}, {"drag": "x"}, {"kind": "drop table"}, {"kind": None},
        {"kind": ["add"]}, {"label": 10}, {"label": -1}, {"label": True}, {"label": 0.5}, {"places": []},
        {"places": [1]}, {"places": "12"}, {"places": [1, "2"]}, {"places": [math.nan, 1]}, {"places": [1, math.inf]},
        {"places": [[1, 2]]}, {"places": [True, 1]}, {"places": [0.0] * 10_002}, {"places": {"0": 1, "1": 2}},
        {"places": [10**400, 1]}, {"kind": "move"}, {"kind": "move", "point": -1, "places": [1, 2]},
        {"kind": "move", "point": 1, "places": [1, 2, 3, 4]}, {"kind": "erase"}, {"kind": "erase", "points": []},
        {"kind": "erase", "points": [-1]}, {"kind": "erase", "points": "1"}, {"kind": "erase", "points": [None]},
        {"kind": "erase", "points": [1] * 5_001},
    ],
    ids=repr,
)  # fmt: skip
def test_a_forged_message_is_refused_with_its_neighbours(change: dict[str, Any]) -> None:
    forged = copy.deepcopy(ADD) | change
    with pytest.raises(ValueError):
        from_browser([ADD, forged])


@pytest.mark.parametrize("value", [None, 3, "add", {}, [None], [[]], [3], ["add"], [ADD] * 5_001])
def test_what_is_no_list_of_messages_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        from_browser(value)


@pytest.mark.parametrize(
    "text",
    [
        "", "*", "a", "a1", "a1_2", "a1_2_3_4", "a10_2_3", "a-1_2_3", "a1_nan_2", "a1_inf_2", "a1_1e999_2", "a1_2_3*",
        "a1_２_3", "a1_ 2_3", "a1_2__3", "m1_2", "m1_2_3_4", "m-1_2_3", "e", "e_", "e1_", "e1234567", "x1", "A1_2_3",
        "<script>", "a1_2_3;e1", "c", "undo", "a1_1_000_2",
    ],
)  # fmt: skip
def test_a_forged_link_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        from_text(text)


def test_parts_of_a_drag_become_one_gesture() -> None:
    a, b = Add(1, ((0.0, 0.0),)), Add(1, ((1.0, 1.0),))
    assert joined(a, b) == Add(1, ((0.0, 0.0), (1.0, 1.0)))
    assert joined(a, Add(2, ((1.0, 1.0),))) is None
    assert joined(Move(3, (0.0, 0.0)), Move(3, (1.0, 0.0))) == Move(3, (1.0, 0.0))
    assert joined(Move(3, (0.0, 0.0)), Move(4, (1.0, 0.0))) is None
    assert joined(Erase((1, 2)), Erase((2, 3))) == Erase((1, 2, 3))
    assert joined(None, a) is None
