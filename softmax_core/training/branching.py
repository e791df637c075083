"""Going on from the middle of a run, with the settings of before or with others."""

from __future__ import annotations

import numpy as np

from softmax_core.datasets.dataset import Dataset
from softmax_core.optimizers import Slots
from softmax_core.training.config import TrainConfig
from softmax_core.training.descent import Moment, Rule, Watch
from softmax_core.training.loop import Start, checked_start, run_from
from softmax_core.training.problem import fit_features, objective
from softmax_core.training.trajectory import Trajectory


def branch(
    trajectory: Trajectory,
    data: Dataset,
    step: int,
    config: TrainConfig | None = None,
    *,
    weights: Start | None = None,
    validation: Dataset | None = None,
    watch: Watch | None = None,
) -> Trajectory:
    """Train on from a step of a run.

    Schedule and batches go on where they were. So does the optimiser's memory, as long as the
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
    weights : tuple of array_like (W, b), optional
        Weights put in place by hand; the optimiser's memory is then empty, because it belongs to
        another path.
    validation, watch
        As for `train`.

    Returns
    -------
    Trajectory

    Raises
    ------
    ValueError
        If there is no such step, the weights do not fit, or the feature map differs: weights belong to
        their features.

    Examples
    --------
    >>> from softmax_core.datasets import DataSpec, make
    >>> from softmax_core.training.loop import train
    >>> data = make(DataSpec("three_points"))
    >>> whole = train(data, TrainConfig(steps=50))
    >>> tail = branch(whole, data, 20, TrainConfig(steps=30))
    >>> bool((tail.W == whole.W[20:]).all())
    True
    """
    config = trajectory.config if config is None else config
    if config.features != trajectory.config.features:
        raise ValueError(
            f"a branch keeps its features {trajectory.config.features!r}, received {config.features!r}"
        )
    W, b = trajectory.at(step)
    theta = checked_start(W.shape[0], W.shape[1], (W, b) if weights is None else weights)
    goes_on = weights is None and type(config.optimizer) is type(trajectory.config.optimizer)
    slots = slots_at(trajectory, data, step) if goes_on else None
    clock = trajectory.clock + step
    begin = Moment(theta, slots, clock, trajectory.born if goes_on else clock)
    fitted = trajectory.features or fit_features(data, config)
    return run_from(data, config, begin, fitted, validation=validation, watch=watch)


def slots_at(trajectory: Trajectory, data: Dataset, step: int) -> Slots:
    """Return the optimiser's memory at a step, by handing it the recorded gradients once more.

    Examples
    --------
    Plain gradient descent remembers nothing:

    >>> from softmax_core.datasets import DataSpec, make
    >>> from softmax_core.training.loop import train
    >>> data = make(DataSpec("three_points"))
    >>> slots_at(train(data, TrainConfig(steps=5)), data, 3)
    ()
    """
    slots: Slots = trajectory.memory
    if not slots:
        return slots
    loss = objective(data, trajectory.config, trajectory.features, trajectory.class_weights)
    rule = Rule(trajectory.config, loss, trajectory.born)
    thetas = trajectory.thetas
    grads = np.concatenate([trajectory.grad_W, trajectory.grad_b[:, np.newaxis, :]], axis=1)
    for t in range(step):
        _, slots = rule.step(thetas[t], grads[t], slots, trajectory.clock + t + 1)
    return slots
