"""The gradient of a step: of all samples, or of the batch whose turn it is. Written for speed.

Classes lie on the first axis, so max and sum over them are sums of whole rows; inputs carry a row of
ones, so that b is one more row of W; every array is made once.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from softmax_core.objective import Objective
from softmax_core.seeds import streams
from softmax_core.validation import Float64Array, IntArray

Gradient = Callable[[Float64Array], Float64Array]


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
        Z, per_sample = self._Z, self._per_sample
        np.dot(theta.T, self._A, out=Z)
        np.maximum.reduce(Z, axis=0, out=per_sample)
        np.subtract(Z, per_sample, out=Z)
        np.exp(Z, out=Z)
        np.add.reduce(Z, axis=0, out=per_sample)
        np.divide(Z, per_sample, out=Z)
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
    ``(n / len(B)) * sum over B of s_i * (p_i - y_i) a_i + l2 * W``: its mean over all batches of one
    size is the full gradient, also with class weights.

    Parameters
    ----------
    objective : Objective
    size : int
        Samples per batch.
    rng : Generator
        Decides the order, epoch by epoch.
    skip : int
        Batches that were drawn before.
    """

    def __init__(self, objective: Objective, size: int, rng: np.random.Generator, skip: int = 0) -> None:
        self._A, self._Y = objective.A, np.ascontiguousarray(objective.Y.T)
        self._scale = np.ones(objective.n) if objective.shares is None else objective.n * objective.shares
        self._l2, self._size, self._rng = objective.l2, size, rng
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
        P = np.dot(theta.T, A.T)
        P -= np.maximum.reduce(P, axis=0)
        np.exp(P, out=P)
        P /= np.add.reduce(P, axis=0)
        P -= self._shuffled_Y[:, batch]
        P *= self._shuffled_scale[batch] / len(A)
        grad: Float64Array = np.dot(P, A).T
        if self._l2:
            grad[:-1] += self._l2 * theta[:-1]
        return grad
