"""Images: from pixels to ten templates, and a pad to draw on."""

import streamlit as st

from locales import _
from ui.frame import frame, sharing
from ui.glossary import glossary
from ui.images import data as images_data
from ui.images import pad as images_pad
from ui.images import panels as images_panels
from ui.images import story as images_story
from ui.images import training as images_training
from ui.images.challenges import (
    CHALLENGES,
    Seen,
    guessed,
    hides_accuracy,
    hides_zero,
    on_pad,
    on_template,
)
from ui.widgets.challenges import answer_first
from ui.widgets.controls import panel

POLLED_EVERY = 0.5
HEIGHT = 136  # of the templates, reserved until they have painted
# Of the card, so that no button slides under the pointer that rests on "Next challenge": of a question, and of an answer.
ASKED, ANSWERED = 316, 435

frame.open_page("images")
st.markdown(
    _("What does a linear classifier see in a picture? **Draw your own digit** and see which of its templates fits.")
)  # fmt: skip


def is_busy() -> bool:
    """Whether something is at work in the background that the page has to follow."""
    return images_training.is_training() or images_data.is_fetching()


def lesson_body() -> None:
    """Data, training, instruments and panels: they follow a training without running the rest of the page."""
    choice, said = st.columns([5, 6], gap="small", vertical_alignment="center")
    with choice:
        name = images_data.choose_name()
    fetching = images_data.is_fetching()
    with said:
        data = images_data.data_of(name)
    places = frame.places(HEIGHT)
    attempt = CHALLENGES.now()
    with places.card:
        high = ANSWERED if attempt.shown or attempt.answered or attempt.solved else ASKED
        frame.style(f"@container (min-width: 62.51rem) {{ .st-key-images_card {{ min-height: {high}px; }} }}")
        card = st.container(key="images_card")
    with places.aside:
        controls = st.container(key="images_controls", border=True)
    with controls:
        summary_place, buttons_place = st.empty(), st.container()
        shown = images_training.settings()
    run = images_training.model(data, name, shown)
    is_digits = run.data.name == "digits"  # what the questions are about
    hidden = is_digits and hides_accuracy(attempt)
    guess = guessed(attempt, "accuracy") if is_digits else None
    with places.instrument:
        images_training.warn(run)
        covered = (0,) if is_digits and hides_zero(attempt) else ()
        epoch = images_pad.templates(run, covered, on_template(attempt) if is_digits else None)
    images_training.publish(run, name, shown, epoch)
    with buttons_place:
        images_training.buttons(run, shown)
    summary_place.markdown(images_training.summary(run, epoch, hidden, guess, images_pad.is_played()))
    shift = on_pad(attempt) if is_digits else None
    choices = {
        "draw": (_("Draw"), lambda: images_pad.pad(drawing, run, epoch, shift)),
        "data": (_("Look at the data"), lambda: images_panels.about_data(data, shown.config.batch_size)),
        "curves": (_("Loss and accuracy"), lambda: images_panels.curves(run, epoch, guess)),
        "mistakes": (_("Mistakes"), lambda: images_panels.mistakes(run, epoch)),
        "image": (_("One image"), lambda: images_panels.one_image(run, epoch)),
        "sets": (_("What is MNIST?"), lambda: images_story.about_sets(run)),
        "code": (_("Code"), lambda: images_story.code(run, shown)),
    }
    if hidden:
        choices |= {code: (choices[code][0], answer_first) for code in ("curves", "mistakes", "sets", "code")}
    with places.panel:
        panel("images_panel", _("Look closer"), choices)()
    # The pad is a panel; no challenge is about the panels that are long.
    places.panel_first(card_sticks=st.session_state["images_panel"] in ("draw", "curves"))
    images_panels.publish()
    with card:
        CHALLENGES.card(
            Seen(images_pad.drawn(drawing, run, epoch), data.name, run.progress.history[-1].test_accuracy)
        )
    # Compared with what was drawn: a training may have ended since.
    if (fetching or run.progress.running) != polled:
        st.rerun()  # the whole page, because only there run_every of this fragment is set


images_panels.begin()
images_training.begin()
drawing = images_pad.pad_from_link()
CHALLENGES.begin()
polled = is_busy()
sharing.fragment(lesson_body, run_every=POLLED_EVERY if polled else None)()
glossary.symbols("logit", "weight", "template", "minibatch", "epoch", "confusion_matrix", "test_set")
frame.takeaway(
    _(
        "A logit is a sum of pixel times weight: each class has one template, red where ink speaks for it, blue where it speaks against it. That is all a linear model can see."
    )
)
frame.close_page()
