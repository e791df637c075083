"""One linear layer: four pixels, twelve weights, three biases, and a picture has a class."""

import streamlit as st

from instruments import grey_picture
from instruments.grey_picture import GreyState
from locales import _
from ui.frame import frame, sharing
from ui.glossary import glossary
from ui.linear_layer import panels
from ui.widgets import controls
from ui.widgets.grey_picture import picture, picture_from_link, species, typical

PAD = "linear_layer_pad"
STANDARD = typical(0)

frame.open_page("linear_layer")
st.markdown(
    _(
        "Where do the scores come from? **Paint the four pixels**: each is multiplied by a {weight} for each class, the products and a {bias} add up to a {logit}, and softmax does the rest."
    ).format(weight=glossary.term("weight"), bias=glossary.term("bias"), logit=glossary.term("logit"))
)


@sharing.fragment
def lesson_body() -> None:
    """Picture and panels; a change reruns only this part of the page."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("A typical"), width="content")
        for k, name in enumerate(species()):
            st.button(name, key=f"linear_layer_show_{k}", on_click=grey_picture.put, args=(PAD, typical(k)))
    state = picture(PAD, start, STANDARD)
    choices = {
        "batch": (_("A minibatch"), panels.batch),
        "boundary": (_("Straight boundaries"), panels.boundary),
        "cost": (_("Fewer parameters"), panels.cost),
        "speed": (_("Loop or matrix product"), panels.speed),
    }
    controls.panel("linear_layer_panel", _("Look closer"), choices)(state)


def twins() -> None:
    """Copy weights and bias of the first class to the second."""
    state = grey_picture.current(PAD) or STANDARD
    W = tuple(v for row in state.rows for v in (row[0], row[0], row[2]))
    grey_picture.put(PAD, GreyState(state.x, W, (state.b[0], state.b[0], state.b[2]), state.target))


start = picture_from_link(PAD, STANDARD)
lesson_body()
frame.try_this(
    (_("Make all pixels black. Which part of the sum is left, and who wins?"), None),
    (_("Give the chicken the weights of the cat. Why can no picture tell them apart now?"), twins),
    (_("Find the picture that the model is least sure of."), None),
)
glossary.symbols(
    "feature", "weight", "bias", "logit", "probability", "inputs", "number_of_classes", "samples", "kronecker"
)
frame.takeaway(
    _(
        "o = Wx + b is all that the model knows: argmax of an {affine}. Softmax says how sure it is and does not move a single boundary."
    ).format(affine=glossary.term("affine")),
    "training",
)
frame.close_page()
