"""Cross-entropy from logits, and its gradient.

Conventions: classes on the last axis, losses in nats, always the mean over the samples, and the
gradient is that of the mean. Nothing here takes the logarithm of a probability, so there is no
epsilon: with ``log(p + 1e-8)`` no loss could ever exceed 18.42. The losses on probabilities, for
comparison, live in `comparison` and can be had from here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from softmax_core.comparison import absolute_error as absolute_error
from softmax_core.comparison import absolute_error_gradient as absolute_error_gradient
from softmax_core.comparison import huber as huber
from softmax_core.comparison import huber_gradient as huber_gradient
from softmax_core.comparison import squared_error as squared_error
from softmax_core.comparison import squared_error_gradient as squared_error_gradient
from softmax_core.functional import softmax
from softmax_core.shifting import check_classes, max_and_rest
from softmax_core.validation import FloatArray, as_float_array, as_labels, as_targets, work_dtype


def cross_entropy(Z: npt.ArrayLike, y: npt.ArrayLike) -> np.floating[Any]:
    """Compute the mean cross-entropy for integer labels.

    ``L = mean over i of (log sum_k exp(Z[i, k]) - Z[i, y[i]])``

    Parameters
    ----------
    Z : array_like, shape (n, K) or (K,)
        Logits in nats.
    y : array_like of int, shape (n,) or ()
        True classes.

    Returns
    -------
    floating scalar, dtype of `Z`
        In [0, inf], in nats.

    Raises
    ------
    ValueError
        If the shapes do not fit, a label is out of range, or there is no sample or no class.

    Examples
    --------
    Confidently wrong costs the gap between the logits, with no ceiling; confidently right keeps its
    digits although p rounds to 1:

    >>> cross_entropy([[0.0, 60.0]], [0])
    np.float64(60.0)
    >>> f"{cross_entropy([[0.0, 60.0]], [1]):.6e}"
    '8.756511e-27'
    """
    return _mean(cross_entropy_per_sample(Z, y))


def cross_entropy_per_sample(Z: npt.ArrayLike, y: npt.ArrayLike) -> FloatArray:
    """Compute the cross-entropy of every sample, for integer labels.

    ``loss[i] = log sum_k exp(Z[i, k]) - Z[i, y[i]] = -log P[i, y[i]]``, computed as
    ``(max z - z_y) + log sum_k exp(z_k - max z)``, two terms >= 0 that cannot cancel.

    Parameters
    ----------
    Z, y
        As for `cross_entropy`.

    Returns
    -------
    ndarray, shape (n,), dtype of `Z`
        In [0, inf], in nats. inf for a true class with logit -inf; nan for a row without a
        distribution (nan, or nothing but -inf).

    Raises as for `cross_entropy`, except that no samples are no error.

    Examples
    --------
    >>> cross_entropy_per_sample([[0.0, 0.0], [-np.inf, 0.0]], [1, 0])
    array([0.69314718,        inf])
    """
    logits, labels = _logits_and_labels(Z, y)
    top, rest = max_and_rest(logits, -1)
    true_logit = np.take_along_axis(logits, labels[..., np.newaxis], axis=-1)
    with np.errstate(all="ignore"):
        loss = _gap(top, true_logit) + rest
        result: FloatArray = loss[..., 0].astype(logits.dtype, copy=False)[()]
    return result


def cross_entropy_gradient(Z: npt.ArrayLike, y: npt.ArrayLike) -> FloatArray:
    """Compute the gradient of `cross_entropy` with respect to the logits.

    ``G = (P - Y) / n``: each sample pulls its true logit up by 1 - p and pushes every other one
    down by its p, divided by n because the loss is a mean. Parameters and Raises as for `cross_entropy`.

    Returns
    -------
    ndarray, shape and dtype of `Z`
        Entries in [-1/n, 1/n]; every row sums to 0.

    Examples
    --------
    The true class gets p - 1, not 1 - p:

    >>> cross_entropy_gradient([[0.0, 0.0]], [0])
    array([[-0.5,  0.5]])
    """
    logits, labels = _logits_and_labels(Z, y)
    work = logits.astype(work_dtype(logits.dtype), copy=False)
    return _residual(work, np.eye(work.shape[-1], dtype=work.dtype)[labels], logits.dtype)


def soft_cross_entropy(Z: npt.ArrayLike, Y: npt.ArrayLike) -> np.floating[Any]:
    """Compute the mean cross-entropy for target distributions.

    ``L = mean over i of (log sum_k exp(Z[i, k]) - sum_j Y[i, j] * Z[i, j])``

    Parameters
    ----------
    Z : array_like, shape (n, K) or (K,)
        Logits in nats.
    Y : array_like, shape of `Z`
        Target distributions: rows nonnegative with sum 1 (one-hot, smoothed or soft).

    Returns
    -------
    floating scalar, dtype of `Z`
        In [0, inf], in nats; never below the mean entropy of the targets.

    Raises
    ------
    ValueError
        If the shapes differ, a row of `Y` is no distribution, or there is no sample or no class.

    Examples
    --------
    A class without target mass costs nothing, even at a logit of -inf (0 * inf is 0 here):

    >>> soft_cross_entropy([[0.0, 0.0, -np.inf]], [[0.5, 0.5, 0.0]])
    np.float64(0.6931471805599453)
    """
    return _mean(soft_cross_entropy_per_sample(Z, Y))


def soft_cross_entropy_per_sample(Z: npt.ArrayLike, Y: npt.ArrayLike) -> FloatArray:
    """Compute the cross-entropy of every sample, for target distributions.

    ``loss[i] = sum_j Y[i, j] * (max z - Z[i, j]) + log sum_k exp(Z[i, k] - max z)``

    Parameters
    ----------
    Z, Y
        As for `soft_cross_entropy`.

    Returns
    -------
    ndarray, shape (n,), dtype of `Z`
        In [0, inf], in nats.

    Raises as for `soft_cross_entropy`, except that no samples are no error.

    Examples
    --------
    >>> soft_cross_entropy_per_sample([[2.0, 0.0]], [[0.9, 0.1]]).round(4)
    array([0.3269])
    """
    logits = as_float_array(Z)
    top, rest = max_and_rest(logits, -1)
    targets = as_targets(Y, logits.shape).astype(top.dtype, copy=False)
    with np.errstate(all="ignore"):
        cost = np.where(targets > 0, targets * _gap(top, logits), 0.0)
        loss = cost.sum(axis=-1) + rest[..., 0]
        result: FloatArray = loss.astype(logits.dtype, copy=False)[()]
    return result


def soft_cross_entropy_gradient(Z: npt.ArrayLike, Y: npt.ArrayLike) -> FloatArray:
    """Compute the gradient of `soft_cross_entropy` with respect to the logits.

    ``G = (P - Y) / n``, the same formula as for labels.

    Parameters
    ----------
    Z, Y
        As for `soft_cross_entropy`.

    Returns
    -------
    ndarray, shape and dtype of `Z`
        Entries in [-1/n, 1/n]; every row sums to 0. It is 0 where P equals Y: a soft target is
        reached at finite logits, a one-hot target never.

    Raises
    ------
    ValueError
        If the shapes differ, a row of `Y` is no distribution, or there is no sample or no class.

    Examples
    --------
    >>> soft_cross_entropy_gradient([[0.0, 0.0]], [[0.5, 0.5]])
    array([[0., 0.]])
    """
    logits = as_float_array(Z)
    check_classes(logits, -1)
    work = logits.astype(work_dtype(logits.dtype), copy=False)
    return _residual(work, as_targets(Y, logits.shape).astype(work.dtype, copy=False), logits.dtype)


def _logits_and_labels(Z: npt.ArrayLike, y: npt.ArrayLike) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """Check logits and labels against each other."""
    logits = as_float_array(Z)
    check_classes(logits, -1)
    labels = as_labels(y, logits.shape[-1])
    if labels.shape != logits.shape[:-1]:
        raise ValueError(f"y must have shape {logits.shape[:-1]}, received {labels.shape}")
    return logits, labels


def _gap(top: FloatArray, Z: FloatArray) -> FloatArray:
    """Return top - Z >= 0, with 0 instead of nan where both are +inf."""
    gap: FloatArray = np.where(np.isposinf(top) & (top == Z), 0.0, top - Z)
    return gap


def _residual(Z: FloatArray, Y: FloatArray, dtype: np.dtype[np.floating[Any]]) -> FloatArray:
    """Return (softmax(Z) - Y) / n in the given dtype."""
    n = Z[..., 0].size
    if n == 0:
        raise ValueError(f"a mean needs at least one sample, received shape {Z.shape}")
    G: FloatArray = ((softmax(Z) - Y) / n).astype(dtype, copy=False)
    return G


def _mean(losses: FloatArray) -> np.floating[Any]:
    """Return the mean over the samples in the dtype of `losses`."""
    if losses.size == 0:
        raise ValueError("a mean needs at least one sample, received 0 samples")
    with np.errstate(all="ignore"):
        result: np.floating[Any] = np.mean(losses, dtype=work_dtype(losses.dtype)).astype(losses.dtype)
    return result
