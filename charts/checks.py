"""What the charts ask of their input, with the received value in the message."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def vector(values: ArrayLike, what: str) -> Floats:
    """Return ``values`` as a float64 vector, or raise a ValueError that shows its shape."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"{what} must be a vector with at least one entry, got shape {array.shape}")
    return array


def finite_vector(values: ArrayLike, what: str) -> Floats:
    """Return ``values`` as a float64 vector of finite numbers."""
    array = vector(values, what)
    if not np.isfinite(array).all():
        raise ValueError(f"{what} must be finite, got {array.tolist()}")
    return array


def square(values: ArrayLike, what: str) -> Floats:
    """Return ``values`` as a square float64 matrix of finite numbers."""
    matrix = np.asarray(values, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.size == 0:
        raise ValueError(f"{what} must be a square matrix, got shape {matrix.shape}")
    if not np.isfinite(matrix).all():
        raise ValueError(f"{what} must be finite, got {matrix.tolist()}")
    return matrix


def names_for(names: Sequence[str], n_classes: int) -> list[str]:
    """Return the names as a list when there is one per class."""
    if len(names) != n_classes:
        raise ValueError(f"expected {n_classes} names, got {len(names)}")
    return list(names)


def positive_temperature(temperature: float) -> float:
    """Return the temperature when it is a finite positive number."""
    if not (np.isfinite(temperature) and temperature > 0):
        raise ValueError(f"temperature must be finite and positive, got {temperature}")
    return float(temperature)
