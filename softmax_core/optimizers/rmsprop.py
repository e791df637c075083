"""RMSProp: AdaGrad with a running mean in place of the sum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from softmax_core.optimizers.base import Optimizer, Slots, Stepped
from softmax_core.validation import Float64Array


@dataclass(frozen=True)
class RMSProp(Optimizer):
    """Divide each gradient by the root of a running mean of its square.

    ``v <- decay * v + (1 - decay) * grad ** 2``,
    ``theta <- theta - learning_rate * grad / (sqrt(v) + epsilon)``

    Parameters
    ----------
    learning_rate : float
        > 0: about how far each parameter moves in a step. Near the minimum the steps stay that long, so
        the parameters circle around it unless a schedule shortens them.
    decay : float
        In [0, 1): how much of the mean remains after a step; it covers about 1 / (1 - decay) steps.
    epsilon : float
        > 0; makes the quotient of two zeros zero.

    Raises as every `Optimizer`.

    Notes
    -----
    Tieleman and Hinton, "Lecture 6.5: rmsprop", Neural Networks for Machine Learning (2012); without
    centring and momentum. The mean begins at 0 and is not corrected for it (Adam does that), so the
    first step is ``learning_rate / sqrt(1 - decay)`` long.

    Examples
    --------
    >>> rule, theta = RMSProp(0.1, decay=0.75), np.zeros(2)
    >>> rule.step(theta, np.array([1000.0, -0.001]), rule.init(theta), 1)[0].round(4)
    array([-0.2,  0.2])
    """

    learning_rate: float = 0.01
    decay: float = 0.9
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        self.check("learning_rate", "epsilon", fractions=("decay",))

    def init(self, theta: Float64Array) -> Slots:
        """Return a mean of zero."""
        return (np.zeros_like(theta),)

    def step(self, theta: Float64Array, grad: Float64Array, slots: Slots, t: int) -> Stepped:
        """Return the parameters after one step and the new mean square."""
        square = self.decay * slots[0] + (1.0 - self.decay) * grad**2
        return theta - self.learning_rate * grad / (np.sqrt(square) + self.epsilon), (square,)

    def proximal_scale(self, slots: Slots, t: int) -> Float64Array:
        """Return the factor of each gradient in the step that gave `slots`."""
        factors: Float64Array = self.learning_rate / (np.sqrt(slots[0]) + self.epsilon)
        return factors
