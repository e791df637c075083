"""Checks of what comes in: arrays, class labels, target distributions, single settings.

Every public function of `softmax_core` checks its input with these, so a wrong shape, type or number is
reported once, in words, with the value that was received. Settings come back as plain Python numbers, so
that two equal settings also have the same ``repr`` whether they came from a slider or from NumPy.
"""

from __future__ import annotations

import math
import reprlib
from collections.abc import Collection
from numbers import Integral, Real
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.floating[Any]]
Float64Array = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

KEPT_DTYPES = (np.float16, np.float32, np.float64)


def as_float_array(values: npt.ArrayLike, name: str = "Z") -> FloatArray:
    """Return `values` as an array of float16, float32 or float64.

    float16, float32 and float64 stay what they are; integers and booleans become float64.

    Parameters
    ----------
    values : array_like
        Numbers of any shape.
    name : str
        What to call them in an error message.

    Returns
    -------
    ndarray
        The input itself where its dtype stays, else a copy.

    Raises
    ------
    ValueError
        If the values are complex, text, dates, objects or a wider float than float64.

    Examples
    --------
    >>> as_float_array([True, False]).dtype, as_float_array(np.float16(1)).dtype
    (dtype('float64'), dtype('float16'))
    >>> as_float_array(["1", "2"])
    Traceback (most recent call last):
        ...
    ValueError: Z must hold real numbers, received dtype <U1
    """
    array = np.asarray(values)
    if array.dtype.kind in "iub":
        return array.astype(np.float64)
    if array.dtype.kind == "f" and array.dtype.newbyteorder("=") in KEPT_DTYPES:
        native: FloatArray = array.astype(array.dtype.newbyteorder("="), copy=False)
        return native
    raise ValueError(f"{name} must hold real numbers, received dtype {array.dtype}")


