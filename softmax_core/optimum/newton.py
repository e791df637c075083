"""Newton's direction for an objective: a solve that knows the flat directions of its Hessian.

Conventions as in `objective`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from softmax_core.curvature import Hessian
from softmax_core.objective import Objective
from softmax_core.validation import Float64Array

DENSE_LIMIT = 1500  # parameters; one Hessian is then 18 MB and its solve takes about 0.1 s
TINY = 1e-300
ROUNDING = 2e-15  # of a gradient whose features have mean square 1
FLAT = 1e-12  # relative to the largest eigenvalue: less is rounding
CG_STEPS = 500


@lru_cache(maxsize=16)
def _alike(K: int, m: int) -> Float64Array:
    """Return the projection (K m, K m) on the directions that are the same for all classes."""
    return np.tile(np.eye(m) / K, (K, K))


class Curved:
    """Newton direction of one objective, with everything that can be reused kept.

    Examples
    --------
    >>> coin = Curved(Objective(np.array([[1.0], [1.0]]), np.array([[1.0, 0.0], [0.5, 0.5]])))
    >>> theta = np.zeros((1, 2))
    >>> P = coin.objective.probabilities(theta)
    >>> coin.direction(P, coin.objective.gradient(theta))
    array([[ 0.5, -0.5]])
    """

    def __init__(self, objective: Objective) -> None:
        self.objective = objective
        self._m, self._K = objective.A.shape[1], objective.n_classes
        # Inputs in kilometres beside inputs in millimetres: every feature is brought to mean square 1.
        size = np.sqrt(np.dot(objective.sample_shares, np.square(objective.A)))
        self._idle = size == 0.0  # a feature that is 0 everywhere: its weights stay where they are
        size[self._idle] = 1.0
        self._size = size
        ridge = np.where(np.arange(self._m) < self._m - 1, objective.l2, 0.0) / size**2 + self._idle
        self._ridge = np.tile(ridge, self._K)
        self._scaled = replace(objective, A=objective.A / size, l2=0.0)
        self._hessian = Hessian(self._scaled if self.is_dense else objective)
        self._basis = None if objective.l2 else self._independent()

    @property
    def is_dense(self) -> bool:
        """Whether the Hessian is small enough to be built."""
        return bool(self._m * self._K <= DENSE_LIMIT)

    def direction(self, P: Float64Array, grad: Float64Array, damping: float = 0.0) -> Float64Array:
        """Return ``-(H + damping)^-1 grad``, shape (m + 1, K), zero along the directions that are flat.

        Adding one vector to the weights of every class changes no probability: along these m + 1
        directions H is at most a penalty, and singular for b in any case. A multiple of their
        projection is added, which makes H regular and leaves the solution alone. (For a gradient with
        a part along them, which only a penalty has, W shrinks by that part divided by l2, as it must.)
        """
        if not self.is_dense:
            return self._by_conjugate_gradients(P, grad, damping)
        m, K, size = self._m, self._K, self._size
        flat = np.add.reduce(grad, axis=1, keepdims=True) / K
        rest = (grad - flat).T / size
        if not np.abs(rest).max() > ROUNDING:
            # Probabilities are right to 1e-16, so this is no slope any more. Divided by a curvature as
            # small, which separable data have far out, it would be a long step in no direction.
            rest = np.zeros_like(rest)
        H = self._hessian.matrix(P)
        # As much as H has on average: next to a much larger number its digits would be lost.
        H += (float(H.trace()) / (K * m) + TINY) * _alike(K, m)
        H.ravel()[:: K * m + 1] += self._ridge
        if damping:
            H.ravel()[:: K * m + 1] += np.tile(damping / size**2, K)
        step = self._solve(H, rest.ravel()).reshape(K, m).T
        step = step - np.add.reduce(step, axis=1, keepdims=True) / K
        step /= size[:, np.newaxis]
        if self.objective.l2 + damping > 0.0:
            step[:-1] += flat[:-1] / (self.objective.l2 + damping)
        return np.negative(step, out=step)

    def _independent(self) -> Float64Array | None:
        """Return orthonormal combinations of features (m + 1, r) that are independent; None if all are.

        Where a feature repeats others, H has no curvature along what they share out among themselves,
        and the step has no part there.
        """
        if not self.is_dense:
            return None
        gram = np.dot(self._scaled.weighted, self._scaled.A)
        gram.ravel()[:: self._m + 1] += self._idle
        values, vectors = np.linalg.eigh(gram)
        curved = values > FLAT * values[-1]
        return None if curved.all() else vectors[:, curved]

    def _solve(self, H: Float64Array, rest: Float64Array) -> Float64Array:
        """Solve H x = rest, in the space of the independent features."""
        basis, classes = self._basis, len(rest) // self._m
        try:
            if basis is None:
                return np.asarray(np.linalg.solve(H, rest), dtype=np.float64)
            whole = np.kron(np.eye(classes), basis)
            solution: Float64Array = whole @ np.linalg.solve(whole.T @ H @ whole, whole.T @ rest)
            return solution
        except np.linalg.LinAlgError:  # curvatures that differ by more than float64 holds
            return np.asarray(np.linalg.lstsq(H, rest, rcond=FLAT)[0], dtype=np.float64)

    def _by_conjugate_gradients(self, P: Float64Array, grad: Float64Array, damping: float) -> Float64Array:
        """Solve H d = -grad with products only, as far as the size of the gradient makes it worth.

        The iteration starts at 0 and never leaves the space that H reaches, so flat directions need no
        care. Source: Nocedal and Wright, "Numerical Optimization", section 7.1.
        """
        step = np.zeros_like(grad)
        residual = -grad
        direction = residual.copy()
        square = float(np.vdot(residual, residual))
        goal = square * min(0.25, square**0.5)
        for _ in range(CG_STEPS):
            image = self._hessian.times(P, direction) + damping * direction
            steepness = float(np.vdot(direction, image))
            if steepness <= 0.0:
                break
            length = square / steepness
            step += length * direction
            residual -= length * image
            before, square = square, float(np.vdot(residual, residual))
            if square <= goal:
                break
            direction = residual + (square / before) * direction
        return step if step.any() else -grad
