"""The loop of a run: gradient, update, shrinkage, and a look around now and then."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from softmax_core.objective import FullBatch, Gradient, MiniBatches, Objective
from softmax_core.optimizers import Optimizer, Slots
from softmax_core.optimum.proximal import shrink
from softmax_core.schedules import Constant
from softmax_core.seeds import streams
from softmax_core.training.config import TrainConfig
from softmax_core.training.stopping import Stopped, Watcher
from softmax_core.validation import Float64Array

Watch = Callable[[int, int], bool]
"""Told (updates done, updates asked for) now and then; False stops the run and keeps what is done."""

BLOCK_WORK = 5_000_000  # logits between two looks around: about a tenth of a second
LONGEST_BLOCK = 512
SLOW_BLOCK = 32  # of an optimiser that solves a system in every step


@dataclass(frozen=True)
class Moment:
    """Where a run begins.

    ``clock`` updates came before, as schedule and batches count them; ``born`` of them before the
    optimiser's memory began.
    """

    theta: Float64Array
    slots: Slots | None = None
    clock: int = 0
    born: int = 0


class Rule:
    """One update of a config: the optimiser at the rate of the schedule, then the proximal step of L1.

    ``W <- sign(W) * max(abs(W) - l1 * reach, 0)`` after the optimiser's step; b is left alone.
    """

    def __init__(self, config: TrainConfig, objective: Objective, born: int = 0) -> None:
        self._l1, self._born = config.l1, born
        self._schedule = None if isinstance(config.schedule, Constant) else config.schedule
        self._optimizer = config.optimizer.bind(objective)
        if self._schedule is not None:
            # A private copy whose rate is written anew at every step: settings never change for others,
            # and a schedule may end at a rate of 0, which nobody may ask for directly.
            self._optimizer = copy.copy(self._optimizer)
            self._rate: float = self._optimizer.learning_rate  # type: ignore[attr-defined]

    @property
    def optimizer(self) -> Optimizer:
        """The bound optimiser, at the rate of the last step."""
        return self._optimizer

    def step(
        self, theta: Float64Array, grad: Float64Array, slots: Slots, t: int
    ) -> tuple[Float64Array, Slots]:
        """Return parameters and memory after update number `t`, counted from 1."""
        if self._schedule is not None:
            object.__setattr__(self._optimizer, "learning_rate", self._rate * self._schedule.factor(t))
        theta, slots = self._optimizer.step(theta, grad, slots, t - self._born)
        if self._l1:
            reach = self._optimizer.reach(slots, t - self._born)
            threshold = self._l1 * (reach[:-1] if isinstance(reach, np.ndarray) else reach)  # type: ignore[operator]
            theta[:-1] = shrink(theta[:-1], threshold)
        return theta, slots


@dataclass(frozen=True)
class Descent:
    """What the loop leaves: stacks (steps + 1, m + 1, K), and why it ended (None: not finite)."""

    thetas: Float64Array
    grads: Float64Array
    slots: Slots
    stopped: Stopped | None


def descend(
    objective: Objective,
    config: TrainConfig,
    begin: Moment,
    validation: Objective | None = None,
    watch: Watch | None = None,
) -> Descent:
    """Run the updates of a config and keep parameters and gradient of every step."""
    gradient = _gradient(objective, config, begin.clock)
    rule = Rule(config, objective, begin.born)
    looker = _Looker(objective, config, validation, whole=isinstance(gradient, FullBatch))
    theta, S = begin.theta, config.steps
    slots = first_slots = rule.optimizer.init(theta) if begin.slots is None else begin.slots
    thetas = np.empty((S + 1, *theta.shape))
    grads = np.empty_like(thetas)
    longest = SLOW_BLOCK if config.optimizer.whole_set else LONGEST_BLOCK
    block = max(1, min(longest, BLOCK_WORK // objective.Y.size))
    for first in range(0, S + 1, block):
        last = min(first + block, S + 1)
        for t in range(first, last):
            thetas[t] = theta
            grads[t] = grad = gradient(theta)
            if t < S:
                theta, slots = rule.step(theta, grad, slots, begin.clock + t + 1)
        stopped = looker.look(first, thetas[first:last], grads[first:last])
        if stopped is None and last <= S and watch is not None and not watch(last - 1, S):
            stopped = Stopped("asked", last - 1, looker.best)
        if stopped is not None:
            kept = stopped.step + 1
            return Descent(thetas[:kept], grads[:kept], first_slots, stopped)
        if not np.isfinite(grads[last - 1]).all():  # what is not finite stays so
            return Descent(thetas[:last], grads[:last], first_slots, None)
    if watch is not None:
        watch(S, S)
    return Descent(thetas, grads, first_slots, Stopped("step_limit", S, looker.best))


def _gradient(objective: Objective, config: TrainConfig, clock: int) -> Gradient:
    """Return the gradient function of a run; a batch of all samples is the full batch."""
    if config.batch_size is None or config.batch_size >= objective.n:
        return FullBatch(objective)
    return MiniBatches(objective, config.batch_size, streams(config.seed).batches, clock)


class _Looker:
    """Feeds a `Watcher` with validation losses and gradient norms, a block of steps at a time."""

    def __init__(
        self, objective: Objective, config: TrainConfig, validation: Objective | None, *, whole: bool
    ) -> None:
        stop = config.stop
        self._objective, self._whole = objective, whole
        self._watcher = None if stop is None else Watcher(stop)
        self._validation = validation if stop is not None and stop.patience is not None else None
        self._norms = stop is not None and stop.gradient_norm is not None
        self._full = FullBatch(objective) if self._norms and not whole else None

    @property
    def best(self) -> int | None:
        """The step with the least validation loss so far."""
        return None if self._watcher is None else self._watcher.best

    def look(self, first: int, thetas: Float64Array, grads: Float64Array) -> Stopped | None:
        if self._watcher is None:
            return None
        losses = None if self._validation is None else self._validation.losses(thetas)
        norms = None
        if self._norms:
            full = grads if self._full is None else np.array([self._full(theta) for theta in thetas])
            norms = np.sqrt(np.square(self._objective.steepest(thetas, full)).sum(axis=(1, 2)))
        return self._watcher.look(first, losses, norms)
