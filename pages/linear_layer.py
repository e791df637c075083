"""One linear layer: four pixels, twelve weights, three biases, and a picture has a class."""

import streamlit as st

from locales import _
from ui.frame import frame, sharing
from ui.glossary import glossary
from ui.linear_layer import beyond, minibatch, panels
from ui.linear_layer.challenges import CHALLENGES, PAD, compared, laid_over, revealed
from ui.widgets import controls
from ui.widgets.grey_picture import picture, picture_from_link, typical

STANDARD = typical(0)

frame.open_page("linear_layer")
st.markdown(
    _(
        "Where do the scores come from? **Paint the four pixels**: each is multiplied by a {weight} for each class. With a {bias} they add up to a {logit}."
    ).format(weight=glossary.term("weight"), bias=glossary.term("bias"), logit=glossary.term("logit"))
)


@sharing.fragment
def lesson_body() -> None:
    """Picture and panels; a change reruns only this part of the page."""
    places = frame.places(instrument_height=342)
    attempt = CHALLENGES.now()
    with places.instrument:
        state = picture(
            PAD, start, STANDARD, was=compared(attempt), hidden=attempt.hides("score"), prediction=laid_over(attempt),
            about=revealed(attempt),
        )  # fmt: skip
    choices = {
        "picture": (_("The picture alone"), lambda _state: None),
        "batch": (_("A minibatch"), minibatch.batch),
        "boundary": (_("Straight boundaries"), panels.boundary),
        "beyond": (_("Beyond the course (optional)"), beyond.beyond),
    }
    with places.panel:
        controls.panel("linear_layer_panel", _("Look closer"), choices)(state)
    with places.card:
        CHALLENGES.card(state)


minibatch.begin()
beyond.claim()
panels.claim()
start = picture_from_link(PAD, STANDARD)
CHALLENGES.begin()
lesson_body()
glossary.symbols(
    "feature",
    "weight",
    "bias",
    "logit",
    "probability",
    "inputs",
    "number_of_classes",
    "samples",
    "soft_answer",
    "kronecker",
)
frame.takeaway(
    _(
        "z = XW + b is all that the model knows: its answer is the {argmax}, the class with the largest score, of an {affine}, a product plus a constant. Softmax says how sure it is and does not move a single boundary."
    ).format(argmax=glossary.term("argmax"), affine=glossary.term("affine"))
)
frame.close_page()
