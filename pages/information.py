"""Surprise, entropy, cross-entropy, divergence, and a code that reaches them."""

import streamlit as st

from instruments import distribution_board
from instruments.distribution_board import DistributionState
from locales import _
from ui.frame import frame, sharing
from ui.glossary import glossary
from ui.information import panels
from ui.widgets import controls
from ui.widgets.distribution_board import board, board_from_link

BOARD = "information_board"
STANDARD = DistributionState()
SETTINGS = ("share", "stream", "n", "message_seed")
PRESETS = {
    "certain": ((1.0, 0.0, 0.0, 0.0), (0.25, 0.25, 0.25, 0.25), "entropy"),
    "sure": ((0.5, 0.5, 0.0, 0.0), (0.98, 0.01, 0.01, 0.0), "kl"),
    "halves": ((0.5, 0.25, 0.125, 0.0625, 0.0625), (0.2, 0.2, 0.2, 0.2, 0.2), "code"),
    "skewed": ((0.97, 0.01, 0.01, 0.01), (0.25, 0.25, 0.25, 0.25), "code"),
}

frame.open_page("information")
st.markdown(
    _("How much does a message tell? **Drag P**, what really comes, and **Q**, what somebody believes: the bars below show what the belief costs.")
)  # fmt: skip


@sharing.fragment
def lesson_body() -> None:
    """Board and panels; a change reruns only this part of the page."""
    state = board(BOARD, start, STANDARD)
    choices = {
        "surprise": (_("Surprise"), panels.surprise),
        "entropy": (_("Entropy"), panels.mean_surprise),
        "cross": (_("Cross-entropy"), panels.crossing),
        "kl": (_("Divergence"), panels.divergence),
        "code": (_("Huffman code"), panels.coding),
    }
    controls.panel("information_panel", _("Look closer"), choices)(state)


def put(name: str) -> None:
    """Show a preset on the board, in the learner's unit, and open a panel."""
    p, q, panel = PRESETS[name]
    state = distribution_board.current(BOARD) or STANDARD
    distribution_board.put(BOARD, DistributionState(p=p, q=q, unit=state.unit))
    st.session_state["information_panel"] = panel


sharing.claim(*(f"information_{name}" for name in SETTINGS))
start = board_from_link(BOARD, STANDARD)
lesson_body()
frame.try_this(
    (_("Only one symbol ever comes: what does the stream tell?"), lambda: put("certain")),
    (_("Q is nearly sure and wrong half of the time: compare KL in both directions."), lambda: put("sure")),
    (_("All p are powers of ½: the code reaches H(P)."), lambda: put("halves")),
    (_("One symbol comes nearly always: a word cannot be shorter than a bit."), lambda: put("skewed")),
)  # fmt: skip
glossary.symbols("surprisal", "entropy", "cross_entropy", "kl", "bit", "nat", "huffman")
frame.takeaway(
    _("Training by cross-entropy makes Q less surprised by P. What can be gained is the divergence; the entropy of P stays, whatever the model does."),
    "training",
)  # fmt: skip
frame.close_page()
