"""Fitting epoch by epoch, for an estimator: only the last weights are kept."""

from __future__ import annotations

import numpy as np

from softmax_core.checks import whole_number
from softmax_core.objective import FullBatch, MiniBatches, Objective
from softmax_core.optimizers import Optimizer
from softmax_core.seeds import streams
from softmax_core.validation import Float64Array


def descend_by_epochs(
    problem: Objective, optimizer: Optimizer, batch_size: int | None, epochs: int, tol: float, seed: int
) -> tuple[Float64Array, list[float]]:
    """Minimise an objective by an optimiser from zero weights.

    Ends after so many epochs, or when one changes the loss by less than `tol`.

    Returns
    -------
    theta : ndarray, shape (m + 1, K)
    losses : list of float
        Before the first epoch and after each.

    Examples
    --------
    >>> from softmax_core.optimizers import GradientDescent
    >>> coins = Objective(np.ones((4, 1)), np.eye(2)[[0, 0, 0, 1]])
    >>> theta, losses = descend_by_epochs(coins, GradientDescent(1.0), None, 1000, 1e-12, 0)
    >>> round(float(theta[0, 0] - theta[0, 1]), 4), len(losses) < 100           # log 3
    (1.0986, True)
    """
    size = problem.n if batch_size is None else whole_number("batch_size", batch_size, 1)
    whole = size >= problem.n
    gradient = FullBatch(problem) if whole else MiniBatches(problem, size, streams(seed).batches)
    theta = np.zeros((problem.A.shape[1], problem.n_classes))
    rule, slots, t = optimizer.bind(problem), optimizer.init(theta), 0
    losses = [problem.loss(theta)]
    for _ in range(epochs):
        for _batch in range(-(-problem.n // size)):
            t += 1
            theta, slots = rule.step(theta, gradient(theta), slots, t)
        losses.append(problem.loss(theta))
        if abs(losses[-2] - losses[-1]) < tol:
            break
    return theta, losses
