"""Home: a live board, the path through the lessons, and links for teachers."""

import streamlit as st

from instruments.logit_board import BoardState
from locales import _
from ui.frame import frame, home_links, sharing
from ui.widgets.logit_board import board, board_from_link

BOARD = "home_board"
STANDARD = BoardState(logits=(2.0, 1.0, 0.1))

frame.open_page("home")
st.markdown(
    _(
        "Softmax regression, under your hand: turn scores into probabilities, see the loss and its gradient, and watch a classifier learn. **Drag a bar.**"
    )
)


@sharing.fragment
def live_board() -> None:
    """The board: nothing else on the page depends on it."""
    board(BOARD, start, STANDARD)


start = board_from_link(BOARD, STANDARD)
live_board()
left, right = st.columns([1.4, 1], gap="large")
with left:
    home_links.path()
    home_links.alone()
with right:
    home_links.teaching()
frame.close_page()
