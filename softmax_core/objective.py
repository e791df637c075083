"""What a run goes down: one loss on one data set, as a function of theta alone.

Conventions: theta (m + 1, K) is W (m, K) with b as its last row; A (n, m + 1) holds the features with
a last column of ones, so that Z = A @ theta; inside, classes lie on the first axis (K, n), because
maximum and sum over them are then sums of whole rows. The loss is

``sum_i share_i * cross-entropy_i + (l2 / 2) * sum(W ** 2) + l1 * sum(abs(W))``

with shares that sum to 1 (1 / n each, unless classes are weighted); b is not penalised.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from softmax_core.validation import Float64Array, IntArray

CHUNK_ELEMENTS = 1 << 16  # logits per chunk: 512 kB, which stays in the cache of a core


@dataclass(frozen=True, eq=False)
class Objective:
    """A loss to minimise. `softmax_core.training.problem` makes one from a data set and a config.

    Parameters
    ----------
    A : ndarray, shape (n, m + 1)
        Features; the last column is 1 (or 0 for a model without biases).
    Y : ndarray, shape (n, K)
        Target distributions.
    y : ndarray of int, shape (n,), optional
        The labels, where Y is ``(1 - smoothing) * one-hot + smoothing / K``: losses are then faster.
    smoothing : float
        See `y`.
    shares : ndarray, shape (n,), optional
        Weights of the samples, at least 0 with sum 1; 1 / n each if not given.
    l2, l1 : float
        Penalties on W.

    Examples
    --------
    >>> coin = Objective(np.array([[1.0], [1.0]]), np.eye(2))
    >>> coin.loss(np.zeros((1, 2))), coin.gradient(np.array([[0.0, 0.0]]))
    (0.6931471805599453, array([[0., 0.]]))
    """

    A: Float64Array
    Y: Float64Array
    y: IntArray | None = None
    smoothing: float = 0.0
    shares: Float64Array | None = None
    l2: float = 0.0
    l1: float = 0.0

    def of_one(self, sample: int) -> Objective:
        """Return the loss of a single sample, without penalties."""
        one = slice(sample, sample + 1)
        y = None if self.y is None else self.y[one]
        return Objective(self.A[one], self.Y[one], y, self.smoothing)

    @property
    def n(self) -> int:
        """The number of samples."""
        return len(self.A)

    @property
    def n_classes(self) -> int:
        """The number of classes K."""
        return int(self.Y.shape[1])

    @cached_property
    def weighted(self) -> Float64Array:
        """``A.T * shares``, shape (m + 1, n): the factor that turns residuals into the gradient."""
        product: Float64Array = self.A.T / self.n if self.shares is None else self.A.T * self.shares
        return product

    @cached_property
    def _columns(self) -> tuple[Float64Array, Float64Array]:
        """A and Y with one column per sample."""
        return np.ascontiguousarray(self.A.T), np.ascontiguousarray(self.Y.T)

    @cached_property
    def _samples(self) -> IntArray:
        return np.arange(self.n)

    def probabilities(self, theta: Float64Array) -> Float64Array:
        """Return softmax(A @ theta), classes on the first axis: (K, n)."""
        P: Float64Array = np.dot(theta.T, self._columns[0])
        P -= P.max(axis=0)
        np.exp(P, out=P)
        P /= P.sum(axis=0)
        return P

    def look(self, theta: Float64Array) -> tuple[float, Float64Array, Float64Array]:
        """Return loss, probabilities (K, n) and every sample's ``sum_j Y_j * (max z - z_j)``, in one pass.

        For iterations: the loss is right to 1e-16 in absolute terms, `loss` keeps relative digits too.
        """
        Z: Float64Array = np.dot(theta.T, self._columns[0])
        Z -= np.maximum.reduce(Z, axis=0)
        P = np.exp(Z)
        total = np.add.reduce(P, axis=0)
        P /= total
        gap = self._gap(Z[np.newaxis])[0]
        per_sample = np.log(total, out=total)
        per_sample += gap
        loss = (
            float(np.add.reduce(per_sample)) / self.n
            if self.shares is None
            else np.dot(per_sample, self.shares)
        )
        if self.l2:
            loss += 0.5 * self.l2 * float(np.vdot(theta[:-1], theta[:-1]))
        if self.l1:
            loss += self.l1 * float(np.abs(theta[:-1]).sum())
        return float(loss), P, gap

    def loss(self, theta: Float64Array) -> float:
        """Return the whole loss in nats, penalties included."""
        return float(self.losses(theta[np.newaxis])[0])

    def losses(self, thetas: Float64Array) -> Float64Array:
        """Return the loss of every model of a stack (S, m + 1, K)."""
        return self.losses_and_accuracies(thetas)[0]

    def losses_and_accuracies(self, thetas: Float64Array) -> tuple[Float64Array, Float64Array]:
        """Return loss and accuracy of every model of a stack.

        A stack is worked through in chunks that stay in the cache. Each model's numbers do not depend
        on its neighbours, down to the last bit: a short run is the beginning of a long one. The
        accuracy is the plain share of right predictions (nan where no labels are known).
        """
        A = self._columns[0]
        loss, accuracy = np.empty(len(thetas)), np.empty(len(thetas))
        chunk = max(1, CHUNK_ELEMENTS // max(1, self.Y.size))
        for first in range(0, len(thetas), chunk):
            part = slice(first, first + chunk)
            # matmul of a stack multiplies one pair of matrices after the other: same bits in any stack.
            Z = np.matmul(thetas[part].transpose(0, 2, 1), A)
            loss[part], accuracy[part] = self._means(Z)
        return loss + self.penalties(thetas), accuracy

    def penalties(self, thetas: Float64Array) -> Float64Array:
        """Return ``(l2 / 2) * sum(W ** 2) + l1 * sum(abs(W))`` for a stack."""
        W, total = thetas[:, :-1], np.zeros(len(thetas))
        if self.l2:
            total += 0.5 * self.l2 * np.square(W).sum(axis=(1, 2))
        if self.l1:
            total += self.l1 * np.abs(W).sum(axis=(1, 2))
        return total

    def gradient(self, theta: Float64Array) -> Float64Array:
        """Return the gradient of the smooth part, everything but L1, shape of theta."""
        return self.gradient_from(theta, self.probabilities(theta))

    def gradient_from(self, theta: Float64Array, P: Float64Array) -> Float64Array:
        """Return the gradient where the probabilities (K, n) are already known."""
        grad: Float64Array = np.dot(P - self._columns[1], self.weighted.T).T
        if self.l2:
            grad[:-1] += self.l2 * theta[:-1]
        return grad

    def steepest(self, theta: Float64Array, grad: Float64Array) -> Float64Array:
        """Return the shortest vector in the subdifferential of the whole loss; 0 exactly at the optimum.

        Without L1 that is the gradient. With L1 the slope of ``l1 * abs(w)`` at w = 0 may be chosen in
        [-l1, l1], and is chosen so as to cancel as much of the gradient as it can. Stacks of models
        (S, m + 1, K) are welcome.

        Examples
        --------
        >>> objective = Objective(np.array([[1.0, 1.0]]), np.array([[1.0, 0.0]]), l1=0.3)
        >>> objective.steepest(np.zeros((2, 2)), np.array([[-0.5, 0.2], [0.0, 0.0]]))[0]
        array([-0.2,  0. ])
        """
        if not self.l1:
            return grad
        W, slope = theta[..., :-1, :], grad[..., :-1, :]
        shortest = np.array(grad)
        at_zero = np.sign(slope) * np.maximum(np.abs(slope) - self.l1, 0.0)
        shortest[..., :-1, :] = np.where(W == 0.0, at_zero, slope + self.l1 * np.sign(W))
        return shortest

    def _means(self, Z: Float64Array) -> tuple[Float64Array, Float64Array]:
        """Return mean cross-entropy and accuracy over the last axis of Z (models, K, n)."""
        accuracy = np.full(len(Z), np.nan)
        if self.y is not None:
            accuracy = (Z.argmax(axis=1) == self.y).mean(axis=1)
        Z -= Z.max(axis=1, keepdims=True)
        gap = self._gap(Z)
        # As in shifting.max_and_rest: the maximum itself stays out of the sum.
        is_top = Z == 0.0
        ties = is_top.sum(axis=1)
        np.exp(Z, out=Z)
        Z[is_top] = 0.0
        per_sample = gap + (np.log1p(Z.sum(axis=1) / ties) + np.log(ties))
        if self.shares is None:
            return per_sample.mean(axis=1), accuracy
        # Not a matrix product: its bits could depend on the number of models.
        return (per_sample * self.shares).sum(axis=1), accuracy

    def _gap(self, Z: Float64Array) -> Float64Array:
        """Return ``sum_j Y_ij * (max_k z_k - z_j)`` from logits whose maximum is 0, shape (models, n)."""
        if self.y is None:
            cost = np.where(self._columns[1] > 0.0, -Z * self._columns[1], 0.0)  # 0 * inf is 0 here
            soft: Float64Array = cost.sum(axis=1)
            return soft
        gap: Float64Array = np.negative(Z[:, self.y, self._samples])
        if self.smoothing:
            gap = (1.0 - self.smoothing) * gap - (self.smoothing / self.n_classes) * Z.sum(axis=1)
        return gap
