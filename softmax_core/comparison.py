"""Other losses on the same logits: what the error of p does to the slope of z.

Conventions: as in `losses`: Z (..., K) logits, Y (..., K) targets, classes last, the mean over the
samples. Each loss adds up a function of the residual r = P - Y over the classes; its gradient with
respect to the logits passes through the Jacobian of softmax, and that factor is what vanishes where
a model is confidently wrong.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from softmax_core.checks import finite_number
from softmax_core.functional import softmax
from softmax_core.shifting import check_classes
from softmax_core.validation import FloatArray, as_float_array, as_targets, work_dtype

Elementwise = Callable[[FloatArray], FloatArray]


def squared_error(Z: npt.ArrayLike, Y: npt.ArrayLike) -> FloatArray:
    """Compute the mean squared error of the probabilities, known as the Brier score.

    ``L = mean over i of sum_j (P[i, j] - Y[i, j]) ** 2`` with ``P = softmax(Z)``

    Parameters
    ----------
    Z : array_like, shape (n, K) or (K,)
        Logits in nats.
    Y : array_like, shape of `Z`
        Target distributions: rows nonnegative with sum 1 (`arrays.one_hot` makes them from labels).

    Returns
    -------
    floating scalar, dtype of `Z`
        In [0, 2]; no unit.

    Raises
    ------
    ValueError
        If the shapes differ, a row of `Y` is no distribution, or there is no sample or no class.

    Examples
    --------
    However wrong the model is, the loss cannot say so with more than 2:

    >>> squared_error([[0.0, 60.0]], [[1, 0]])
    np.float64(2.0)
    """
    return _mean(Z, _per_sample(Z, Y, np.square))


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

    Parameters, Returns and Raises as for `losses.soft_cross_entropy_gradient`.

    Examples
    --------
    Confidently wrong, and hardly a slope; cross-entropy has -1 and 1 here:

    >>> squared_error_gradient([[0.0, 10.0]], [[1, 0]]).round(6)
    array([[-0.000182,  0.000182]])
    """
    return _gradient(Z, Y, lambda r: 2.0 * r)


def absolute_error(Z: npt.ArrayLike, Y: npt.ArrayLike) -> FloatArray:
    """Compute the mean absolute error (L1) of the probabilities.

    ``L = mean over i of sum_j abs(P[i, j] - Y[i, j])``

    For a one-hot target it is 2 * (1 - p_true): twice the probability that went elsewhere.

    Parameters and Raises as for `squared_error`; the result lies in [0, 2].

    Examples
    --------
    >>> absolute_error([[0.0, 0.0]], [[1, 0]])
    np.float64(1.0)
    """
    return _mean(Z, _per_sample(Z, Y, np.abs))


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

    Parameters, Returns and Raises as for `losses.soft_cross_entropy_gradient`.

    Examples
    --------
    -2 p (1 - p) for the true class: largest at p = 1/2, nothing at either end.

    >>> absolute_error_gradient([[0.0, 0.0]], [[1, 0]])
    array([[-0.5,  0.5]])
    """
    return _gradient(Z, Y, np.sign)


def huber(Z: npt.ArrayLike, Y: npt.ArrayLike, delta: float = 0.5) -> FloatArray:
    """Compute the mean Huber loss of the probabilities: squared near 0, absolute beyond.

    ``L = mean over i of sum_j h(P[i, j] - Y[i, j])`` with ``h(r) = r ** 2 / 2`` up to
    ``abs(r) = delta`` and ``delta * (abs(r) - delta / 2)`` beyond.

    Parameters
    ----------
    Z, Y
        As for `squared_error`.
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
        As for `squared_error`, or if `delta` is not finite or not above 0.

    Examples
    --------
    >>> huber([[0.0, 60.0]], [[1, 0]], delta=0.5)
    np.float64(0.75)
    """
    return _mean(Z, _per_sample(Z, Y, _huber_of(delta)))


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

    Parameters, Returns and Raises as for `losses.soft_cross_entropy_gradient`, and `delta` as for
    `huber`.

    Examples
    --------
    >>> huber_gradient([[0.0, 10.0]], [[1, 0]], delta=0.5).round(6)
    array([[-4.5e-05,  4.5e-05]])
    """
    limit = finite_number("delta", delta, 0.0, above=True)
    return _gradient(Z, Y, lambda r: np.clip(r, -limit, limit))


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
    logits, P, targets = _checked(Z, Y)
    with np.errstate(all="ignore"):
        result: FloatArray = elementwise(_residual(P, targets)).sum(axis=-1).astype(logits.dtype)[()]
    return result


def _mean(Z: npt.ArrayLike, losses: FloatArray) -> FloatArray:
    """Return the mean over the samples in the dtype of `losses`."""
    if losses.size == 0:
        raise ValueError(f"a mean needs at least one sample, received shape {np.shape(Z)}")
    result: FloatArray = np.mean(losses, dtype=work_dtype(losses.dtype)).astype(losses.dtype)[()]
    return result


def _gradient(Z: npt.ArrayLike, Y: npt.ArrayLike, slope: Elementwise) -> FloatArray:
    """Return the slope with respect to P, times the Jacobian of softmax, over n."""
    logits, P, targets = _checked(Z, Y)
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


def _checked(Z: npt.ArrayLike, Y: npt.ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return logits, probabilities and targets, the last two in the dtype to compute in."""
    logits = as_float_array(Z)
    check_classes(logits, -1)
    work = logits.astype(work_dtype(logits.dtype), copy=False)
    targets = as_targets(Y, logits.shape).astype(work.dtype, copy=False)
    return logits, softmax(work), targets
