"""The search for an optimum: Newton's steps, their length, and signs that there is no optimum."""

from __future__ import annotations

import math

import numpy as np

from softmax_core.objective import Objective
from softmax_core.optimum.newton import Curved
from softmax_core.optimum.two_classes import search_two
from softmax_core.validation import Float64Array

SUFFICIENT = 1e-4  # of the promised decrease, as in Armijo's rule
LARGEST_START = 200  # features, up to which a start in closed form is looked for
FAR = 0.1  # nats: at a finite optimum the last step changes every logit by far less
RECEDING = 1e-6


def newton_search(
    problem: Objective, max_iterations: int, tolerance: float
) -> tuple[Float64Array, list[float], bool, bool]:
    """Minimise an objective without L1 part by Newton's method with a line search.

    Returns
    -------
    theta : ndarray, shape (m + 1, K)
    losses : list of float
        Before every step and at the end.
    converged : bool
    at_infinity : bool

    Examples
    --------
    >>> theta, losses, *ended = newton_search(Objective(np.ones((4, 1)), np.eye(2)[[0, 0, 0, 1]]), 100, 1e-12)
    >>> (theta[0, 0] - theta[0, 1]).round(6), ended                       # log 3
    (np.float64(1.098612), [True, False])
    """
    # Without penalty the search begins at zero: only so do all directions that lead to infinity still
    # show in its last step.
    start = _as_if_normal(problem) if problem.l2 and max_iterations > 0 else None
    if problem.n_classes == 2 and problem.l2 and problem.y is not None and not problem.smoothing:
        quick = search_two(problem, max_iterations, tolerance, start)
        if quick is not None:
            return *quick, True, False
    curved = Curved(problem)
    theta = np.zeros((problem.A.shape[1], problem.n_classes))
    loss, P, gap = problem.loss_and_probabilities(theta)
    losses = [loss]
    if start is not None:
        found = problem.loss_and_probabilities(start)
        if found[0] < loss:
            theta, (loss, P, gap) = start, found
            losses.append(loss)
    while len(losses) <= max_iterations:
        if _separates(problem, P, gap):
            return theta, [*losses, 0.0], True, True
        grad = problem.gradient_from(theta, P)
        step = curved.direction(P, grad)
        promise = -float(np.vdot(grad, step))
        if not promise > 2.0 * tolerance:
            if math.isfinite(promise):
                theta = theta + step
                losses.append(problem.loss_and_probabilities(theta)[0])
            return theta, losses, math.isfinite(promise), _recedes(problem, step)
        length, is_lower = 1.0, False
        while length > 1e-10 and not is_lower:
            candidate = theta + length * step
            new, P_new, gap_new = problem.loss_and_probabilities(candidate)
            is_lower = new <= loss - SUFFICIENT * length * promise
            length *= 0.5
        if not is_lower:
            return theta, losses, promise <= 1e-8, _recedes(problem, step)
        theta, loss, P, gap = candidate, new, P_new, gap_new
        losses.append(loss)
    return theta, losses, False, False


def _as_if_normal(problem: Objective) -> Float64Array | None:
    """Return the weights that would be right if every class were a normal cloud of one common shape.

    ``w_k = S^-1 mu_k``, ``b_k = log(share of k) - mu_k . S^-1 mu_k / 2`` with the pooled covariance S:
    linear discriminant analysis, which has a closed form and often ends near the optimum (Hastie,
    Tibshirani and Friedman, "The Elements of Statistical Learning", section 4.3). None where a class is
    missing or S is singular.
    """
    moments = np.dot(problem.weighted, problem.A)
    if moments.shape[0] > LARGEST_START or abs(moments[-1, -1] - 1.0) > 1e-9:
        return None
    sums = np.dot(problem.weighted, problem.Y)
    sizes = sums[-1]
    if not (sizes > 0.0).all():
        return None
    centres = sums[:-1] / sizes
    pooled = moments[:-1, :-1] - np.dot(sums[:-1], centres.T)
    try:
        W = np.linalg.solve(pooled, centres)
    except np.linalg.LinAlgError:
        return None
    b = np.log(sizes) - 0.5 * np.add.reduce(W * centres, axis=0)
    theta = np.vstack([W, b])
    theta -= theta.mean(axis=1, keepdims=True)
    return theta if np.isfinite(theta).all() else None


def _separates(problem: Objective, P: Float64Array, gap: Float64Array) -> bool:
    """Whether every sample's true class has the one largest logit, and nothing holds W back.

    Then multiplying theta by a growing number drives every loss to 0.
    """
    if problem.y is None or problem.smoothing or problem.l2 or problem.n_classes < 2 or gap.any():
        return False
    return int((P.max(axis=0) == P).sum()) == problem.n


def _recedes(problem: Objective, step: Float64Array) -> bool:
    """Whether a last step that should be short is long and costs no sample anything, however often taken.

    Along it every target class keeps the largest logit of its sample: a direction of recession.
    """
    if problem.l2 or not np.isfinite(step).all():
        return False
    U = problem.A @ step
    U -= U.max(axis=1, keepdims=True)
    cost = -(problem.Y * U).sum(axis=1)
    spread = -float(U.min())
    return spread > FAR and float(cost.max()) <= RECEDING * spread
