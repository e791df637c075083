"""The features of a picture: a grid of cells over a box, computed once and sent to the browser."""

from __future__ import annotations

import math

import numpy as np

from softmax_core.features.base import FittedMap
from softmax_core.geometry import Box
from softmax_core.validation import Float64Array, whole_number


def grid_points(box: Box, columns: int, rows: int) -> Float64Array:
    """Return the centres of the cells of a grid, as pixels of a picture are ordered.

    Parameters
    ----------
    box : tuple (x_min, x_max, y_min, y_max)
    columns, rows : int
        At least 1.

    Returns
    -------
    ndarray of float64, shape (rows * columns, 2)
        Row 0 lies at the top (at y_max), and within a row x grows.

    Raises
    ------
    ValueError
        If the box has no area or is not finite, or there is no cell.

    Examples
    --------
    >>> grid_points((0, 4, 0, 2), columns=2, rows=2)
    array([[1. , 1.5],
           [3. , 1.5],
           [1. , 0.5],
           [3. , 0.5]])
    """
    x_min, x_max, y_min, y_max = (float(edge) for edge in box)
    is_finite = all(math.isfinite(edge) for edge in (x_min, x_max, y_min, y_max))
    if not is_finite or x_min >= x_max or y_min >= y_max:
        raise ValueError(f"the box must be finite and have an area, received {box}")
    columns, rows = whole_number("columns", columns, 1), whole_number("rows", rows, 1)
    across = x_min + (x_max - x_min) * (np.arange(columns) + 0.5) / columns
    down = y_max - (y_max - y_min) * (np.arange(rows) + 0.5) / rows
    return np.column_stack([np.tile(across, rows), np.repeat(down, columns)])


def grid_features(fitted: FittedMap, box: Box, columns: int, rows: int) -> Float64Array:
    """Compute the features of every cell of `grid_points`.

    With them the browser draws the regions of any step of a run by ``features @ W[t] + b[t]`` and a
    softmax, whatever the map.

    Returns
    -------
    ndarray of float64, shape (rows * columns, m)

    Examples
    --------
    >>> from softmax_core.features import Linear
    >>> grid_features(Linear().fit([[0.0, 0.0]]), (0, 4, 0, 2), 2, 1)
    array([[1., 1.],
           [3., 1.]])
    """
    return fitted.transform(grid_points(box, columns, rows))
