"""Gradient descent with momentum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from softmax_core.optimizers.base import Optimizer, Slots, Stepped
from softmax_core.validation import Float64Array


@dataclass(frozen=True)
class Momentum(Optimizer):
    """Heavy-ball descent: ``v <- momentum * v + grad``, ``theta <- theta - learning_rate * v``.

    The velocity sums gradients, so along a direction whose sign stays the same the step grows to
    ``learning_rate / (1 - momentum)``: with 0.9 up to ten times the rate. (PyTorch's form; Polyak 1964 and
    some books put the rate inside the velocity.)

    Parameters
    ----------
    learning_rate : float
        eta > 0.
    momentum : float
        0 <= momentum < 1; 0 is plain gradient descent.

    Raises as every `Optimizer`.

    Examples
    --------
    Without a gradient the velocity goes on:

    >>> rule, theta = Momentum(0.1, 0.5), np.array([0.0])
    >>> theta, slots = rule.step(theta, np.array([1.0]), rule.init(theta), 1)
    >>> theta, slots = rule.step(theta, np.array([0.0]), slots, 2)
    >>> theta.round(6)
    array([-0.15])
    """

    learning_rate: float = 0.1
    momentum: float = 0.9

    def __post_init__(self) -> None:
        self.check("learning_rate", fractions=("momentum",))

    def init(self, theta: Float64Array) -> Slots:
        """Return a velocity of zero."""
        return (np.zeros_like(theta),)

    def step(self, theta: Float64Array, grad: Float64Array, slots: Slots, t: int) -> Stepped:
        """Return ``theta - learning_rate * v`` and the new velocity."""
        velocity = self.momentum * slots[0] + grad
        return theta - self.learning_rate * velocity, (velocity,)

    def proximal_scale(self, slots: Slots, t: int) -> float:
        """Return ``learning_rate / (1 - momentum)``: where a constant gradient brings the velocity."""
        return self.learning_rate / (1.0 - self.momentum)
