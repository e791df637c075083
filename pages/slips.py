"""Common textbook errors, each beside what is right, on live numbers."""

import streamlit as st

from instruments.logit_board import BoardState
from locales import _
from ui.frame import frame, sharing
from ui.glossary import glossary
from ui.slips import code, links, meaning, slips
from ui.slips import text as slips_text
from ui.slips import training as slips_training
from ui.slips.slips import BOARD
from ui.widgets import controls
from ui.widgets.logit_board import board, board_from_link

STANDARD = BoardState()
SETTINGS = (*links.CODES, "n", "rate", "lambda", "distance", "moved", "texts")
ALONE = {
    "mean": slips_training.averaging, "l2": slips_training.penalty, "far": meaning.far, "unique": meaning.unique,
    "training_set": slips_text.on_training,
}  # fmt: skip
ON_THE_BOARD = {
    "sign": slips.sign, "minus": slips.minus, "epsilon": slips.epsilon, "number": slips.names_are_no_scale,
    "twice": code.twice, "axis": code.axis, "seen": code.seen, "ovr": meaning.one_vs_rest,
    "sigmoid": code.sigmoid_after,
}  # fmt: skip

frame.open_page("slips")


@sharing.fragment
def lesson_body() -> None:
    """The choice, what it needs, and both versions."""
    with st.container(key="lab_slips"):
        choice, place = st.container(key="lab_slips_list"), st.container(key="lab_slips_body")
        frame.put_aside(st.container(key="lab_aside"))
    with choice:
        chosen = controls.listed(
            "slips_panel", _("Which formulas are often printed wrong?"), links.titles(), "sign"
        )
        wrong = slips.controls_of(chosen)
    with place:
        if chosen in ALONE:
            ALONE[chosen](wrong)
        else:
            slips.set_up(chosen, start)
            ON_THE_BOARD[chosen](board(BOARD, start, STANDARD), wrong)


sharing.claim(*(f"slips_{name}" for name in SETTINGS))
links.read_older(st.query_params.get("slips_panel"))
start = board_from_link(BOARD, STANDARD)
lesson_body()
glossary.symbols("gradient", "loss", "epsilon", "logarithm", "l2", "learning_rate", "class")
frame.takeaway(
    _(
        "A formula can be checked: move one number a little and see whether the loss moves as the formula says."
    )
)
frame.close_page()
