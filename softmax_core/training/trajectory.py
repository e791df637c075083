"""The record of a training run, and what can be read off it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from softmax_core.features import FittedMap
from softmax_core.training.stopping import Stopped
from softmax_core.validation import Float64Array

if TYPE_CHECKING:
    from softmax_core.training.config import TrainConfig

Reason = Literal["weights_not_finite", "gradient_not_finite", "loss_not_finite"]
Outcome = Literal["diverged", "rose", "oscillated", "fell"]

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


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Every step of a run, as stacked read-only float64 arrays.

    Index 0 is before the first update, index t after t updates. A run that diverged has fewer than
    ``config.steps + 1`` entries: all of them are finite, except that index 0 is kept whatever it is.

    Parameters
    ----------
    config : TrainConfig
    W, grad_W : ndarray, shape (S + 1, m, K)
        Weights of the m features, and the gradient that the step from there used: of all samples, or
        of its batch (for index S: of the batch that would come next). L1 is not in it, because the
        proximal step takes its place.
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
    class_weights : tuple of float or None
        The weights in numbers, where the config weighs classes.
    clock : int
        Updates before index 0: above 0 for a branch.
    born : int
        Updates before the optimiser's memory began.
    memory : tuple of ndarray
        The optimiser's slots at index 0.
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
    class_weights: tuple[float, ...] | None = None
    clock: int = 0
    born: int = 0
    memory: tuple[Float64Array, ...] = ()

    def __post_init__(self) -> None:
        for name in ("W", "b", "grad_W", "grad_b", "loss", "accuracy"):
            array = np.array(getattr(self, name), dtype=np.float64)  # a copy: nobody else can write to it
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @property
    def steps(self) -> int:
        """The last index: the number of updates that are kept."""
        return len(self.loss) - 1

    def at(self, step: int) -> tuple[Float64Array, Float64Array]:
        """Return (W, b) after `step` updates, ready to be the start of another run.

        Raises
        ------
        ValueError
            If there is no such step.
        """
        if not 0 <= step <= self.steps:
            raise ValueError(f"step must lie in 0..{self.steps}, received {step}")
        return self.W[step], self.b[step]

    @property
    def thetas(self) -> Float64Array:
        """Every step's W with b as its last row, shape (S + 1, m + 1, K); a copy."""
        return np.concatenate([self.W, self.b[:, np.newaxis, :]], axis=1)

    @property
    def rising_share(self) -> float:
        """The share of updates that raised the loss, in [0, 1]; 0 for a run without updates.

        Gradient descent with a rate below 2 / curvature lowers the loss at every step, so any rise
        says that the rate was too large there.
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


def first_divergence(thetas: Float64Array, grads: Float64Array, loss: Float64Array) -> Divergence | None:
    """Find the first step at which weights, loss or gradient are not finite.

    Where several fail at one step the cause is named before its consequence: weights, loss, gradient.

    Examples
    --------
    >>> first_divergence(np.zeros((2, 1, 1)), np.zeros((2, 1, 1)), np.array([0.7, np.inf]))
    Divergence(step=1, reason='loss_not_finite')
    """
    weights_ok = np.asarray(np.isfinite(thetas).all(axis=(1, 2)))
    gradient_ok = np.asarray(np.isfinite(grads).all(axis=(1, 2)))
    loss_ok = np.isfinite(loss)
    broken = ~(weights_ok & gradient_ok & loss_ok)
    if not broken.any():
        return None
    step = int(broken.argmax())
    if not weights_ok[step]:
        return Divergence(step, "weights_not_finite")
    return Divergence(step, "gradient_not_finite" if loss_ok[step] else "loss_not_finite")
