"""Cross-entropy from logits with its gradient, and three losses on probabilities to compare it with.

Conventions: Z (..., K) logits in nats, Y (..., K) targets, classes on the last axis; a loss is the mean over
the samples, and a gradient is that of the mean with respect to the logits. No function takes the logarithm
of a probability, so there is no epsilon: with ``log(p + 1e-8)`` no loss could ever exceed 18.42.

Squared error, absolute error and Huber add up a function of the residual r = P - Y over the classes. Their
gradient passes through the Jacobian of softmax, and that factor vanishes where a model is confidently wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from softmax_core.functional import check_classes, max_and_rest, softmax
from softmax_core.validation import (
    FloatArray,
    as_float_array,
    as_labels,
    as_targets,
    finite_number,
    work_dtype,
)

Elementwise = Callable[[FloatArray], FloatArray]


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
    Confidently wrong costs the gap between the logits, with no ceiling; confidently right has a small loss
    with all its digits although p rounds to 1:

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

    Returns
    -------
    ndarray, shape (n,), dtype of `Z`
        In [0, inf], in nats. inf for a true class with logit -inf; nan for a row without a
        distribution (nan, or nothing but -inf).

    Parameters and Raises as for `cross_entropy`, except that no samples are no error.

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
    return _gradient_of_cross_entropy(work, np.eye(work.shape[-1], dtype=work.dtype)[labels], logits.dtype)


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
    A class without target mass costs nothing, even at a logit of -inf (0 * inf counts as 0):

    >>> soft_cross_entropy([[0.0, 0.0, -np.inf]], [[0.5, 0.5, 0.0]])
    np.float64(0.6931471805599453)
    """
    return _mean(soft_cross_entropy_per_sample(Z, Y))


def soft_cross_entropy_per_sample(Z: npt.ArrayLike, Y: npt.ArrayLike) -> FloatArray:
    """Compute the cross-entropy of every sample, for target distributions.

    ``loss[i] = sum_j Y[i, j] * (max z - Z[i, j]) + log sum_k exp(Z[i, k] - max z)``

    Returns
    -------
    ndarray, shape (n,), dtype of `Z`
        In [0, inf], in nats.

    Parameters and Raises as for `soft_cross_entropy`, except that no samples are no error.

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

    ``G = (P - Y) / n``, the same formula as for labels. Parameters and Raises as for `soft_cross_entropy`.

    Returns
    -------
    ndarray, shape and dtype of `Z`
        Entries in [-1/n, 1/n]; every row sums to 0. It is 0 where P equals Y: a soft target is
        reached at finite logits, a one-hot target never.

    Examples
    --------
    >>> soft_cross_entropy_gradient([[0.0, 0.0]], [[0.5, 0.5]])
    array([[0., 0.]])
    """
    logits = as_float_array(Z)
    check_classes(logits, -1)
    work = logits.astype(work_dtype(logits.dtype), copy=False)
    return _gradient_of_cross_entropy(
        work, as_targets(Y, logits.shape).astype(work.dtype, copy=False), logits.dtype
    )


def squared_error(Z: npt.ArrayLike, Y: npt.ArrayLike) -> np.floating[Any]:
    """Compute the mean squared error of the probabilities, known as the Brier score.

    ``L = mean over i of sum_j (P[i, j] - Y[i, j]) ** 2`` with ``P = softmax(Z)``

    Parameters and Raises as for `soft_cross_entropy`; the result lies in [0, 2] and has no unit.

    Examples
    --------
    However wrong the model is, the loss cannot say so with more than 2:

    >>> squared_error([[0.0, 60.0]], [[1, 0]])
    np.float64(2.0)
    """
    return _mean(_per_sample(Z, Y, np.square))


def squared_error_per_sample(Z: npt.ArrayLike, Y: npt.ArrayLike) -> FloatArray:
    """Compute the squared error of every sample, shape (n,); all else as for `squared_error`.

    Examples
    --------
    >>> squared_error_per_sample([[0.0, 0.0], [0.0, 60.0]], [[1, 0], [0, 1]]).round(3)
    array([0.5, 0. ])
    """
    return _per_sample(Z, Y, np.square)


