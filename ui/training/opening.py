"""The first look: a run that begins with wrong borders, so that one sees them turn.

From zero weights the borders are nearly right after one step, and then only the colours grow stronger. The settings
keep their defaults; a page that is opened without any is opened as a link with these would open it.
"""

from __future__ import annotations

import streamlit as st

from instruments.race import MOST_LANES
from ui.frame import sharing
from ui.training.lessons import named
from ui.training.settings import settings_table

SWINGING = {"training_start": "random", "training_start_seed": "9"}
"""Of the standard points: seven of eight are wrong at the start, and every border turns by more than 70 degrees."""


OF_PANELS = (
    "panel", "point", "phase", "log", "gap", "over", "all", "across", "up", "norms_log", "diagnosis", "part", "surface_class",
    "look", "plane", "plane_a", "plane_b", "form", "code", "lanes",
)  # fmt: skip
"""Settings of panels and of the race."""


def claim(*more: str) -> None:
    """Name the settings whose controls stand on another panel, in the race, beside another optimiser, or wait for a long run.

    ``more`` are those that another lesson on the stage has.
    """
    lanes = [f"lane{lane}_" for lane in range(2, MOST_LANES + 1)]
    rows = [f"{lane}{name}" for name in settings_table() for lane in ("", *lanes)]
    sharing.claim(*(named(name) for name in (*OF_PANELS, *more, *rows)))


def begin() -> None:
    """Set the run up, where the lesson is opened for the first time and its link names nothing of it.

    Call it before any parameter is read.
    """
    claim()
    if "training" not in st.session_state and not sharing.brings_any(("training_",)):
        sharing.suppose(SWINGING)
