"""The second derivatives of an objective: Hessian, curvature, and the largest stable learning rates.

Conventions as in `objective`. The curvature is the largest eigenvalue of the Hessian. Near a model gradient
descent is stable where its learning rate is below 2 / curvature.
"""

from __future__ import annotations

import math
from functools import cached_property, lru_cache

import numpy as np

from softmax_core.objective import Objective
from softmax_core.validation import Float64Array, IntArray

DENSE_LIMIT = 60  # parameters; beyond, a Lanczos iteration is quicker than all eigenvalues
LANCZOS_STEPS = 200
FLAT = 1e-300  # a curvature below this is none
MONOMIAL_ELEMENTS = 1 << 20  # of the products a_r * a_s; beyond, blocks are built one by one
THREADED = 200_000  # multiplications; OpenBLAS starts threads for products beyond about 260,000


def curvatures(objective: Objective, thetas: Float64Array) -> Float64Array:
    """Compute the largest eigenvalue of the Hessian for a stack of models.

    Parameters
    ----------
    objective : Objective
    thetas : ndarray, shape (S, m + 1, K)

    Returns
    -------
    ndarray, shape (S,)
        In [0, `curvature_bound`]; nan where logits overflow. The corners of L1 are left out.

    Notes
    -----
    Up to 60 parameters the Hessian is built and its eigenvalues are computed; beyond that a Lanczos
    iteration needs only products with it (right to about 1e-8, never too large).

    Examples
    --------
    >>> coin = Objective(np.array([[1.0], [1.0]]), np.eye(2))
    >>> curvatures(coin, np.array([[[0.0, 0.0]], [[0.0, 50.0]]])).round(6)
    array([0.5, 0. ])
    """
    hessian = Hessian(objective)
    with np.errstate(all="ignore"):
        return np.array([hessian.largest_eigenvalue(objective.probabilities(theta)) for theta in thetas])


def stable_rates(objective: Objective, thetas: Float64Array) -> Float64Array:
    """Return ``2 / curvature`` for a stack of models, shape (S,); infinite where the loss is flat.

    Examples
    --------
    >>> coin = Objective(np.array([[1.0], [1.0]]), np.eye(2))
    >>> stable_rates(coin, np.array([[[0.0, 0.0]], [[0.0, 2000.0]]])).round(6)
    array([ 4., inf])
    """
    values = curvatures(objective, thetas)
    rates = np.full(values.shape, np.inf)
    np.divide(2.0, values, out=rates, where=~(values <= FLAT))
    return rates


def curvature_bound(objective: Objective) -> float:
    """Return ``0.5 * lambda_max(A.T @ diag(shares) @ A) + l2``, a bound on the curvature of all models.

    No matrix diag(p) - p p^T has an eigenvalue above 1/2 (Boehning, "Multinomial logistic regression
    algorithm", Ann. Inst. Statist. Math. 44, 1992).

    Examples
    --------
    >>> round(curvature_bound(Objective(np.array([[1.0], [1.0]]), np.eye(2))), 6)
    0.5
    """
    A = objective.A * np.sqrt(objective.sample_shares)[:, np.newaxis]
    gram = A.T @ A if A.shape[1] <= A.shape[0] else A @ A.T
    return 0.5 * max(0.0, float(np.linalg.eigvalsh(gram)[-1])) + objective.l2


@lru_cache(maxsize=16)
def _layout(K: int, m: int) -> tuple[Float64Array, IntArray]:
    """Return the signs of the pairs of classes, and for each entry of a Hessian (K m, K m) its place in a
    flattened array (pairs of classes, pairs of features)."""
    first, second = np.triu_indices(K)
    pair = np.empty((K, K), dtype=np.int64)
    pair[first, second] = pair[second, first] = np.arange(first.size)
    row, column = np.triu_indices(m)
    product = np.empty((m, m), dtype=np.int64)
    product[row, column] = product[column, row] = np.arange(row.size)
    places = pair[:, np.newaxis, :, np.newaxis] * row.size + product[np.newaxis, :, np.newaxis, :]
    return np.where(first == second, 1.0, -1.0)[:, np.newaxis], places.reshape(K * m, K * m)


