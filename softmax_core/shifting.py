"""The one trick behind every stable softmax: subtract the maximum first.

The functions here expect checked arrays and run with NumPy's warnings off or in a caller that has
them off.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from softmax_core.checks import finite_number
from softmax_core.validation import FloatArray, work_dtype


def check_classes(Z: FloatArray, axis: int) -> None:
    """Raise a ValueError unless `axis` exists and holds at least one class."""
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
