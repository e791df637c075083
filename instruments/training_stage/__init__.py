"""The training stage: a whole run at once, played in the browser without asking the server again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from instruments.shared.bundle import component

SPEEDS = ("1", "2", "5", "10", "30", "frame", "frame5", "frame25", "all")
REGIONS = ("soft", "hard")


@dataclass(frozen=True)
class StageView:
    """Where the playhead starts and how the stage looks: what a link restores."""

    step: int = 0
    speed: int = SPEEDS.index("frame")
    length: float = 1.0
    regions: str = "soft"
    field: int = -1


def current_step(key: str) -> int:
    """Return the playhead of the stage ``key`` as far as Python has heard."""
    value = st.session_state.get(key)
    sent = value.get("state") if isinstance(value, Mapping) else None
    step = sent.get("step") if isinstance(sent, Mapping) else None
    if isinstance(step, int) and step >= 0:
        st.session_state[f"{key}_last"] = step
    return int(st.session_state.get(f"{key}_last", 0))


def training_stage(
    *,
    key: str,
    revision: str,
    run: Mapping[str, Any],
    points: Mapping[str, Any],
    box: Sequence[float],
    view: StageView,
    names: Sequence[str],
    axes: Sequence[str],
    colors: Sequence[str],
    labels: Mapping[str, Any],
    ghost: Mapping[str, Any] | None = None,
    objective: Mapping[str, Any] | None = None,
    feature_map: Mapping[str, Any] | None = None,
    edits: Mapping[str, Any] | None = None,
    focus: int | None = None,
    features: Sequence[str] = (),
) -> int:
    """Mount a stage and return the step at its playhead.

    Parameters
    ----------
    key
        The stage's key; its URL parameters are ``<key>_step``, ``_speed``, ``_vectors``, ``_regions``, ``_field``.
    revision
        Names the run: another text makes the browser take the new run, with the playhead where it was.
    run, points
        ``packed()`` of the classes in training_packed.py; packed by the caller, who keeps them for reruns.
    box
        What the canvas shows, from ``training_packed.view_box``.
    view
        Where this session starts; used when the stage is mounted and not again.
    names, axes, colors, labels
        Class names, the two feature names, CSS colours and texts in the reader's language; see ``ui/training/stage.py``.
    ghost
        Another packed run on the same points, drawn dashed, or None.
    objective
        What the browser evaluates while weights are in the hand: ``l2``, ``l1``, ``smoothing``, ``classWeights``.
    feature_map
        ``StageMap.packed()``, or None for a model that sees x itself.
    features
        Names of the rows of W, for the table of weights; the axes if not given.
    focus
        Index of a point whose pull on every weight vector is drawn, or None.
    edits
        How far Python has got with the edits of the points; see ``ui/training/edits.py``.
    """
    if f"{key}_last" not in st.session_state:
        st.session_state[f"{key}_last"] = view.step
        st.session_state[f"{key}_view"] = view
    first: StageView = st.session_state[f"{key}_view"]
    if not isinstance(st.session_state.get(key), Mapping):
        # A page that was left and opened again starts where it was; later reruns must not change the data.
        st.session_state[f"{key}_start"] = st.session_state[f"{key}_last"]
    component("training_stage")(
        key=key,
        data={
            "revision": revision,
            "run": dict(run),
            "points": dict(points),
            "box": list(box),
            "map": None if feature_map is None else dict(feature_map),
            "edits": None if edits is None else dict(edits),
            "ghost": None if ghost is None else dict(ghost),
            "objective": dict(objective or {}),
            "view": {
                "step": st.session_state[f"{key}_start"],
                "speed": first.speed, "length": first.length, "regions": first.regions,
                "field": first.field,
            },
            "focus": focus,
            "goto": st.session_state.get(f"{key}_goto"),
            "prefix": key,
            "names": list(names),
            "axes": list(axes),
            "features": list(features or axes),
            "colors": list(colors),
            "labels": dict(labels),
        },
        on_state_change=lambda: None,
        on_hand_change=lambda: None,
        on_edits_change=lambda: None,
    )  # fmt: skip
    return min(current_step(key), int(run["steps"]))
