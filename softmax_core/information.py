"""Information: surprisal, entropy, cross-entropy and the Kullback-Leibler divergence.

Conventions: distributions lie on `axis` (the last by default), dtype in = dtype out, nats unless a
`base` is given (base=2: bits; 1 nat = 1 / ln 2 = 1.4427 bits). Zeros are limits: 0 * log 0 = 0, and
a symbol that P allows and Q forbids costs infinitely many bits.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from softmax_core.functional import check_classes
from softmax_core.validation import FloatArray, as_float_array, check_distributions, finite_number, work_dtype


def surprisal(p: npt.ArrayLike, base: float | None = None) -> FloatArray:
    """Compute how surprising an event of probability p is, elementwise.

    ``I(p) = -log p``

    Parameters
    ----------
    p : array_like, any shape
        Probabilities of single events, in [0, 1]; they need not add up to anything.
    base : float, optional
        2 for bits, 10 for hartleys; nats without it. Above 1.

    Returns
    -------
    ndarray, shape and dtype of `p`
        In [0, inf]: 0 for a certain event, inf for an impossible one.

    Raises
    ------
    ValueError
        If an entry is no probability or `base` is no base.

    Examples
    --------
    Two independent events surprise by the sum of their surprisals:

    >>> surprisal([0.5, 0.25, 0.125, 1.0, 0.0], base=2)
    array([ 1.,  2.,  3.,  0., inf])
    """
    values = as_float_array(p, "p")
    wrong = ~((values >= 0) & (values <= 1))  # written this way round so that NaN counts as wrong
    if wrong.any():
        raise ValueError(f"p must lie in 0..1, received {values[wrong].flat[0]}")
    with np.errstate(all="ignore"):
        return _in_units(0.0 - np.log(_work(values)), base, values.dtype)


def entropy(p: npt.ArrayLike, base: float | None = None, axis: int = -1) -> FloatArray:
    """Compute the entropy of a distribution: its mean surprisal.

    ``H(P) = -sum_j p_j log p_j``

    Parameters
    ----------
    p : array_like, any shape with at least one axis
        Distributions on `axis`: nonnegative with sum 1.
    base : float, optional
        As for `surprisal`.
    axis : int
        The axis of the classes.

    Returns
    -------
    ndarray, shape of `p` without `axis`, dtype of `p`
        In [0, log K]: 0 for certainty, log K for the uniform distribution and for no other.

    Raises
    ------
    ValueError
        If a row is no distribution (the message has its sum), there is no class, or `base` is no base.

    Examples
    --------
    >>> entropy([0.5, 0.25, 0.25], base=2)
    np.float64(1.5)
    >>> entropy([0.0, 1.0])                 # a stream of equal symbols carries nothing
    np.float64(0.0)
    """
    P = _distributions(p, "p", axis)
    work = _work(P)
    with np.errstate(all="ignore"):
        terms = np.where(work > 0, -work * np.log(work), 0.0)
        return _in_units(np.maximum(terms.sum(axis=axis), 0.0), base, P.dtype)


def cross_entropy(
    p: npt.ArrayLike, q: npt.ArrayLike, base: float | None = None, axis: int = -1
) -> FloatArray:
    """Compute the mean surprisal of one who believes Q where P is true.

    ``H(P, Q) = -sum_j p_j log q_j = H(P) + KL(P || Q)``

    It is the mean code length of messages from P in the best code for Q, and the mean negative
    log-likelihood of Q on data from P: minimising one minimises the other.

    Parameters
    ----------
    p, q : array_like
        Distributions on `axis`, of one shape or of shapes that broadcast.
    base, axis
        As for `entropy`.

    Returns
    -------
    ndarray, the broadcast shape without `axis`
        In [H(P), inf]; inf where Q forbids what P allows. The wider dtype of the two.

    Raises
    ------
    ValueError
        If a row is no distribution (the message has its sum), the shapes do not fit, there is no
        class, or `base` is no base.

    Notes
    -----
    `losses.soft_cross_entropy` computes the same from logits, and should be preferred where there are
    logits: a q that has underflowed to 0 gives inf.

    Examples
    --------
    >>> cross_entropy([1, 0, 0, 0], [0.2, 0.5, 0.2, 0.1]).round(3)      # -log 0.2
    np.float64(1.609)
    >>> cross_entropy([0.5, 0.5], [1.0, 0.0]), cross_entropy([1.0, 0.0], [1.0, 0.0])
    (np.float64(inf), np.float64(0.0))
    """
    P, Q, dtype = _pair(p, q, axis)
    with np.errstate(all="ignore"):
        terms = np.where(P > 0, -P * np.log(Q), 0.0)
        return _in_units(np.maximum(terms.sum(axis=axis), 0.0), base, dtype)


def kl_divergence(
    p: npt.ArrayLike, q: npt.ArrayLike, base: float | None = None, axis: int = -1
) -> FloatArray:
    """Compute the Kullback-Leibler divergence: what believing Q costs beyond H(P).

    ``KL(P || Q) = sum_j p_j log(p_j / q_j)``

    Returns
    -------
    ndarray, the broadcast shape without `axis`
        In [0, inf]; 0 if and only if P equals Q, inf where Q forbids what P allows. Not symmetric.

    Parameters and Raises as for `cross_entropy`.

    Notes
    -----
    Where p and q are close, log(p / q) = log1p((p - q) / q) saves the digits of the difference;
    elsewhere log p - log q cannot overflow as p / q does.

    Examples
    --------
    >>> kl_divergence([0.5, 0.5], [0.9, 0.1]).round(4), kl_divergence([0.9, 0.1], [0.5, 0.5]).round(4)
    (np.float64(0.5108), np.float64(0.3681))
    >>> kl_divergence([1.0, 0.0], [0.5, 0.5], base=2), kl_divergence([0.5, 0.5], [1.0, 0.0])
    (np.float64(1.0), np.float64(inf))
    """
    P, Q, dtype = _pair(p, q, axis)
    with np.errstate(all="ignore"):
        close = (P < 2 * Q) & (Q < 2 * P)
        ratio = np.where(close, np.log1p((P - Q) / Q), np.log(P) - np.log(Q))
        terms = np.where(P > 0, P * ratio, 0.0)
        # Rounding of the rows' sums can take a divergence of 0 a little below it.
        return _in_units(np.maximum(terms.sum(axis=axis), 0.0), base, dtype)


def _distributions(values: npt.ArrayLike, name: str, axis: int) -> FloatArray:
    array = as_float_array(values, name)
    check_classes(array, axis)
    check_distributions(array, name, axis)
    return array


def _pair(
    p: npt.ArrayLike, q: npt.ArrayLike, axis: int
) -> tuple[FloatArray, FloatArray, np.dtype[np.floating[Any]]]:
    """Return two checked distributions in the dtype to compute in, and the dtype of the result."""
    P, Q = _distributions(p, "p", axis), _distributions(q, "q", axis)
    if P.shape[axis] != Q.shape[axis]:
        raise ValueError(f"p and q must have the same classes, received shapes {P.shape} and {Q.shape}")
    try:
        np.broadcast_shapes(P.shape, Q.shape)
    except ValueError:
        raise ValueError(f"p and q must fit each other, received shapes {P.shape} and {Q.shape}") from None
    dtype = np.result_type(P, Q)
    return P.astype(work_dtype(dtype), copy=False), Q.astype(work_dtype(dtype), copy=False), dtype


def _work(values: FloatArray) -> FloatArray:
    return values.astype(work_dtype(values.dtype), copy=False)


def _in_units(nats: FloatArray, base: float | None, dtype: np.dtype[np.floating[Any]]) -> FloatArray:
    """Return nats in the units of the base, in the given dtype."""
    if base is not None:
        nats = nats / math.log(finite_number("base", base, 1.0, above=True))
    result: FloatArray = np.asarray(nats).astype(dtype, copy=False)[()]
    return result
