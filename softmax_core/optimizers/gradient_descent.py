"""Plain gradient descent."""

from __future__ import annotations

from dataclasses import dataclass

from softmax_core.optimizers.base import Optimizer, Slots, Stepped
from softmax_core.validation import Float64Array


@dataclass(frozen=True)
class GradientDescent(Optimizer):
    """Step against the gradient: ``theta <- theta - learning_rate * grad``.

    Parameters
    ----------
    learning_rate : float
        The step length eta > 0. Near a minimum the descent is stable up to 2 / curvature; see
        `softmax_core.regression.curvature`.

    Raises
    ------
    ValueError
        If the learning rate is not finite or not above 0.

    Examples
    --------
    On f(x) = x ** 2 / 2 (curvature 1) a rate of 2 jumps to the mirror image for ever:

    >>> import numpy as np
    >>> theta, _ = GradientDescent(2.0).step(np.array([1.0]), np.array([1.0]), (), 1)
    >>> theta
    array([-1.])
    """

    learning_rate: float = 0.1

    def step(self, theta: Float64Array, grad: Float64Array, slots: Slots, t: int) -> Stepped:
        """Return ``theta - learning_rate * grad``; there is no memory."""
        return theta - self.learning_rate * grad, slots

    def proximal_scale(self, slots: Slots, t: int) -> float:
        """Return the learning rate."""
        return self.learning_rate
