"""Training: a softmax regression on two features, under one playhead."""

import streamlit as st

from locales import _
from ui.frame import frame, sharing
from ui.glossary import glossary
from ui.slips import links
from ui.training import plan, stage
from ui.training.controls import MOST_STEPS
from ui.training.lesson import choose_setup, one_run, side_by_side
from ui.training.run import show_progress
from ui.training.session import RACE, STAGE
from ui.widgets.controls import segmented
from ui.widgets.jobs import Pending

frame.open_page("training")
st.markdown(
    _(
        "How does a classifier learn? **Press Play**: every step moves each {vector} against its {gradient}, and the regions follow."
    ).format(vector=glossary.term("weight_vector"), gradient=glossary.term("gradient"))
)


@sharing.fragment
def lesson_body() -> None:
    """Stage, controls and panels: they follow the playhead without running the rest of the page."""
    left, right = st.columns([2.7, 1], gap="medium")
    with left:
        place, scene, under = st.empty(), st.container(), st.container()
        with scene:
            answered = stage.answer_edit()
    try:
        with right:
            modes = {"one": _("One run"), "race": _("Race")}
            mode = segmented("training_mode", _("Stage"), modes, "one", label_visible=False)
            setup = choose_setup()
        if mode == "one":
            one_run(scene, under, setup, view, answered)
        elif answered is not None:
            st.rerun()
        else:
            side_by_side(scene, under, setup, race_view)
    except Pending as pending:
        with place.container():
            show_progress(pending.job)
        if mode == "one" and answered is None:
            with scene:
                stage.mount_again()


def preset(**values: object) -> None:
    """Set controls for a link or a button."""
    st.session_state.update({f"training_{name}": value for name, value in values.items()})


view = stage.view_from_link(STAGE, MOST_STEPS)
race_view = stage.view_from_link(RACE, MOST_STEPS)
plan.plans_from_link()
lesson_body()
frame.try_this(
    (
        _("Three points, 1,000 steps at rate 0.1: the loss must end at 0.0845."),
        lambda: preset(data="three_points", rate=0.1, steps=1000, l2=0, start="zeros"),
    ),
    (
        _("A learning rate of 20: what happens to the loss, and why?"),
        lambda: preset(data="blobs", rate=20.0, steps=300),
    ),
    (
        _("Iris: which two species does a straight line not part?"),
        lambda: preset(data="iris", rate=0.1, steps=1000),
    ),
)
links.slip_link("mean", "l2")
glossary.symbols("residual", "weight", "bias", "gradient", "learning_rate", "l2", "loss", "accuracy")
frame.takeaway(
    _(
        "One step: W − rate · Xᵀ(P − Y) / n. Points whose p is far from y pull; points that are already right are left alone."
    )
)
frame.close_page()
