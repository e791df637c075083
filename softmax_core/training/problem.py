"""From a data set and a config to the loss that is minimised: features, smoothing, class weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from softmax_core.datasets.dataset import Dataset
from softmax_core.features import FittedMap
from softmax_core.objective import Objective, shares_of, with_ones
from softmax_core.validation import Float64Array

if TYPE_CHECKING:
    from softmax_core.training.config import TrainConfig

ClassWeights = tuple[float, ...]


def fit_features(data: Dataset, config: TrainConfig) -> FittedMap:
    """Fit the feature map of a config to training data."""
    return config.features.fit(data.X, data.feature_names)


def class_weights(data: Dataset, config: TrainConfig) -> ClassWeights | None:
    """Return the weight of every class in numbers, or None where all count alike.

    ``"balanced"`` gives class k the weight ``n / (classes present * n_k)``, so that every class that
    occurs has the same say; the mean weight of a sample is then 1. (scikit-learn's rule.)

    Raises
    ------
    ValueError
        If there are not as many weights as classes, or all samples have weight 0.

    Examples
    --------
    >>> from softmax_core.training.loop import TrainConfig
    >>> data = Dataset([[0.0]] * 4, [0, 0, 0, 1], 2, ("x",), ("a", "b"), "made up")
    >>> [round(w, 4) for w in class_weights(data, TrainConfig(class_weights="balanced"))]
    [0.6667, 2.0]
    """
    given = config.class_weights
    if given is None:
        return None
    counts = np.bincount(data.y, minlength=data.n_classes)
    if isinstance(given, str):
        present = np.maximum(counts, 1)
        weights = np.where(counts > 0, data.y.size / (np.count_nonzero(counts) * present), 1.0)
        return tuple(weights.tolist())
    if len(given) != data.n_classes:
        raise ValueError(f"class_weights must have length {data.n_classes}, received {given!r}")
    if not np.dot(given, counts) > 0.0:
        raise ValueError(f"a sample must have a weight above 0, received class_weights {given!r}")
    return given


def shares(data: Dataset, weights: ClassWeights | None) -> Float64Array | None:
    """Return the share of every sample in the mean, ``w[y_i] / sum over samples of w``.

    Raises
    ------
    ValueError
        If all samples have weight 0.
    """
    if weights is None:
        return None
    return shares_of(np.array(weights)[data.y])


def objective(
    data: Dataset,
    config: TrainConfig,
    fitted: FittedMap | None = None,
    weights: ClassWeights | None = None,
) -> Objective:
    """Return the loss of a config on data.

    Parameters
    ----------
    data : Dataset
        At least one sample.
    config : TrainConfig
    fitted, weights
        The features and class weights of a run (``trajectory.features``,
        ``trajectory.class_weights``) where `data` is not its training data; both are taken from
        `data` if no features are given.

    Raises
    ------
    ValueError
        If there is no sample, or the class weights do not fit.

    Examples
    --------
    The loss of a whole run at once, and the gradient anywhere:

    >>> from softmax_core.datasets import DataSpec, make
    >>> from softmax_core.training.loop import TrainConfig
    >>> loss = objective(make(DataSpec("three_points")), TrainConfig(label_smoothing=0.1))
    >>> round(loss.loss(np.zeros((3, 3))), 4), loss.gradient(np.zeros((3, 3))).shape
    (1.0986, (3, 3))
    """
    if data.y.size == 0:
        raise ValueError("a mean needs at least one sample, received 0 samples")
    if fitted is None:
        fitted, weights = fit_features(data, config), class_weights(data, config)
    smoothing, K = config.label_smoothing, data.n_classes
    Y = np.eye(K)[data.y]
    if smoothing:
        Y = (1.0 - smoothing) * Y + smoothing / K
    A = with_ones(fitted.transform(data.X))
    return Objective(A, Y, data.y, smoothing, shares(data, weights), config.l2, config.l1)
