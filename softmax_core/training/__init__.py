"""Training runs: a config and data go in, a trajectory comes out.

``train(data, config)`` returns a `Trajectory`, which holds every step. `train_segments` changes settings on the
way, `branch` continues from a step, `break_down` takes one step apart for one sample. `train_epochs` is for images: float32, epoch by epoch.
"""

from __future__ import annotations

from softmax_core.training.config import (
    MOST_BYTES,
    MOST_STEPS,
    Rows,
    Segment,
    Stop,
    TrainConfig,
    class_weights,
    fit_features,
    loss_of,
    most_steps,
    objective_of,
)
from softmax_core.training.epochs import (
    BatchStep,
    Epoch,
    EpochConfig,
    evaluate_images,
    first_epoch,
    minibatches,
    train_epochs,
)
from softmax_core.training.loop import train
from softmax_core.training.segments import branch, memory_at, train_segments
from softmax_core.training.step_breakdown import StepBreakdown, break_down
from softmax_core.training.trajectory import Divergence, Stopped, Trajectory

__all__ = [
    "MOST_BYTES",
    "MOST_STEPS",
    "BatchStep",
    "Divergence",
    "Epoch",
    "EpochConfig",
    "Rows",
    "Segment",
    "StepBreakdown",
    "Stop",
    "Stopped",
    "TrainConfig",
    "Trajectory",
    "branch",
    "break_down",
    "class_weights",
    "evaluate_images",
    "first_epoch",
    "fit_features",
    "loss_of",
    "memory_at",
    "minibatches",
    "most_steps",
    "objective_of",
    "train",
    "train_epochs",
    "train_segments",
]
