"""The record of a training run, and what can be computed from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

import numpy as np

from softmax_core.features import FittedMap
from softmax_core.optimizers import Slots
from softmax_core.training.config import ClassWeights, Segment, TrainConfig
from softmax_core.validation import Float64Array

Reason = Literal["weights_not_finite", "gradient_not_finite", "loss_not_finite"]
Outcome = Literal["diverged", "rose", "oscillated", "fell"]
StopCode = Literal["step_limit", "validation_loss", "gradient_norm", "asked"]

OSCILLATION_SHARE = 0.02  # a run that rises on more than this share of its steps oscillates
ROUNDING = 1e-12  # relative: a smaller rise of the loss is rounding


@dataclass(frozen=True)
class Divergence:
    """Where a run left the numbers that float64 can hold.

    Parameters
    ----------
    step : int
        The first step (index, 0 is the start) at which something was not finite.
    reason : str
        What it was: ``"weights_not_finite"``, ``"gradient_not_finite"`` or ``"loss_not_finite"``.
    """

    step: int
    reason: Reason


@dataclass(frozen=True)
class Stopped:
    """Why and where a run ended.

    Parameters
    ----------
    code : str
        ``"step_limit"``: all steps were done; ``"validation_loss"``, ``"gradient_norm"``: a rule of
        `Stop` fired; ``"asked"``: `watch` returned False.
    step : int
        The last step of the run.
    best : int, optional
        The step with the least validation loss, where early stopping observes it; below 0 where that was before a branch.
    """

    code: StopCode
    step: int
    best: int | None = None


@dataclass(frozen=True, eq=False)
class Memory:
    """What an optimiser remembers: its slots, and how many of all updates came before it remembered anything."""

    slots: Slots = ()
    starts_at: int = 0


PATHS = ("W", "b", "grad_W", "grad_b")
CURVES = ("loss", "accuracy", "validation_loss", "validation_accuracy")


@dataclass(frozen=True, eq=False)
class LayerPath:
    """One layer at every step, read-only: W, grad_W (S + 1, d, q) and b, grad_b (S + 1, q)."""

    W: Float64Array
    b: Float64Array
    grad_W: Float64Array
    grad_b: Float64Array

    def __post_init__(self) -> None:
        _protect(self, PATHS)


def _protect(owner: object, names: tuple[str, ...]) -> None:
    """Put read-only copies, which no other code can write to, in the place of arrays."""
    for name in names:
        array = np.array(getattr(owner, name), dtype=np.float64)
        array.flags.writeable = False
        object.__setattr__(owner, name, array)


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Every step of a run, as stacked read-only float64 arrays.

    Index 0 is before the first update, index t after t updates. A run that diverged has fewer than
    ``config.steps + 1`` entries: all of them are finite, except that index 0 always stays.

    Parameters
    ----------
    config : TrainConfig
        As it was passed in; of several segments the last.
    W, grad_W : ndarray, shape (S + 1, m, K)
        Weights of the m features, and the gradient that the step from there used: of all samples, or
        of its batch (for index S: of the batch that would come next). L1 is not in it, because the
        proximal step takes its place. With a hidden layer these are of the last layer, and m its units.
    b, grad_b : ndarray, shape (S + 1, K)
    loss : ndarray, shape (S + 1,)
        The loss that is descended, over all training data, for minibatches too: the (weighted) mean
        cross-entropy in nats against the (smoothed) targets + (l2 / 2) * sum(W ** 2)
        + l1 * sum(abs(W)).
    accuracy : ndarray, shape (S + 1,)
        The plain share of right predictions on the training data.
    divergence : Divergence or None
    stopped : Stopped or None
        Why the run ended; None if it diverged.
    features : FittedMap or None
        Turns inputs into the features that W belongs to; None stands for the inputs themselves.
    segments : tuple of Segment
        Which config applied from which step on, its class weights in numbers. By default `config` from step 0.
    steps_before : int
        Updates before index 0, as schedule and batches count them: above 0 for a branch.
    memories : tuple of Memory
        The optimiser's memory where each segment begins.
    hidden : tuple of LayerPath
        The layers before the last.
    validation_loss, validation_accuracy : ndarray, shape (S + 1,), or None
        The same on the validation data of the run, if it had some: with all that the run adds to its loss.
    """

    config: TrainConfig
    W: Float64Array
    b: Float64Array
    grad_W: Float64Array
    grad_b: Float64Array
    loss: Float64Array
    accuracy: Float64Array
    divergence: Divergence | None = None
    stopped: Stopped | None = None
    features: FittedMap | None = None
    segments: tuple[Segment[TrainConfig], ...] = ()
    steps_before: int = 0
    memories: tuple[Memory, ...] = (Memory(),)
    hidden: tuple[LayerPath, ...] = ()
    validation_loss: Float64Array | None = None
    validation_accuracy: Float64Array | None = None

    def __post_init__(self) -> None:
        _protect(self, (*PATHS, *self.curves))
        if not self.segments:
            object.__setattr__(self, "segments", (Segment(0, self.config),))

    @property
    def curves(self) -> tuple[str, ...]:
        """The names of the losses and accuracies that were recorded."""
        return CURVES if self.validation_loss is not None else CURVES[:2]

    @property
    def steps(self) -> int:
        """The last index: the number of updates in the record."""
        return len(self.loss) - 1

    @property
    def layers(self) -> tuple[LayerPath | Trajectory, ...]:
        """What has W, b and their gradients of every layer, the first one first: the last is this itself."""
        return (*self.hidden, self)

    def at(self, step: int) -> tuple[Float64Array, Float64Array]:
        """Return (W, b) of the last layer after `step` updates; without a hidden layer, the start of another run.

        Raises
        ------
        ValueError
            If there is no such step.
        """
        return self.layers_at(step)[-1]

    def layers_at(self, step: int) -> tuple[tuple[Float64Array, Float64Array], ...]:
        """Return (W, b) of every layer after `step` updates, ready to be the start of another run.

        Raises a ValueError if there is no such step.
        """
        if not 0 <= step <= self.steps:
            raise ValueError(f"step must lie in 0..{self.steps}, received {step}")
        return tuple((layer.W[step], layer.b[step]) for layer in self.layers)

    def config_at(self, step: int) -> TrainConfig:
        """Return the config that made the gradient and the update of a step, class weights in numbers."""
        return self.segments[self.segment_at(step)].config

    def segment_at(self, step: int) -> int:
        """Return the index of the segment that a step belongs to."""
        return sum(segment.at <= max(step, 0) for segment in self.segments) - 1

    @property
    def class_weights(self) -> ClassWeights | None:
        """The class weights of the last segment in numbers, or None where all classes count alike."""
        return cast("ClassWeights | None", self.segments[-1].config.class_weights)

    @property
    def thetas(self) -> Float64Array:
        """Every step's theta: W with b as its last row, shape (S + 1, m + 1, K), or (S + 1, P) of a network; a copy."""
        return self._stacked("W", "b")

    @property
    def grads(self) -> Float64Array:
        """Every step's gradient, shape of `thetas`; a copy."""
        return self._stacked("grad_W", "grad_b")

    def _stacked(self, weights: str, biases: str) -> Float64Array:
        rows = [
            np.concatenate([getattr(layer, weights), getattr(layer, biases)[:, np.newaxis, :]], axis=1)
            for layer in self.layers
        ]
        if not self.config.is_network:
            return rows[0]
        return np.concatenate([layer.reshape(len(layer), -1) for layer in rows], axis=1)

    @property
    def rising_share(self) -> float:
        """The share of updates that raised the loss, in [0, 1]; 0 for a run without updates.

        Gradient descent with a rate below 2 / curvature lowers the loss at every step, so any rise
        shows that the rate was too large there.
        """
        if self.steps == 0:
            return 0.0
        before, after = self.loss[:-1], self.loss[1:]
        return float(np.mean(after > before * (1.0 + ROUNDING)))

    @property
    def outcome(self) -> Outcome:
        """How the run went, as a code.

        - ``"diverged"``: numbers stopped being finite (see `divergence`);
        - ``"rose"``: the loss ended above where it began;
        - ``"oscillated"``: it ended lower, but rose on more than 2 % of the steps;
        - ``"fell"``: none of these.

        A rate above 2 / curvature need not diverge: the gradient of cross-entropy is bounded, so the
        weights swing around the minimum instead.
        """
        if self.divergence is not None:
            return "diverged"
        if self.loss[-1] > self.loss[0] * (1.0 + ROUNDING):
            return "rose"
        return "oscillated" if self.rising_share > OSCILLATION_SHARE else "fell"
