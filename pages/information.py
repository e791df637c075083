"""Surprise, entropy, cross-entropy, divergence, and a code that reaches them."""

import streamlit as st

from locales import _
from ui.frame import frame, sharing
from ui.glossary import glossary
from ui.information import code, panels
from ui.information.challenges import BOARD, CHALLENGES, PANEL, STANDARD, laid_over
from ui.widgets import controls
from ui.widgets.distribution_board import View, board, board_from_link

SETTINGS = ("share", "stream", "n", "message_seed")
# What the board shows: P alone, Q as well, and the divergence where it is spoken of.
VIEWS: dict[str, View] = {"cross": "q", "kl": "kl"}

frame.open_page("information")
st.markdown(
    _("How much information does a message hold? **Drag P**, which says how often each symbol comes: the rarer it is, the more it surprises. *H*(*P*), the **entropy**, is the mean surprise. What a model believes, Q, comes with the cross-entropy.")
)  # fmt: skip


@sharing.fragment
def lesson_body() -> None:
    """Board and panels; a change reruns only this part of the page."""
    places = frame.places(instrument_height=240)
    choices = {
        "surprise": (_("Surprise"), ("surprise", panels.surprise)),
        "entropy": (_("Entropy"), ("entropy", panels.mean_surprise)),
        "cross": (_("Cross-entropy"), ("cross", panels.crossing)),
        "kl": (_("Divergence"), ("kl", panels.divergence)),
        "code": (_("Huffman code"), ("code", code.coding)),
    }
    with places.panel:
        name, show = controls.panel(PANEL, _("Look closer"), choices)
    with places.instrument:
        state = board(BOARD, start, STANDARD, VIEWS.get(name, "p"), laid_over(CHALLENGES.now()))
    with places.panel:
        show(state)
    with places.card:
        CHALLENGES.card(state)


sharing.claim(*(f"information_{name}" for name in SETTINGS))
code.claim()
start = board_from_link(BOARD, STANDARD)
CHALLENGES.begin()
lesson_body()
glossary.symbols("surprisal", "logarithm", "entropy", "cross_entropy", "kl", "bit", "nat", "huffman")
frame.takeaway(
    _("Training by cross-entropy makes Q less surprised by P. What can be gained is the divergence; the entropy of P stays, whatever the model does.")
)  # fmt: skip
frame.close_page()
