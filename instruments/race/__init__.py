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


def race_stage(*, key: str, lanes: Sequence[Lane], view: StageView, **data: Any) -> int:
    """Mount the race ``key`` and return the step at its playhead.

    ``lanes`` holds two to four runs. The others are as the browser takes them from `instruments.training_stage.StageData`
    (``revision``, ``points``, ``box``, ``feature_map``, ``names``, ``colors``, ``labels``), and ``laneColors``: the colours of the
    curves of the lanes on ``"light"`` and on ``"dark"`` paper. The URL parameters are ``<key>_step`` and ``<key>_speed``.

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
            "lanes": [vars(lane) for lane in lanes],
            "view": {"step": max(0, first_step(key, view.step)), "speed": view.speed},
            "standard": asdict(StageView()),
            "speeds": speeds(),
            "prefix": key,
        }
        | data,
        on_state_change=lambda: None,
    )
    return current_step(key)
