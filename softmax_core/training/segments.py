"""A run in segments: other settings, or weights set by hand, from a chosen step on.

The first segment begins at step 0 with the weights of its config, so step 0 always shows the same start,
whatever was changed later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from softmax_core.datasets.dataset import Dataset
from softmax_core.progress import Watch, unwatched
from softmax_core.training.config import Segment, TrainConfig, fit_features, loss_of
from softmax_core.training.loop import Before, Start, Update, checked_start, train, train_from
from softmax_core.training.trajectory import PATHS, Divergence, LayerPath, Memory, Stopped, Trajectory
from softmax_core.validation import Float64Array


def train_segments(
    data: Dataset,
    segments: Sequence[Segment[TrainConfig]],
    *,
    validation: Dataset | None = None,
    watch: Watch = unwatched,
) -> Trajectory:
    """Train segment by segment and return the whole as one trajectory.

    The optimiser's memory, the schedule, the batches and early stopping go on from segment to segment as in
    `branch`; after weights set by hand the memory is empty, and early stopping begins anew.

    Parameters
    ----------
    data : Dataset
    segments : sequence of Segment
        In order; the first at step 0. A segment that would begin after the run has ended (because a segment
        before it diverged, or the run was made shorter) begins at the last step of the run.
    validation, watch
        As for `train`, with steps counted from the first segment; where `watch` returns False the
        segments that follow are left out.

    Returns
    -------
    Trajectory
        Entries 0 .. at - 1 are those of the segments before, entry `at` is the start of the next segment with
        its gradient there. ``config`` is that of the last segment.

    Raises
    ------
    ValueError
        If there is no segment, the first does not begin at 0, they are out of order, they differ in their
        features or layers, or one of a network has weights set by hand.

    Examples
    --------
    Changing nothing at step 40 changes nothing:

    >>> from softmax_core.datasets import DataSpec, make
    >>> data, config = make(DataSpec("three_points")), TrainConfig(steps=100)
    >>> whole = train(data, config)
    >>> two = train_segments(data, [Segment(0, config), Segment(40, config)])
    >>> bool((two.loss == whole.loss).all())
    True
    """
    starts = [segment.at for segment in segments]
    if not segments or starts[0] != 0 or starts != sorted(starts):
        raise ValueError(f"segments must begin at step 0 and be in order, received steps {starts}")
    total = segments[-1].config.steps
    ends = [*starts[1:], total]  # no segment goes beyond the beginning of the next

    def options(at: int) -> dict[str, Any]:
        return {"validation": validation, "watch": lambda done, _steps: watch(at + done, total)}

    whole = train(data, _part(segments[0].config, 0, ends[0]), _by_hand(segments[0]), **options(0))
    for segment, end in zip(segments[1:], ends[1:], strict=True):
        if whole.stopped is not None and whole.stopped.code == "asked":
            break
        at = min(segment.at, whole.steps)
        config = _part(segment.config, at, end)
        whole = _concatenated(
            whole, branch(whole, data, at, config, weights=_by_hand(segment), **options(at)), at
        )
    return replace(whole, config=segments[-1].config)


def _part(config: TrainConfig, at: int, end: int) -> TrainConfig:
    return replace(config, steps=max(0, min(end, config.steps) - at))


def _by_hand(segment: Segment[TrainConfig]) -> tuple[Float64Array, Float64Array] | None:
    if segment.weights is None:
        return None
    if segment.config.is_network:
        raise ValueError("the weights of a network cannot be set by hand in a segment")
    theta = np.array(segment.weights, dtype=np.float64)
    return theta[:-1], theta[-1]


def _concatenated(before: Trajectory, after: Trajectory, at: int) -> Trajectory:
    """Entries 0 .. at - 1 of one run, then all of the other."""
    lost, ended = after.divergence, after.stopped

    def stacks(one: Any, other: Any, names: tuple[str, ...]) -> dict[str, Any]:
        return {name: np.concatenate([getattr(one, name)[:at], getattr(other, name)]) for name in names}

    joined = stacks(before, after, (*PATHS, *after.curves))
    layers = zip(before.hidden, after.hidden, strict=True)
    joined["hidden"] = tuple(LayerPath(**stacks(one, other, PATHS)) for one, other in layers)
    if ended is not None:
        best = None if ended.best is None else ended.best + at
        ended = Stopped(ended.code, ended.step + at, best)
    kept = sum(segment.at < at for segment in before.segments)
    return replace(
        after,
        divergence=None if lost is None else Divergence(lost.step + at, lost.reason),
        stopped=ended,
        segments=(
            *before.segments[:kept],
            *(replace(segment, at=at + segment.at) for segment in after.segments),
        ),
        steps_before=before.steps_before,
        memories=(*before.memories[:kept], *after.memories),
        **joined,
    )


def branch(
    trajectory: Trajectory,
    data: Dataset,
    step: int,
    config: TrainConfig | None = None,
    *,
    weights: Start | None = None,
    validation: Dataset | None = None,
    watch: Watch = unwatched,
) -> Trajectory:
    """Train on from a step of a run.

    Schedule, batches and early stopping continue from there. So does the optimiser's memory, as long as the
    optimiser stays of its kind; another kind begins with an empty one.

    Parameters
    ----------
    trajectory : Trajectory
    data : Dataset
        The data that it was trained on.
    step : int
        Index in `trajectory` that becomes index 0 of the branch.
    config : TrainConfig, optional
        Other settings, `steps` counted from the branch; without it, those of the run.
    weights : tuple of array_like (W, b), or such of every layer, optional
        Weights put in place by hand; the optimiser's memory is then empty, and early stopping begins anew,
        because they belong to another path.
    validation, watch
        As for `train`.

    Returns
    -------
    Trajectory

    Raises
    ------
    ValueError
        If there is no such step, the weights do not fit, or the feature map or the layers differ: weights
        belong to their features.

    Examples
    --------
    >>> from softmax_core.datasets import DataSpec, make
    >>> data = make(DataSpec("three_points"))
    >>> whole = train(data, TrainConfig(steps=50))
    >>> tail = branch(whole, data, 20, TrainConfig(steps=30))
    >>> bool((tail.W == whole.W[20:]).all())
    True
    """
    config = trajectory.config if config is None else config
    if config.model != trajectory.config.model:
        raise ValueError(
            f"a branch must have the features and layers {trajectory.config.model}, received {config.model}"
        )
    layers = trajectory.layers_at(step)
    here: Start = layers if config.is_network else layers[0]
    size, n_classes = len(layers[0][0]), len(layers[-1][1])
    theta = checked_start(size, n_classes, here if weights is None else weights, config)
    same_kind = type(config.optimizer) is type(trajectory.config_at(step).optimizer)
    before = Before(
        steps=trajectory.steps_before + step,
        memory=memory_at(trajectory, data, step) if same_kind and weights is None else None,
        thetas=trajectory.thetas[:step] if config.stop is not None and weights is None else None,
    )
    fitted = trajectory.features or fit_features(data, config)
    return train_from(theta, data, config, fitted, before, validation=validation, watch=watch)


def memory_at(trajectory: Trajectory, data: Dataset, step: int) -> Memory:
    """Return the optimiser's memory at a step, computed again from the gradients recorded since its segment began."""
    i = trajectory.segment_at(step)
    segment, memory = trajectory.segments[i], trajectory.memories[i]
    if not memory.slots:
        return memory
    update = Update(segment.config, loss_of(data, segment.config, trajectory.features), memory.starts_at)
    thetas, grads, slots = trajectory.thetas, trajectory.grads, memory.slots
    for t in range(segment.at, step):
        _, slots = update(thetas[t], grads[t], slots, trajectory.steps_before + t + 1)
    return replace(memory, slots=slots)
