"""An edit of a point is answered before anything else on the page: the controls say what they said a moment ago.

The browser takes some time for every control that arrives before the stage. So the stage comes first, with the
settings of the last run; should a control have changed in the same instant, the page runs once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from instruments.training_stage import StageView, current_step
from softmax_core.legs import Leg
from ui import training_edits
from ui.stage import stage
from ui.training_points import Source
from ui.training_run import Run, run


@dataclass(frozen=True)
class Scene:
    """What decides the stage, apart from the edits. ``name`` is that of the source, whose numbers it stands for."""

    name: str
    source: Source = field(compare=False)
    legs: tuple[Leg, ...]
    ghost: tuple[Leg, ...] | None
    view: StageView
    focus: int | None


def answer(key: str) -> Scene | None:
    """Where an edit waits: obey it, mount the stage ``key`` with the scene of the last run, and return that scene."""
    last: Scene | None = st.session_state.get(f"{key}_scene")
    if last is None or not training_edits.waiting(key):
        return None
    points = training_edits.obey(key, last.source)
    ghost = run(points, last.ghost) if last.ghost else None
    stage(key, run(points, last.legs), last.view, ghost, training_edits.for_stage(points), last.focus)
    return last


def mount(
    key: str, scene: Scene, shown: Scene | None, result: Run, ghost: Run | None, edits: Mapping[str, Any]
) -> int:
    """Mount the stage, unless ``answer`` has already shown this scene; return the step at its playhead."""
    st.session_state[f"{key}_scene"] = scene
    if shown is None:
        return stage(key, result, scene.view, ghost, edits, scene.focus)
    if shown != scene:
        st.rerun()
    return min(current_step(key), result.trajectory.steps)
