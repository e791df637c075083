"""Momentum that looks ahead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from softmax_core.optimizers.base import Optimizer, Slots
from softmax_core.validation import Float64Array, finite_number


@dataclass(frozen=True)
class Nesterov(Optimizer):
    """Nesterov's momentum: ``v <- momentum * v + grad``, ``theta <- theta - learning_rate * (grad + momentum * v)``.

    Parameters
    ----------
    learning_rate : float
        eta > 0.
    momentum : float
        0 <= momentum < 1; 0 is plain gradient descent.

    Raises
    ------
    ValueError
        If a setting is out of range; the message holds it.

    Notes
    -----
    Nesterov takes the gradient where the velocity will have led, at ``theta - learning_rate * momentum *
    v``. Written in terms of that point, which is what theta stands for here, the rule needs the gradient
    at theta only: Sutskever, Martens, Dahl and Hinton, "On the importance of initialization and momentum
    in deep learning" (2013), in the form of PyTorch.

    Examples
    --------
    The first step is already longer than one of plain momentum:

    >>> rule, theta = Nesterov(0.1, 0.5), np.array([0.0])
    >>> rule.step(theta, np.array([1.0]), rule.init(theta), 1)[0].round(6)
    array([-0.15])
    """

    learning_rate: float = 0.1
    momentum: float = 0.9

    def __post_init__(self) -> None:
        rate = finite_number("learning_rate", self.learning_rate, 0.0, above=True)
        momentum = finite_number("momentum", self.momentum, 0.0)
        if momentum >= 1.0:
            raise ValueError(f"momentum must be below 1, received {self.momentum!r}")
        object.__setattr__(self, "learning_rate", rate)
        object.__setattr__(self, "momentum", momentum)

    def init(self, theta: Float64Array) -> Slots:
        """Return a velocity of zero."""
        return (np.zeros_like(theta),)

    def step(
        self, theta: Float64Array, grad: Float64Array, slots: Slots, t: int
    ) -> tuple[Float64Array, Slots]:
        """Return the parameters after one step and the new velocity."""
        velocity = self.momentum * slots[0] + grad
        return theta - self.learning_rate * (grad + self.momentum * velocity), (velocity,)

    def proximal_scale(self, slots: Slots, t: int) -> float:
        """Return ``learning_rate / (1 - momentum)``: where a constant gradient brings the velocity."""
        return self.learning_rate / (1.0 - self.momentum)
