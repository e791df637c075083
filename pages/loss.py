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
from ui.widgets.challenges import answer_first

SETTINGS = ("step", "all", "at", "h", "p2", "p3", "copies", "delta", "renumber", "mix_a", "mix_b", "eta")

frame.open_page("loss")
st.markdown(
    _("How wrong is the model, and which way is better? *y* is the truth: 1 for the true class, 0 for the others. The **loss** −log *p* of the true class is 0 at *p* = 1; log is the natural logarithm (ln), its unit the {nat}. **Drag the dot on the curve.**").format(nat=glossary.term("nat"))
)  # fmt: skip


@sharing.fragment
def lesson_body() -> None:
    """Instrument, panels and card; a change reruns only this part of the page."""
    places = frame.places()
    with places.instrument:
        attempt = CHALLENGES.now()
        state = board(start, attempt)
    choices = {
        "steps": (_("Derivation"), lambda state: derivation(state, attempt.hides("push", "pull"))),
        "check": (_("Check the slope"), panels.check),
        "walk": (_("Walk downhill"), counted_walk),
        "likelihood": (_("Likelihood"), panels.likelihood),
        "compare": (_("Other losses"), panels.compare),
        "labels": (_("Labels"), panels.labels),
    }
    with places.panel:
        panel = controls.panel("loss_panel", _("Look closer"), choices)
        if attempt.hides("push") and panel in (panels.check, counted_walk):  # they print p − y
            answer_first()
        else:
            panel(state)
    with places.card:
        CHALLENGES.card(Shown(state, walk_now(state)), sketch=state.sketch or None)


sharing.claim(*(f"loss_{name}" for name in SETTINGS))
start = start_from_link()
walk_from_link()
step_from_link()
CHALLENGES.begin()
lesson_body()
glossary.symbols(
    "logit",
    "loss",
    "cross_entropy",
    "probability",
    "target",
    "gradient",
    "likelihood",
    "label_smoothing",
    "finite_difference",
    "pull",
    "logarithm",
    "nat",
)
frame.takeaway(
    _("A step pushes the score of a class down where its p is too large and up where it is too small, and the further p is off, the more: the slope of the loss is p − y, the residual of linear regression.")
)  # fmt: skip
frame.close_page()
