"""Common textbook errors, each beside what is right, on live numbers."""

import streamlit as st

from locales import _
from ui.frame import frame, sharing
from ui.glossary import glossary
from ui.slips import links, registry
from ui.widgets import controls
from ui.widgets.logit_board import board_from_link

frame.open_page("slips")


@sharing.fragment
def lesson_body() -> None:
    """The choice, what it needs, and both versions."""
    with st.container(key="lab_slips"):
        choice, place = st.container(key="lab_slips_list"), st.container(key="lab_slips_body")
        frame.put_aside(st.container(key="lab_aside"))
    with choice:
        chosen = controls.listed(
            "slips_panel", _("Which formulas are often printed wrong?"), links.titles(), "sign"
        )
        wrong = registry.controls_of(chosen)
    with place:
        registry.show(chosen, start, wrong)


sharing.claim(*(f"slips_{name}" for slip in registry.SLIPS.values() for name in slip.settings))
links.read_older(st.query_params.get("slips_panel"))
start = board_from_link(registry.BOARD, registry.STANDARD)
lesson_body()
glossary.symbols("gradient", "loss", "epsilon", "logarithm", "l2", "learning_rate", "class")
frame.takeaway(
    _(
        "A formula can be checked: move one number a little and see whether the loss moves as the formula says."
    )
)
frame.close_page()
