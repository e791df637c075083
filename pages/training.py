"""Training: a softmax regression on two features, under one playhead."""

import streamlit as st

from locales import _
from ui.frame import frame, sharing
from ui.glossary import glossary
from ui.slips import links
from ui.training import lesson, opening, plan, stage
from ui.training.challenges import CHALLENGES
from ui.training.lessons import stage_key
from ui.training.session import RACE

frame.open_page("training")
st.markdown(
    _(
        "**Watch it learn**; pause and step when you like. Every step moves each {vector} against its {gradient}, and the regions follow."
    ).format(vector=glossary.term("weight_vector"), gradient=glossary.term("gradient"))
)


@sharing.fragment
def lesson_body() -> None:
    """Stage and column: they follow the playhead without running the rest of the page."""
    lesson.lesson(lesson.LESSON, view, race_view)


opening.begin(opening.SWINGING)
CHALLENGES.begin()
view = stage.view_from_link(stage_key())
race_view = stage.view_from_link(RACE)
plan.plans_from_link()
lesson_body()
links.slip_link("mean", "l2")
glossary.symbols(
    "residual", "weight", "bias", "gradient", "learning_rate", "l2", "loss", "norm", "seed", "accuracy"
)
frame.takeaway(
    _(
        "One step: W − rate · Xᵀ(P − Y) / n. Points whose p is close to y hardly pull; a point that is right but unsure still does."
    )
)
frame.close_page()
