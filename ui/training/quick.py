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
from softmax_core.training import Segment, TrainConfig
from ui.training import edits as training_edits
from ui.training.points import Source
from ui.training.run import Run, run
from ui.training.stage import stage
from ui.widgets.jobs import Pending


@dataclass(frozen=True)
class Scene:
    """What decides the stage, apart from the edits. ``name`` is that of the source, whose numbers it stands for."""

    name: str
    source: Source = field(compare=False)
    legs: tuple[Segment[TrainConfig], ...]
    ghost: tuple[Segment[TrainConfig], ...] | None
    view: StageView
    focus: int | None


@dataclass(frozen=True)
class Shown:
    """What stands on a stage."""

    scene: Scene
    result: Run
    ghost: Run | None
    edits: Mapping[str, Any]

    def mount(self, key: str) -> int:
        """Mount the stage with it; return the step at the playhead."""
        st.session_state[f"{key}_shown"] = self
        scene = self.scene
        return stage(key, self.result, scene.view, self.ghost, self.edits, scene.focus)


def answer(key: str) -> Scene | None:
    """Where an edit waits: obey it, mount the stage ``key`` with the scene of the last run, and return that scene.

    None where there is none, or where the new run takes longer than a moment.
    """
    last: Shown | None = st.session_state.get(f"{key}_shown")
    if last is None or not training_edits.waiting(key):
        return None
    scene = last.scene
    points = training_edits.obey(key, scene.source)
    try:
        ghost = run(points, scene.ghost) if scene.ghost else None
        now = Shown(scene, run(points, scene.legs), ghost, training_edits.for_stage(points))
    except Pending:
        return None
    now.mount(key)
    return scene


def again(key: str) -> None:
    """Mount the stage as it was shown last: what it should show is still being computed."""
    last: Shown | None = st.session_state.get(f"{key}_shown")
    if last is not None:
        last.mount(key)


def mount(
    key: str, scene: Scene, shown: Scene | None, result: Run, ghost: Run | None, edits: Mapping[str, Any]
) -> int:
    """Mount the stage, unless ``answer`` has already shown this scene; return the step at its playhead."""
    if shown is None:
        return Shown(scene, result, ghost, edits).mount(key)
    if shown != scene:
        st.session_state[f"{key}_shown"] = Shown(scene, result, ghost, edits)
        st.rerun()
    return min(current_step(key), result.trajectory.steps)
