"""Training as a value: a frozen config goes in, the whole run comes out.

``train`` is pure: no globals, no printing, no exception when numbers overflow. Play, step back and
scrub move an index into the `Trajectory`; another run starts from ``trajectory.at(step)`` or, with the
optimiser's memory, by `softmax_core.training.branch`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from softmax_core.datasets.dataset import Dataset
from softmax_core.features import FittedMap
from softmax_core.network import Layers, flattened, start_scale
from softmax_core.objective import ClassifierLoss, Gradient, MiniBatches, soft_threshold
from softmax_core.optimizers import Slots, Stepped
from softmax_core.progress import Watch, unwatched
from softmax_core.schedules import Constant
from softmax_core.seeds import streams
from softmax_core.training.config import Segment, TrainConfig, class_weights, fit_features, loss_of
from softmax_core.training.trajectory import CURVES, PATHS, Divergence, LayerPath, Memory, Stopped, Trajectory
from softmax_core.validation import Float64Array

Start = tuple[npt.ArrayLike, npt.ArrayLike] | Layers

BLOCK_WORK = 5_000_000  # values that a block of steps computes: about a tenth of a second
LONGEST_BLOCK = 512
SLOW_BLOCK = 32  # of an optimiser that solves a system in every step


def train(
    data: Dataset,
    config: TrainConfig,
    start: Start | None = None,
    *,
    validation: Dataset | None = None,
    watch: Watch = unwatched,
) -> Trajectory:
    """Train softmax regression, or a network, and record every step.

    Per step ``G = shares * (softmax(X @ W + b) - Y)`` over all samples or the next batch,
    ``grad_W = X.T @ G + l2 * W``, ``grad_b = sum of the rows of G``, then the optimiser's update, then
    the proximal step of L1. X holds the features of the config. With a hidden layer the gradient is that
    of `softmax_core.network`, and all else is the same.

    Parameters
    ----------
    data : Dataset
        At least one sample.
    config : TrainConfig
    start : tuple of array_like (W, b), optional
        Where to start instead of ``config.start``: finite, shapes (m, K) and (K,) for m features. A
        network takes the (W, b) of every layer.
    validation : Dataset, optional
        The data whose loss early stopping observes; needed for ``Stop(patience=...)``. Loss and accuracy on
        it are recorded too.
    watch : callable, optional
        Called as ``watch(done, steps)`` after every block of steps, for a progress bar; where it returns
        False the run ends with the steps that are done, and little is left to be done.

    Returns
    -------
    Trajectory
        Index 0 is before the first update, index t after t updates. The same data, config and start
        give the same bits, and a run of 40 steps is the beginning of a run of 100. If numbers stop
        being finite the trajectory ends before them and ``divergence`` holds where and what; else
        ``stopped`` holds why it ended.

    Raises
    ------
    ValueError
        If there is no sample, `start` or the class weights do not fit or are not finite, or early
        stopping has no validation data.

    Examples
    --------
    A rate far beyond the stable one does not overflow, because the gradient of cross-entropy is
    bounded: the run oscillates, which is its `outcome`.

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
    theta = None if start is None else checked_start(fitted.size, data.n_classes, start, config)
    return train_from(theta, data, config, fitted, validation=validation, watch=watch)


@dataclass(frozen=True, eq=False)
class Before:
    """What a run that goes on has behind it.

    Parameters
    ----------
    steps : int
        Updates, as the schedule and the batches count them.
    memory : Memory, optional
        The optimiser's; without it, it is empty.
    thetas : ndarray, optional
        The parameters that early stopping has seen.
    """

    steps: int = 0
    memory: Memory | None = None
    thetas: Float64Array | None = None


