"""The first look: what a lesson shows whose link says nothing. The settings keep their defaults."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import streamlit as st

from instruments.race import MOST_LANES
from ui.frame import sharing
from ui.training.lessons import lesson, named
from ui.training.settings import settings_table

SWINGING = {"start": "random", "start_seed": "9"}
"""Of the standard points: seven of eight are wrong at the start, and every border turns by more than 70 degrees.

From zero weights the borders are nearly right after one step, and then only the colours grow stronger.
"""
STRAIGHT = {"units": "0", "stage_step": "0"}
"""What the first question about the hidden layer speaks of, before its answer is seen."""


OF_PANELS = (
    "panel", "point", "phase", "log", "gap", "over", "all", "across", "up", "norms_log", "diagnosis", "part", "surface_class",
    "look", "plane", "plane_a", "plane_b", "form", "code", "lanes",
)  # fmt: skip
"""Settings of panels and of the race."""


def begin(first: Mapping[str, str], *more: str) -> None:
    """Open the lesson as a link with the parameters ``first`` would, where its link names none of its own.

    Call it before any parameter is read. Settings are named whose controls stand on another panel, in the race, beside
    another optimiser, or wait for a long run; ``more`` are those that another lesson on the stage has.
    """
    prefix = named("")
    sharing.claim(*_names(prefix, (*OF_PANELS, *more), tuple(settings_table())))
    if lesson() not in st.session_state and not sharing.brings_any((prefix,)):
        sharing.suppose({f"{prefix}{name}": text for name, text in first.items()})


@cache
def _names(prefix: str, panels: tuple[str, ...], settings: tuple[str, ...]) -> tuple[str, ...]:
    lanes = ("", *(f"lane{lane}_" for lane in range(2, MOST_LANES + 1)))
    rows = (f"{lane}{name}" for name in settings for lane in lanes)
    return tuple(f"{prefix}{name}" for name in (*panels, *rows))
