"""The Hessian of the cross-entropy of a linear layer, and its largest eigenvalue.

Conventions: A (n, m) holds the inputs with a last column of ones (m = d + 1), theta (m, K) is W with
b as its last row, P (n, K) the probabilities. Flattened parameters are in class-major order
(class, row).
"""

from __future__ import annotations

import math

import numpy as np

from softmax_core.validation import Float64Array

DENSE_LIMIT = 400  # parameters; the dense eigenvalues then take about 20 ms
LANCZOS_STEPS = 200


def largest_eigenvalue(A: Float64Array, P: Float64Array, l2: float) -> float:
    """Return the largest eigenvalue of the Hessian, dense or by Lanczos, whichever is cheaper."""
    if A.shape[1] * P.shape[1] <= DENSE_LIMIT:
        return max(0.0, float(np.linalg.eigvalsh(dense_hessian(A, P, l2))[-1]))
    return lanczos_largest(A, P, l2)


def largest_gram_eigenvalue(A: Float64Array) -> float:
    """Return lambda_max(A.T @ A / n), from the smaller of the two Gram matrices."""
    gram = A.T @ A if A.shape[1] <= A.shape[0] else A @ A.T
    return max(0.0, float(np.linalg.eigvalsh(gram / A.shape[0])[-1]))


def dense_hessian(A: Float64Array, P: Float64Array, l2: float = 0.0) -> Float64Array:
    """Build the Hessian: block (j, k) is ``A.T @ diag(p_j * ([j == k] - p_k)) @ A / n``.

    Returns
    -------
    ndarray of float64, shape (K m, K m)
        Symmetric, no negative eigenvalue. With l2 = 0 at least m eigenvalues are 0: adding one
        vector to the weights of every class changes no probability.

    Examples
    --------
    >>> dense_hessian(np.array([[1.0]]), np.array([[0.5, 0.5]]))
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    n, m = A.shape
    K = P.shape[1]
    blocks = np.empty((K, m, K, m))
    for j in range(K):
        for k in range(j, K):
            share = P[:, j] * ((1.0 if j == k else 0.0) - P[:, k]) / n
            blocks[j, :, k, :] = blocks[k, :, j, :] = (A * share[:, np.newaxis]).T @ A
    H: Float64Array = blocks.reshape(K * m, K * m)
    H[np.diag_indices(K * m)] += l2 * _penalised(m, K).T.ravel()
    return H


def hessian_product(A: Float64Array, P: Float64Array, l2: float, V: Float64Array) -> Float64Array:
    """Multiply the Hessian with a direction V (m, K), without building it.

    ``H V = A.T @ (P * (U - sum_k P U)) / n + l2 * D * V`` with ``U = A @ V``.

    Examples
    --------
    >>> hessian_product(np.array([[1.0]]), np.array([[0.5, 0.5]]), 0.0, np.array([[1.0, 0.0]]))
    array([[ 0.25, -0.25]])
    """
    U = A @ V
    U -= (P * U).sum(axis=1, keepdims=True)
    product: Float64Array = A.T @ (P * U) / A.shape[0] + l2 * _penalised(*V.shape) * V
    return product


def lanczos_largest(A: Float64Array, P: Float64Array, l2: float) -> float:
    """Return the largest eigenvalue of the Hessian by the Lanczos iteration.

    Each step costs one product with the Hessian and keeps one direction. The estimates rise towards
    the eigenvalue and stop when one gains less than 1e-10. Every new direction is made orthogonal
    to all earlier ones: in exact arithmetic the last two would do, in floating point they do not.
    Source: Golub and Van Loan, "Matrix Computations", chapter 10.
    """
    shape = (A.shape[1], P.shape[1])
    # A fixed random start: a special one could be orthogonal to the direction that is looked for.
    direction = np.random.default_rng(0).standard_normal(shape).ravel()
    directions = [direction / np.linalg.norm(direction)]
    diagonal: list[float] = []
    off_diagonal: list[float] = []
    estimate = 0.0
    for _ in range(min(LANCZOS_STEPS, directions[0].size)):
        image = hessian_product(A, P, l2, directions[-1].reshape(shape)).ravel()
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


def _penalised(m: int, K: int) -> Float64Array:
    """Return 1 for the entries of W and 0 for those of b, shape (m, K)."""
    mask = np.ones((m, K))
    mask[-1] = 0.0
    return mask