def train_from(
    theta: Float64Array | None,
    data: Dataset,
    config: TrainConfig,
    fitted: FittedMap,
    before: Before | None = None,
    *,
    validation: Dataset | None = None,
    watch: Watch = unwatched,
) -> Trajectory:
    """Train on from parameters (m + 1, K) or (P,) and what the run has behind it.

    Without parameters they are those of the config's start.
    Steps are computed in blocks, with the losses that belong to them. After each block the stopping rules are
    checked and `watch` is called.
    Weights that are not finite stay so, therefore such a run ends with its block.
    """
    before = before or Before()
    weights = class_weights(data, config)
    in_numbers = config if weights is None else replace(config, class_weights=weights)
    judges, S = _judges(data, validation, in_numbers, fitted), config.steps
    objective = judges[0]
    curves = np.empty((len(judges), 2, S + 1))  # loss and accuracy on each set
    block = _block(config, (objective, *judges))  # gradients and losses
    theta = start_weights(objective, config) if theta is None else theta
    thetas = np.empty((S + 1, *theta.shape))
    grads = np.empty_like(thetas)
    with np.errstate(all="ignore"):  # overflow is a result of training, recorded as divergence
        stopping = _Stopping(objective, config, _validation(config, fitted, validation))
        asked = before.thetas is not None and not stopping.look_back(
            before.thetas, block, lambda: watch(0, S)
        )
        if asked:
            block = 1  # step 0 is all that comes
        gradient = _gradient(objective, config, before.steps)
        update = Update(config, objective, before.steps if before.memory is None else before.memory.starts_at)
        memory = before.memory or Memory(update.optimizer.init(theta), before.steps)
        slots = memory.slots
        for first in range(0, S + 1, block):
            last = min(first + block, S + 1)
            for t in range(first, last):
                thetas[t] = theta
                grads[t] = grad = gradient(theta)
                if t < S:
                    theta, slots = update(theta, grad, slots, before.steps + t + 1)
            for judge, curve in zip(judges, curves, strict=True):
                curve[:, first:last] = judge.losses_and_accuracies(thetas[first:last])
            stopped = stopping.check(first, thetas[first:last], grads[first:last])
            asked = asked or not watch(last - 1, S)
            if stopped is None and asked and last <= S:
                stopped = Stopped("asked", last - 1, stopping.best)
            if stopped is not None or not np.isfinite(grads[last - 1]).all():
                break
        end = stopped.step + 1 if stopped is not None else last
    thetas, grads = thetas[:end], grads[:end]
    divergence = first_divergence(thetas, grads, curves[0, 0, :end])
    if divergence is not None:
        stopped, end = None, max(1, divergence.step)  # index 0 stays, whatever it is
    elif stopped is None:
        stopped = Stopped("step_limit", S, stopping.best)
    pairs = zip(objective.layers(thetas[:end]), objective.layers(grads[:end]), strict=True)
    parts = [(at[:, :-1], at[:, -1], slope[:, :-1], slope[:, -1]) for at, slope in pairs]
    return Trajectory(
        config=config,
        **dict(zip(PATHS, parts[-1], strict=True)),
        **dict(zip(CURVES, curves[:, :, :end].reshape(-1, end), strict=False)),
        divergence=divergence,
        stopped=stopped,
        features=fitted,
        segments=(Segment(0, in_numbers),),
        steps_before=before.steps,
        memories=(memory,),
        hidden=tuple(LayerPath(*part) for part in parts[:-1]),
    )


def _judges(
    data: Dataset, validation: Dataset | None, config: TrainConfig, fitted: FittedMap
) -> list[ClassifierLoss]:
    """Return the losses that are recorded: on the data, and on the validation data where there are some."""
    if validation is None or not validation.y.size:
        return [loss_of(data, config, fitted)]
    _check_fit(validation, data)
    return [loss_of(part, config, fitted) for part in (data, validation)]


