"""From scores to probabilities: the logit board and what follows from it."""

import streamlit as st

from instruments.logit_board import BoardState
from locales import _
from ui.frame import frame, sharing
from ui.glossary import glossary
from ui.softmax import panels
from ui.softmax.challenges import CHALLENGES
from ui.softmax.panels import BOARD
from ui.widgets import controls
from ui.widgets.logit_board import board, board_from_link

STANDARD = BoardState()

frame.open_page("softmax")
st.markdown(
    _(
        "How do scores become probabilities? **Drag a {logit}** and watch everything that follows from it."
    ).format(logit=glossary.term("logit"))
)


@sharing.fragment
def lesson_body() -> None:
    """Board and panels; a change reruns only this part of the page."""
    places = frame.places()
    with places.instrument:
        state = board(BOARD, start, STANDARD)
    choices = {
        "steps": (_("Step by step"), panels.steps),
        "curves": (_("Curves"), panels.curves),
        "jacobian": (_("Jacobian"), panels.jacobian),
        "simplex": (_("Triangle"), panels.triangle),
        "sigmoid": (_("Two classes"), panels.two_classes),
        "precision": (_("Precision"), panels.precision),
        "network": (_("In a network"), panels.last_layer),
    }
    with places.panel:
        controls.panel("softmax_panel", _("Look closer"), choices)(state)
    with places.card:
        CHALLENGES.card(state)


start = board_from_link(BOARD, STANDARD)
CHALLENGES.begin()
lesson_body()
frame.try_this(
    (_("Add c to all logits: z moves, p does not."), None),
    (_("Equal logits: nobody wins, whatever T is."), lambda: panels.put((1.0, 1.0, 1.0))),
    (_("Turn T down to 0.05, then up to 20: from one winner to a tie."), lambda: panels.put((6.0, 1.0, 0.1))),
    (_("Logits near 1000: the exponentials stay below 1."), lambda: panels.put((1000.0, 999.0, 0.0))),
)
glossary.symbols("logit", "probability", "loss", "target", "temperature", "log_sum_exp")
frame.takeaway(
    _(
        "Softmax turns differences of logits into ratios of probabilities: one {nat} more makes a class e = 2.718 times as likely against each other."
    ).format(nat=glossary.term("nat")),
    "training",
)
frame.close_page()
