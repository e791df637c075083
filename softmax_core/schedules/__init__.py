"""Schedules of the learning rate, and the table of their names."""

from __future__ import annotations

from softmax_core.schedules.base import Schedule
from softmax_core.schedules.kinds import Constant, CosineDecay, InverseTime, StepDecay

SCHEDULES: dict[str, type[Schedule]] = {
    "constant": Constant,
    "step": StepDecay,
    "cosine": CosineDecay,
    "inverse_time": InverseTime,
}

__all__ = ["SCHEDULES", "Constant", "CosineDecay", "InverseTime", "Schedule", "StepDecay"]
