"""Adam: a separate step length for every parameter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from softmax_core.optimizers.base import Optimizer, Slots, Stepped
from softmax_core.validation import Float64Array


@dataclass(frozen=True)
class Adam(Optimizer):
    """Divide a running mean of the gradient by the root of a running mean of its square.

    ``m <- beta1 * m + (1 - beta1) * grad``, ``v <- beta2 * v + (1 - beta2) * grad ** 2``,
    ``theta <- theta - learning_rate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)``

    Parameters
    ----------
    learning_rate : float
        > 0: about how far each parameter moves in a step, whatever the size of its gradient.
    beta1, beta2 : float
        In [0, 1): how much of the means remains after a step.
    epsilon : float
        > 0; makes the quotient of two zeros zero.

    Raises as every `Optimizer`.

    Notes
    -----
    Kingma and Ba, "Adam: a method for stochastic optimization" (2015), Algorithm 1.

    Examples
    --------
    The first step has the same length for a gradient of 1000 and for one of a thousandth:

    >>> rule, theta = Adam(0.1), np.zeros(2)
    >>> rule.step(theta, np.array([1000.0, -0.001]), rule.init(theta), 1)[0].round(4)
    array([-0.1,  0.1])
    """

    learning_rate: float = 0.01
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        self.check("learning_rate", "epsilon", fractions=("beta1", "beta2"))

    def init(self, theta: Float64Array) -> Slots:
        """Return both running means at zero."""
        return (np.zeros_like(theta), np.zeros_like(theta))

    def step(self, theta: Float64Array, grad: Float64Array, slots: Slots, t: int) -> Stepped:
        """Return the parameters after one step and the new means."""
        mean = self.beta1 * slots[0] + (1.0 - self.beta1) * grad
        square = self.beta2 * slots[1] + (1.0 - self.beta2) * grad**2
        rate = self.learning_rate / (1.0 - self.beta1**t)
        return theta - rate * mean / (np.sqrt(square / (1.0 - self.beta2**t)) + self.epsilon), (mean, square)

    def proximal_scale(self, slots: Slots, t: int) -> Float64Array:
        """Return the factor of each gradient, were it to stay, in the step that gave `slots`."""
        factors: Float64Array = self.learning_rate / (
            np.sqrt(slots[1] / (1.0 - self.beta2**t)) + self.epsilon
        )
        return factors