class Hessian:
    """The second derivatives of an objective, at one model after the other: probabilities P (K, n) go in.

    Examples
    --------
    >>> coin = Hessian(Objective(np.array([[1.0], [1.0]]), np.eye(2)))
    >>> P = np.full((2, 2), 0.5)
    >>> coin.matrix(P)
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    >>> coin.times(P, np.array([[1.0, 0.0]]))
    array([[ 0.25, -0.25]])
    """

    def __init__(self, objective: Objective) -> None:
        self._objective = objective
        self._m, self._K = objective.A.shape[1], objective.n_classes
        self._ridge = np.tile(np.where(np.arange(self._m) < self._m - 1, objective.l2, 0.0), self._K)

    @cached_property
    def _products(self) -> Float64Array | None:
        """``share * a_r * a_s`` for every pair of features, (n, pairs); None where that is too much."""
        A, m = self._objective.A, self._m
        pairs = m * (m + 1) // 2
        if pairs * len(A) > MONOMIAL_ELEMENTS:
            return None
        rows = np.ascontiguousarray(A.T)
        weighted, columns, place = rows * self._objective.sample_shares, np.empty((pairs, len(A))), 0
        for row in range(m):
            np.multiply(weighted[row], rows[row:], out=columns[place : place + m - row])
            place += m - row
        return columns.T

    def matrix(self, P: Float64Array) -> Float64Array:
        """Build the Hessian, shape (K (m + 1), K (m + 1)): symmetric, no negative eigenvalue.

        With l2 = 0 at least m + 1 eigenvalues are 0: one vector added to the weights of every class
        changes no probability.

        Every block is a sum over samples of (share * a_r * a_s) * (p_j * ([j == k] - p_k)). Both
        brackets are symmetric, so for a few features all blocks come out of one matrix product
        of (K (K + 1) / 2, n) by (n, (m + 1) (m + 2) / 2), done piece by piece: what is in the cache
        stays there, and pieces this small are not worth a second thread, which would be waited for.
        """
        K, m, n, products = self._K, self._m, self._objective.n, self._products
        if products is None:
            H = self._by_blocks(P)
        else:
            count = K * (K + 1) // 2
            chunk = max(64, min(n, THREADED // (products.shape[1] * count + 1)))
            buffer, blocks = np.empty((count, chunk)), np.zeros((count, products.shape[1]))
            for start in range(0, n, chunk):
                part = P[:, start : start + chunk]
                mixed, first = buffer[:, : part.shape[1]], 0
                for j in range(K):
                    np.multiply(part[j], part[j:], out=mixed[first : first + K - j])
                    # On the diagonal stands p - p ** 2.
                    np.subtract(part[j], mixed[first], out=mixed[first])
                    first += K - j
                blocks += np.dot(mixed, products[start : start + chunk])
            signs, places = _layout(K, m)
            H = np.multiply(blocks, signs).take(places)
        H.ravel()[:: K * m + 1] += self._ridge
        return H

    def _by_blocks(self, P: Float64Array) -> Float64Array:
        A, weighted = self._objective.A, self._objective.weighted
        blocks = np.empty((self._K, self._m, self._K, self._m))
        for j in range(self._K):
            for k in range(j, self._K):
                mixed = P[j] * ((1.0 if j == k else 0.0) - P[k])
                blocks[j, :, k, :] = blocks[k, :, j, :] = np.dot(weighted * mixed, A)
        return blocks.reshape(self._K * self._m, self._K * self._m)

    def times(self, P: Float64Array, V: Float64Array) -> Float64Array:
        """Multiply the Hessian with a direction V (m + 1, K), without building it.

        ``H V = A.T @ diag(shares) @ (P * (U - sum_k P U)) + l2 * V for W`` with ``U = A @ V``.
        """
        U = np.dot(V.T, self._objective.A.T)
        U -= (P * U).sum(axis=0)
        image: Float64Array = np.dot(P * U, self._objective.weighted.T).T
        if self._objective.l2:
            image[:-1] += self._objective.l2 * V[:-1]
        return image

    def largest_eigenvalue(self, P: Float64Array) -> float:
        """Return the largest eigenvalue, at least 0, from the matrix or by `lanczos`, whichever is cheaper.

        nan where P is not finite.
        """
        if not np.isfinite(P).all():
            return math.nan
        if self._m * self._K <= DENSE_LIMIT:
            return max(0.0, float(np.linalg.eigvalsh(self.matrix(P))[-1]))
        return self.lanczos(P)

    def lanczos(self, P: Float64Array) -> float:
        """Return the largest eigenvalue by the Lanczos iteration: right to about 1e-8, never too large.

        Each step costs one product with the Hessian and stores one direction. The estimates rise towards
        the eigenvalue and stop when one gains less than 1e-10. Every new direction is made orthogonal
        to all earlier ones: in exact arithmetic the last two would do, in floating point they do not.
        Source: Golub and Van Loan, "Matrix Computations", chapter 10.
        """
        shape = (self._m, self._K)
        # A fixed random start: a special one could be orthogonal to the eigenvector.
        direction = np.random.default_rng(0).standard_normal(shape).ravel()
        directions = [direction / np.linalg.norm(direction)]
        diagonal: list[float] = []
        off_diagonal: list[float] = []
        estimate = 0.0
        for _ in range(min(LANCZOS_STEPS, directions[0].size)):
            image = self.times(P, directions[-1].reshape(shape)).ravel()
            diagonal.append(float(image @ directions[-1]))
            basis = np.array(directions)
            for _repeat in range(2):
                image -= basis.T @ (basis @ image)
            tridiagonal = np.diag(diagonal) + np.diag(off_diagonal, 1) + np.diag(off_diagonal, -1)
            before, estimate = estimate, float(np.linalg.eigvalsh(tridiagonal)[-1])
            length = float(np.linalg.norm(image))
            if math.isclose(before, estimate, rel_tol=1e-10) or length <= 1e-14 * estimate:
                break
            off_diagonal.append(length)
            directions.append(image / length)
        return max(0.0, estimate)
