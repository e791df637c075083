"""One linear layer: four pixels, twelve weights, three biases, and a picture has a class."""

import streamlit as st

from instruments import grey_picture
from instruments.grey_picture import GreyState
from locales import _
from ui.frame import frame, sharing
from ui.glossary import glossary
from ui.linear_layer import panels as linear_panels
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
            st.button(name, key=f"linear_layer_show_{k}", on_click=put, args=(typical(k),))
    state = picture(PAD, start, STANDARD)
    panels = {
        "batch": _("A minibatch"), "boundary": _("Straight boundaries"), "cost": _("Fewer parameters"),
        "speed": _("Loop or matrix product"),
    }  # fmt: skip
    chosen = controls.segmented("linear_layer_panel", _("Look closer"), panels, "batch", label_visible=False)
    draw = {
        "batch": linear_panels.batch, "boundary": linear_panels.boundary, "cost": linear_panels.cost,
        "speed": linear_panels.speed,
    }[chosen]  # fmt: skip
    draw(state)


def put(state: GreyState) -> None:
    """Show a preset: the picture, and the hand-made weights."""
    grey_picture.put(PAD, state)


def twins() -> None:
    """Copy weights and bias of the first class to the second."""
    state = grey_picture.current(PAD) or STANDARD
    W = tuple(v for row in state.rows for v in (row[0], row[0], row[2]))
    put(GreyState(state.x, W, (state.b[0], state.b[0], state.b[2]), state.target))


start = picture_from_link(PAD, STANDARD)
lesson_body()
frame.try_this(
    [
        (_("Make all pixels black. Which part of the sum is left, and who wins?"), None, None),
        (
            _("Give the chicken the weights of the cat. Why can no picture tell them apart now?"),
            _("Show"),
            twins,
        ),
        (_("Find the picture that the model is least sure of."), None, None),
    ]
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
