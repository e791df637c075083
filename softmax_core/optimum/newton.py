"""Newton's method: its direction, which is 0 where the loss is flat, and the search with a line search.

Conventions as in `objective`; theta' stands in the variables of `standard_units`, whatever the units of the features.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np

from softmax_core.curvature import Hessian
from softmax_core.objective import Objective
from softmax_core.optimum.standard_units import StandardUnits
from softmax_core.optimum.two_classes import search_two
from softmax_core.progress import Watch, unwatched
from softmax_core.validation import Float64Array

DENSE_LIMIT = 1500  # parameters; one Hessian is then 18 MB and its solve takes about 0.1 s
TINY = 1e-300  # keeps a Hessian of zeros regular
ROUNDING = 2e-15  # of a gradient whose features have mean square 1
FLAT = 1e-12  # of the largest singular value: less is rounding in a Hessian that is singular
CG_STEPS = 500  # of conjugate gradients for one direction
SUFFICIENT = 1e-4  # of the promised decrease, as in Armijo's rule
LARGEST_START = 200  # features, up to which a start in closed form is computed
FAR = 0.1  # nats: at a finite optimum the last step changes every logit by far less
RECEDING = 1e-6  # of the change of the logits: a loss that rises by less does not rise


@lru_cache(maxsize=16)
def _mean_of_classes(K: int, m: int) -> Float64Array:
    """Return the projection (K m, K m) on the directions that are the same for all classes."""
    return np.tile(np.eye(m) / K, (K, K))


class NewtonSystem:
    """Newton's direction for one objective, which stores what every step needs again.

    Without damping the direction does not depend on the units of the features: shifted or scaled ones give the
    same change of every logit.

    Examples
    --------
    >>> coin = NewtonSystem(Objective(np.array([[1.0], [1.0]]), np.array([[1.0, 0.0], [0.5, 0.5]])))
    >>> theta = np.zeros((1, 2))
    >>> P = coin.objective.probabilities(theta)
    >>> coin.direction(P, coin.objective.gradient(theta))
    array([[ 0.5, -0.5]])
    """

    def __init__(self, objective: Objective) -> None:
        self.objective = objective
        self.is_dense = objective.A.shape[1] * objective.n_classes <= DENSE_LIMIT
        smooth = replace(objective, l1=0.0) if objective.l1 else objective
        self.units = StandardUnits(smooth, uncorrelated=self.is_dense and not objective.l2)
        self._m, self._K = self.units.scaled.A.shape[1], objective.n_classes
        # A weight that changes nothing gets a curvature, and with it a step of 0.
        self._ridge = self.units.ridge + self.units.is_idle[:, np.newaxis]
        self._hessian = Hessian(self.units.scaled)

    def direction(self, P: Float64Array, grad: Float64Array, damping: float = 0.0) -> Float64Array:
        """Return ``-(H + damping)^-1 grad``, shape (m + 1, K), zero along the directions that are flat.

        Parameters
        ----------
        P : ndarray, shape (K, n)
        grad : ndarray, shape (m + 1, K)
            With respect to theta.
        damping : float
            In the units of theta; at least 0.
        """
        flat = np.add.reduce(grad, axis=1, keepdims=True) / self._K
        step = self.units.outward(self.scaled_step(P, self.units.gradient_inward(grad - flat), damping))
        # A gradient has a part that is the same for all classes from a penalty only.
        if self.objective.l2 + damping > 0.0:
            step[:-1] -= flat[:-1] / (self.objective.l2 + damping)
        return step

    def scaled_step(self, P: Float64Array, grad: Float64Array, damping: float = 0.0) -> Float64Array:
        """Return Newton's step in theta' for a gradient in theta' whose rows have sum 0, of the same shape.

        Adding one vector to the weights of every class changes no probability: along these m + 1
        directions H is at most a penalty, and singular for b in any case. A multiple of their
        projection is added, which makes H regular and leaves the solution alone.
        """
        m, K = self._m, self._K
        metric = damping * self.units.metric() if damping else None
        if not self.is_dense:
            return self._by_conjugate_gradients(P, grad, metric)
        rest = -grad.T
        if not np.abs(rest).max() > ROUNDING:
            # Probabilities are right to 1e-16, so a gradient this small is rounding. Separable data have as small
            # a curvature far from 0, and the quotient would be a long step in an arbitrary direction.
            rest = np.zeros_like(rest)
        H = self._hessian.matrix(P)
        # As much as H has on average: next to a much larger number its digits would be lost.
        H += (float(H.trace()) / (K * m) + TINY) * _mean_of_classes(K, m)
        H.ravel()[:: K * m + 1] += np.tile(self._ridge[:, 0], K)
        if metric is not None:
            H += np.kron(np.eye(K), metric)
        try:
            solution = np.linalg.solve(H, rest.ravel())
        except np.linalg.LinAlgError:  # curvatures that differ by more than float64 holds
            solution = np.linalg.lstsq(H, rest.ravel(), rcond=FLAT)[0]
        step: Float64Array = np.asarray(solution, dtype=np.float64).reshape(K, m).T
        step = step - np.add.reduce(step, axis=1, keepdims=True) / K
        return step

    def _by_conjugate_gradients(
        self, P: Float64Array, grad: Float64Array, metric: Float64Array | None
    ) -> Float64Array:
        """Solve H d = -grad with products only, more exactly the smaller the gradient is.

        The iteration starts at 0 and never leaves the space that H reaches, so flat directions need no
        treatment. The rows are preconditioned by their penalty, which differs where spreads differ. Source:
        Nocedal and Wright, "Numerical Optimization", section 7.1.
        """
        step, residual = np.zeros_like(grad), -grad
        weights = 1.0 / (1.0 / self._K + self._ridge)
        direction = weights * residual
        square = float(np.vdot(residual, direction))
        goal = square * min(0.25, square**0.5)
        for _ in range(CG_STEPS):
            image = self._hessian.times(P, direction) + self._ridge * direction
            if metric is not None:
                image += np.dot(metric, direction)
            steepness = float(np.vdot(direction, image))
            if steepness <= 0.0:
                break
            length = square / steepness
            step += length * direction
            residual -= length * image
            preconditioned = weights * residual
            before, square = square, float(np.vdot(residual, preconditioned))
            if square <= goal:
                break
            direction = preconditioned + (square / before) * direction
        return step if step.any() else -weights * grad


def newton_search(
    objective: Objective, max_iterations: int, tolerance: float, watch: Watch = unwatched
) -> tuple[Float64Array, list[float], bool, bool]:
    """Minimise an objective without L1 part by Newton's method with a line search.

    Ends when a step promises to lower the loss by less than `tolerance` (nats). Returns theta (m + 1, K), the losses in
    nats before every step and at the end, whether the search ended by itself, and whether the optimum is at infinity.
    `watch` as in `minimise`.

    Examples
    --------
    >>> theta, losses, *ended = newton_search(Objective(np.ones((4, 1)), np.eye(2)[[0, 0, 0, 1]]), 100, 1e-12)
    >>> (theta[0, 0] - theta[0, 1]).round(6), ended                       # log 3
    (np.float64(1.098612), [True, False])
    """
    is_penalised = bool(objective.l2) and max_iterations > 0
    if objective.n_classes == 2 and objective.l2 and objective.y is not None and not objective.smoothing:
        scaled = StandardUnits(objective)
        quick = search_two(
            scaled, max_iterations, tolerance, _as_if_normal(scaled.scaled) if is_penalised else None, watch,
        )  # fmt: skip
        if quick is not None:
            return scaled.outward(quick[0]), quick[1], True, False
    system = NewtonSystem(objective)
    units = system.units
    # Without penalty the search begins at zero: only so do all directions that lead to infinity still
    # show in its last step.
    start = _as_if_normal(units.scaled) if is_penalised else None
    theta = np.zeros((units.scaled.A.shape[1], objective.n_classes))
    loss, P, gap = units.loss_and_probabilities(theta)
    losses = [loss]
    if start is not None:
        at_start = units.loss_and_probabilities(start)
        if at_start[0] < loss:
            theta, (loss, P, gap) = start, at_start
            losses.append(loss)
    while len(losses) <= max_iterations and watch(len(losses) - 1, max_iterations):
        if _separates(objective, P, gap):
            return units.outward(theta), [*losses, 0.0], True, True
        grad = units.gradient_from(theta, P)
        step = system.scaled_step(P, grad)
        promise = -float(np.vdot(grad, step))
        if not promise > 2.0 * tolerance:
            if math.isfinite(promise):
                theta = theta + step
                loss = units.loss_and_probabilities(theta)[0]
                # The search adds up losses to 1e-16; a small one is computed again with all its digits.
                losses.append(loss if loss > 1e-3 else units.loss(theta))
            return units.outward(theta), losses, math.isfinite(promise), _recedes(units, step)
        length, is_lower = 1.0, False
        while length > 1e-10 and not is_lower:
            candidate = theta + length * step
            new, P_new, gap_new = units.loss_and_probabilities(candidate)
            is_lower = new <= loss - SUFFICIENT * length * promise
            length *= 0.5
        if not is_lower:
            return units.outward(theta), losses, promise <= 1e-8, _recedes(units, step)
        theta, loss, P, gap = candidate, new, P_new, gap_new
        losses.append(loss)
    return units.outward(theta), losses, False, False


def _as_if_normal(objective: Objective) -> Float64Array | None:
    """Return the weights that would be right if every class were a normal cloud of one common shape.

    ``w_k = S^-1 mu_k``, ``b_k = log(share of k) - mu_k . S^-1 mu_k / 2`` with the pooled covariance S:
    linear discriminant analysis, which has a closed form and often ends near the optimum (Hastie,
    Tibshirani and Friedman, "The Elements of Statistical Learning", section 4.3). None where a class is
    missing or S is singular.
    """
    moments = np.dot(objective.weighted, objective.A)
    if moments.shape[0] > LARGEST_START or abs(moments[-1, -1] - 1.0) > 1e-9:
        return None
    sums = np.dot(objective.weighted, objective.Y)
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


def _separates(objective: Objective, P: Float64Array, gap: Float64Array) -> bool:
    """Whether every sample's true class has the one largest logit, without penalty and smoothing.

    Then multiplying theta by a growing number drives every loss to 0.
    """
    if objective.y is None or objective.smoothing or objective.l2 or objective.n_classes < 2 or gap.any():
        return False
    return int((P.max(axis=0) == P).sum()) == objective.n


def _recedes(units: StandardUnits, step: Float64Array) -> bool:
    """Whether the last step, which should be short, is long and raises the loss of no sample.

    Along it every target class keeps the largest logit of its sample: a direction of recession.
    """
    if units.original.l2 or not np.isfinite(step).all():
        return False
    U = units.scaled.A @ step
    U -= U.max(axis=1, keepdims=True)
    cost = -(units.scaled.Y * U).sum(axis=1)
    spread = -float(U.min())
    return spread > FAR and float(cost.max()) <= RECEDING * spread
