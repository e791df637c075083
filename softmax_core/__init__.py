"""The mathematics of Softmax Lab: NumPy and the standard library, nothing else.

What most readers need can be imported from the package itself::

    from softmax_core import DataSpec, GradientDescent, TrainConfig, make, train

    run = train(make(DataSpec("iris")), TrainConfig(GradientDescent(0.1), steps=200))
    run.loss[-1], run.accuracy[-1], run.W[-1]

Rooms, in the order in which they build on each other::

    validation          checks of arrays, labels, targets and single settings
    numbers_text        numbers as people write them, read from text
    functional          softmax, log_softmax, logsumexp, softmax_jacobian, sigmoid, naive_softmax
    losses              cross-entropy from logits with its gradient; squared, absolute and Huber error
    information         surprisal, entropy, cross-entropy, Kullback-Leibler divergence
    huffman             codes for the symbols of a distribution
    metrics             accuracy, confusion matrix, calibration
    geometry            regions, the triangle of three probabilities
    layers              a layer as one matrix product and as a loop
    seeds               random streams
    progress            Watch: how a long computation says how far it is, and is stopped
    datasets            data sets by name, train/test split
    images              sets of small pictures: digits, files, strokes as images
    features            what the linear layer sees of the inputs: monomials, bumps, waves
    objective           the loss on one data set as a function of the weights, with its gradient
    curvature           its Hessian, the largest eigenvalue, the largest stable learning rate
    network             the same for layers one after the other: backpropagation
    regression          the same as in textbooks, in X, W and b
    landscape           the loss on a plane of parameters
    optimizers          update rules
    schedules           the learning rate over a run
    training            TrainConfig -> train -> Trajectory; segments; one step taken apart; epochs of images
    optimum             the best possible weights, and whether there are any
    text                sentences as bags of words, sparse features, softmax regression on them
    estimator           SoftmaxRegression by scikit-learn's conventions
    export              a run as a script for NumPy, scikit-learn or PyTorch

The app needs most of it. For notebooks, and for tests that compare, there are also `SoftmaxRegression`, `optimum.minimise.find_optimum` and
`optimum_of`, `network.forward`, `regression.predict`, and the mean squared, absolute and Huber errors of `losses`.

Conventions: X (n, d), y (n,), W (d, K), b (K,), Z = X @ W + b (n, K), classes on the last axis, logits
and losses in nats, losses are means over samples, G = (P - Y) / n.
"""

from __future__ import annotations

from softmax_core.datasets import Dataset, DataSpec, make, split
from softmax_core.estimator import SoftmaxRegression
from softmax_core.functional import log_softmax, logsumexp, softmax, softmax_jacobian
from softmax_core.information import entropy, kl_divergence
from softmax_core.losses import (
    cross_entropy,
    cross_entropy_gradient,
    soft_cross_entropy,
    soft_cross_entropy_gradient,
)
from softmax_core.metrics import accuracy, confusion_matrix
from softmax_core.optimizers import Adam, GradientDescent
from softmax_core.training import TrainConfig, Trajectory, train

__all__ = [
    "Adam",
    "DataSpec",
    "Dataset",
    "GradientDescent",
    "SoftmaxRegression",
    "TrainConfig",
    "Trajectory",
    "accuracy",
    "confusion_matrix",
    "cross_entropy",
    "cross_entropy_gradient",
    "entropy",
    "kl_divergence",
    "log_softmax",
    "logsumexp",
    "make",
    "soft_cross_entropy",
    "soft_cross_entropy_gradient",
    "softmax",
    "softmax_jacobian",
    "split",
    "train",
]
