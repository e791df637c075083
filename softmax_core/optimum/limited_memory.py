"""L-BFGS for many parameters: gradients only, with a preconditioner in front of them.

Conventions as in `objective`; theta' stands in the variables of `standard_units`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Protocol

import numpy as np

from softmax_core.objective import Objective
from softmax_core.optimum.newton import SUFFICIENT
from softmax_core.optimum.standard_units import StandardUnits
from softmax_core.progress import Watch, unwatched
from softmax_core.validation import Float64Array

MEMORY = 12  # pairs of steps and changes of the gradient
RENEWED_AFTER = (6, 18, 40, 80)  # iterations after which the preconditioner follows the probabilities
NEAR = 1e-6  # nats: for so little the search ends sooner without

Product = Callable[[Float64Array], Float64Array]


class Smooth(Protocol):
    """A loss to descend: `Objective` without L1 is one, and so is `StandardUnits`."""

    def loss_and_probabilities(self, theta: Float64Array) -> tuple[float, Float64Array, Float64Array]:
        """As `Objective.loss_and_probabilities`."""

    def gradient_from(self, theta: Float64Array, P: Float64Array) -> Float64Array:
        """As `Objective.gradient_from`."""


def limited_memory_search(
    objective: Objective, max_iterations: int, tolerance: float, watch: Watch = unwatched
) -> tuple[Float64Array, list[float], bool]:
    """Minimise an objective with an L2 penalty and without L1 by preconditioned L-BFGS, from zero weights.

    Ends when a step promises to lower the loss by less than `tolerance` (nats), twice in a row. Returns theta
    (m + 1, K), the losses in nats before every step and at the end, and whether the search ended by itself. `watch` as in `minimise`.

    Notes
    -----
    The two loops of Nocedal and Wright, "Numerical Optimization", algorithm 7.4, begin with the inverse of
    ``A^T diag(w) A + ridge`` in place of a multiple of the identity, where w_i is share_i times the mean curvature
    ``sum_k p_ik (1 - p_ik) / (K - 1)`` of a sample: for equal probabilities that is the Hessian. It is built anew a
    few times as the probabilities change.

    Examples
    --------
    >>> X = np.array([[-1.0, 1.0], [0.0, 1.0], [2.0, 1.0]])
    >>> objective = Objective(X, np.eye(2)[[0, 1, 1]], np.array([0, 1, 1]), l2=0.1)
    >>> theta, losses, converged = limited_memory_search(objective, 100, 1e-12)
    >>> converged, float(np.abs(objective.gradient(theta)).max()) < 1e-5
    (True, True)
    """

    units = StandardUnits(objective)
    start = np.zeros((objective.A.shape[1], objective.n_classes))
    theta, losses, converged = descend(
        units, start, lambda P: partial(np.dot, _inverse(units, P)), max_iterations, tolerance, watch
    )
    return units.outward(theta), losses, converged


def descend(
    problem: Smooth,
    start: Float64Array,
    preconditioner: Callable[[Float64Array], Product],
    max_iterations: int,
    tolerance: float,
    watch: Watch = unwatched,
) -> tuple[Float64Array, list[float], bool]:
    """Minimise a loss by preconditioned L-BFGS, from `start`; returns and ends as `limited_memory_search`.

    Parameters
    ----------
    problem : Smooth
    start : ndarray, shape (m + 1, K)
    preconditioner : callable
        From probabilities (K, n) to the product with an approximate inverse Hessian.
    max_iterations, tolerance
        As for `limited_memory_search`.
    watch : callable
        Told (iterations done, `max_iterations`) before each one; False ends the search, which is then not converged.
    """
    theta = start
    loss, P, _ = problem.loss_and_probabilities(theta)
    grad, inverse = problem.gradient_from(theta, P), preconditioner(P)
    pairs: deque[tuple[Float64Array, Float64Array, float]] = deque(maxlen=MEMORY)
    losses, small = [loss], 0
    while len(losses) <= max_iterations and watch(len(losses) - 1, max_iterations):
        step = _direction(grad, inverse, pairs)
        promise = -float(np.vdot(grad, step))
        small = small + 1 if promise <= 2.0 * tolerance else 0
        if small == 2:
            return theta, losses, True
        length = 1.0
        new, P, _ = problem.loss_and_probabilities(theta + step)
        while not new <= loss - SUFFICIENT * length * promise:
            # The minimum of the parabola through both losses and the slope.
            excess = new - loss + length * promise
            length *= min(0.5, max(0.1, 0.5 * length * promise / excess)) if np.isfinite(excess) else 0.1
            if length < 1e-10:  # nothing lower is left: what remains is rounding
                return theta, losses, promise <= 1e-8
            new, P, _ = problem.loss_and_probabilities(theta + length * step)
        step *= length
        theta, loss = theta + step, new
        losses.append(loss)
        before, grad = grad, problem.gradient_from(theta, P)
        change = grad - before
        along = float(np.vdot(change, step))
        if along > 1e-16 * float(np.vdot(step, step)):
            pairs.append((step, change, along))
        if len(losses) - 1 in RENEWED_AFTER and promise > NEAR:
            inverse = preconditioner(P)
    return theta, losses, False


def _inverse(units: StandardUnits, P: Float64Array) -> Float64Array:
    """Return the inverse of the mean Hessian block of a class, shape (m + 1, m + 1)."""
    curvature = 1.0 - np.einsum("kn,kn->n", P, P)
    curvature /= max(1, len(P) - 1)
    mean = np.dot(units.scaled.weighted * curvature, units.scaled.A)
    floor = 1e-10 * float(mean.trace()) / len(mean) + 1e-300
    mean.ravel()[:: len(mean) + 1] += units.ridge[:, 0] + units.is_idle + floor
    return np.linalg.inv(mean)


def _direction(
    grad: Float64Array, inverse: Product, pairs: deque[tuple[Float64Array, Float64Array, float]]
) -> Float64Array:
    """Return minus the gradient times the inverse Hessian as the last steps suggest it."""
    rest, shares = -grad, []
    for step, change, along in reversed(pairs):
        share = float(np.vdot(step, rest)) / along
        rest = rest - share * change
        shares.append(share)
    result = inverse(rest)
    for (step, change, along), share in zip(pairs, reversed(shares), strict=True):
        result += (share - float(np.vdot(change, result)) / along) * step
    return result
