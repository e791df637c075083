"""The race: up to four runs on the same points side by side, played in the browser under one playhead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from instruments.shared.bundle import component
from instruments.training_stage import StageView, current_step, first_step, speeds

MOST_LANES = 4


@dataclass(frozen=True)
class Lane:
    """One runner: a title and a run as `instruments.training_stage.packed.run_message` returns it."""

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
    lane_colors: Mapping[str, Sequence[str]],
    labels: Mapping[str, Any],
    feature_map: Mapping[str, Any] | None = None,
) -> int:
    """Mount the race ``key`` and return the step at its playhead.

    Parameters are those of :func:`instruments.training_stage.training_stage`; ``lanes`` holds two to four runs, and
    ``lane_colors`` the colours of their curves on ``"light"`` and on ``"dark"`` paper.
    The URL parameters are ``<key>_step`` and ``<key>_speed``.

    Raises
    ------
    ValueError
        If there are no lanes or more than four.
    """
    if not 1 <= len(lanes) <= MOST_LANES:
        raise ValueError(f"a race has 1 to {MOST_LANES} lanes, got {len(lanes)}")
    component("race")(
        key=key,
        data={
            "revision": revision,
            "lanes": [{"title": lane.title, "run": dict(lane.run)} for lane in lanes],
            "points": dict(points),
            "box": list(box),
            "map": None if feature_map is None else dict(feature_map),
            "view": {"step": max(0, first_step(key, view.step)), "speed": view.speed},
            "standard": asdict(StageView()),
            "speeds": speeds(),
            "prefix": key,
            "names": list(names),
            "colors": list(colors),
            "laneColors": {theme: list(series) for theme, series in lane_colors.items()},
            "labels": dict(labels),
        },
        on_state_change=lambda: None,
    )
    return current_step(key)
