"""Planes through parameter space, for pictures of the loss and of the path that a run takes on it.

Conventions: theta (m + 1, K) is W with b as its last row; a plane is ``origin + a * across + b * up``
with orthonormal directions, and (a, b) are coordinates on it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from softmax_core.checks import whole_number
from softmax_core.validation import Float64Array

MOST_STEPS = 150  # steps of a run that its principal directions are taken from, evenly spread


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane of parameters, ``theta = origin + a * across + b * up``.

    Parameters
    ----------
    origin, across, up : ndarray, shape (m + 1, K)
        `across` and `up` have length 1 and are at right angles.
    """

    origin: Float64Array
    across: Float64Array
    up: Float64Array

    def at(self, a: float, b: float) -> Float64Array:
        """Return the parameters at a point of the plane."""
        theta: Float64Array = self.origin + a * self.across + b * self.up
        return theta

    def coordinates(self, thetas: npt.ArrayLike) -> Float64Array:
        """Project parameters (..., m + 1, K) onto the plane; return their coordinates (..., 2).

        Examples
        --------
        >>> plane = parameter_plane(np.array([[1.0, 2.0], [3.0, 4.0]]), (0, 0), (1, 1))
        >>> plane.coordinates([[1.0, 9.0], [9.0, 4.0]])
        array([1., 4.])
        """
        offsets = np.asarray(thetas, dtype=np.float64) - self.origin
        axes = np.stack([self.across, self.up])
        found: Float64Array = np.tensordot(offsets, axes, axes=([-2, -1], [1, 2]))
        return found


def parameter_plane(theta: Float64Array, first: tuple[int, int], second: tuple[int, int]) -> Plane:
    """Return the plane in which two parameters vary and all others stay as they are in `theta`.

    The coordinates are the values of the two parameters.

    Parameters
    ----------
    theta : ndarray, shape (m + 1, K)
    first, second : tuple (row, class)
        Two different places in theta; the last row is b.

    Raises
    ------
    ValueError
        If a place does not exist or both are the same.

    Examples
    --------
    >>> parameter_plane(np.ones((2, 2)), (0, 1), (0, 1))
    Traceback (most recent call last):
        ...
    ValueError: first and second must be two different parameters, received (0, 1) twice
    """
    if first == second:
        raise ValueError(f"first and second must be two different parameters, received {first!r} twice")
    origin, axes = np.array(theta, dtype=np.float64), []
    for row, k in (first, second):
        whole_number("row", row, 0, len(origin) - 1), whole_number("class", k, 0, origin.shape[1] - 1)
        origin[row, k] = 0.0
        axis = np.zeros_like(origin)
        axis[row, k] = 1.0
        axes.append(axis)
    return Plane(origin, axes[0], axes[1])


def principal_plane(thetas: Float64Array) -> tuple[Plane, float]:
    """Return the plane through the end of a run that its steps keep closest to, and how close.

    The directions are the first two right singular vectors of ``theta_t - theta_S``; the end of the
    run is the origin, and the start lies left of it and below. From up to 150 steps, evenly spread.

    Parameters
    ----------
    thetas : ndarray, shape (S + 1, m + 1, K)

    Returns
    -------
    plane : Plane
    share : float
        Share of the squared distances to the end that lies within the plane, in [0, 1]; 1 for a run
        that stays where it is. What is missing is what the picture cannot show.

    Notes
    -----
    Li, Xu, Taylor, Studer, Goldstein, "Visualizing the loss landscape of neural nets" (2018).

    Examples
    --------
    A straight run leaves the second direction open; it still gets one:

    >>> plane, share = principal_plane(np.array([[[0.0, 0.0]], [[3.0, 4.0]], [[6.0, 8.0]]]))
    >>> plane.across.round(6), share
    (array([[0.6, 0.8]]), 1.0)
    >>> round(float(np.sum(plane.across * plane.up)), 12)
    0.0
    """
    stack = np.asarray(thetas, dtype=np.float64)
    chosen = np.unique(np.linspace(0, len(stack) - 1, min(len(stack), MOST_STEPS)).round().astype(int))
    shape, end = stack.shape[1:], stack[-1]
    offsets = (stack[chosen] - end).reshape(len(chosen), -1)
    scale = float(np.abs(offsets).max(initial=0.0))
    sizes, rows = np.zeros(1), np.zeros((0, offsets.shape[1]))
    if scale > 0.0:
        _left, sizes, rows = np.linalg.svd(offsets / scale, full_matrices=False)
    directions: list[Float64Array] = []
    for size, row in zip(sizes, rows, strict=False):
        if len(directions) < 2 and size > 1e-9 * sizes[0]:
            directions.append(row * (-1.0 if offsets[0] @ row > 0.0 else 1.0))
    while len(directions) < 2:
        directions.append(_another(directions, offsets.shape[1]))
    total = float(np.square(sizes).sum())
    share = float(np.square(sizes[:2]).sum()) / total if total > 0.0 else 1.0
    return Plane(end.copy(), directions[0].reshape(shape), directions[1].reshape(shape)), min(share, 1.0)


def _another(directions: list[Float64Array], size: int) -> Float64Array:
    """Return a unit vector at right angles to all given ones, along the axis that they use least."""
    used = np.zeros(size)
    for direction in directions:
        used += direction**2
    vector = np.zeros(size)
    vector[used.argmin()] = 1.0
    for direction in directions:
        vector -= (vector @ direction) * direction
    unit: Float64Array = vector / np.linalg.norm(vector)
    return unit
