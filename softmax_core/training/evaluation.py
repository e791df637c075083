"""Loss and accuracy of many models at once: every step of a run on one data set."""

from __future__ import annotations

import numpy as np

from softmax_core.datasets.dataset import Dataset
from softmax_core.training.config import TrainConfig
from softmax_core.training.problem import fit_features, objective
from softmax_core.training.trajectory import Trajectory
from softmax_core.validation import Float64Array


def evaluate(trajectory: Trajectory, data: Dataset) -> tuple[Float64Array, Float64Array]:
    """Compute loss and accuracy of every step of a run on any data set, a test set for instance.

    Parameters
    ----------
    trajectory : Trajectory
        S + 1 models.
    data : Dataset
        At least one sample, with the features and classes of the training data.

    Returns
    -------
    loss : ndarray of float64, shape (S + 1,)
        Mean cross-entropy in nats with everything that the run adds to it (penalties, smoothing, class
        weights), so that the curve can be compared with ``trajectory.loss``; on the training data it
        is the same curve.
    accuracy : ndarray of float64, shape (S + 1,)
        Share of samples whose largest logit is that of the true class, the first one on a tie.

    Raises
    ------
    ValueError
        If there is no sample, all samples have class weight 0, or the numbers of inputs or classes
        differ.

    Examples
    --------
    >>> from softmax_core.datasets import DataSpec, make, split
    >>> from softmax_core.training.loop import TrainConfig, train
    >>> part, held_out = split(make(DataSpec("iris")), 0.2)
    >>> loss, accuracy = evaluate(train(part, TrainConfig(steps=50)), held_out)
    >>> loss.shape, round(float(loss[0]), 4)        # before training: log 3
    ((51,), 1.0986)
    """
    K, fitted = trajectory.W.shape[2], trajectory.features
    if data.y.size == 0:
        raise ValueError("a mean needs at least one sample, received 0 samples")
    if fitted is None:
        fitted = fit_features(data, TrainConfig())
    d = len(fitted.input_names)
    if (data.X.shape[1], data.n_classes) != (d, K):
        raise ValueError(
            f"the run has {d} features and {K} classes, received data with "
            f"{data.X.shape[1]} features and {data.n_classes} classes"
        )
    with np.errstate(all="ignore"):
        on_data = objective(data, trajectory.config, fitted, trajectory.class_weights)
        return on_data.losses_and_accuracies(trajectory.thetas)
