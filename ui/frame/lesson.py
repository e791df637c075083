"""What every lesson ends with: things to try, one takeaway, the way on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from locales import _
from ui.frame import frame

Attempt = tuple[str, str | None, Callable[[], None] | None]


def try_this(attempts: Sequence[Attempt]) -> None:
    """List two or three things to try; each may have a button that sets the page up for it."""
    st.subheader(_("Try this"), anchor=False)
    for i, (sentence, button, act) in enumerate(attempts):
        with st.container(key=f"lab_try_{i}", horizontal=True, vertical_alignment="center"):
            if button is not None and act is not None:
                st.button(button, key=f"try_{i}", on_click=act)
            st.markdown(sentence)


def takeaway(sentence: str, following: str | None = None) -> None:
    """Say the one thing to remember, and link to the lesson that follows."""
    st.info(sentence, icon=":material/lightbulb:")
    if following is not None and frame.path_of(following).exists():
        frame.link_to(following, label=_("Next lesson"), icon=":material/arrow_forward:")
