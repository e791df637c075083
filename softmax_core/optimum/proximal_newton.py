"""Newton's method with L1: the loss is replaced by a parabola at every step, the corners of the penalty stay.

Conventions as in `objective`; theta' stands in the variables of `standard_units`.
"""

from __future__ import annotations

import math

import numpy as np

from softmax_core.curvature import Hessian
from softmax_core.objective import Objective, soft_threshold
from softmax_core.optimum.newton import ROUNDING, SUFFICIENT
from softmax_core.optimum.proximal import FLAT
from softmax_core.optimum.standard_units import StandardUnits
from softmax_core.progress import Watch, unwatched
from softmax_core.validation import Float64Array

MOST_STEPS = 100
MOST_CHANGES = 60  # of the active set in one step: far from the optimum the parabola is not worth more
DAMPING = 1e-14  # of the largest curvature of a parameter: less is rounding, where features repeat each other
SMALL = 1e-15  # nats: a step that promises less is the last
NOISE = 1e-12  # nats: so much the last step may seem to add where large weights cancel


def newton_with_l1(problem: Objective, watch: Watch = unwatched) -> tuple[Float64Array, list[float], bool]:
    """Minimise an objective with an L1 penalty by proximal Newton steps, from zero weights.

    With gradient g and Hessian H of the loss without L1 the next theta' is the minimum over v of

    ``g . (v - theta') + (v - theta') . H (v - theta') / 2 + sum(threshold * abs(v))``,

    or as far on the way there as the whole loss falls by a share of what this promises. Near the optimum the number
    of right digits doubles with every step, even where features are almost multiples of each other, as a year, its
    square and its cube are.

    Returns theta (m + 1, K), the losses in nats before every step and at the end, and whether the shortest subgradient
    in theta' has a norm of at most 1e-10. `watch` as in `minimise`.

    Notes
    -----
    Lee, Sun and Saunders, "Proximal Newton-type methods for minimizing composite functions", SIAM J. Optim. 24
    (2014).

    Examples
    --------
    >>> pair = Objective(np.array([[-1.0, 1.0], [1.0, 1.0]]), np.eye(2), l1=0.1)
    >>> theta, losses, converged = newton_with_l1(pair)
    >>> (theta[0, 0] - theta[0, 1]).round(6), converged                   # log(0.1 / 0.9)
    (np.float64(-2.197225), True)
    """
    units, K = StandardUnits(problem), problem.n_classes
    hessian = Hessian(units.scaled)
    threshold, ridge = np.tile(units.threshold[:, 0], K), np.tile(units.ridge[:, 0] + units.is_idle, K)
    theta = np.zeros((problem.A.shape[1], K))
    loss, P, _ = units.loss_and_probabilities(theta)
    losses, fall, length = [loss], math.inf, 1.0
    while (
        len(losses) <= MOST_STEPS and fall > SMALL and length > 1e-10 and watch(len(losses) - 1, MOST_STEPS)
    ):
        H = hessian.matrix(P)
        largest = float(H.diagonal().max())
        H.ravel()[:: len(H) + 1] += ridge + DAMPING * largest
        # One number added to all biases changes nothing: H gets a curvature there, and the step no part.
        H[len(theta) - 1 :: len(theta), len(theta) - 1 :: len(theta)] += largest / K
        start, slope = theta.T.ravel(), units.gradient_from(theta, P).T.ravel()
        target = _model_minimum(H, slope, start, threshold)
        fall = float(np.dot(slope, start - target) + np.dot(threshold, np.abs(start) - np.abs(target)))
        length = 1.0
        while length > 1e-10:
            ahead = (
                length * target + (1.0 - length) * start
            )  # a weight of 0 is exactly that after a whole step
            candidate = _with_cheapest_shifts(units, ahead.reshape(K, -1).T)
            new, P_new, _ = units.loss_and_probabilities(candidate)
            if new <= loss - SUFFICIENT * length * fall or (fall <= SMALL and new <= loss + NOISE):
                theta, loss, P = candidate, new, P_new
                losses.append(loss)
                break
            length *= 0.5
    grad = units.gradient_from(theta, P)
    inclined = grad + units.threshold * np.sign(theta)
    shortest = np.where(theta == 0.0, soft_threshold(grad, units.threshold), inclined)
    return units.outward(theta), losses, bool(np.linalg.norm(shortest) <= FLAT)


def _model_minimum(
    H: Float64Array, slope: Float64Array, start: Float64Array, threshold: Float64Array
) -> Float64Array:
    """Return the minimum over v of the parabola around `start` plus ``sum(threshold * abs(v))``, all flattened.

    An active set: Newton steps of the parameters that are free, cut where a weight would pass through 0, which then
    stays there; after a whole step the weight enters whose slope exceeds its threshold by most (Nocedal and Wright,
    "Numerical Optimization", section 16.5). Should it end early, v is still lower than `start`.
    """
    v, rest, sign, cornered = start.copy(), slope, np.sign(start), threshold > 0.0
    free, entered = (v != 0.0) | ~cornered, -1
    for _ in range(MOST_CHANGES):
        moving = np.flatnonzero(free)
        before, force = v[moving], -rest[moving] - threshold[moving] * sign[moving]
        try:
            ends = before + np.linalg.solve(H[np.ix_(moving, moving)], force)
        except np.linalg.LinAlgError:
            break
        crossing = np.flatnonzero(cornered[moving] & (ends * sign[moving] <= 0.0))
        if crossing.size:
            shares = before[crossing] / (before[crossing] - ends[crossing])
            first = moving[crossing[np.argmin(shares)]]
            if first == entered and v[first] == 0.0:
                break  # the slope that let it enter was rounding
            v[moving] += shares.min() * (ends - before)
            v[first], free[first] = 0.0, False
            rest = slope + np.dot(H, v - start)
        else:
            v[moving] = ends
            rest = slope + np.dot(H, v - start)
            excess = np.where(free, 0.0, np.abs(rest) - threshold)
            entered = int(np.argmax(excess))
            if not excess[entered] > ROUNDING:
                break
            free[entered], sign[entered] = True, -np.sign(rest[entered])
    return v


def _with_cheapest_shifts(units: StandardUnits, theta: Float64Array) -> Float64Array:
    """Subtract one of the weights of a feature from all of them where that makes the penalty less.

    Adding one number to the weights of all classes changes no probability, so that the penalty alone decides.
    """
    W = theta[:-1]
    shifts = np.hstack([np.zeros((len(W), 1)), W])
    rest = W[:, np.newaxis, :] - shifts[:, :, np.newaxis]
    costs = units.threshold[:-1] * np.abs(rest).sum(axis=2) + 0.5 * units.ridge[:-1] * (rest**2).sum(axis=2)
    best = np.take_along_axis(shifts, costs.argmin(axis=1)[:, np.newaxis], axis=1)
    return np.vstack([W - best, theta[-1:]])
