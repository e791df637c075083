"""Training as a value: a frozen config goes in, the whole run comes out.

``train`` is pure: no globals, no printing, no exception when the run blows up. Play, step back and
scrub move an index into the `Trajectory`; a branch starts from ``trajectory.at(step)`` or, with the
optimiser's memory, by `softmax_core.training.branching.branch`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from softmax_core.datasets.dataset import Dataset
from softmax_core.features import FittedMap
from softmax_core.objective import Objective, with_ones
from softmax_core.seeds import streams
from softmax_core.training.config import STARTS, TrainConfig
from softmax_core.training.descent import Descent, Moment, Watch, descend
from softmax_core.training.problem import class_weights, fit_features, objective
from softmax_core.training.trajectory import Trajectory, first_divergence
from softmax_core.validation import Float64Array, as_matrix

__all__ = ["STARTS", "Start", "TrainConfig", "Watch", "checked_start", "run_from", "start_weights", "train"]

Start = tuple[npt.ArrayLike, npt.ArrayLike]


def train(
    data: Dataset,
    config: TrainConfig,
    start: Start | None = None,
    *,
    validation: Dataset | None = None,
    watch: Watch | None = None,
) -> Trajectory:
    """Train softmax regression and keep every step.

    Per step ``G = shares * (softmax(X @ W + b) - Y)`` over all samples or the next batch,
    ``grad_W = X.T @ G + l2 * W``, ``grad_b = sum of the rows of G``, then the optimiser's update, then
    the proximal step of L1. X holds the features of the config.

    Parameters
    ----------
    data : Dataset
        At least one sample.
    config : TrainConfig
    start : tuple of array_like (W, b), optional
        Where to start instead of ``config.start``: finite, shapes (m, K) and (K,) for m features.
    validation : Dataset, optional
        What early stopping looks at; needed for ``Stop(patience=...)``.
    watch : callable, optional
        Called as ``watch(done, steps)`` now and then, for a progress bar; where it returns False the
        run ends and keeps what is done.

    Returns
    -------
    Trajectory
        Index 0 is before the first update, index t after t updates. The same data, config and start
        give the same bits, and a run of 40 steps is the beginning of a run of 100. If numbers stop
        being finite the trajectory ends before them and ``divergence`` says where and what; else
        ``stopped`` says why it ended.

    Raises
    ------
    ValueError
        If there is no sample, `start` or the class weights do not fit or are not finite, or early
        stopping has no validation data to look at.

    Examples
    --------
    A rate far beyond the stable one does not overflow, because the gradient of cross-entropy is
    bounded: the run oscillates, and the trajectory says so.

    >>> from softmax_core.datasets import DataSpec, make
    >>> from softmax_core.optimizers import GradientDescent
    >>> data = make(DataSpec("three_points"))
    >>> run = train(data, TrainConfig(GradientDescent(0.1), steps=1000))
    >>> round(float(run.loss[-1]), 4), run.outcome, run.stopped.code
    (0.0845, 'fell', 'step_limit')
    >>> run = train(data, TrainConfig(GradientDescent(50.0), steps=30))
    >>> run.divergence, run.outcome
    (None, 'oscillated')
    """
    if data.y.size == 0:
        raise ValueError("training needs at least one sample, received 0 samples")
    fitted = fit_features(data, config)
    if start is None:
        theta = start_weights(data, config, fitted)
    else:
        theta = checked_start(fitted.size, data.n_classes, start)
    return run_from(data, config, Moment(theta), fitted, validation=validation, watch=watch)


def run_from(
    data: Dataset,
    config: TrainConfig,
    begin: Moment,
    fitted: FittedMap,
    *,
    validation: Dataset | None = None,
    watch: Watch | None = None,
) -> Trajectory:
    """Train on from a moment: `train` with the optimiser's memory and the clock of the schedule."""
    weights = class_weights(data, config)
    loss_to_descend = objective(data, config, fitted, weights)
    with np.errstate(all="ignore"):  # overflow is a result here, recorded as divergence
        held_back = _validation(config, fitted, data, validation)
        descent = descend(loss_to_descend, config, begin, held_back, watch)
        loss, accuracy = loss_to_descend.losses_and_accuracies(descent.thetas)
    return _trajectory(config, descent, loss, accuracy, begin, fitted, weights)


def start_weights(data: Dataset, config: TrainConfig, fitted: FittedMap | None = None) -> Float64Array:
    """Return W with b as its last row, shape (m + 1, K), before the first update.

    Examples
    --------
    >>> from softmax_core.datasets import DataSpec, make
    >>> start_weights(make(DataSpec("three_points")), TrainConfig()).shape
    (3, 3)
    """
    size = (fit_features(data, config) if fitted is None else fitted).size
    theta = np.zeros((size + 1, data.n_classes))
    if config.start == "random":
        theta[:-1] = config.start_scale * streams(config.seed).start.standard_normal(theta[:-1].shape)
    return theta


def checked_start(size: int, n_classes: int, start: Start) -> Float64Array:
    """Stack (W, b) into (m + 1, K) after checking shapes and finiteness."""
    W = as_matrix(start[0], "W", (size, n_classes))
    b = as_matrix(start[1], "b", (n_classes,))
    theta = np.vstack([W, b])
    if not np.isfinite(theta).all():
        raise ValueError(f"start must be finite, received {theta[~np.isfinite(theta)][0]}")
    return theta


def _validation(
    config: TrainConfig, fitted: FittedMap, data: Dataset, validation: Dataset | None
) -> Objective | None:
    """Return the plain cross-entropy on the validation data, where early stopping looks at it."""
    if config.stop is None or config.stop.patience is None:
        return None
    if validation is None or validation.y.size == 0:
        raise ValueError(f"{config.stop!r} needs validation data, received no samples")
    if (validation.X.shape[1], validation.n_classes) != (data.X.shape[1], data.n_classes):
        raise ValueError(
            f"validation data must have {data.X.shape[1]} inputs and {data.n_classes} classes, "
            f"received {validation.X.shape[1]} and {validation.n_classes}"
        )
    A = with_ones(fitted.transform(validation.X))
    return Objective(A, np.eye(validation.n_classes)[validation.y], validation.y)


def _trajectory(
    config: TrainConfig,
    descent: Descent,
    loss: Float64Array,
    accuracy: Float64Array,
    begin: Moment,
    fitted: FittedMap,
    weights: tuple[float, ...] | None,
) -> Trajectory:
    """Cut the stacks before the divergence, but keep index 0, and take W and b apart."""
    divergence = first_divergence(descent.thetas, descent.grads, loss)
    kept = slice(None) if divergence is None else slice(max(1, divergence.step))
    return Trajectory(
        config=config,
        W=descent.thetas[kept, :-1],
        b=descent.thetas[kept, -1],
        grad_W=descent.grads[kept, :-1],
        grad_b=descent.grads[kept, -1],
        loss=loss[kept],
        accuracy=accuracy[kept],
        divergence=divergence,
        stopped=descent.stopped if divergence is None else None,
        features=fitted,
        class_weights=weights,
        clock=begin.clock,
        born=begin.born,
        memory=descent.slots,
    )
