"""L1 penalties: the proximal step, and the optimum by accelerated proximal gradient descent."""

from __future__ import annotations

import numpy as np

from softmax_core.curvature import curvature_bound
from softmax_core.objective import FullBatch, Objective
from softmax_core.validation import Float64Array

MOST_STEPS = 50_000
LOOK_EVERY = 50
FLAT = 1e-10  # norm of the shortest subgradient at which the search ends


def shrink(W: Float64Array, threshold: float | Float64Array) -> Float64Array:
    """Move every weight towards 0 by a threshold, and no further: ``sign(w) * max(|w| - threshold, 0)``.

    This is the minimum of ``(v - w) ** 2 / 2 + threshold * |v|`` over v, the proximal step of L1.

    Examples
    --------
    >>> shrink(np.array([3.0, -0.5, -2.0]), 1.0)
    array([ 2.,  0., -1.])
    """
    return W - np.clip(W, -threshold, threshold)


def minimise_with_l1(problem: Objective) -> tuple[Float64Array, list[float], bool]:
    """Minimise an objective whose L1 part has a corner at 0, from zero weights.

    ``theta <- shrink(v - grad(v) / c, l1 / c)`` at a point v thrown forward by the last step, where c
    bounds the curvature; the throw starts anew whenever it points uphill. Beck and Teboulle, "A fast
    iterative shrinkage-thresholding algorithm", SIAM J. Imaging Sci. 2 (2009); O'Donoghue and Candes,
    "Adaptive restart for accelerated gradient schemes", Found. Comput. Math. 15 (2015).

    Returns
    -------
    theta : ndarray, shape (m + 1, K)
    losses : list of float
        At the start, every 50 steps, and at the end.
    converged : bool
        Whether the shortest subgradient is at most 1e-10.

    Examples
    --------
    A penalty that no slope can outweigh leaves only the biases:

    >>> problem = Objective(np.array([[1.0, 1.0], [2.0, 1.0]]), np.eye(2), l1=10.0)
    >>> theta, losses, converged = minimise_with_l1(problem)
    >>> theta, converged
    (array([[0., 0.],
           [0., 0.]]), True)
    """
    rate = 1.0 / (curvature_bound(problem) + 1e-300)
    gradient = FullBatch(problem)
    theta = ahead = np.zeros((problem.A.shape[1], problem.n_classes))
    losses, throw, converged = [problem.loss(theta)], 1.0, False
    for t in range(MOST_STEPS):
        before, theta = theta, ahead - rate * gradient(ahead)
        theta[:-1] = shrink(theta[:-1], rate * problem.l1)
        if float(np.vdot(ahead - theta, theta - before)) > 0.0:
            throw = 1.0
        following = 0.5 * (1.0 + (1.0 + 4.0 * throw * throw) ** 0.5)
        ahead = theta + (throw - 1.0) / following * (theta - before)
        throw = following
        if t % LOOK_EVERY == 0:
            losses.append(problem.loss(theta))
            shortest = problem.steepest(theta, gradient(theta))
            converged = bool(np.linalg.norm(shortest) <= FLAT)
            if converged:
                break
    return theta, [*losses, problem.loss(theta)], converged
