"""Every symbol and term of the app, in English and Chinese, with a link to the lesson that uses it."""

import streamlit as st

from locales import _
from ui.frame import frame
from ui.glossary import glossary

frame.open_page("glossary")
st.markdown(
    _(
        "Every symbol and term that the lessons use, in both languages. Words with a link in a lesson lead here."
    )
)
glossary.entries()
frame.close_page()
