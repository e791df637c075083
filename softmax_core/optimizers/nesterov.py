"""Nesterov's momentum: the gradient is taken where the velocity leads."""

from __future__ import annotations

from dataclasses import dataclass

from softmax_core.optimizers.base import Slots, Stepped
from softmax_core.optimizers.momentum import Momentum
from softmax_core.validation import Float64Array


@dataclass(frozen=True)
class Nesterov(Momentum):
    """Nesterov's momentum: ``v <- momentum * v + grad``, ``theta <- theta - learning_rate * (grad + momentum * v)``.

    Settings, memory and proximal scale are those of `Momentum`.

    Notes
    -----
    Nesterov takes the gradient at the point to which the velocity leads, ``theta - learning_rate * momentum
    * v``. Theta in the formula above is that point, so the rule needs the gradient at theta only:
    Sutskever, Martens, Dahl and Hinton, "On the importance of initialization and momentum in deep learning"
    (2013), in the form of PyTorch.

    Examples
    --------
    The first step is already longer than one of plain momentum:

    >>> import numpy as np
    >>> rule, theta = Nesterov(0.1, 0.5), np.array([0.0])
    >>> rule.step(theta, np.array([1.0]), rule.init(theta), 1)[0].round(6)
    array([-0.15])
    """

    def step(self, theta: Float64Array, grad: Float64Array, slots: Slots, t: int) -> Stepped:
        """Return the parameters after one step and the new velocity."""
        velocity = self.momentum * slots[0] + grad
        return theta - self.learning_rate * (grad + self.momentum * velocity), (velocity,)
