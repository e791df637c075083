"""The loss and its gradient: how wrong, and which way is better."""

from dataclasses import replace

import streamlit as st

from instruments import logit_board
from instruments.logit_board import BoardState
from locales import _
from ui.frame import frame, sharing
from ui.glossary import glossary
from ui.loss import panels
from ui.loss.derivation import derivation
from ui.loss.walk import BOARD, walk, walk_from_link
from ui.widgets import controls
from ui.widgets.logit_board import board, board_from_link

STANDARD = BoardState()
LOGS = (-1.203973, -1.609438, -0.916291, -2.302585)  # of 0.3, 0.2, 0.4, 0.1
SETTINGS = ("step", "all", "h", "p2", "p3", "copies", "delta", "renumber", "mix_a", "mix_b", "eta")

frame.open_page("loss")
st.markdown(
    _("How wrong is the model, and which way is better? **Click a class** to make it the true one, **drag its target y**, or drag a logit: the loss and its slope p − y follow.")
)  # fmt: skip


@sharing.fragment
def lesson_body() -> None:
    """Board and panels; a change reruns only this part of the page."""
    state = board(BOARD, start, STANDARD, soft_targets=True)
    choices = {
        "steps": (_("Derivation"), derivation),
        "check": (_("Check the slope"), panels.check),
        "walk": (_("Walk downhill"), walk),
        "likelihood": (_("Likelihood"), panels.likelihood),
        "compare": (_("Other losses"), panels.compare),
        "labels": (_("Labels"), panels.labels),
    }
    controls.panel("loss_panel", _("Look closer"), choices)(state)


def put(panel: str, **changes: object) -> None:
    """Show a preset on the board and open a panel."""
    logit_board.put(BOARD, replace(STANDARD, **changes))  # type: ignore[arg-type]
    st.session_state["loss_panel"] = panel


sharing.claim(*(f"loss_{name}" for name in SETTINGS))
start = board_from_link(BOARD, STANDARD, soft_targets=True)
walk_from_link()
lesson_body()
frame.try_this(
    (_("Four classes, p₂ = 0.2: the loss is −log 0.2 = 1.609. Raise z₂ and watch it fall."), lambda: put("steps", logits=LOGS, names=("",) * 4, target=1)),
    (_("Be confidently wrong: which losses notice?"), lambda: put("compare", logits=(-4.0, 4.0, 0.0), target=0)),
    (_("Smooth the label, then walk: now p can reach y, and the logits stop growing."), lambda: put("walk", logits=(-1.0, 2.0, 0.0), target=0, smoothing=0.1)),
)  # fmt: skip
glossary.symbols(
    "loss", "cross_entropy", "probability", "target", "gradient", "likelihood", "finite_difference"
)
frame.takeaway(
    _("Cross-entropy after softmax has the simplest slope there is: p − y. What the model says too much is pushed down, what it says too little is pulled up."),
    "information",
)  # fmt: skip
frame.close_page()
