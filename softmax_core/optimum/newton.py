"""Newton's direction for an objective: the Hessian quickly, and a solve that knows its flat directions.

Conventions as in `objective`; flattened parameters are in class-major order (class, row), as in
`hessian`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from softmax_core.hessian import dense_hessian
from softmax_core.objective import Objective
from softmax_core.validation import Float64Array, IntArray

DENSE_LIMIT = 1500  # parameters; one Hessian is then 18 MB and its solve takes about 0.1 s
MONOMIAL_ELEMENTS = 1 << 20  # of the products a_r * a_s; beyond, blocks are built one by one
THREADED = 200_000  # multiplications; OpenBLAS starts threads for products beyond about 260,000
TINY = 1e-300
ROUNDING = 2e-15  # of a gradient whose features have mean square 1
FLAT = 1e-12  # relative to the largest eigenvalue: less is rounding
CG_STEPS = 500


@dataclass(frozen=True, eq=False)
class Layout:
    """Where things stand in a Hessian of K classes and m features; the same for all data.

    ``signs`` (pairs of classes, 1); ``places`` (K m, K m): where each entry stands in the flattened array
    (pairs of classes, pairs of features); ``flat`` (K m, K m): the projection on the directions that are
    the same for all classes.
    """

    signs: Float64Array
    places: IntArray
    flat: Float64Array


def layout_of(K: int, m: int) -> Layout:
    """Work out the layout.

    Examples
    --------
    >>> layout_of(2, 1).places                      # blocks: classes 0 0, 0 1 and 1 1
    array([[0, 1],
           [1, 2]])
    """
    first, second = np.triu_indices(K)
    pair = np.empty((K, K), dtype=np.int64)
    pair[first, second] = pair[second, first] = np.arange(first.size)
    signs = np.where(first == second, 1.0, -1.0)[:, np.newaxis]
    row, column = np.triu_indices(m)
    product = np.empty((m, m), dtype=np.int64)
    product[row, column] = product[column, row] = np.arange(row.size)
    places = pair[:, np.newaxis, :, np.newaxis] * row.size + product[np.newaxis, :, np.newaxis, :]
    return Layout(signs, places.reshape(K * m, K * m), np.tile(np.eye(m) / K, (K, K)))


class Curved:
    """Hessian and Newton direction of one objective, with everything that can be reused kept.

    Examples
    --------
    >>> coin = Curved(Objective(np.array([[1.0], [1.0]]), np.array([[1.0, 0.0], [0.5, 0.5]])))
    >>> theta = np.zeros((1, 2))
    >>> P = coin.objective.probabilities(theta)
    >>> coin.hessian(P)
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    >>> coin.direction(P, coin.objective.gradient(theta))
    array([[ 0.5, -0.5]])
    """

    def __init__(self, objective: Objective, layout: Layout | None = None) -> None:
        self.objective = objective
        n, m = objective.A.shape
        self._m, self._K = m, objective.n_classes
        self._layout = layout_of(self._K, m) if layout is None else layout
        self._shares = np.full(n, 1.0 / n) if objective.shares is None else objective.shares
        # Inputs in kilometres beside inputs in millimetres: every feature is brought to mean square 1.
        size = np.sqrt(np.dot(self._shares, np.square(objective.A)))
        self._idle = size == 0.0  # a feature that is 0 everywhere: its weights stay where they are
        size[self._idle] = 1.0
        self._size = size
        ridge = np.where(np.arange(m) < m - 1, objective.l2, 0.0) / size**2 + self._idle
        self._ridge = np.tile(ridge, self._K)
        self._A = objective.A / size
        self._basis = None if objective.l2 else self._independent()
        self._products: Float64Array | None = None
        pairs = m * (m + 1) // 2
        if pairs * n <= MONOMIAL_ELEMENTS:
            first, second = np.triu_indices(m)
            rows = np.ascontiguousarray(self._A.T)
            weighted = rows * self._shares
            columns = np.empty((pairs, n))
            for place, (row, column) in enumerate(zip(first, second, strict=True)):
                np.multiply(weighted[row], rows[column], out=columns[place])
            self._products = columns.T
            self._chunk = max(64, min(n, THREADED // (pairs * (self._K * (self._K + 1) // 2) + 1)))
            self._mixed = np.empty((self._K * (self._K + 1) // 2, self._chunk))

    @property
    def is_dense(self) -> bool:
        """Whether the Hessian is small enough to be built."""
        return bool(self._m * self._K <= DENSE_LIMIT)

    def hessian(self, P: Float64Array) -> Float64Array:
        """Build the Hessian from the probabilities (K, n), shape (K (m + 1), K (m + 1))."""
        size = np.tile(np.where(self._idle, 0.0, self._size), self._K)
        H = self._scaled_hessian(P)
        H.ravel()[:: self._K * self._m + 1] += self._ridge
        H *= np.outer(size, size)
        return H

    def _scaled_hessian(self, P: Float64Array) -> Float64Array:
        """Build the Hessian for features of mean square 1, without the penalty.

        Every block is a sum over samples of (share * a_r * a_s) * (p_j * ([j == k] - p_k)). Both
        brackets are symmetric, so for a few features all blocks come out of one matrix product
        of (K (K + 1) / 2, n) by (n, (m + 1) (m + 2) / 2), done piece by piece: what is in the cache
        stays there, and pieces this small are not worth a second thread, which would be waited for.
        """
        K = self._K
        if self._products is None:
            # dense_hessian divides by n: roots of n * share in front of the inputs weigh the samples.
            H = dense_hessian(self._A * np.sqrt(self.objective.n * self._shares)[:, np.newaxis], P.T)
        else:
            blocks: float | Float64Array = 0.0
            for start in range(0, self.objective.n, self._chunk):
                part = P[:, start : start + self._chunk]
                mixed, first = self._mixed[:, : part.shape[1]], 0
                for j in range(K):
                    np.multiply(part[j], part[j:], out=mixed[first : first + K - j])
                    # On the diagonal stands p - p ** 2.
                    np.subtract(part[j], mixed[first], out=mixed[first])
                    first += K - j
                blocks = blocks + np.dot(mixed, self._products[start : start + self._chunk])
            H = np.multiply(blocks, self._layout.signs).take(self._layout.places)
        return H

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
        H = self._scaled_hessian(P)
        # As much as H has on average: next to a much larger number its digits would be lost.
        H += (float(H.trace()) / (K * m) + TINY) * self._layout.flat
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
        gram = np.dot(self._A.T * self._shares, self._A)
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

    def product(self, P: Float64Array, V: Float64Array) -> Float64Array:
        """Multiply the Hessian with a direction V (m + 1, K), without building it."""
        objective = self.objective
        U = np.dot(V.T, objective.A.T)
        U -= (P * U).sum(axis=0)
        image: Float64Array = np.dot(P * U, objective.weighted.T).T
        if objective.l2:
            image[:-1] += objective.l2 * V[:-1]
        return image

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
            image = self.product(P, direction) + damping * direction
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
