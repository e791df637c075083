"""One step of a run, taken apart for one sample: from its logits to the change of every weight."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from softmax_core.datasets.dataset import Dataset
from softmax_core.objective import batch_samples
from softmax_core.training.config import TrainConfig, fit_features, objective_of
from softmax_core.training.trajectory import Trajectory
from softmax_core.validation import Float64Array, IntArray, whole_number


@dataclass(frozen=True, eq=False)
class StepBreakdown:
    """What happens in one step, in the order in which it happens. Arrays are read-only.

    Parameters
    ----------
    step, sample : int
    inputs : ndarray, shape (d,)
        The sample as it is.
    features : ndarray, shape (m,)
        What the linear layer sees of it, x below.
    label : int
    W, b : ndarray, shapes (m, K) and (K,)
        Weights before the step.
    logits : ndarray, shape (K,)
        ``z = x @ W + b``
    probabilities : ndarray, shape (K,)
        ``p = softmax(z)``
    target : ndarray, shape (K,)
        y: one-hot, or smoothed.
    loss : float
        Cross-entropy of the sample in nats, ``-sum_k y_k log p_k``.
    residual : ndarray, shape (K,)
        ``p - y``, the gradient of its loss by its logits; sums to 0.
    sample_grad_W : ndarray, shape (m, K)
        Its contribution to the gradient of W, column k ``(p_k - y_k) x``; to that of b it is the residual.
    share : float
        The weight of the sample in the mean of this step: 1 / n, other with class weights, larger in a
        batch and 0 outside it.
    sum_W, sum_b : ndarray
        ``sum over samples of share * (p - y) x``, and of share * (p - y).
    penalty_W : ndarray, shape (m, K)
        ``l2 * W``
    grad_W, grad_b : ndarray
        ``sum + penalty``: the gradient that was used.
    learning_rate : float or None
        The rate of this step, after the schedule.
    change_W, change_b : ndarray or None
        What the optimiser (and the proximal step of L1) made of it: weights after - weights before. None
        at the last step of the run.
    batch : ndarray of int
        The samples whose mean was taken.
    """

    step: int
    sample: int
    inputs: Float64Array
    features: Float64Array
    label: int
    W: Float64Array
    b: Float64Array
    logits: Float64Array
    probabilities: Float64Array
    target: Float64Array
    loss: float
    residual: Float64Array
    sample_grad_W: Float64Array
    share: float
    sum_W: Float64Array
    sum_b: Float64Array
    penalty_W: Float64Array
    grad_W: Float64Array
    grad_b: Float64Array
    learning_rate: float | None
    change_W: Float64Array | None
    change_b: Float64Array | None
    batch: IntArray

    def __post_init__(self) -> None:
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False


def break_down(trajectory: Trajectory, data: Dataset, step: int, sample: int) -> StepBreakdown:
    """Take one step apart for one sample.

    Parameters
    ----------
    trajectory : Trajectory
    data : Dataset
        The data that it was trained on.
    step : int
        Index in the trajectory; the update leads from it to the next.
    sample : int
        0 .. n - 1.

    Raises
    ------
    ValueError
        If there is no such step or sample.

    Examples
    --------
    Three points, zero weights: every p is 1/3, so point 0 pulls its own class by -2/3 of itself.

    >>> from softmax_core.datasets import DataSpec, make
    >>> from softmax_core.training.loop import train
    >>> data = make(DataSpec("three_points"))
    >>> point = break_down(train(data, TrainConfig(steps=1)), data, 0, 0)
    >>> point.inputs, point.residual.round(4)
    (array([1., 2.]), array([-0.6667,  0.3333,  0.3333]))
    >>> point.sample_grad_W.round(4)
    array([[-0.6667,  0.3333,  0.3333],
           [-1.3333,  0.6667,  0.6667]])
    >>> point.change_W.round(4)                     # -0.1 times the mean of three such pulls
    array([[-0.0333,  0.    ,  0.0333],
           [ 0.    ,  0.0333, -0.0333]])
    """
    n = data.y.size
    sample = whole_number("sample", sample, 0, n - 1)
    W, b = trajectory.at(step)
    config = trajectory.config_at(step)
    fitted = trajectory.features or fit_features(data, config)
    objective = objective_of(data, config, fitted)
    with np.errstate(all="ignore"):
        residuals = objective.probabilities(trajectory.thetas[step]).T - objective.Y
        batch = _batch(n, config, trajectory.steps_before + step)
        shares = objective.batch_shares(batch)
        sums = objective.A.T @ (shares[:, np.newaxis] * residuals)
        has_next = step < trajectory.steps
        features = objective.A[sample, :-1].copy()
        return StepBreakdown(
            step=step,
            sample=sample,
            inputs=data.X[sample].copy(),
            features=features,
            label=int(data.y[sample]),
            W=W,
            b=b,
            logits=features @ W + b,
            probabilities=residuals[sample] + objective.Y[sample],
            target=objective.Y[sample].copy(),
            loss=float(objective.sample_losses(trajectory.thetas[step])[sample]),
            residual=residuals[sample].copy(),
            sample_grad_W=np.multiply.outer(features, residuals[sample]),
            share=float(shares[sample]),
            sum_W=sums[:-1].copy(),
            sum_b=sums[-1].copy(),
            penalty_W=config.l2 * W,
            grad_W=trajectory.grad_W[step],
            grad_b=trajectory.grad_b[step],
            learning_rate=_rate(config, trajectory.steps_before + step),
            change_W=trajectory.W[step + 1] - W if has_next else None,
            change_b=trajectory.b[step + 1] - b if has_next else None,
            batch=batch,
        )


def _batch(n: int, config: TrainConfig, steps_before: int) -> IntArray:
    """Return the samples in the mean of a step."""
    size = config.minibatch(n)
    if size is None:
        return np.arange(n)
    return batch_samples(n, size, config.seed, steps_before)


def _rate(config: TrainConfig, steps_before: int) -> float | None:
    rate = getattr(config.optimizer, "learning_rate", None)
    return None if rate is None else float(rate) * config.schedule.factor(steps_before + 1)
