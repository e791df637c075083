"""The training stage: a whole run at once, played in the browser without asking the server again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from instruments.shared.bundle import component
from instruments.shared.session import message
from instruments.shared.values import checked_message

REGIONS = ("soft", "hard")
LARGEST_WEIGHT = 1e6  # that the weight editor takes
LONGEST_VECTORS = 2.0  # times the length that fits the stage


@dataclass(frozen=True)
class Speed:
    """How fast a run is played: so many steps per ``"second"`` or per painted ``"frame"``; None is the whole run at once."""

    steps: int | None
    per: str


SPEEDS = {
    **{str(steps): Speed(steps, "second") for steps in (1, 2, 5, 10, 30)},
    "frame": Speed(1, "frame"),
    "frame5": Speed(5, "frame"),
    "frame25": Speed(25, "frame"),
    "all": Speed(None, "frame"),
}
"""The speeds by their codes in the link."""


def speeds() -> list[dict[str, Any]]:
    """Return the speeds as the browser takes them."""
    return [{"code": code, **asdict(speed)} for code, speed in SPEEDS.items()]


@dataclass(frozen=True)
class StageView:
    """Where the playhead starts and how the stage looks: what a link restores."""

    step: int = 0
    speed: str = "frame"
    length: float = 1.0
    regions: str = "soft"
    field: int = -1


def current_step(key: str) -> int:
    """Return the playhead of the stage ``key`` as far as Python has heard."""
    step = (message(key) or {}).get("step")
    if isinstance(step, int) and step >= 0:
        st.session_state[f"{key}_last"] = step
    return int(st.session_state.get(f"{key}_last", 0))


def first_step(key: str, step: int) -> int:
    """Return the step at which the browser mounts the stage ``key``: ``step``, or where it was left before.

    A page that was left and opened again starts where it was; later reruns must not change the data.
    """
    last = st.session_state.setdefault(f"{key}_last", step)
    if not isinstance(st.session_state.get(key), Mapping):
        st.session_state[f"{key}_start"] = last
    return int(st.session_state[f"{key}_start"])


@dataclass(frozen=True)
class Hand:
    """Weights that the learner set on the stage: from ``step`` on, ``rows`` is W with b as its last row."""

    step: int
    rows: tuple[tuple[float, ...], ...]


def hand_from_browser(value: Mapping[str, Any], features: int, classes: int) -> Hand:
    """Read what the browser sent after a handle was let go.

    Raises
    ------
    ValueError
        If it is no step and no matrix of ``features + 1`` rows of ``classes`` finite numbers up to a million.
    """
    with checked_message("weights"):
        step = int(value["step"])
        rows = tuple(tuple(float(w) for w in row) for row in value["rows"])
    if step < 0 or len(rows) != features + 1 or any(len(row) != classes for row in rows):
        raise ValueError(
            f"weights need {features + 1} rows of {classes} numbers, got {len(rows)} rows at {step}"
        )
    if not all(abs(w) <= LARGEST_WEIGHT for row in rows for w in row):
        raise ValueError(f"weights must be numbers up to {LARGEST_WEIGHT:g}, got {rows}")
    return Hand(step, rows)


def hand(key: str, features: int, classes: int) -> tuple[str, Hand] | None:
    """Return the last weights that the learner set on the stage ``key``, with an id that tells one time from the next."""
    sent = message(key, "hand")
    if sent is None:
        return None
    try:
        return str(sent.get("id"))[:40], hand_from_browser(sent, features, classes)
    except ValueError:
        return None  # a forged message


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
    goto: tuple[int, int, bool] = (0, 0, False),
) -> int:
    """Mount a stage and return the step at its playhead.

    Parameters
    ----------
    key
        The stage's key; its URL parameters are ``<key>_step``, ``_speed``, ``_vectors``, ``_regions``, ``_field``.
    revision
        Names the run: another text makes the browser take the new run, with the playhead where it was.
    run, points
        As `run_message` and `points_message` of ``packed.py`` return them; the caller keeps them for reruns.
    box
        What the canvas shows, from ``packed.view_box``.
    view
        Where this session starts; used when the stage is mounted and not again.
    names, axes, colors, labels
        Class names, the two feature names, CSS colours and texts in the reader's language; see ``ui/training/stage.py``.
    ghost
        Another packed run on the same points, drawn dashed, or None.
    objective
        From ``packed.objective_message``.
    feature_map
        From ``packed.map_message``: None for a model that sees x itself.
    features
        Names of the rows of W, for the table of weights; the axes if not given.
    focus
        Index of a point whose pull on every weight vector is drawn, or None.
    edits
        How far Python has got with the edits of the points; see ``ui/training/edits.py``.
    goto
        (number, step, whether it plays from there): a larger number sends the playhead to the step.
    """
    first: StageView = st.session_state.setdefault(f"{key}_view", view)
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
            "view": asdict(first) | {"step": first_step(key, view.step)},
            "standard": asdict(StageView()),
            "speeds": speeds(),
            "limits": {"weight": LARGEST_WEIGHT, "length": LONGEST_VECTORS},
            "focus": focus,
            "goto": goto,
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
