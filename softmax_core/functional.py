"""Softmax and its relatives, for one row of logits or any stack of rows.

Conventions: classes lie on `axis` (the last by default), logits are in nats, dtype in = dtype out.
No function overflows or warns, whatever numbers come in: every stable one subtracts the maximum first.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from softmax_core.validation import FloatArray, as_float_array, finite_number, work_dtype


def softmax(Z: npt.ArrayLike, axis: int = -1, temperature: float = 1.0) -> FloatArray:
    """Turn logits into probabilities.

    ``p_j = exp(z_j / T) / sum_k exp(z_k / T)``, computed as
    ``exp((z_j - max z) / T)`` divided by its sum.

    Parameters
    ----------
    Z : array_like, any shape with at least one axis
        Logits in nats.
    axis : int
        The axis of the classes.
    temperature : float
        T > 0. Towards 0 the result becomes one-hot, towards infinity uniform.

    Returns
    -------
    ndarray, shape and dtype of `Z`
        Probabilities in [0, 1] that sum to 1 along `axis`. A logit of -inf gets exactly 0. Logits
        of +inf share all the mass equally (the limit when they grow together; SciPy gives nan).
        A row of nothing but -inf is no distribution and gives nan, as does a row with a nan.

    Raises
    ------
    ValueError
        If `temperature` is not finite or not above 0, or there are no classes on `axis`.

    Notes
    -----
    Subtracting the maximum changes nothing, because exp(c) cancels, and makes the largest exponent
    exp(0) = 1: no overflow, and a sum of at least 1. It happens before the division by T, so that
    1e308 / 0.05 never occurs. Blanchard, Higham and Higham, "Accurately computing the log-sum-exp
    and softmax functions", IMA J. Numer. Anal. 41 (2021).

    Examples
    --------
    The textbook formula gives nan for these logits, because exp(1000) overflows:

    >>> softmax([1000.0, 999.0]).round(4)
    array([0.7311, 0.2689])
    >>> naive_softmax([1000.0, 999.0])
    array([nan, nan])
    """
    logits = as_float_array(Z)
    with np.errstate(all="ignore"):
        exponentials = np.exp(shifted_logits(logits, axis, temperature))
        P: FloatArray = exponentials / exponentials.sum(axis=axis, keepdims=True)
        return P.astype(logits.dtype, copy=False)


def log_softmax(Z: npt.ArrayLike, axis: int = -1, temperature: float = 1.0) -> FloatArray:
    """Compute the logarithm of softmax without computing softmax.

    ``log p_j = (z_j - max z) / T - log sum_k exp((z_k - max z) / T)``

    Returns
    -------
    ndarray, shape and dtype of `Z`
        Log-probabilities in nats, in [-inf, 0]. Infinite logits and nan as for `softmax`.

    Parameters and Raises as for `softmax`.

    Notes
    -----
    The formula is that of ``scipy.special.log_softmax`` and agrees with it to the last digits. Where
    one class holds nearly all the mass its log p is right to 1e-16 in absolute terms;
    `losses.cross_entropy` is right in its relative digits too.

    Examples
    --------
    log(softmax(z)) would be -inf, because exp(-1000) underflows to 0:

    >>> log_softmax([0.0, -1000.0])
    array([    0., -1000.])
    >>> log_softmax([1e308, -1e308])
    array([  0., -inf])
    """
    logits = as_float_array(Z)
    with np.errstate(all="ignore"):
        shifted = shifted_logits(logits, axis, temperature)
        log_P: FloatArray = shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
        return log_P.astype(logits.dtype, copy=False)


def logsumexp(Z: npt.ArrayLike, axis: int = -1) -> FloatArray:
    """Compute log(sum(exp(z))), the smooth maximum.

    ``lse = max z + log m + log1p(sum of exp(z_k - max z) over the others, / m)`` where m entries
    share the maximum.

    Parameters
    ----------
    Z : array_like, any shape with at least one axis
        Logits in nats.
    axis : int
        The axis to sum over.

    Returns
    -------
    ndarray
        Shape of `Z` without `axis`, dtype of `Z`; between max z and max z + log K. It is -inf for a
        row of nothing but -inf, +inf for a row with +inf, nan for a row with nan.

    Raises a ValueError if there is nothing on `axis`.

    Notes
    -----
    Taking the maximum out of the sum and using log1p for the rest saves digits that
    ``log(1 + tiny)`` would lose. Source: ``scipy/special/_logsumexp.py``.

    Examples
    --------
    >>> logsumexp([1e308, -1e308])
    np.float64(1e+308)
    >>> f"{logsumexp([0.0, -50.0]):.6e}"         # log(1 + 1.9e-22), where 1 + 1.9e-22 rounds to 1
    '1.928750e-22'
    """
    logits = as_float_array(Z)
    top, rest = max_and_rest(logits, axis)
    with np.errstate(all="ignore"):
        total: FloatArray = np.squeeze(rest + top, axis=axis).astype(logits.dtype, copy=False)[()]
    return total


def naive_softmax(Z: npt.ArrayLike, axis: int = -1) -> FloatArray:
    """Compute softmax as the textbook writes it. Wrong on purpose: for lessons only.

    ``p_j = exp(z_j) / sum_k exp(z_k)`` with every operation in the dtype of `Z`.

    Returns
    -------
    ndarray, shape and dtype of `Z`
        Whatever comes out: nan where exp overflows (inf / inf) or everything underflows (0 / 0).

    Parameters and Raises as for `softmax`.

    Examples
    --------
    exp overflows just above 11.09 in float16, 88.72 in float32, 709.78 in float64:

    >>> naive_softmax(np.array([12, 0], dtype=np.float16))
    array([nan,  0.], dtype=float16)
    >>> naive_softmax([-1000.0, -1000.0])
    array([nan, nan])
    """
    logits = as_float_array(Z)
    check_classes(logits, axis)
    with np.errstate(all="ignore"):
        exponentials = np.exp(logits)
        P: FloatArray = exponentials / exponentials.sum(axis=axis, keepdims=True)
        return P


def softmax_jacobian(z: npt.ArrayLike) -> FloatArray:
    """Compute the derivatives of every probability with respect to every logit.

    ``J[i, j] = dp_i / dz_j = p_i * (1 - p_i) if i == j else -p_i * p_j``

    Parameters
    ----------
    z : array_like, shape (K,) or (..., K)
        Logits in nats, classes on the last axis.

    Returns
    -------
    ndarray, shape (K, K) or (..., K, K), dtype of `z`
        Symmetric; entries in [-1/4, 1/4]; rows and columns sum to 0, because the probabilities keep
        summing to 1.

    Raises
    ------
    ValueError
        If there are no classes.

    Notes
    -----
    1 - p_i is computed as the sum of the other probabilities: the subtraction would lose all digits
    once p_i rounds to 1.

    Examples
    --------
    >>> softmax_jacobian([0.0, 0.0])
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    >>> f"{softmax_jacobian([0.0, -50.0])[0, 0]:.6e}"      # p_0 rounds to 1, the slope is not 0
    '1.928750e-22'
    """
    logits = as_float_array(z, "z")
    P = softmax(logits.astype(work_dtype(logits.dtype), copy=False))
    with np.errstate(all="ignore"):
        J: FloatArray = -P[..., :, np.newaxis] * P[..., np.newaxis, :]
        diagonal = np.arange(P.shape[-1])
        J[..., diagonal, diagonal] = 0.0
        J[..., diagonal, diagonal] = -J.sum(axis=-1)
        return J.astype(logits.dtype, copy=False)


def sigmoid(z: npt.ArrayLike) -> FloatArray:
    """Compute the logistic function, elementwise.

    ``sigmoid(z) = 1 / (1 + exp(-z))``: softmax of two classes with logits (z, 0), first entry.

    Parameters
    ----------
    z : array_like, any shape
        A logit, or a difference z_1 - z_2 of two logits, in nats.

    Returns
    -------
    ndarray, shape and dtype of `z`
        In [0, 1]; 0 at -inf, 1 at +inf, nan at nan.

    Examples
    --------
    >>> sigmoid([-1000.0, 0.0, 1000.0])
    array([0. , 0.5, 1. ])
    """
    logits = as_float_array(z, "z")
    work = logits.astype(work_dtype(logits.dtype), copy=False)
    with np.errstate(all="ignore"):
        decay = np.exp(-np.abs(work))  # of a number <= 0: no overflow
        value = np.where(work >= 0, 1.0, decay) / (1.0 + decay)
        result: FloatArray = value.astype(logits.dtype, copy=False)[()]
        return result


def check_classes(Z: FloatArray, axis: int) -> None:
    """Raise a ValueError unless `axis` exists and holds at least one class.

    Examples
    --------
    >>> check_classes(np.zeros((2, 0)), -1)
    Traceback (most recent call last):
        ...
    ValueError: there must be at least one class on axis -1, received shape (2, 0)
    """
    if not -Z.ndim <= axis < Z.ndim:
        raise ValueError(f"axis {axis} of the classes does not exist, received shape {Z.shape}")
    if Z.shape[axis] == 0:
        raise ValueError(f"there must be at least one class on axis {axis}, received shape {Z.shape}")


def shifted_logits(Z: FloatArray, axis: int, temperature: float) -> FloatArray:
    """Compute ``(Z - max Z) / temperature``, which is <= 0, in the dtype to compute in.

    The subtraction may overflow to -inf, which is the right limit: its exponential is 0.

    Examples
    --------
    >>> shifted_logits(np.array([1000.0, 999.0]), -1, 0.5)
    array([ 0., -2.])
    """
    temperature = finite_number("temperature", temperature, 0.0, above=True)
    check_classes(Z, axis)
    # A temperature of 1e-50 would round to 0 in float32: with one, everything is done in float64.
    dtype: np.dtype[Any] = work_dtype(Z.dtype) if temperature == 1.0 else np.dtype(np.float64)
    work = Z.astype(dtype, copy=False)
    top = work.max(axis=axis, keepdims=True)
    shifted: FloatArray = work - top
    if np.isposinf(top).any():
        shifted[(work == top) & np.isposinf(work)] = 0.0  # instead of inf - inf
    if temperature != 1.0:
        shifted /= temperature
    return shifted


def max_and_rest(Z: FloatArray, axis: int) -> tuple[FloatArray, FloatArray]:
    """Split log-sum-exp into its two parts: ``logsumexp = max + rest``.

    The losses need the parts: ``max - z_y`` is exact where ``logsumexp - z_y`` would cancel.

    Returns
    -------
    top, rest : ndarray
        Shape of `Z` with length 1 on `axis`, in the dtype to compute in. rest is in [0, log K].

    Examples
    --------
    >>> max_and_rest(np.array([7.0, 7.0]), -1)
    (array([7.]), array([0.69314718]))
    """
    check_classes(Z, axis)
    work = Z.astype(work_dtype(Z.dtype), copy=False)
    with np.errstate(all="ignore"):
        top = work.max(axis=axis, keepdims=True)
        is_top = work == top
        ties = is_top.sum(axis=axis, keepdims=True, dtype=work.dtype)
        # The maxima contribute exactly `ties`; what is left may be far too small to add to it.
        others = np.exp(np.where(is_top, -np.inf, work - top)).sum(axis=axis, keepdims=True)
        return top, np.log1p(others / ties) + np.log(ties)
