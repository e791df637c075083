"""A run in legs: other settings, or weights set by hand, from a chosen step on.

The first leg begins at step 0 with the weights that its config says, so going back to step 0 always
shows the same start, whatever was changed later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from softmax_core.checks import whole_number
from softmax_core.datasets.dataset import Dataset
from softmax_core.training.branching import branch
from softmax_core.training.loop import TrainConfig, Watch, train
from softmax_core.training.stopping import Stopped
from softmax_core.training.trajectory import Divergence, Trajectory
from softmax_core.validation import Float64Array

Rows = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Leg:
    """What holds from step `at` on.

    Parameters
    ----------
    at : int
        Step of the whole run, at least 0.
    config : TrainConfig
        Settings of this leg; its `steps` is the length of the whole run.
    weights : tuple of d + 1 rows of K numbers, optional
        W with b as its last row, put in place at step `at`; without it the leg goes on from the
        weights that the legs before reached.

    Raises
    ------
    ValueError
        If `at` is no whole number of at least 0, or the rows are no matrix of finite numbers.
    """

    at: int
    config: TrainConfig
    weights: Rows | None = None

    def __post_init__(self) -> None:
        whole_number("at", self.at, 0)
        if self.weights is not None:
            theta = np.array(self.weights, dtype=np.float64)
            if theta.ndim != 2 or not np.isfinite(theta).all():
                raise ValueError(f"weights must be rows of finite numbers, received {self.weights!r}")


def train_legs(
    data: Dataset,
    legs: Sequence[Leg],
    *,
    validation: Dataset | None = None,
    watch: Watch | None = None,
) -> Trajectory:
    """Train leg by leg and return the whole as one trajectory.

    The optimiser's memory, the schedule and the batches go on from leg to leg as in
    `softmax_core.training.branching.branch`; weights set by hand empty the memory.

    Parameters
    ----------
    data : Dataset
    legs : sequence of Leg
        In order; the first at step 0. A leg that would begin after the run has ended (because a leg
        before it diverged, or the run was made shorter) begins at the last step there is.
    validation, watch
        As for `train`, with steps counted from the first leg; where `watch` says no the legs that follow
        are left out.

    Returns
    -------
    Trajectory
        Entries 0 .. at - 1 are those of the legs before, entry `at` is the start of the next leg with
        its gradient there. ``config`` is that of the last leg.

    Raises
    ------
    ValueError
        If there is no leg, the first does not begin at 0, they are out of order, or they differ in their
        features.

    Examples
    --------
    Changing nothing at step 40 changes nothing:

    >>> from softmax_core.datasets import DataSpec, make
    >>> data, config = make(DataSpec("three_points")), TrainConfig(steps=100)
    >>> whole = train(data, config)
    >>> two = train_legs(data, [Leg(0, config), Leg(40, config)])
    >>> bool((two.loss == whole.loss).all())
    True
    """
    starts = [leg.at for leg in legs]
    if not legs or starts[0] != 0 or starts != sorted(starts):
        raise ValueError(f"legs must begin at step 0 and be in order, received steps {starts}")
    total = legs[-1].config.steps
    ends = [*starts[1:], total]  # no leg goes beyond the beginning of the next

    def options(at: int) -> dict[str, Any]:
        told = None if watch is None else lambda done, _steps: watch(at + done, total)
        return {"validation": validation, "watch": told}

    part = whole = train(data, _part(legs[0].config, 0, ends[0]), _by_hand(legs[0]), **options(0))
    first = 0  # step of the whole run at which the last part begins
    for leg, end in zip(legs[1:], ends[1:], strict=True):
        if part.stopped is not None and part.stopped.code == "asked":
            break
        at = min(leg.at, whole.steps)
        config = _part(leg.config, at, end)
        part = branch(part, data, at - first, config, weights=_by_hand(leg), **options(at))
        whole, first = _joined(whole, part, at), at
    return replace(whole, config=legs[-1].config)


def _part(config: TrainConfig, at: int, end: int) -> TrainConfig:
    return replace(config, steps=max(0, min(end, config.steps) - at))


def _by_hand(leg: Leg) -> tuple[Float64Array, Float64Array] | None:
    if leg.weights is None:
        return None
    theta = np.array(leg.weights, dtype=np.float64)
    return theta[:-1], theta[-1]


def _joined(before: Trajectory, after: Trajectory, at: int) -> Trajectory:
    """Entries 0 .. at - 1 of one run, then all of the other."""
    lost, ended = after.divergence, after.stopped
    stacks = ("W", "b", "grad_W", "grad_b", "loss", "accuracy")
    joined: dict[str, Any] = {
        name: np.concatenate([getattr(before, name)[:at], getattr(after, name)]) for name in stacks
    }
    if ended is not None:
        best = None if ended.best is None else ended.best + at
        ended = Stopped(ended.code, ended.step + at, best)
    return replace(
        after,
        divergence=None if lost is None else Divergence(lost.step + at, lost.reason),
        stopped=ended,
        clock=before.clock,
        born=before.born,
        memory=before.memory,
        **joined,
    )