def work_dtype(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Return the dtype to compute in: float64 for float16, else the dtype itself.

    float16 has 11 binary digits, so every operation done in it adds an error that shows. The steps
    on the way are taken in a wider type and only the result is rounded, as GPUs do.

    Examples
    --------
    >>> work_dtype(np.dtype(np.float16))
    dtype('float64')
    """
    return np.dtype(np.float64) if dtype == np.float16 else dtype


def as_matrix(values: npt.ArrayLike, name: str, shape: tuple[int | None, ...]) -> Float64Array:
    """Return `values` as a float64 array of the given shape, None standing for any length.

    Raises
    ------
    ValueError
        If the number of axes or a given length differs.

    Examples
    --------
    >>> as_matrix([[1, 2, 3]], "W", (2, None))
    Traceback (most recent call last):
        ...
    ValueError: W must have shape (2, any), received (1, 3)
    """
    array: Float64Array = as_float_array(values, name).astype(np.float64, copy=False)
    fits = array.ndim == len(shape) and all(
        want in (None, have) for want, have in zip(shape, array.shape, strict=True)
    )
    if not fits:
        wanted = ", ".join("any" if want is None else str(want) for want in shape)
        wanted += "," if len(shape) == 1 else ""
        raise ValueError(f"{name} must have shape ({wanted}), received {array.shape}")
    return array


def as_labels(y: npt.ArrayLike, n_classes: int, shape: tuple[int, ...] | None = None) -> IntArray:
    """Return class labels as int64 after checking that each lies in 0 .. n_classes - 1, and their shape if given.

    Floats are refused, even whole ones: they are usually the target of a regression. So are negative numbers,
    which NumPy would count from the end.

    Raises
    ------
    ValueError
        If a label is no integer or out of range, or the shape differs; the message holds what was received.

    Examples
    --------
    >>> as_labels([0, -1], 3)
    Traceback (most recent call last):
        ...
    ValueError: labels must lie in 0..2, received -1
    """
    labels = np.asarray(y)
    if shape is not None and labels.shape != shape:
        raise ValueError(f"y must have shape {shape}, received {labels.shape}")
    if labels.size == 0:
        return labels.astype(np.int64)
    if labels.dtype.kind not in "iu":
        raise ValueError(f"labels must be integers, received dtype {labels.dtype}")
    outside = (labels < 0) | (labels >= n_classes)
    if outside.any():
        raise ValueError(f"labels must lie in 0..{n_classes - 1}, received {labels[outside].flat[0]}")
    return labels.astype(np.int64)


def one_hot(y: npt.ArrayLike, n_classes: int) -> Float64Array:
    """Write class labels as rows with a single 1.

    ``Y[i, j] = 1 if y[i] == j else 0``

    Parameters
    ----------
    y : array_like of int, shape (n,) or any other
        Class labels in 0 .. n_classes - 1.
    n_classes : int
        The number of classes K, at least 1.

    Returns
    -------
    ndarray of float64, shape (n, K)
        Each row is a distribution; the distance between any two classes is the same, so class 2 is
        not twice class 1.

    Raises
    ------
    ValueError
        If `n_classes` is below 1, or a label is no integer or out of range.

    Examples
    --------
    >>> one_hot([2, 0], 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    if n_classes < 1:
        raise ValueError(f"n_classes must be at least 1, received {n_classes}")
    rows: Float64Array = np.eye(n_classes)[as_labels(y, n_classes)]
    return rows


def as_targets(Y: npt.ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    """Return target distributions after checking their shape, signs and sums.

    Parameters
    ----------
    Y : array_like, shape (..., K)
        Rows on the last axis, each nonnegative with sum 1. The sum may miss 1 by the rounding of
        the dtype: 2e-3 per row for float16, 1e-5 for float32, 1e-8 for float64.
    shape : tuple of int
        The shape of the logits that they belong to.

    Raises
    ------
    ValueError
        If the shape differs, an entry is negative or not a number, or a row does not sum to 1.

    Examples
    --------
    >>> as_targets([[0.5, 0.6]], (1, 2))
    Traceback (most recent call last):
        ...
    ValueError: every row of Y must sum to 1, received a row with sum 1.1
    """
    targets = as_float_array(Y, "Y")
    if targets.shape != shape:
        raise ValueError(f"Y must have the shape of the logits {shape}, received {targets.shape}")
    check_distributions(targets, "Y")
    return targets


def check_distributions(values: FloatArray, name: str, axis: int = -1) -> None:
    """Raise a ValueError unless every row on `axis` is nonnegative with sum 1.

    The sum may miss 1 by the rounding of the dtype: 2e-3 for float16, 1e-5 for float32, 1e-8 for
    float64.

    Examples
    --------
    >>> check_distributions(np.array([0.5, 0.5]), "p")
    >>> check_distributions(np.array([0.5, 0.75]), "p")
    Traceback (most recent call last):
        ...
    ValueError: every row of p must sum to 1, received a row with sum 1.25
    """
    wrong = ~(values >= 0)  # written this way round so that NaN counts as wrong
    if wrong.any():
        raise ValueError(f"{name} must be nonnegative, received {values[wrong].flat[0]}")
    sums = values.sum(axis=axis, dtype=np.float64)
    tolerance = {2: 2e-3, 4: 1e-5, 8: 1e-8}[values.dtype.itemsize]
    off = ~(np.abs(sums - 1.0) <= tolerance)
    if off.any():
        raise ValueError(
            f"every row of {name} must sum to 1, received a row with sum {np.atleast_1d(sums[off]).flat[0]:.12g}"
        )


def whole_number(name: str, value: object, low: int, high: int | None = None) -> int:
    """Return `value` as an int in low .. high.

    Raises
    ------
    ValueError
        If it is no whole number or out of range; True and 3.0 count as no whole numbers.

    Examples
    --------
    >>> whole_number("steps", -1, 0)
    Traceback (most recent call last):
        ...
    ValueError: steps must be a whole number of at least 0, received -1
    """
    bounds = f"of at least {low}" if high is None else f"in {low}..{high}"
    is_whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not is_whole or int(value) < low or (high is not None and int(value) > high):  # type: ignore[call-overload]
        raise ValueError(f"{name} must be a whole number {bounds}, received {reprlib.repr(value)}")
    return int(value)  # type: ignore[call-overload, no-any-return]


def finite_number(
    name: str,
    value: object,
    low: float,
    high: float = math.inf,
    *,
    above: bool = False,
    below: bool = False,
) -> float:
    """Return `value` as a finite float in [low, high]; ``above`` excludes `low`, ``below`` excludes `high`.

    Raises
    ------
    ValueError
        If it is no real number, not finite, or out of range.

    Examples
    --------
    >>> finite_number("learning_rate", float("nan"), 0, above=True)
    Traceback (most recent call last):
        ...
    ValueError: learning_rate must be a finite number above 0, received nan
    """
    is_real = isinstance(value, Real) and not isinstance(value, bool)
    try:
        number = float(value) if is_real else math.nan  # type: ignore[arg-type]
    except OverflowError:  # an integer beyond 1.8e308
        number = math.inf
    if not math.isfinite(number) or number < low or (above and number == low):
        bound = f"above {low:g}" if above else f"of at least {low:g}"
        raise ValueError(f"{name} must be a finite number {bound}, received {reprlib.repr(value)}")
    if number > high or (below and number == high):
        bound = "below" if below else "at most"
        raise ValueError(f"{name} must be {bound} {high:g}, received {reprlib.repr(value)}")
    return number


def choice(name: str, value: str, choices: Collection[str]) -> str:
    """Return `value` if it is one of `choices`.

    Raises
    ------
    ValueError
        If it is not; the message lists the choices.

    Examples
    --------
    >>> choice("start", "ones", ("zeros", "random"))
    Traceback (most recent call last):
        ...
    ValueError: start must be one of zeros, random, received 'ones'
    """
    if value not in tuple(choices):
        raise ValueError(f"{name} must be one of {', '.join(choices)}, received {reprlib.repr(value)}")
    return value
