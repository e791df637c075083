"""Practice: predict first, then look. Every sheet has a number, and the number is in the link."""

import secrets

import streamlit as st

from locales import _
from ui.frame import frame, sharing
from ui.glossary import glossary
from ui.practice import sheet as practice_sheet
from ui.practice.questions import KINDS
from ui.widgets import controls

LAST_SHEET = 9999

frame.open_page("practice")
st.markdown(
    _(
        "Can you predict it? **Answer before you look**: every answer opens a worked solution and the lesson in that very state. The number of the sheet stands in the link, so that everybody who opens it gets the same questions."
    )
)


def new_sheet() -> None:
    """Go to a sheet drawn at random, from its first question."""
    st.session_state["practice_seed"] = secrets.randbelow(LAST_SHEET + 1)
    st.session_state["practice_question"] = 1


def turn(by: int) -> None:
    """Go to a neighbouring question."""
    now = int(st.session_state.get("practice_question", 1))
    st.session_state["practice_question"] = min(max(now + by, 1), len(KINDS))


@sharing.fragment
def lesson_body() -> None:
    """The sheet; an answer reruns only this part of the page."""
    with st.container(key="practice_controls", horizontal=True, vertical_alignment="bottom"):
        views = {"one": _("One at a time"), "sheet": _("Whole sheet")}
        view = controls.segmented("practice_view", _("Show"), views, "one")
        seed = controls.number("practice_seed", _("Sheet"), 0, LAST_SHEET, 1, 1)
        place = None
        if view == "one":
            place = controls.number("practice_question", _("Question"), 1, len(KINDS), 1, 1)
        st.button(_("New sheet"), key="practice_new", on_click=new_sheet, icon=":material/casino:")
        # Not in the link: a teacher who copies the address must not hand out the answers.
        key_shown = st.toggle(_("Answer key"), key="practice_key")
    practice_sheet.score(seed, place)
    if place is not None:
        practice_sheet.card(KINDS[place - 1], seed, place, key_shown)
        with st.container(horizontal=True):
            first, last = place == 1, place == len(KINDS)
            st.button(_("Previous question"), key="practice_back", on_click=turn, args=(-1,), disabled=first)
            st.button(_("Next question"), key="practice_next", on_click=turn, args=(1,), disabled=last)
    else:
        practice_sheet.print_head(seed)
        for number, kind in enumerate(KINDS, start=1):
            practice_sheet.card(kind, seed, number, key_shown)


lesson_body()
with st.container(key="lab_foot"):
    if practice_sheet.marks():
        st.button(
            _("Start the score again"), key="practice_forget", type="tertiary", on_click=practice_sheet.forget
        )
    glossary.symbols(
        "logit",
        "probability",
        "target",
        "loss",
        "temperature",
        "learning_rate",
        "weight",
        "bias",
        "entropy",
        "kl",
    )
    frame.takeaway(
        _(
            "A prediction that turned out wrong teaches more than a result that was read: write your number down first."
        )
    )
frame.close_page()
