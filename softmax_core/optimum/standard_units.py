"""An objective with every feature centred and scaled, so that units do not matter.

Conventions as in `objective`. With mean m_r and spread s_r (root of the mean square of x_r - m_r) of every feature,

``x'_r = (x_r - m_r) / s_r``, ``W'_r = s_r * W_r``, ``b' = b + sum_r m_r * W_r``

leave every logit as it is. The penalty stays that of W: ``(l2 / 2) * sum_r (W'_r / s_r) ** 2``, so each feature has
a ridge of its own, ``l2 / s_r ** 2``, and a threshold of its own for L1, ``l1 / s_r``. Minimising then does
not depend on the units. Seconds since 1970 are an example: their mean is 1e6 times their spread.

Without penalties the variables may be changed once more. With the singular value decomposition
``diag(share)^(1/2) X' = U S V^T``,

``x'' = S^-1 V^T x'``, ``W' = V S^-1 W''``

makes the features uncorrelated with mean square 1, even where they are almost multiples of each other, as seconds
since 1970 and their square are. Directions of V along which X' is rounding of the features are left out.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from softmax_core.objective import Objective
from softmax_core.validation import Float64Array

CONSTANT = 1e-13  # spread of a feature relative to its largest value: less is rounding
DEPENDENT = 1e-13  # singular value relative to the largest: less is rounding of the decomposition
NEAR = (
    1e-3  # spread of a feature relative to its mean, above which one pass centres it to 1e-13 of the spread
)
SMALLEST, LARGEST = 1e-100, 1e100  # spreads whose squares are within the range of numbers
ROUNDED = 4.0 * 2.0**-52  # error of a feature relative to its largest value, which may be a rounded product


class StandardUnits:
    """An objective with centred and scaled features; without biases they are scaled only.

    With `uncorrelated`, which no penalty allows, theta' below stands for theta'' with r + 1 <= m + 1 rows.

    Attributes
    ----------
    original : Objective
    scaled : Objective
        The same loss in theta' (m + 1, K), without its penalties.
    mean, spread : ndarray, shape (m,)
        In units of the features.
    basis : ndarray, shape (m, r), or None
        ``V S^-1`` if `uncorrelated`.
    is_idle : ndarray of bool, shape (m + 1,)
        Features that are the same for all samples, so that their weights stay 0; also b, in a model without biases.
    ridge : ndarray, shape (m + 1, 1)
        The factor of ``theta' ** 2 / 2`` in the penalty.
    threshold : ndarray, shape (m + 1, 1)
        The factor of ``abs(theta')`` in the penalty.

    Examples
    --------
    >>> years = Objective(np.array([[1999.0, 1.0], [2001.0, 1.0]]), np.eye(2), l2=0.1)
    >>> units = StandardUnits(years)
    >>> units.scaled.A[:, 0], units.mean, units.spread
    (array([-1.,  1.]), array([2000.]), array([1.]))
    >>> units.outward(np.array([[2.0, -2.0], [0.0, 1.0]])).tolist()
    [[2.0, -2.0], [-4000.0, 4001.0]]
    """

    def __init__(self, original: Objective, *, uncorrelated: bool = False) -> None:
        shares = original.sample_shares
        # One row for each feature: sums over samples are then sums along memory, here and in the objective.
        rows = np.array(original.A.T, order="C")
        X, last = rows[:-1], rows[-1]
        m = len(X)
        has_bias = bool((last == 1.0).all())
        self.mean: Float64Array = np.dot(X, shares) if has_bias else np.zeros(m)
        self._second = np.zeros(m)
        X -= self.mean[:, np.newaxis]
        with np.errstate(over="ignore"):
            size = np.sqrt(np.dot(X * X, shares))
        is_constant = np.zeros(m, dtype=bool)
        errors = np.zeros(m)
        # Most features have a mean of a few spreads, and there is nothing to fear from rounding.
        if (
            (size > NEAR * np.abs(self.mean)) & (size > SMALLEST) & (size < LARGEST)
        ).all() and not uncorrelated:
            self.spread: Float64Array = size
        else:
            largest = _largest(original.A[:, :-1].T)
            if has_bias:  # what the first pass rounds away is as large as the spread where the mean is 1e16 times larger
                self._second = np.dot(X, shares)
                X -= self._second[:, np.newaxis]
            top = _largest(X)
            is_constant = ~(top > CONSTANT * largest)
            X[is_constant] = 0.0
            top[is_constant | ((top > SMALLEST) & (top < LARGEST))] = 1.0
            X /= top[:, np.newaxis]  # squares would leave the range of numbers
            size = np.sqrt(np.dot(X * X, shares))
            is_constant |= size == 0.0
            size[is_constant] = 1.0
            self.spread = top * size
            errors = np.where(is_constant, 0.0, ROUNDED * largest / self.spread)
        X /= size[:, np.newaxis]
        self.original = original
        self.basis: Float64Array | None = None
        size = self.spread
        if uncorrelated:
            assert original.l2 == original.l1 == 0.0
            self.basis = _uncorrelated(X, shares, errors)
            rows = np.vstack([np.dot(self.basis.T, X), last])
            is_constant = np.zeros(self.basis.shape[1], dtype=bool)
            size = np.ones(self.basis.shape[1])
        self.scaled = replace(original, A=rows.T, l2=0.0, l1=0.0)
        self.is_idle = np.zeros(len(size) + 1, dtype=bool)
        self.is_idle[:-1], self.is_idle[-1] = is_constant, not (has_bias or last.any())
        self.ridge, self.threshold = np.zeros((len(size) + 1, 1)), np.zeros((len(size) + 1, 1))
        if original.l2:
            self.ridge[:-1, 0] = original.l2 / size / size
        if original.l1:
            self.threshold[:-1, 0] = original.l1 / size

    def outward(self, theta: Float64Array) -> Float64Array:
        """Return theta for theta', shape (m + 1, K)."""
        W = theta[:-1] if self.basis is None else np.dot(self.basis, theta[:-1])
        result = np.empty((len(self.spread) + 1, theta.shape[1]))
        W = np.divide(W, self.spread[:, np.newaxis], out=result[:-1])
        np.subtract(theta[-1], np.dot(self._second, W), out=result[-1])
        result[-1] -= np.dot(self.mean, W)
        return result

    def gradient_inward(self, grad: Float64Array) -> Float64Array:
        """Return the gradient with respect to theta' for one with respect to theta, shape (m + 1, K)."""
        slopes = grad[:-1] - np.multiply.outer(self.mean + self._second, grad[-1])
        slopes /= self.spread[:, np.newaxis]
        return np.vstack([slopes if self.basis is None else np.dot(self.basis.T, slopes), grad[-1]])

    def metric(self) -> Float64Array:
        """Return the matrix M (m + 1, m + 1) with ``sum(theta ** 2) = sum_k theta'_k . M theta'_k``."""
        back = self.outward(np.eye(len(self.is_idle)))
        product: Float64Array = np.dot(back.T, back)
        return product

    def loss(self, theta: Float64Array) -> float:
        """Return the loss at theta' in nats with all its digits, penalties included."""
        return self.scaled.loss(theta) + self._penalty(theta)

    def loss_and_probabilities(self, theta: Float64Array) -> tuple[float, Float64Array, Float64Array]:
        """As `Objective.loss_and_probabilities`, at theta'."""
        loss, P, gap = self.scaled.loss_and_probabilities(theta)
        return loss + self._penalty(theta), P, gap

    def gradient_from(self, theta: Float64Array, P: Float64Array) -> Float64Array:
        """Return the gradient with respect to theta', without L1, from the probabilities (K, n)."""
        grad = self.scaled.gradient_from(theta, P)
        if self.original.l2:
            grad += self.ridge * theta
        return grad

    def _penalty(self, theta: Float64Array) -> float:
        total = 0.0
        if self.original.l2:
            total += 0.5 * float(np.vdot(theta, self.ridge * theta))
        if self.original.l1:
            total += float(np.sum(self.threshold * np.abs(theta)))
        return total


def _uncorrelated(X: Float64Array, shares: Float64Array, errors: Float64Array) -> Float64Array:
    """Return ``V S^-1`` (m, r) of scaled features X (m, n), which are right to `errors` (m,)."""
    triangle = np.linalg.qr((X * np.sqrt(shares)).T, mode="r")
    _, sizes, V = np.linalg.svd(triangle, full_matrices=False)
    rounding = np.sqrt(np.dot(V * V, errors * errors))
    kept = sizes > np.maximum(rounding, DEPENDENT * sizes.max(initial=0.0))
    basis: Float64Array = V[kept].T / sizes[kept]
    return basis


def _largest(X: Float64Array) -> Float64Array:
    """Return the largest absolute value of every row."""
    result: Float64Array = np.maximum(X.max(axis=1, initial=0.0), -X.min(axis=1, initial=0.0))
    return result
