"""Where textbooks slip: each slip is a switch that shows it beside what is right, on live numbers."""

import streamlit as st

from instruments import logit_board
from instruments.logit_board import BoardState
from locales import _
from ui.frame import frame, sharing
from ui.glossary import glossary
from ui.slips import links, slips
from ui.slips import training as slips_training
from ui.slips.slips import BOARD
from ui.widgets import controls
from ui.widgets.logit_board import board, board_from_link

STANDARD = BoardState()
SETTINGS = ("sign", "minus", "epsilon", "mean", "l2", "number", "n", "rate", "lambda")

frame.open_page("slips")
st.markdown(
    _(
        "Which formulas are often printed wrong? Choose one, look at what is right, then **switch the slip on**."
    )
)


@sharing.fragment
def lesson_body() -> None:
    """The choice, what it needs, and both versions."""
    chosen = controls.segmented("slips_panel", _("The slip"), links.titles(), "sign", label_visible=False)
    if chosen in ("mean", "l2"):
        {"mean": slips_training.averaging, "l2": slips_training.penalty}[chosen]()
        return
    state = board(BOARD, start, STANDARD)
    {
        "sign": slips.sign, "minus": slips.minus, "epsilon": slips.epsilon, "number": slips.names_are_no_scale,
    }[chosen](state)  # fmt: skip


def reveal(panel: str) -> None:
    """Open a slip with its switch on."""
    st.session_state["slips_panel"] = panel
    st.session_state[f"slips_{panel}"] = True
    if panel == "epsilon":
        logit_board.put(BOARD, BoardState(logits=(0.0, 60.0), names=("", "")))


sharing.claim(*(f"slips_{name}" for name in SETTINGS))
start = board_from_link(BOARD, STANDARD)
lesson_body()
frame.try_this(
    (_("Take one step with the lost sign: what happens to p?"), lambda: reveal("sign")),
    (_("Logits (0, 60), true class the first: how large may a loss be?"), lambda: reveal("epsilon")),
    (_("Double the points: whose curve changes?"), lambda: reveal("mean")),
)  # fmt: skip
glossary.symbols("gradient", "loss", "epsilon", "l2", "learning_rate", "class")
frame.takeaway(
    _(
        "A formula can be checked: move one number a little and see whether the loss moves as the formula says."
    ),
    "training",
)
frame.close_page()
