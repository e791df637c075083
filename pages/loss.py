"""The loss and its gradient: how wrong, and which way is better."""

import streamlit as st

from locales import _
from ui.frame import frame, sharing
from ui.glossary import glossary
from ui.loss import panels
from ui.loss.board import board, start_from_link
from ui.loss.challenges import CHALLENGES, Shown, counted_walk
from ui.loss.derivation import derivation, step_from_link
from ui.loss.walk import walk_from_link, walk_now
from ui.widgets import controls

SETTINGS = ("step", "all", "at", "h", "p2", "p3", "copies", "delta", "renumber", "mix_a", "mix_b", "eta")

frame.open_page("loss")
st.markdown(
    _("How wrong is the model, and which way is better? **Drag the dot on the curve**, a logit or a target: the rest follows.")
)  # fmt: skip


@sharing.fragment
def lesson_body() -> None:
    """Instrument, panels and card; a change reruns only this part of the page."""
    places = frame.places()
    with places.instrument:
        state = board(start, CHALLENGES.now())
    choices = {
        "steps": (_("Derivation"), derivation),
        "check": (_("Check the slope"), panels.check),
        "walk": (_("Walk downhill"), counted_walk),
        "likelihood": (_("Likelihood"), panels.likelihood),
        "compare": (_("Other losses"), panels.compare),
        "labels": (_("Labels"), panels.labels),
    }
    with places.panel:
        controls.panel("loss_panel", _("Look closer"), choices)(state)
    with places.card:
        CHALLENGES.card(Shown(state, walk_now(state)), sketch=state.sketch or None)


sharing.claim(*(f"loss_{name}" for name in SETTINGS))
start = start_from_link()
walk_from_link()
step_from_link()
CHALLENGES.begin()
lesson_body()
glossary.symbols(
    "loss",
    "cross_entropy",
    "probability",
    "target",
    "gradient",
    "likelihood",
    "finite_difference",
    "pull",
    "logarithm",
    "nat",
)
frame.takeaway(
    _("The slope of cross-entropy after softmax is the residual p − y, as in linear regression. Classes given too much probability are pushed down, those given too little pulled up.")
)  # fmt: skip
frame.close_page()
