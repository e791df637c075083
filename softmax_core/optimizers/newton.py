"""Newton's method: the step that would be right if the loss were a parabola."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from softmax_core.objective import ClassifierLoss, Objective
from softmax_core.optimizers.base import Optimizer, Slots, Stepped
from softmax_core.optimum.newton import SUFFICIENT, NewtonSystem
from softmax_core.validation import Float64Array, finite_number

SHORTEST = 1e-9  # step that is tried, as a share of the full one


@dataclass(frozen=True)
class Newton(Optimizer):
    """Step to the minimum of the parabola that has the slope and the curvature of the loss at theta.

    ``theta <- theta - length * (H + damping * I)^-1 grad`` where H is the Hessian of the whole training
    loss at theta. The length is the learning rate, halved until the loss falls by a share of what the
    slope promises: far from a parabola a full step can overshoot.

    H is not part of the gradient, so this rule must know its loss: ``bind(objective)`` returns the rule
    that can step, and training does that by itself.

    Parameters
    ----------
    learning_rate : float
        > 0; the longest step that is tried. 1 is Newton's step.
    damping : float
        At least 0: turns the step towards a short one of gradient descent (Levenberg 1944).

    Raises as every `Optimizer`.

    Notes
    -----
    Along directions in which the loss is flat, the same vector for all classes for one, the step is 0.
    Boyd and Vandenberghe, "Convex Optimization", section 9.5.

    Examples
    --------
    One of four coins fell on the other side, so p = 3/4 and the logits differ by log 3 = 1.0986. Newton
    needs four steps, each doubling the digits:

    >>> from softmax_core.objective import Objective
    >>> coins = Objective(np.ones((4, 1)), np.eye(2)[[0, 0, 0, 1]])
    >>> rule, theta = Newton().bind(coins), np.zeros((1, 2))
    >>> for t in range(1, 5):
    ...     theta, _ = rule.step(theta, coins.gradient(theta), (), t)
    ...     print(round(float(theta[0, 0] - theta[0, 1]), 9))
    1.0
    1.096339124
    1.098610999
    1.098612289
    """

    whole_set: ClassVar[bool] = True
    needs_hessian: ClassVar[bool] = True

    learning_rate: float = 1.0
    damping: float = 0.0

    def __post_init__(self) -> None:
        rate = finite_number("learning_rate", self.learning_rate, 0.0, above=True)
        object.__setattr__(self, "learning_rate", rate)
        object.__setattr__(self, "damping", finite_number("damping", self.damping, 0.0))

    def bind(self, objective: ClassifierLoss) -> Optimizer:
        """Return the rule for one loss; a ValueError for one without a Hessian."""
        if not isinstance(objective, Objective):
            raise ValueError(f"Newton's step needs the Hessian of softmax regression, received {objective!r}")
        return _BoundNewton(self.learning_rate, self.damping, NewtonSystem(objective))

    def step(self, theta: Float64Array, grad: Float64Array, slots: Slots, t: int) -> Stepped:
        """Refuse: without a loss there is no Hessian."""
        raise ValueError(f"Newton's step needs a loss: call bind(objective) first, received {self!r}")


@dataclass(frozen=True, eq=False)
class _BoundNewton(Optimizer):
    """Newton's rule together with the loss that it descends."""

    learning_rate: float
    damping: float
    system: NewtonSystem

    def step(self, theta: Float64Array, grad: Float64Array, slots: Slots, t: int) -> Stepped:
        """Return the parameters after one step; there is no memory."""
        objective = self.system.objective
        move = self.system.direction(objective.probabilities(theta), grad, self.damping)
        before, promise = objective.loss(theta), -float(np.vdot(grad, move))
        length = self.learning_rate
        while not objective.loss(theta + length * move) <= before - SUFFICIENT * length * promise:
            length *= 0.5
            if length < SHORTEST:  # nothing lower is left: what remains is rounding
                return theta.copy(), slots
        return theta + length * move, slots
