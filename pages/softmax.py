"""From scores to probabilities: the logit board and what follows from it."""

import streamlit as st

from instruments import logit_board
from instruments.logit_board import BoardState
from locales import _
from ui.frame import frame, sharing
from ui.glossary import glossary
from ui.softmax import panels as softmax_panels
from ui.softmax.panels import BOARD
from ui.widgets import controls
from ui.widgets.logit_board import board, board_from_link

STANDARD = BoardState()
PRESETS = {
    "equal": (1.0, 1.0, 1.0),
    "confident": (6.0, 1.0, 0.1),
    "million": (1000.0, 999.0, 0.0),
}

frame.open_page("softmax")
st.markdown(
    _(
        "How do scores become probabilities? **Drag a {logit}** and watch everything that follows from it."
    ).format(logit=glossary.term("logit"))
)


@sharing.fragment
def lesson_body() -> None:
    """Board and panels; a change reruns only this part of the page."""
    state = board(BOARD, start, STANDARD)
    panels = {
        "steps": _("Step by step"), "curves": _("Curves"), "jacobian": _("Jacobian"), "simplex": _("Triangle"),
        "sigmoid": _("Two classes"), "precision": _("Precision"), "network": _("In a network"),
    }  # fmt: skip
    chosen = controls.segmented("softmax_panel", _("Look closer"), panels, "steps", label_visible=False)
    draw = {
        "steps": softmax_panels.steps, "curves": softmax_panels.curves, "jacobian": softmax_panels.jacobian,
        "simplex": softmax_panels.triangle, "sigmoid": softmax_panels.two_classes,
        "precision": softmax_panels.precision, "network": softmax_panels.last_layer,
    }[chosen]  # fmt: skip
    draw(state)


def put(preset: str) -> None:
    """Show a preset on the board, with the learner's names kept."""
    state = logit_board.current(BOARD) or STANDARD
    logit_board.put(BOARD, state.with_logits(PRESETS[preset]))


start = board_from_link(BOARD, STANDARD)
lesson_body()
frame.try_this(
    [
        (_("Add c to all logits: z moves, p does not."), None, None),
        (_("Equal logits: nobody wins, whatever T is."), _("Show"), lambda: put("equal")),
        (
            _("Turn T down to 0.05, then up to 20: from one winner to a tie."),
            _("Show"),
            lambda: put("confident"),
        ),
        (_("Logits near 1000: the exponentials stay below 1."), _("Show"), lambda: put("million")),
    ]
)
glossary.symbols("logit", "probability", "loss", "target", "temperature", "log_sum_exp")
frame.takeaway(
    _(
        "Softmax turns differences of logits into ratios of probabilities: one {nat} more makes a class e = 2.718 times as likely against each other."
    ).format(nat=glossary.term("nat")),
    "training",
)
frame.close_page()
