"""What comes into the estimator: X and labels checked in the words that scikit-learn uses."""

from __future__ import annotations

import sys
import warnings
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from softmax_core.validation import Float64Array

E = TypeVar("E", bound=Exception)


def of_scikit_learn(name: str, otherwise: type[E]) -> type[E]:
    """Return scikit-learn's own class where scikit-learn is loaded, so that its users can catch it."""
    module = sys.modules.get("sklearn.exceptions")
    kind: type[E] = getattr(module, name, otherwise)
    return kind


def checked_matrix(X: npt.ArrayLike) -> Float64Array:
    """Return X as finite float64 (n, d) with n, d >= 1, in the words that scikit-learn uses."""
    if hasattr(X, "toarray") and not isinstance(X, np.ndarray):
        raise TypeError("Sparse data was passed for X, but dense data is required; use X.toarray()")
    array = np.asarray(X)
    if array.dtype.kind == "c":
        raise ValueError(f"Complex data not supported, received dtype {array.dtype}")
    if array.ndim != 2:
        raise ValueError(
            f"Expected 2D array, got {array.ndim}D array instead. Reshape your data: X.reshape(-1, 1) for a "
            "single feature, X.reshape(1, -1) for a single sample."
        )
    if 0 in array.shape:
        what = "sample" if array.shape[0] == 0 else "feature"
        raise ValueError(
            f"Found array with 0 {what}(s) (shape={array.shape}) while a minimum of 1 is required."
        )
    if array.dtype.kind == "O" and any(_is_missing(value) for value in array.flat):
        raise ValueError("Input X contains NaN: a number is missing")
    A: Float64Array = array.astype(np.float64)
    if not np.isfinite(A).all():
        value = A[~np.isfinite(A)][0]
        what = "NaN" if np.isnan(value) else "infinity"
        raise ValueError(f"Input X contains {what}: it must be finite, received {value}")
    return A


def _is_missing(value: object) -> bool:
    """Whether a value is None, NaN, NaT (which differ from themselves) or pandas' NA (which has no truth value)."""
    if value is None:
        return True
    try:
        return bool(value != value)
    except (TypeError, ValueError):
        return True


def sorted_labels(labels: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return every label once, in order.

    Raises
    ------
    ValueError
        If labels cannot be compared, such as numbers and text.
    """
    try:
        return np.unique(labels)
    except TypeError:
        kinds = sorted({type(label).__name__ for label in labels.tolist()})
        raise ValueError(f"labels must be all numbers or all text, received {' and '.join(kinds)}") from None


def checked_labels(y: npt.ArrayLike | None, n: int | None = None) -> npt.NDArray[Any]:
    """Return labels (n,) after checking that they are discrete and none is missing."""
    if y is None:
        raise ValueError("This estimator requires y to be passed, but the target y is None")
    labels = np.asarray(y)
    if labels.dtype.kind == "c":
        raise ValueError(f"Complex data not supported, received dtype {labels.dtype}")
    if labels.ndim == 2 and labels.shape[1] == 1:
        message = "A column-vector y was passed when a 1d array was expected; use y.ravel()."
        warnings.warn(message, of_scikit_learn("DataConversionWarning", UserWarning), stacklevel=4)
        labels = labels.ravel()
    if labels.ndim != 1:
        raise ValueError(f"y should be a 1d array, got an array of shape {labels.shape} instead.")
    if n is not None and len(labels) != n:
        raise ValueError(f"X and y must have as many samples, received {n} and {len(labels)}")
    # NumPy makes the text "nan" of a missing value in a list of texts.
    values = (
        np.asarray(y, dtype=object).ravel()
        if labels.dtype.kind in "OUS" and not hasattr(y, "dtype")
        else labels
    )
    is_missing = np.isnat(values) if values.dtype.kind in "mM" else np.array([False])
    if is_missing.any() or (values.dtype.kind == "O" and any(_is_missing(value) for value in values)):
        raise ValueError("Input y contains NaN: every sample needs a label, received one without")
    if labels.dtype.kind == "f":
        if not np.isfinite(labels).all():
            raise ValueError("Input y contains NaN or infinity: labels must be finite")
        if (labels != np.floor(labels)).any():
            fraction = labels[labels != np.floor(labels)][0]
            raise ValueError(f"Unknown label type: continuous, received {fraction}; labels are classes")
    return labels


def column_names(X: npt.ArrayLike) -> npt.NDArray[Any] | None:
    """Return the names of the columns of a data frame, if all are text."""
    columns = getattr(X, "columns", None)
    if columns is None:
        return None
    names = list(columns)
    return np.array(names, dtype=object) if all(isinstance(name, str) for name in names) else None