def _block(config: TrainConfig, losses: Sequence[ClassifierLoss]) -> int:
    """Return how many steps are computed between two looks at the watch, where each evaluates these losses."""
    longest = SLOW_BLOCK if config.optimizer.whole_set else LONGEST_BLOCK
    values = sum(loss.Y.size + loss.n * config.hidden for loss in losses)
    return max(1, min(longest, BLOCK_WORK // values))


class Update:
    """One update of a config: the optimiser at the rate of the schedule, then the proximal step of L1.

    ``W <- sign(W) * max(abs(W) - l1 * proximal_scale, 0)`` after the optimiser's step; b is left alone.
    `optimizer` is the bound optimiser, at the rate of the last step.
    """

    def __init__(self, config: TrainConfig, objective: ClassifierLoss, memory_starts_at: int = 0) -> None:
        self._l1, self._memory_starts_at = config.l1, memory_starts_at
        self._weights = objective.penalised
        self._schedule = None if isinstance(config.schedule, Constant) else config.schedule
        self.optimizer = config.optimizer.bind(objective)
        if self._schedule is not None:
            # A private copy whose rate is written anew at every step: settings never change for others,
            # and a schedule may end at a rate of 0, which an optimiser refuses as a setting.
            self.optimizer = copy.copy(self.optimizer)
            self._rate: float = self.optimizer.learning_rate  # type: ignore[attr-defined]

    def __call__(self, theta: Float64Array, grad: Float64Array, slots: Slots, t: int) -> Stepped:
        """Return parameters and memory after update number `t`, counted from 1."""
        if self._schedule is not None:
            object.__setattr__(self.optimizer, "learning_rate", self._rate * self._schedule.factor(t))
        theta, slots = self.optimizer.step(theta, grad, slots, t - self._memory_starts_at)
        if self._l1:
            scale = self.optimizer.proximal_scale(slots, t - self._memory_starts_at)
            threshold = self._l1 * (scale[self._weights] if isinstance(scale, np.ndarray) else scale)  # type: ignore[operator]
            theta[self._weights] = soft_threshold(theta[self._weights], threshold)
        return theta, slots


def _gradient(objective: ClassifierLoss, config: TrainConfig, steps_before: int) -> Gradient:
    """Return the gradient function of a run; a batch of all samples is the full batch."""
    size = config.minibatch(objective.n)
    if size is None:
        return objective.full_batch()
    return MiniBatches(objective, size, streams(config.seed).batches, steps_before)


class _Stopping:
    """Applies the `Stop` of a config, block by block; where it stops does not depend on the blocks."""

    def __init__(
        self, objective: ClassifierLoss, config: TrainConfig, validation: ClassifierLoss | None
    ) -> None:
        self._objective, self._stop, self._validation = objective, config.stop, validation
        self._full = objective.full_batch() if config.minibatch(objective.n) else None
        self._least = np.inf
        self.best: int | None = None  # the step with the least validation loss so far

    def look_back(self, thetas: Float64Array, block: int, go_on: Callable[[], bool]) -> bool:
        """Take in the parameters of the steps before a branch, ..., -2, -1, a block at a time; whether that may go on to its end."""
        if self._validation is None:
            return True
        for first in range(0, len(thetas), block):
            losses = self._validation.losses(thetas[first : first + block])
            for step, loss in enumerate(losses, first - len(thetas)):
                self._record(step, float(loss))
            if not go_on():
                return False
        return True

    def check(self, first: int, thetas: Float64Array, grads: Float64Array) -> Stopped | None:
        """Return why and where the run ends if a rule fires at one of the steps first, first + 1, ..."""
        if self._stop is None:
            return None
        losses = None if self._validation is None else self._validation.losses(thetas)
        limit, norms = self._stop.gradient_norm, None
        if limit is not None:
            full = grads if self._full is None else np.array([self._full(theta) for theta in thetas])
            slopes = np.square(self._objective.min_norm_subgradient(thetas, full))
            norms = np.sqrt(slopes.sum(axis=tuple(range(1, slopes.ndim))))
        for i, step in enumerate(range(first, first + len(thetas))):
            if losses is not None and self._has_waited(step, float(losses[i])):
                return Stopped("validation_loss", step, self.best)
            if limit is not None and norms is not None and norms[i] <= limit:
                return Stopped("gradient_norm", step, self.best)
        return None

    def _has_waited(self, step: int, loss: float) -> bool:
        """Record a validation loss; return whether the last gain is `patience` steps ago."""
        assert self._stop is not None
        assert self._stop.patience is not None
        self._record(step, loss)
        return step - (self.best or 0) >= self._stop.patience

    def _record(self, step: int, loss: float) -> None:
        assert self._stop is not None
        if loss < self._least - (self._stop.min_gain if self.best is not None else 0.0):
            self._least, self.best = loss, step


def _check_fit(validation: Dataset, data: Dataset) -> None:
    if (validation.X.shape[1], validation.n_classes) != (data.X.shape[1], data.n_classes):
        raise ValueError(
            f"validation data must have {data.X.shape[1]} inputs and {data.n_classes} classes, "
            f"received {validation.X.shape[1]} and {validation.n_classes}"
        )


def _validation(config: TrainConfig, fitted: FittedMap, validation: Dataset | None) -> ClassifierLoss | None:
    """Return the plain cross-entropy on the validation data, where early stopping needs it."""
    if config.stop is None or config.stop.patience is None:
        return None
    if validation is None or validation.y.size == 0:
        raise ValueError(f"{config.stop!r} needs validation data, received no samples")
    plain = replace(config, l2=0.0, l1=0.0, label_smoothing=0.0, class_weights=None)
    return loss_of(validation, plain, fitted)


def start_weights(objective: ClassifierLoss, config: TrainConfig) -> Float64Array:
    """Return theta before the first update: W with b as its last row, shape (m + 1, K), or (P,) of a network."""
    theta = np.zeros(objective.shape)
    if config.start != "zeros":
        rng = streams(config.seed).start
        for layer in objective.layers(theta):
            W = layer[:-1]
            scale = config.start_scale if config.start == "random" else start_scale(config.start, *W.shape)
            W[:] = scale * rng.standard_normal(W.shape)
    return theta


def checked_start(size: int, n_classes: int, start: Start, config: TrainConfig) -> Float64Array:
    """Stack (W, b) into (m + 1, K), or those of all layers into one vector, after checking shapes and finiteness."""
    wanted = (size, *([config.hidden] if config.hidden else []), n_classes)
    theta, sizes = flattened(start if config.is_network else [start])  # type: ignore[arg-type, list-item]
    if sizes != wanted:
        raise ValueError(f"start must have layers of sizes {wanted}, received {sizes}")
    return theta if config.is_network else theta.reshape(-1, n_classes)


def first_divergence(thetas: Float64Array, grads: Float64Array, loss: Float64Array) -> Divergence | None:
    """Find the first step at which weights, loss or gradient are not finite.

    Where several fail at one step the cause is named before its consequence: weights, loss, gradient.
    """
    axes = tuple(range(1, thetas.ndim))
    weights_ok = np.asarray(np.isfinite(thetas).all(axis=axes))
    gradient_ok = np.asarray(np.isfinite(grads).all(axis=axes))
    loss_ok = np.isfinite(loss)
    broken = ~(weights_ok & gradient_ok & loss_ok)
    if not broken.any():
        return None
    step = int(broken.argmax())
    if not weights_ok[step]:
        return Divergence(step, "weights_not_finite")
    return Divergence(step, "gradient_not_finite" if loss_ok[step] else "loss_not_finite")