def squared_error_gradient(Z: npt.ArrayLike, Y: npt.ArrayLike) -> FloatArray:
    """Compute the gradient of `squared_error` with respect to the logits.

    ``G[i, j] = P[i, j] * (g[i, j] - sum_k P[i, k] * g[i, k]) / n`` with ``g = 2 * (P - Y)``:
    g times the Jacobian of softmax.

    Parameters, Returns and Raises as for `soft_cross_entropy_gradient`.

    Examples
    --------
    Confidently wrong, and hardly a slope; cross-entropy has -1 and 1 at this point:

    >>> squared_error_gradient([[0.0, 10.0]], [[1, 0]]).round(6)
    array([[-0.000182,  0.000182]])
    """
    return _gradient(Z, Y, lambda r: 2.0 * r)


def absolute_error(Z: npt.ArrayLike, Y: npt.ArrayLike) -> np.floating[Any]:
    """Compute the mean absolute error (L1) of the probabilities.

    ``L = mean over i of sum_j abs(P[i, j] - Y[i, j])``

    For a one-hot target it is 2 * (1 - p_true): twice the probability that went elsewhere.

    Parameters and Raises as for `soft_cross_entropy`; the result lies in [0, 2].

    Examples
    --------
    >>> absolute_error([[0.0, 0.0]], [[1, 0]])
    np.float64(1.0)
    """
    return _mean(_per_sample(Z, Y, np.abs))


def absolute_error_per_sample(Z: npt.ArrayLike, Y: npt.ArrayLike) -> FloatArray:
    """Compute the absolute error of every sample, shape (n,); all else as for `absolute_error`.

    Examples
    --------
    >>> absolute_error_per_sample([[0.0, 0.0], [0.0, 60.0]], [[1, 0], [1, 0]])
    array([1., 2.])
    """
    return _per_sample(Z, Y, np.abs)


def absolute_error_gradient(Z: npt.ArrayLike, Y: npt.ArrayLike) -> FloatArray:
    """Compute the gradient of `absolute_error` with respect to the logits.

    As in `squared_error_gradient`, with ``g = sign(P - Y)``. Where an entry of P equals its target
    the loss has a corner; 0 is taken there, as PyTorch does.

    Parameters, Returns and Raises as for `soft_cross_entropy_gradient`.

    Examples
    --------
    -2 p (1 - p) for the true class: largest at p = 1/2, nothing at either end.

    >>> absolute_error_gradient([[0.0, 0.0]], [[1, 0]])
    array([[-0.5,  0.5]])
    """
    return _gradient(Z, Y, np.sign)


def huber(Z: npt.ArrayLike, Y: npt.ArrayLike, delta: float = 0.5) -> np.floating[Any]:
    """Compute the mean Huber loss of the probabilities: squared near 0, absolute beyond.

    ``L = mean over i of sum_j h(P[i, j] - Y[i, j])`` with ``h(r) = r ** 2 / 2`` up to
    ``abs(r) = delta`` and ``delta * (abs(r) - delta / 2)`` beyond.

    Parameters
    ----------
    Z, Y
        As for `soft_cross_entropy`.
    delta : float
        Where the parabola goes over into a line, above 0. Residuals of probabilities never exceed 1,
        so with delta >= 1 this is half the squared error.

    Returns
    -------
    floating scalar, dtype of `Z`
        In [0, 2 * delta].

    Raises
    ------
    ValueError
        As for `soft_cross_entropy`, or if `delta` is not finite or not above 0.

    Examples
    --------
    >>> huber([[0.0, 60.0]], [[1, 0]], delta=0.5)
    np.float64(0.75)
    """
    return _mean(_per_sample(Z, Y, _huber_of(delta)))


def huber_per_sample(Z: npt.ArrayLike, Y: npt.ArrayLike, delta: float = 0.5) -> FloatArray:
    """Compute the Huber loss of every sample, shape (n,); all else as for `huber`.

    Examples
    --------
    >>> huber_per_sample([[0.0, 0.0], [0.0, 60.0]], [[1, 0], [1, 0]])
    array([0.25, 0.75])
    """
    return _per_sample(Z, Y, _huber_of(delta))


def huber_gradient(Z: npt.ArrayLike, Y: npt.ArrayLike, delta: float = 0.5) -> FloatArray:
    """Compute the gradient of `huber` with respect to the logits.

    As in `squared_error_gradient`, with g the residual cut off at -delta and delta.

    Parameters, Returns and Raises as for `soft_cross_entropy_gradient`, and `delta` as for
    `huber`.

    Examples
    --------
    >>> huber_gradient([[0.0, 10.0]], [[1, 0]], delta=0.5).round(6)
    array([[-4.5e-05,  4.5e-05]])
    """
    limit = finite_number("delta", delta, 0.0, above=True)
    return _gradient(Z, Y, lambda r: np.clip(r, -limit, limit))


