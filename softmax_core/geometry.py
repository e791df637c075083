"""Plane geometry of a linear model: regions, and the triangle of three probabilities.

Conventions: W (2, K), b (K,); a box is (x_min, x_max, y_min, y_max); a polygon is an (m, 2) array of
corners, counter-clockwise, without repeating the first.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from softmax_core.validation import Float64Array, FloatArray, as_float_array, as_matrix, whole_number

Box = tuple[float, float, float, float]

SIMPLEX_CORNERS: Float64Array = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, math.sqrt(3.0) / 2.0]])
SIMPLEX_CORNERS.flags.writeable = False


def region_polygons(W: npt.ArrayLike, b: npt.ArrayLike, box: Box) -> list[Float64Array]:
    """Compute the part of a box in which each class has the largest logit.

    Class k wins where ``(w_k - w_j) . x + (b_k - b_j) >= 0`` for every j: the box cut by K - 1
    straight lines, a convex polygon, exact up to rounding.

    Parameters
    ----------
    W : array_like, shape (2, K)
    b : array_like, shape (K,)
    box : tuple (x_min, x_max, y_min, y_max)

    Returns
    -------
    list of K ndarrays, shape (m, 2)
        One polygon per class, shape (0, 2) where the class wins nowhere. Together they fill the
        box. Classes with the same weights and bias tie everywhere; the first of them gets the region,
        as argmax decides.

    Raises
    ------
    ValueError
        If the shapes do not fit, a number is not finite, or the box has no area.

    Notes
    -----
    Half-plane clipping: Sutherland and Hodgman, "Reentrant polygon clipping", CACM 17 (1974).

    Examples
    --------
    >>> left, right = region_polygons([[-1, 1], [0, 0]], [0, 0], (-1, 1, 0, 1))
    >>> right
    array([[0., 0.],
           [1., 0.],
           [1., 1.],
           [0., 1.]])
    >>> [len(p) for p in region_polygons(np.zeros((2, 3)), np.zeros(3), (0, 1, 0, 1))]
    [4, 0, 0]
    """
    lines = _logit_lines(W, b)
    x_min, x_max, y_min, y_max = _checked_box(box)
    corners = np.array([[x_min, y_min], [x_max, y_min], [x_max, y_max], [x_min, y_max]])
    K = len(lines)
    polygons = []
    for k in range(K):
        polygon = corners
        for j in range(K):
            polygon = _clip(polygon, lines[k] - lines[j], keep_ties=k <= j)
        polygons.append(polygon)
    return polygons


def grid_points(box: Box, columns: int, rows: int) -> Float64Array:
    """Return the centres of the cells of a grid, as pixels of a picture are ordered.

    Returns
    -------
    ndarray of float64, shape (rows * columns, 2)
        Row 0 lies at the top (at y_max), and within a row x grows.

    Raises
    ------
    ValueError
        If the box has no area, or there is no cell.

    Examples
    --------
    >>> grid_points((0, 4, 0, 2), columns=2, rows=2)
    array([[1. , 1.5],
           [3. , 1.5],
           [1. , 0.5],
           [3. , 0.5]])
    """
    x_min, x_max, y_min, y_max = _checked_box(box)
    columns, rows = whole_number("columns", columns, 1), whole_number("rows", rows, 1)
    across = x_min + (x_max - x_min) * (np.arange(columns) + 0.5) / columns
    down = y_max - (y_max - y_min) * (np.arange(rows) + 0.5) / rows
    return np.column_stack([np.tile(across, rows), np.repeat(down, columns)])


def simplex_coordinates(P: npt.ArrayLike) -> FloatArray:
    """Place distributions over three classes in an equilateral triangle.

    ``point = p_0 * (0, 0) + p_1 * (1, 0) + p_2 * (1/2, sqrt(3)/2)``

    Parameters
    ----------
    P : array_like, shape (..., 3)
        Distributions; each corner (`SIMPLEX_CORNERS`) is a class.

    Returns
    -------
    ndarray, shape (..., 2), dtype of `P`
        The distance to the side opposite corner k is p_k times the height.

    Raises
    ------
    ValueError
        If the last axis is not of length 3.

    Examples
    --------
    >>> simplex_coordinates([0.0, 0.5, 0.5]).round(3)
    array([0.75 , 0.433])
    """
    shares = as_float_array(P, "P")
    if shares.ndim == 0 or shares.shape[-1] != 3:
        raise ValueError(f"P must have 3 classes on its last axis, received shape {shares.shape}")
    points: FloatArray = (shares.astype(np.float64) @ SIMPLEX_CORNERS).astype(shares.dtype)
    return points


def _logit_lines(W: npt.ArrayLike, b: npt.ArrayLike) -> Float64Array:
    """Return rows (w_x, w_y, bias), one per class, scaled so that no difference overflows."""
    weights = as_matrix(W, "W", (2, None))
    lines = np.column_stack([weights.T, as_matrix(b, "b", (weights.shape[1],))])
    if not np.isfinite(lines).all():
        raise ValueError(f"W and b must be finite, received {lines[~np.isfinite(lines)][0]}")
    return lines / max(float(np.abs(lines).max(initial=0.0)), 1e-300)


def _checked_box(box: Box) -> Box:
    """Return the box as floats if it has an area."""
    x_min, x_max, y_min, y_max = map(float, box) if len(box) == 4 else (math.nan,) * 4
    if not (math.isfinite((x_max - x_min) * (y_max - y_min)) and x_min < x_max and y_min < y_max):
        raise ValueError(f"box must be (x_min, x_max, y_min, y_max) with an area, received {box!r}")
    return x_min, x_max, y_min, y_max


def _clip(polygon: Float64Array, line: Float64Array, keep_ties: bool) -> Float64Array:
    """Keep the part of a convex polygon on which line . (x, y, 1) >= 0."""
    if not line.any():
        return polygon if keep_ties else polygon[:0]
    height = polygon @ line[:2] + line[2]
    corners = []
    for i in range(len(polygon)):
        now, before = height[i], height[i - 1]
        if (now > 0) != (before > 0) and now != 0 and before != 0:
            share = before / (before - now)
            corners.append(polygon[i - 1] + share * (polygon[i] - polygon[i - 1]))
        if now >= 0:
            corners.append(polygon[i])
    # Two corners or one: the line only touches the polygon.
    return np.array(corners) if len(corners) >= 3 else polygon[:0]
