"""Practice: predict first, then look. Every sheet has a number, and the number is in the link."""

import streamlit as st

from locales import _
from ui.frame import frame, sharing
from ui.glossary import glossary
from ui.practice import sheet as practice_sheet

frame.open_page("practice")
st.markdown(
    _(
        "Can you predict it? **Answer before you look.** You have two tries. Some questions need a calculator; log is the natural logarithm (the key ln). The link holds the number of the sheet: whoever opens it gets the same questions."
    )
)


@sharing.fragment
def lesson_body() -> None:
    """The sheet; an answer reruns only this part of the page."""
    with st.container(key="practice_sheet"):
        practice_sheet.show(start)


start = practice_sheet.start_from_link()
lesson_body()
with st.container(key="lab_foot"):
    glossary.symbols(
        "logit",
        "probability",
        "target",
        "loss",
        "logarithm",
        "temperature",
        "learning_rate",
        "weight",
        "bias",
        "tanh",
        "relu",
        "tf_idf",
        "entropy",
        "kl",
    )
    frame.takeaway(
        _(
            "A prediction that turned out wrong teaches more than a result that was read: write your number down first."
        )
    )
frame.close_page()
