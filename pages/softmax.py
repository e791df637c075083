"""From scores to probabilities: the logit board and what follows from it."""

import streamlit as st

from instruments.logit_board import SCORES, BoardState
from locales import _
from ui.frame import frame, sharing
from ui.glossary import glossary
from ui.softmax import challenges, panels
from ui.softmax.challenges import CHALLENGES
from ui.softmax.panels import BOARD
from ui.widgets import controls
from ui.widgets.logit_board import board, board_from_link

STANDARD = BoardState(step=SCORES)

frame.open_page("softmax")
st.markdown(
    _(
        "How do scores become probabilities? **Drag a {logit}**, and go from step to step: this is **softmax**, the normalised exponential function."
    ).format(logit=glossary.term("logit"))
)


@sharing.fragment
def lesson_body() -> None:
    """Board, card and panel; a change reruns only this part of the page."""
    places = frame.places()
    attempt = CHALLENGES.now()
    with places.panel:
        panel = controls.panel("softmax_panel", _("Look closer"), panels.choices())
    with places.instrument:
        least = challenges.least(attempt, panel, start)
        state = board(BOARD, start, STANDARD, stepper=challenges.stepper(attempt, least))
    places.reserve(panels.HEIGHT, narrow=panels.NARROW[max(least, state.step) - 1])
    with places.panel:
        if challenges.covers(attempt, panel, state):
            panels.covered(panel, attempt.task.code)
        else:
            panel.show(state)
    with places.card:
        CHALLENGES.card(state)


sharing.claim("softmax_dtype", "softmax_curve_class")
challenges.begin()
start = board_from_link(BOARD, STANDARD, steps=True)
lesson_body()
glossary.symbols("logit", "probability", "temperature", "logarithm", "log_sum_exp")
frame.takeaway(
    _(
        "If one logit grows by 1, its class becomes e = 2.718 times as likely, compared with every other class."
    )
)
frame.close_page()
