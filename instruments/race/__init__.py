"""The race: up to four runs on the same points side by side, played in the browser under one playhead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from instruments.shared.bundle import component
from instruments.training_stage import StageView, current_step

MOST_LANES = 4


@dataclass(frozen=True)
class Lane:
    """One runner: a title and a run packed by :meth:`instruments.training_stage.packed.StageRun.packed`."""

    title: str
    run: Mapping[str, Any]


def race_stage(
    *,
    key: str,
    revision: str,
    lanes: Sequence[Lane],
    points: Mapping[str, Any],
    box: Sequence[float],
    view: StageView,
    names: Sequence[str],
    colors: Sequence[str],
    labels: Mapping[str, Any],
    feature_map: Mapping[str, Any] | None = None,
) -> int:
    """Mount the race ``key`` and return the step at its playhead.

    Parameters are those of :func:`instruments.training_stage.training_stage`; ``lanes`` holds two to four runs.
    The URL parameters are ``<key>_step`` and ``<key>_speed``.

    Raises
    ------
    ValueError
        If there are no lanes or more than four.
    """
    if not 1 <= len(lanes) <= MOST_LANES:
        raise ValueError(f"a race has 1 to {MOST_LANES} lanes, got {len(lanes)}")
    st.session_state.setdefault(f"{key}_last", view.step)
    if not isinstance(st.session_state.get(key), Mapping):
        st.session_state[f"{key}_start"] = st.session_state[f"{key}_last"]
    component("race")(
        key=key,
        data={
            "revision": revision,
            "lanes": [{"title": lane.title, "run": dict(lane.run)} for lane in lanes],
            "points": dict(points),
            "box": list(box),
            "map": None if feature_map is None else dict(feature_map),
            "grid": None,
            "view": {"step": st.session_state[f"{key}_start"], "speed": view.speed},
            "prefix": key,
            "names": list(names),
            "colors": list(colors),
            "labels": dict(labels),
        },
        on_state_change=lambda: None,
    )
    return current_step(key)
