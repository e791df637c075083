"""Hidden layer: what a straight border cannot do, and how a network does it."""

import streamlit as st

from locales import _
from ui.frame import frame, sharing
from ui.glossary import glossary
from ui.hidden_layer.challenges import CHALLENGES
from ui.hidden_layer.lesson import LESSON
from ui.slips import links
from ui.training import opening, plan, stage
from ui.training.lesson import lesson
from ui.training.lessons import stage_key

frame.open_page("hidden_layer")
st.markdown(
    _(
        "Softmax regression alone has straight borders. Put a {layer} before it: each {unit} draws a line and says on which side a point lies; **together they bend the border**."
    ).format(layer=glossary.term("hidden_layer"), unit=glossary.term("hidden_unit"))
)


@sharing.fragment
def lesson_body() -> None:
    """Stage and column: they follow the playhead without running the rest of the page."""
    lesson(LESSON, view)


opening.begin(opening.STRAIGHT, "way")
CHALLENGES.begin()
view = stage.view_from_link(stage_key())
plan.plans_from_link()
lesson_body()
glossary.symbols(
    "activation",
    "tanh",
    "relu",
    "sigmoid",
    "backpropagation",
    "weight",
    "bias",
    "standardise",
    "gradient",
    "learning_rate",
    "loss",
    "seed",
)
links.slip_link("sigmoid", "twice")
frame.takeaway(
    _(
        "A hidden layer makes new features out of *x*, and learns them together with the softmax regression that stands on them."
    )
)
frame.close_page()
