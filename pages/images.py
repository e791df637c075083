"""Images: from pixels to ten templates, and a pad to draw on."""

import streamlit as st

from locales import _
from ui.frame import frame, sharing
from ui.glossary import glossary
from ui.images import data as images_data
from ui.images import pad as images_pad
from ui.images import panels as images_panels
from ui.images import training as images_training
from ui.widgets.controls import panel

POLLED_EVERY = 0.5

frame.open_page("images")
st.markdown(
    _(
        "What does a linear classifier see in a picture? **Press Train**, watch ten weight pictures appear, then draw."
    )
)


def is_busy() -> bool:
    """Whether something is at work in the background that the page has to follow."""
    return images_training.is_training() or images_data.is_fetching()


def lesson_body() -> None:
    """Data, training, instruments and panels: they follow a training without running the rest of the page."""
    with st.container(horizontal=True, vertical_alignment="center"):
        name = images_data.choose_name()
        places = st.container(horizontal=True, vertical_alignment="center")
    fetching = images_data.is_fetching()
    data = images_data.data_of(name)
    run = images_training.model(data)
    images_training.warn(run)
    left, right = st.columns([3, 1], gap="medium")
    with right:
        summary_place = st.empty()
        config, count = images_training.settings()
    with places:
        images_training.buttons(run, config, count)
    with left:
        epoch = images_pad.templates("images_templates", run)
        images_pad.pad("images_pad", run, epoch)
    if epoch.number:
        summary_place.markdown(images_training.summary(epoch))
    choices = {
        "data": (_("Look at the data"), lambda: images_panels.about_data(data, config.batch_size)),
        "curves": (_("Loss and accuracy"), lambda: images_panels.curves(run, epoch)),
        "mistakes": (_("Mistakes"), lambda: images_panels.mistakes(run, epoch)),
        "image": (_("One image"), lambda: images_panels.one_image(run, epoch)),
    }
    panel("images_panel", _("Look closer"), choices)()
    # Compared with what was drawn: a training may have ended since.
    if (fetching or run.progress.running) != polled:
        st.rerun()  # the whole page, because only there run_every of this fragment is set


def preset(**values: object) -> None:
    """Set controls for a button."""
    st.session_state.update({f"images_{name}": value for name, value in values.items()})


polled = is_busy()
sharing.fragment(lesson_body, run_every=POLLED_EVERY if polled else None)()
frame.try_this(
    (
        _("The settings of the book d2l: plain SGD, batch 256, rate 0.1, 10 epochs."),
        lambda: preset(optimizer="sgd", batch=256, rate=0.1, epochs=10, l2=0, panel="curves"),
    ),
    (_("Draw a small 7 in a corner, then switch “Scale and centre” off: what happens, and why?"), None),
    (
        _("Which two classes are mixed up most? Look at the images behind that cell."),
        lambda: preset(panel="mistakes"),
    ),
    labels={0: _("Set")},
)
glossary.symbols("logit", "weight", "template", "minibatch", "epoch", "confusion_matrix", "test_set")
frame.takeaway(
    _(
        "A logit is a sum of pixel times weight: each class has one template, red where ink speaks for it, blue where it speaks against it. That is all a linear model can see."
    )
)
frame.close_page()