def _logits_and_labels(Z: npt.ArrayLike, y: npt.ArrayLike) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """Check logits and labels against each other."""
    logits = as_float_array(Z)
    check_classes(logits, -1)
    return logits, as_labels(y, logits.shape[-1], logits.shape[:-1])


def _gap(top: FloatArray, Z: FloatArray) -> FloatArray:
    """Return top - Z >= 0, with 0 instead of nan where both are +inf."""
    gap: FloatArray = np.where(np.isposinf(top) & (top == Z), 0.0, top - Z)
    return gap


def _gradient_of_cross_entropy(Z: FloatArray, Y: FloatArray, dtype: np.dtype[np.floating[Any]]) -> FloatArray:
    """Return (softmax(Z) - Y) / n in the given dtype."""
    n = Z[..., 0].size
    if n == 0:
        raise ValueError(f"a mean needs at least one sample, received shape {Z.shape}")
    with np.errstate(all="ignore"):
        G: FloatArray = ((softmax(Z) - Y) / n).astype(dtype, copy=False)
    return G


def _mean(losses: FloatArray) -> np.floating[Any]:
    """Return the mean over the samples in the dtype of `losses`."""
    if losses.size == 0:
        raise ValueError("a mean needs at least one sample, received 0 samples")
    with np.errstate(all="ignore"):
        result: np.floating[Any] = np.mean(losses, dtype=work_dtype(losses.dtype)).astype(losses.dtype)
    return result


def _huber_of(delta: float) -> Elementwise:
    limit = finite_number("delta", delta, 0.0, above=True)

    def elementwise(r: FloatArray) -> FloatArray:
        size = np.abs(r)
        near = np.minimum(size, limit)
        # One formula for both parts: near^2 / 2 + delta * (what is beyond).
        result: FloatArray = 0.5 * near * near + limit * (size - near)
        return result

    return elementwise


def _per_sample(Z: npt.ArrayLike, Y: npt.ArrayLike, elementwise: Elementwise) -> FloatArray:
    """Return the sum over the classes of a function of the residual."""
    logits, P, targets = _probabilities_and_targets(Z, Y)
    with np.errstate(all="ignore"):
        result: FloatArray = elementwise(_residual(P, targets)).sum(axis=-1).astype(logits.dtype)[()]
    return result


def _gradient(Z: npt.ArrayLike, Y: npt.ArrayLike, slope: Elementwise) -> FloatArray:
    """Return the slope with respect to P, times the Jacobian of softmax, over n."""
    logits, P, targets = _probabilities_and_targets(Z, Y)
    n = P[..., 0].size
    if n == 0:
        raise ValueError(f"a mean needs at least one sample, received shape {logits.shape}")
    with np.errstate(all="ignore"):
        g = slope(_residual(P, targets))
        # sum_k p_k (g_j - g_k), the same number as g_j - sum_k p_k g_k, keeps its digits where all the
        # mass lies on one class and the difference of the two would be nothing but rounding.
        pull = (P[..., np.newaxis, :] * (g[..., :, np.newaxis] - g[..., np.newaxis, :])).sum(axis=-1)
        G: FloatArray = (P * pull / n).astype(logits.dtype, copy=False)
    return G


def _residual(P: FloatArray, Y: FloatArray) -> FloatArray:
    """Return P - Y; where p nears a target of 1 from the other classes: p - 1 would lose its digits."""
    others = (P[..., np.newaxis, :] * (1.0 - np.eye(P.shape[-1], dtype=P.dtype))).sum(axis=-1)
    residual: FloatArray = np.where((Y == 1.0) & (P > 0.5), -others, P - Y)
    return residual


def _probabilities_and_targets(
    Z: npt.ArrayLike, Y: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return logits, probabilities and targets, the last two in the dtype to compute in."""
    logits = as_float_array(Z)
    check_classes(logits, -1)
    work = logits.astype(work_dtype(logits.dtype), copy=False)
    targets = as_targets(Y, logits.shape).astype(work.dtype, copy=False)
    return logits, softmax(work), targets
