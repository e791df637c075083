"""Minibatches of images and the gradient of one, in float32 and written for speed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from softmax_core.images.image_set import Images
from softmax_core.objective import softmax_columns

Float32Array = npt.NDArray[Any]  # the optimisers are typed for float64 and work in either


def minibatches(
    images: Images, batch_size: int, rng: np.random.Generator
) -> Iterator[tuple[Float32Array, npt.NDArray[Any]]]:
    """Draw every image once, in random order, batch by batch.

    Yields
    ------
    X : ndarray of float32, shape (at most batch_size, d)
        Pixels between 0 and 1. **The same array every time**: it is overwritten by the next batch.
    y : ndarray of uint8
    """
    rows, labels, scale = images.rows, images.labels, images.scale
    order = rng.permutation(len(images))
    X = np.empty((min(batch_size, len(images)), rows.shape[1]), np.float32)
    raw = None if rows.dtype == np.float32 and scale == 1 else np.empty(X.shape, rows.dtype)
    for first in range(0, len(order), batch_size):
        chosen = order[first : first + batch_size]
        batch = X[: len(chosen)]
        # "clip" is the mode that writes to `out` without a copy in between; no index is out of range.
        if raw is None:
            np.take(rows, chosen, axis=0, out=batch, mode="clip")
        else:
            np.take(rows, chosen, axis=0, out=raw[: len(chosen)], mode="clip")
            np.multiply(raw[: len(chosen)], scale, out=batch)
        yield batch, labels[chosen]


class BatchStep:
    """The gradient of one batch, written for speed.

    Classes lie on the first axis of P, so maximum and sum over them are sums of whole rows, and every
    array is made once. The numbers are those of `regression.loss_and_gradient`.
    """

    def __init__(self, batch_size: int, n_classes: int, l2: float = 0.0) -> None:
        size = batch_size
        self._l2 = np.float32(l2)
        self._Z = np.empty((size, n_classes), np.float32)
        self._P = np.empty(n_classes * size, np.float32)
        self._per_image = np.empty(size, np.float32)
        self._places = np.arange(size)

    def gradient(self, X: Float32Array, y: npt.NDArray[Any], theta: Float32Array) -> Float32Array:
        """Return the gradient of the mean loss of a batch, shape of `theta`; the array is new."""
        n, K = len(X), theta.shape[1]
        Z, per_image = self._Z[:n], self._per_image[:n]
        P = self._P[: n * K].reshape(K, n)
        np.dot(X, theta[:-1], out=Z)
        np.add(Z.T, theta[-1][:, np.newaxis], out=P)
        softmax_columns(P, P, per_image)
        P[y, self._places[:n]] -= np.float32(1.0)
        P *= np.float32(1.0 / n)
        grad = np.empty_like(theta)
        np.dot(X.T, P.T, out=grad[:-1])
        np.add.reduce(P, axis=1, out=grad[-1])
        if self._l2:
            grad[:-1] += self._l2 * theta[:-1]
        return grad
