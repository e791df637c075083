"""The loss of softmax regression with its probabilities and its gradient, in one place.

Its second derivatives stand in `curvature`, in the same conventions.

Conventions
-----------
theta (m + 1, K) is W (m, K) with b as its last row; A (n, m + 1) holds the features with a last column of
ones, so that Z = A @ theta. Inside, classes lie on the first axis: logits Z and probabilities P are (K, n),
because maximum and sum over classes are then sums of whole rows. In nats,

``loss = sum_i share_i * cross-entropy_i + (l2 / 2) * sum(W ** 2) + l1 * sum(abs(W))``
``gradient = sum_i share_i * a_i (p_i - y_i)^T + l2 * W``
``Hessian, block (j, k) = sum_i share_i * p_ij * ([j == k] - p_ik) * a_i a_i^T + l2 for the entries of W``

with shares that sum to 1 (1 / n each, unless samples or classes are weighted). b is not penalised. L1 has a
corner at 0: gradient, Hessian and curvature are those of the loss without it, see `Objective.min_norm_subgradient`.
Flattened parameters are in class-major order (class, row).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from softmax_core.seeds import streams
from softmax_core.validation import Float64Array, IntArray

Gradient = Callable[[Float64Array], Float64Array]

CHUNK_ELEMENTS = 1 << 16  # logits per chunk: 512 kB, which stays in the cache of a core


def softmax_columns(
    Z: npt.NDArray[Any], P: npt.NDArray[Any], sums: npt.NDArray[Any] | None = None
) -> npt.NDArray[Any]:
    """Write the softmax of every column of the logits Z (K, n) to P, which may be Z itself; written for speed.

    Otherwise Z is left with the logits minus the largest of their column. Returns the sums of the
    exponentials of those, (n,), in the array `sums` if there is one.

    Examples
    --------
    >>> Z = np.array([[1000.0, 0.0], [1000.0, np.log(3.0)]])
    >>> softmax_columns(Z, Z).round(4), Z
    (array([2.    , 1.3333]), array([[0.5 , 0.25],
           [0.5 , 0.75]]))
    """
    sums = np.maximum.reduce(Z, axis=0, out=sums)
    np.subtract(Z, sums, out=Z)
    np.exp(Z, out=P)
    np.add.reduce(P, axis=0, out=sums)
    np.divide(P, sums, out=P)
    return sums


def soft_threshold(W: Float64Array, threshold: float | Float64Array) -> Float64Array:
    """Move every weight towards 0 by a threshold, and no further: ``sign(w) * max(|w| - threshold, 0)``.

    Soft-thresholding, the minimum of ``(v - w) ** 2 / 2 + threshold * |v|`` over v: the proximal step of L1.

    Examples
    --------
    >>> soft_threshold(np.array([3.0, -0.5, -2.0]), 1.0)
    array([ 2.,  0., -1.])
    """
    return W - np.clip(W, -threshold, threshold)


def with_ones(X: Float64Array) -> Float64Array:
    """Append a column of ones to X, (n, m) to (n, m + 1), so that b becomes one more row of W."""
    return np.hstack([X, np.ones((len(X), 1))])


def shares_of(weights: npt.ArrayLike) -> Float64Array:
    """Return the share of every sample in a weighted mean, ``weights / sum(weights)``.

    Raises
    ------
    ValueError
        If a weight is negative or not finite, or none is above 0.

    Examples
    --------
    >>> shares_of([1.0, 3.0])
    array([0.25, 0.75])
    """
    values = np.asarray(weights, dtype=np.float64)
    bad = ~((values >= 0.0) & np.isfinite(values))
    if bad.any():
        raise ValueError(f"sample_weight must be finite and at least 0, received {values[bad][0]}")
    total = float(values.sum())
    if not total > 0.0:
        raise ValueError("a sample must have a weight above 0, received only zeros")
    shares: Float64Array = values / total
    return shares


@dataclass(frozen=True, eq=False)
class ClassifierLoss(ABC):
    """The loss of a classifier on one data set as a function of its parameters theta.

    `Objective` is softmax regression, `softmax_core.network.Network` has hidden layers. What they share is
    here: targets, shares, penalties, and losses from logits.

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
        Penalties on the weights, not on the biases.
    """

    A: Float64Array
    Y: Float64Array
    y: IntArray | None = None
    smoothing: float = 0.0
    shares: Float64Array | None = None
    l2: float = 0.0
    l1: float = 0.0

    @property
    def n(self) -> int:
        """The number of samples."""
        return len(self.A)

    @property
    def n_classes(self) -> int:
        """The number of classes K."""
        return int(self.Y.shape[1])

    @cached_property
    def sample_shares(self) -> Float64Array:
        """The share of every sample in the mean, shape (n,)."""
        return np.full(self.n, 1.0 / self.n) if self.shares is None else self.shares

    def batch_shares(self, batch: IntArray) -> Float64Array:
        """Return the shares in the mean of a minibatch: ``share_i * n / len(batch)`` inside it, 0 outside."""
        shares = np.zeros(self.n)
        shares[batch] = self.sample_shares[batch] * (self.n / len(batch))
        return shares

    @cached_property
    def _columns(self) -> tuple[Float64Array, Float64Array]:
        """A and Y with one column per sample."""
        return np.ascontiguousarray(self.A.T), np.ascontiguousarray(self.Y.T)

    @cached_property
    def _samples(self) -> IntArray:
        return np.arange(self.n)

    @property
    @abstractmethod
    def shape(self) -> tuple[int, ...]:
        """The shape of theta."""

    @property
    @abstractmethod
    def penalised(self) -> Any:
        """The index of the weights in theta, or in a stack of thetas: everything but the biases."""

    @abstractmethod
    def layers(self, theta: Float64Array) -> list[Float64Array]:
        """Return views of theta, or of a stack of them: of each layer W (d, q) with b as its last row."""

    @abstractmethod
    def probabilities(self, theta: Float64Array) -> Float64Array:
        """Return what the model says of every sample, classes on the first axis: (K, n)."""

    def sample_losses(self, theta: Float64Array) -> Float64Array:
        """Return the cross-entropy of every sample in nats, shape (n,), without penalties."""
        losses: Float64Array = self._cross_entropies(self._logits(theta[np.newaxis]))[0]
        return losses

    @abstractmethod
    def gradient(self, theta: Float64Array) -> Float64Array:
        """Return the gradient of the smooth part, everything but L1, shape of theta."""

    @abstractmethod
    def batch_gradient(
        self, theta: Float64Array, A: Float64Array, Y: Float64Array, shares: Float64Array
    ) -> Float64Array:
        """Return the gradient on other samples: A (b, m + 1), Y (K, b), shares (b,)."""

    def full_batch(self) -> Gradient:
        """Return `gradient` as a function for many calls, which may reuse its working memory."""
        return self.gradient

    @abstractmethod
    def _logits(self, thetas: Float64Array) -> Float64Array:
        """Return the logits (S, K, n) of a stack of models; those of a model do not depend on its neighbours."""

    @property
    def _widest(self) -> int:
        """The largest number of values per sample in any layer."""
        return self.n_classes

    def loss(self, theta: Float64Array) -> float:
        """Return the whole loss in nats, penalties included."""
        return float(self.losses(theta[np.newaxis])[0])

    def losses(self, thetas: Float64Array) -> Float64Array:
        """Return the loss of every model of a stack, penalties included."""
        return self.losses_and_accuracies(thetas)[0]

    def losses_and_accuracies(self, thetas: Float64Array) -> tuple[Float64Array, Float64Array]:
        """Return loss and accuracy of every model of a stack.

        A stack is worked through in chunks that stay in the cache. Each model's numbers do not depend
        on its neighbours, down to the last bit: a short run is the beginning of a long one. The
        accuracy is the plain share of right predictions (nan without labels).
        """
        loss, accuracy = np.empty(len(thetas)), np.full(len(thetas), np.nan)
        chunk = max(1, CHUNK_ELEMENTS // max(1, self.n * self._widest))
        for first in range(0, len(thetas), chunk):
            part = slice(first, first + chunk)
            Z = self._logits(thetas[part])
            if self.y is not None:
                accuracy[part] = (Z.argmax(axis=1) == self.y).mean(axis=1)
            per_sample = self._cross_entropies(Z)
            if self.shares is None:
                loss[part] = per_sample.mean(axis=1)
            else:  # not a matrix product: its bits could depend on the number of models
                loss[part] = (per_sample * self.shares).sum(axis=1)
        return loss + self.penalties(thetas), accuracy

    def penalties(self, thetas: Float64Array) -> Float64Array:
        """Return ``(l2 / 2) * sum(W ** 2) + l1 * sum(abs(W))`` for a stack."""
        total = np.zeros(len(thetas))
        for layer in self.layers(thetas) if self.l2 or self.l1 else ():
            W = layer[:, :-1]
            if self.l2:
                total += 0.5 * self.l2 * np.square(W).sum(axis=(1, 2))
            if self.l1:
                total += self.l1 * np.abs(W).sum(axis=(1, 2))
        return total

    def min_norm_subgradient(self, theta: Float64Array, grad: Float64Array) -> Float64Array:
        """Return the shortest vector in the subdifferential of the whole loss; 0 exactly at the optimum.

        Without L1 that is the gradient. With L1 the slope of ``l1 * abs(w)`` at w = 0 may be chosen in
        [-l1, l1], and is chosen so as to cancel as much of the gradient as it can. Stacks of models
        are welcome.

        Examples
        --------
        >>> objective = Objective(np.array([[1.0, 1.0]]), np.array([[1.0, 0.0]]), l1=0.3)
        >>> objective.min_norm_subgradient(np.zeros((2, 2)), np.array([[-0.5, 0.2], [0.0, 0.0]]))[0]
        array([-0.2,  0. ])
        """
        if not self.l1:
            return grad
        W, slope = theta[self.penalised], grad[self.penalised]
        shortest = np.array(grad)
        shortest[self.penalised] = np.where(
            W == 0.0, soft_threshold(slope, self.l1), slope + self.l1 * np.sign(W)
        )
        return shortest

    def _cross_entropies(self, Z: Float64Array) -> Float64Array:
        """Return the cross-entropy of every sample, (models, n), from logits (models, K, n): it writes into Z."""
        Z -= Z.max(axis=1, keepdims=True)
        gap = self._gap(Z)
        # As in functional.max_and_rest: the maximum itself stays out of the sum.
        is_top = Z == 0.0
        ties = is_top.sum(axis=1)
        np.exp(Z, out=Z)
        Z[is_top] = 0.0
        per_sample: Float64Array = gap + (np.log1p(Z.sum(axis=1) / ties) + np.log(ties))
        return per_sample

    def _gap(self, Z: Float64Array) -> Float64Array:
        """Return ``sum_j Y_ij * (max_k z_k - z_j)`` from logits whose maximum is 0, shape (models, n)."""
        if self.y is None:
            cost = np.where(self._columns[1] > 0.0, -Z * self._columns[1], 0.0)  # 0 * inf counts as 0
            soft: Float64Array = cost.sum(axis=1)
            return soft
        gap: Float64Array = np.negative(Z[:, self.y, self._samples])
        if self.smoothing:
            gap = (1.0 - self.smoothing) * gap - (self.smoothing / self.n_classes) * Z.sum(axis=1)
        return gap


class Objective(ClassifierLoss):
    """Softmax regression: theta is (m + 1, K). `softmax_core.training.objective_of` makes one of data and a config.

    Parameters as for `ClassifierLoss`.

    Examples
    --------
    >>> coin = Objective(np.array([[1.0], [1.0]]), np.eye(2))
    >>> coin.loss(np.zeros((1, 2))), coin.gradient(np.array([[0.0, 0.0]]))
    (0.6931471805599453, array([[0., 0.]]))
    """

    @property
    def shape(self) -> tuple[int, ...]:
        """(m + 1, K)"""
        return self.A.shape[1], self.n_classes

    @property
    def penalised(self) -> Any:
        """All rows but the last."""
        return np.s_[..., :-1, :]

    def layers(self, theta: Float64Array) -> list[Float64Array]:
        """Return theta as the only layer."""
        return [theta]

    @cached_property
    def weighted(self) -> Float64Array:
        """``A.T * shares``, shape (m + 1, n): the factor that turns residuals into the gradient."""
        product: Float64Array = self.A.T / self.n if self.shares is None else self.A.T * self.shares
        return product

    # The products with A, for kinds of A that are no arrays; `_logits` is one too.

    def _logits_of_one(self, theta: Float64Array) -> Float64Array:
        """Return A @ theta, classes on the first axis: (K, n)."""
        Z: Float64Array = np.dot(theta.T, self._columns[0])
        return Z

    def _weighted_sum(self, residuals: Float64Array) -> Float64Array:
        """Return ``sum_i share_i * a_i r_i^T``, shape (m + 1, K), for residuals (K, n)."""
        total: Float64Array = np.dot(residuals, self.weighted.T).T
        return total

    def probabilities(self, theta: Float64Array) -> Float64Array:
        """Return softmax(A @ theta), classes on the first axis: (K, n)."""
        P = self._logits_of_one(theta)
        softmax_columns(P, P)
        return P

    def loss_and_probabilities(self, theta: Float64Array) -> tuple[float, Float64Array, Float64Array]:
        """Return loss, probabilities (K, n) and every sample's ``sum_j Y_j * (max z - z_j)``, in one pass.

        For iterations: the loss is right to 1e-16 in absolute terms, `loss` is right in its relative digits too.
        """
        Z = self._logits_of_one(theta)
        P = np.empty_like(Z)
        total = softmax_columns(Z, P)
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

    def gradient(self, theta: Float64Array) -> Float64Array:
        """Return the gradient of the smooth part, everything but L1, shape of theta."""
        return self.gradient_from(theta, self.probabilities(theta))

    def gradient_from(self, theta: Float64Array, P: Float64Array) -> Float64Array:
        """Return the gradient from the probabilities (K, n)."""
        grad = self._weighted_sum(P - self._columns[1])
        if self.l2:
            grad[:-1] += self.l2 * theta[:-1]
        return grad

    def batch_gradient(
        self, theta: Float64Array, A: Float64Array, Y: Float64Array, shares: Float64Array
    ) -> Float64Array:
        """Return the gradient on other samples, see `ClassifierLoss.batch_gradient`."""
        P = np.dot(theta.T, A.T)
        softmax_columns(P, P)
        P -= Y
        P *= shares
        grad: Float64Array = np.dot(P, A).T
        if self.l2:
            grad[:-1] += self.l2 * theta[:-1]
        return grad

    def full_batch(self) -> Gradient:
        """Return the gradient as a function for many calls."""
        return FullBatch(self)

    def _logits(self, thetas: Float64Array) -> Float64Array:
        # matmul of a stack multiplies one pair of matrices after the other: same bits in any stack.
        Z: Float64Array = np.matmul(thetas.transpose(0, 2, 1), self._columns[0])
        return Z


class FullBatch:
    """The gradient of an objective without its L1 part, at one theta after the other.

    Examples
    --------
    >>> full = FullBatch(Objective(np.array([[1.0], [1.0]]), np.eye(2), l2=0.0))
    >>> full(np.array([[np.log(3.0), 0.0]]))
    array([[ 0.25, -0.25]])
    """

    def __init__(self, objective: Objective) -> None:
        self._A, self._Y = (np.ascontiguousarray(array.T) for array in (objective.A, objective.Y))
        self._weighted, self._l2 = objective.weighted.T, objective.l2
        self._Z, self._per_sample = np.empty(self._Y.shape), np.empty(objective.n)

    def __call__(self, theta: Float64Array) -> Float64Array:
        Z = self._Z
        np.dot(theta.T, self._A, out=Z)
        softmax_columns(Z, Z, self._per_sample)
        np.subtract(Z, self._Y, out=Z)
        grad: Float64Array = np.dot(Z, self._weighted).T
        if self._l2:
            grad[:-1] += self._l2 * theta[:-1]
        return grad


def batch_samples(n: int, size: int, seed: int, step: int) -> IntArray:
    """Return the samples of the batch of a step (0 is the first), as `MiniBatches` draws them.

    Examples
    --------
    >>> sorted(np.concatenate([batch_samples(5, 2, seed=0, step=step) for step in (0, 1, 2)]).tolist())
    [0, 1, 2, 3, 4]
    """
    epoch, place = divmod(step, -(-n // size))
    rng = streams(seed).batches
    for _ in range(epoch + 1):
        order = rng.permutation(n)
    return order[place * size : (place + 1) * size]


class MiniBatches:
    """The gradient of the next batch at each call.

    A batch B of an objective with shares s_i (sum 1) has the gradient
    ``(n / len(B)) * sum over B of s_i * a_i (p_i - y_i)^T + l2 * W`` (see `ClassifierLoss.batch_shares`): its
    mean over all batches of one size is the full gradient, also with class weights.

    Parameters
    ----------
    objective : ClassifierLoss
    size : int
        Samples per batch.
    rng : Generator
        Decides the order, epoch by epoch.
    skip : int
        Batches that were drawn before.
    """

    def __init__(self, objective: ClassifierLoss, size: int, rng: np.random.Generator, skip: int = 0) -> None:
        self._gradient = objective.batch_gradient
        self._A, self._Y = objective.A, np.ascontiguousarray(objective.Y.T)
        self._scale = objective.n * objective.sample_shares
        self._size, self._rng = size, rng
        per_epoch = -(-objective.n // size)
        for _ in range(skip // per_epoch):
            rng.permutation(objective.n)
        self._next = objective.n
        if skip % per_epoch:
            self._shuffle()
            self._next = (skip % per_epoch) * size

    def _shuffle(self) -> None:
        order = self._rng.permutation(len(self._A))
        self._shuffled_A = self._A[order]
        self._shuffled_Y = self._Y[:, order]
        self._shuffled_scale = self._scale[order]
        self._next = 0

    def __call__(self, theta: Float64Array) -> Float64Array:
        if self._next >= len(self._A):
            self._shuffle()
        batch = slice(self._next, self._next + self._size)
        self._next += self._size
        A = self._shuffled_A[batch]
        return self._gradient(theta, A, self._shuffled_Y[:, batch], self._shuffled_scale[batch] / len(A))
