"""What the stage accepts as a line that a learner has drawn."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from instruments.training_stage.sketch import APART, drawing, drawn, line

BOX = (-4.0, 4.0, -2.0, 2.0)
GOOD = [-1.0, -2.0, 1.5, 2.0]


def test_a_line_inside_the_box_is_taken() -> None:
    assert line(GOOD, BOX) == tuple(GOOD)
    assert line([0, 0, 8 * APART, 0], BOX) == (0.0, 0.0, 8 * APART, 0.0)


BAD = [
    [], GOOD[:3], [*GOOD, 0.0], [-4.1, 0, 1, 1], [0, 0, 1, 2.1], [float("nan"), 0, 1, 1], [float("inf"), 0, 1, 1],
    [1, 1, 1, 1], [0, 0, 0.1, 0.1], ["a", 0, 1, 1], "1234", None, 7, [None, 0, 1, 1], [10**400, 0, 1, 1], {"x": 1},
]  # fmt: skip


@pytest.mark.parametrize("values", BAD[:9])
def test_other_numbers_are_refused(values: list[float]) -> None:
    with pytest.raises(ValueError):
        line(values, BOX)


def heard() -> None:
    """A script that reads what the stage has sent."""
    import streamlit as st

    from instruments.training_stage.sketch import sketched

    st.session_state["heard"] = sketched("stage", 3, (-4.0, 4.0, -2.0, 2.0))


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        ({"round": 3, "line": GOOD}, tuple(GOOD)), ({"round": 2, "line": GOOD}, None), ({"round": 3}, None), ({}, None), (7, None),
        *(({"round": 3, "line": values}, None) for values in BAD),
    ],
)  # fmt: skip
def test_a_forged_message_is_no_line_and_that_of_an_older_round_neither(sent: Any, taken: Any) -> None:
    app = AppTest.from_function(heard)
    app.session_state["stage"] = {"sketch": sent}
    app.run()
    assert not app.exception
    assert app.session_state["heard"] == taken


def test_the_stage_draws_where_the_line_is_empty() -> None:
    assert drawing(3) == {"round": 3, "line": [], "apart": APART}
    assert drawn((1.0, 2.0, 3.0, 4.0))["line"] == [1.0, 2.0, 3.0, 4.0]
