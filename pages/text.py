"""Text: the mood of short sentences, by softmax regression on their words."""

import streamlit as st

from locales import _, among
from softmax_core.text import SHIPPED, sentiment
from ui.frame import frame, sharing
from ui.glossary import glossary
from ui.text import board, data, panels, training
from ui.text.challenges import CHALLENGES, Seen, covered, hides_accuracy, laid_over
from ui.widgets import controls
from ui.widgets.challenges import answer_first
from ui.widgets.jobs import Pending
from ui.widgets.waiting import show_progress

frame.open_page("text")
st.markdown(
    _("Can words alone tell a sentence's class? **Type one**: each known word adds a weight to the {logit} of each class.").format(
        logit=glossary.term("logit")
    )
)  # fmt: skip
_RUN = "_text_run"


@sharing.fragment
def lesson_body() -> None:
    """Corpus, board, settings and panels; a change reruns only this part of the page."""
    chosen = data.choose()
    places = frame.places()
    places.reserve(310, 540)
    attempt = CHALLENGES.now()
    with places.card:
        card = st.container()
    with places.aside, st.container(key="text_controls", border=True):
        config = training.settings()
        result = st.container()
    try:
        run = training.trained(chosen, config)
    except Pending as pending:
        with places.instrument:
            show_progress(pending.job, "text", training.LONGEST)
        before: training.Trained | None = st.session_state.get(_RUN)
        run = before or training.trained(sentiment(among(SHIPPED)), training.STANDARD)
    st.session_state[_RUN] = run
    with places.instrument:
        state = board.board(run, chosen, covered(attempt), laid_over(attempt))
    choices = {
        "words": (_("Words"), panels.words), "accuracy": (_("Mistakes"), panels.accuracy),
        "curve": (_("Learning curve"), panels.curve), "penalties": (_("L2 and smoothing"), panels.penalties),
    }  # fmt: skip
    with places.panel:
        look = controls.panel("text_panel", _("Look closer"), choices)
        if hides_accuracy(attempt, run) and look is not panels.words:
            answer_first()
        else:
            try:
                look(run)
            except Pending as pending:
                show_progress(pending.job, "text_trials", training.LONGEST)
    result.markdown(
        _("How many test sentences are right? Challenge 3 asks.")
        if hides_accuracy(attempt, run)
        else panels.share_right_of(run)
    )
    with card:
        CHALLENGES.card(Seen(state, run))


CHALLENGES.begin()
lesson_body()
glossary.symbols(
    "token", "vocabulary", "bag_of_words", "tf_idf", "weight", "bias", "logit", "label_smoothing", "test_set"
)
frame.takeaway(
    _("A sentence becomes a row of counts, one for each known word, and then it is the same model as before: z = XW + b. Word order is lost.")
)  # fmt: skip
frame.close_page()
