"""L1 penalties: the proximal step, and the optimum by accelerated proximal gradient descent."""

from __future__ import annotations

import numpy as np

from softmax_core.curvature import curvature_bound
from softmax_core.objective import FullBatch, Objective, soft_threshold
from softmax_core.optimum.standard_units import StandardUnits
from softmax_core.progress import Watch, unwatched
from softmax_core.validation import Float64Array

MOST_STEPS = 50_000
CHECK_EVERY = 50
FLAT = 1e-10  # norm of the gradient mapping, in nats per spread of a feature, at which the search ends


def minimise_with_l1(
    problem: Objective, watch: Watch = unwatched
) -> tuple[Float64Array, list[float], bool, int]:
    """Minimise an objective whose L1 part has a corner at 0 by FISTA, from zero weights.

    ``theta <- soft_threshold(v - rate * grad(v), rate * l1)`` at a point v thrown forward by the last step; the throw
    starts anew whenever it points uphill. It runs in the variables of `standard_units`, with a rate for every
    feature: 1 / (c + its ridge), where c bounds the curvature of the cross-entropy.

    Returns theta (m + 1, K), the losses in nats at the start, every 50 steps and at the end, whether
    ``(theta - soft_threshold(theta - rate * grad, rate * l1)) / rate``, which is 0 at the optimum only, has a norm of at most
    1e-10, and the number of steps. `watch` as in `minimise`.

    Notes
    -----
    Beck and Teboulle, "A fast iterative shrinkage-thresholding algorithm", SIAM J. Imaging Sci. 2 (2009);
    O'Donoghue and Candes, "Adaptive restart for accelerated gradient schemes", Found. Comput. Math. 15 (2015).

    Examples
    --------
    A penalty that no slope can outweigh leaves only the biases:

    >>> problem = Objective(np.array([[1.0, 1.0], [2.0, 1.0]]), np.eye(2), l1=10.0)
    >>> theta, losses, converged, steps = minimise_with_l1(problem)
    >>> theta, converged, steps
    (array([[0., 0.],
           [0., 0.]]), True, 1)
    """
    units = StandardUnits(problem)
    rate = 1.0 / (curvature_bound(units.scaled) + 1e-300 + units.ridge)
    gradient = FullBatch(units.scaled)

    def proximal_step(theta: Float64Array) -> Float64Array:
        return soft_threshold(theta - rate * (gradient(theta) + units.ridge * theta), rate * units.threshold)

    theta = ahead = np.zeros((problem.A.shape[1], problem.n_classes))
    losses, throw, converged, steps = [units.loss(theta)], 1.0, False, 0
    while steps < MOST_STEPS and not converged and watch(steps, MOST_STEPS):
        before, theta = theta, proximal_step(ahead)
        if float(np.vdot((ahead - theta) / rate, theta - before)) > 0.0:
            throw = 1.0
        following = 0.5 * (1.0 + (1.0 + 4.0 * throw * throw) ** 0.5)
        ahead = theta + (throw - 1.0) / following * (theta - before)
        throw = following
        if steps % CHECK_EVERY == 0:
            if not problem.l2:
                # One vector added to the weights of all classes costs penalty only, and is cheapest where the middle
                # weight is 0. By its own slope the search would go there in thousands of steps.
                middle = np.median(theta[:-1], axis=1, keepdims=True)
                theta[:-1] -= middle
                ahead[:-1] -= middle
            losses.append(units.loss(theta))
            converged = bool(np.linalg.norm((theta - proximal_step(theta)) / rate) <= FLAT)
        steps += 1
    return units.outward(theta), [*losses, units.loss(theta)], converged, steps
