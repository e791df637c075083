"""The first look: a run that begins with wrong borders, so that one sees them turn.

From zero weights the borders are nearly right after one step, and then only the colours grow stronger. The settings
keep their defaults; a page that is opened without any is opened as a link with these would open it.
"""

from __future__ import annotations

import streamlit as st

from ui.frame import sharing

SWINGING = {"training_start": "random", "training_start_seed": "9"}
"""Of the standard points: seven of eight are wrong at the start, and every border turns by more than 70 degrees."""


def begin() -> None:
    """Set the run up, where the lesson is opened for the first time and its link names nothing of it.

    Call it before any parameter is read.
    """
    if "training" not in st.session_state and not sharing.brings_any(("training_",)):
        sharing.suppose(SWINGING)
