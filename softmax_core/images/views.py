"""Counts, means and histograms of a set of images, and what a linear model computes from an image."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from softmax_core.images.image_set import Images
from softmax_core.validation import Float64Array, IntArray, as_float_array

_AT_ONCE = 4096


def class_counts(images: Images, n_classes: int) -> IntArray:
    """Count the images of every class, shape (K,).

    Examples
    --------
    >>> class_counts(Images(np.zeros((3, 2, 2), np.uint8), np.array([2, 0, 2], np.uint8)), 3)
    array([1, 0, 2])
    """
    return np.bincount(images.labels, minlength=n_classes).astype(np.int64)


def mean_images(images: Images, n_classes: int) -> Float64Array:
    """Average the images of every class: (K, height, width) between 0 and 1, nan for an empty class.

    Examples
    --------
    >>> mean_images(Images(np.array([[[0, 255], [0, 0]]] * 2, np.uint8), np.zeros(2, np.uint8)), 2)[0]
    array([[0., 1.],
           [0., 0.]])
    """
    sums = np.zeros((n_classes, images.rows.shape[1]))
    for k in range(n_classes):
        sums[k] = images.rows[images.labels == k].sum(axis=0, dtype=np.float64)
    with np.errstate(all="ignore"):
        means = sums / images.white / class_counts(images, n_classes)[:, np.newaxis]
    return means.reshape(n_classes, *images.size)


def pixel_histogram(images: Images, bins: int = 16) -> tuple[Float64Array, IntArray]:
    """Count the pixels by brightness.

    Returns
    -------
    edges : ndarray, shape (bins + 1,)
        From 0 (paper) to 1 (ink); the last bin holds 1 itself.
    counts : ndarray of int64, shape (bins,)

    Examples
    --------
    >>> pixel_histogram(Images(np.array([[[0, 9], [16, 16]]], np.uint8), np.zeros(1, np.uint8), 16), 2)[1]
    array([1, 3])
    """
    edges, counts = np.linspace(0.0, 1.0, bins + 1), np.zeros(bins, np.int64)
    for first in range(0, len(images), _AT_ONCE):
        counts += np.histogram(images.features(slice(first, first + _AT_ONCE)), edges)[0]
    return edges, counts


def contributions(x: npt.ArrayLike, W: npt.ArrayLike) -> Float64Array:
    """Split the logits of one image into what each pixel adds: ``C[i, k] = x[i] * W[i, k]``.

    Parameters
    ----------
    x : array_like, shape (d,)
        Pixels between 0 and 1.
    W : array_like, shape (d, K)

    Returns
    -------
    ndarray of float64, shape (d, K)
        In nats. The sum over the pixels, plus b, is the logits: nothing is left over, which is what
        makes a linear model readable.

    Examples
    --------
    >>> contributions([0.5, 0.0], [[2.0, -4.0], [7.0, 7.0]])
    array([[ 1., -2.],
           [ 0.,  0.]])
    """
    pixels = as_float_array(x, "x").astype(np.float64)
    weights = as_float_array(W, "W").astype(np.float64)
    if pixels.ndim != 1 or weights.ndim != 2 or len(pixels) != len(weights):
        raise ValueError(
            f"x and W must have shapes (d,) and (d, K), received {pixels.shape}, {weights.shape}"
        )
    product: Float64Array = pixels[:, np.newaxis] * weights
    return product


def model_logits(images: Images, theta: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Compute the logits (n, K) of all images in float32; `theta` (d + 1, K) has b as its last row.

    Examples
    --------
    >>> model_logits(Images(np.full((1, 2, 2), 255, np.uint8), np.zeros(1, np.uint8)), np.ones((5, 2)))
    array([[5., 5.]], dtype=float32)
    """
    Z = np.empty((len(images), theta.shape[1]), np.float32)
    weights = theta.astype(np.float32, copy=False)
    for first in range(0, len(images), _AT_ONCE):
        part = slice(first, first + _AT_ONCE)
        Z[part] = images.features(part) @ weights[:-1] + weights[-1]
    return Z
