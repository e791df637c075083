"""AdaGrad: a step length for every parameter that only falls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from softmax_core.optimizers.base import Optimizer, Slots, Stepped
from softmax_core.validation import Float64Array


@dataclass(frozen=True)
class AdaGrad(Optimizer):
    """Divide each gradient by the root of the sum of all its squares so far.

    ``s <- s + grad ** 2``, ``theta <- theta - learning_rate * grad / (sqrt(s) + epsilon)``

    Parameters
    ----------
    learning_rate : float
        > 0: how far each parameter moves in the first step, whatever the size of its gradient. The
        steps shrink about like 1 / sqrt(t), so the rate may be large.
    epsilon : float
        > 0; makes the quotient of two zeros zero.

    Raises as every `Optimizer`.

    Notes
    -----
    Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic
    optimization", JMLR 12 (2011), the diagonal version of Figure 1.

    Examples
    --------
    The same gradient four times: the steps shrink with the root of their number.

    >>> rule, theta = AdaGrad(1.0), np.array([0.0])
    >>> slots, path = rule.init(theta), []
    >>> for t in range(1, 5):
    ...     theta, slots = rule.step(theta, np.array([-7.0]), slots, t)
    ...     path.append(round(float(theta[0]), 4))
    >>> path                                        # 1, 1 + 1/sqrt(2), 1 + 1/sqrt(2) + 1/sqrt(3), ...
    [1.0, 1.7071, 2.2845, 2.7845]
    """

    learning_rate: float = 0.5
    epsilon: float = 1e-10

    def __post_init__(self) -> None:
        self.check("learning_rate", "epsilon")

    def init(self, theta: Float64Array) -> Slots:
        """Return a sum of zero."""
        return (np.zeros_like(theta),)

    def step(self, theta: Float64Array, grad: Float64Array, slots: Slots, t: int) -> Stepped:
        """Return the parameters after one step and the new sum of squares."""
        total = slots[0] + grad**2
        return theta - self.learning_rate * grad / (np.sqrt(total) + self.epsilon), (total,)

    def proximal_scale(self, slots: Slots, t: int) -> Float64Array:
        """Return the factor of each gradient in the step that gave `slots`."""
        factors: Float64Array = self.learning_rate / (np.sqrt(slots[0]) + self.epsilon)
        return factors
