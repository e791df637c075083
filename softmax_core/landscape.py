"""The loss on a plane of parameters: planes, heights of the surface, curvature.

Conventions: theta (m + 1, K) is W with b as its last row; a plane is ``origin + a * across + b * up`` with
orthonormal directions, and (a, b) are coordinates on it. Losses are in nats.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from softmax_core.curvature import Hessian
from softmax_core.objective import Objective
from softmax_core.validation import Float64Array, finite_number, whole_number

MOST_STEPS = 150  # steps of a run that its principal directions are taken from, evenly spread
CHUNK_ELEMENTS = 1 << 16  # numbers per chunk of a surface: 512 kB, which stays in the cache of a core
UNDERFLOW = 1e-200  # below, a sum of exponentials may have lost digits and is computed again


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
        result: Float64Array = np.tensordot(offsets, axes, axes=([-2, -1], [1, 2]))
        return result


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


def loss_on_plane(objective: Objective, plane: Plane, a: npt.ArrayLike, b: npt.ArrayLike) -> Float64Array:
    """Compute the loss at every point of a grid on a plane, penalties included.

    Parameters
    ----------
    objective : Objective
    plane : Plane
    a, b : array_like, shapes (p,) and (q,)
        Coordinates along `across` and `up`.

    Returns
    -------
    ndarray, shape (q, p)
        Row j holds the losses at b[j], as pictures and Plotly order them.

    Notes
    -----
    The logits are affine in a and b, so ``exp(z) = exp(z_0 + a z_a) exp(b z_b)``: two small tables of
    exponentials and one product of matrices per sample replace p q K exponentials. Where the two
    maxima belong to different classes the product can underflow; there the sum is computed again from
    the logits themselves.

    Examples
    --------
    >>> from softmax_core.objective import Objective
    >>> coin = Objective(np.array([[1.0], [1.0]]), np.eye(2))
    >>> loss_on_plane(coin, parameter_plane(np.zeros((1, 2)), (0, 0), (0, 1)), [0.0, 800.0], [0.0]).round(4)
    array([[  0.6931, 400.    ]])
    """
    across, up = np.atleast_1d(np.asarray(a, np.float64)), np.atleast_1d(np.asarray(b, np.float64))
    shares = objective.sample_shares
    base, side, rise = (objective.A @ part for part in (plane.origin, plane.across, plane.up))
    # The part of the true class: sum_i share_i sum_k Y_ik z_ik, affine in a and b.
    weights = objective.Y * shares[:, np.newaxis]
    pulled = [float((weights * part).sum()) for part in (base, side, rise)]
    total: Float64Array = np.zeros((len(up), len(across)))
    chunk = max(1, CHUNK_ELEMENTS // max(1, len(across) * len(up)))
    for first in range(0, objective.n, chunk):
        part = slice(first, first + chunk)
        spread = _log_sums(base[part], side[part], rise[part], across, up)
        total += np.tensordot(shares[part], spread, axes=1)
    total -= pulled[0] + pulled[1] * across + pulled[2] * up[:, np.newaxis]
    total += _penalties(objective, plane, across, up)
    return total


def _log_sums(
    base: Float64Array, side: Float64Array, rise: Float64Array, a: Float64Array, b: Float64Array
) -> Float64Array:
    """Return ``log sum_k exp(base + a side + b rise)`` of every sample, shape (samples, q, p)."""
    first = base[:, np.newaxis, :] + a[:, np.newaxis] * side[:, np.newaxis, :]
    second = b[:, np.newaxis] * rise[:, np.newaxis, :]
    top_a, top_b = first.max(axis=2, keepdims=True), second.max(axis=2, keepdims=True)
    sums = np.exp(second - top_b) @ np.exp(first - top_a).transpose(0, 2, 1)
    lost = sums < UNDERFLOW
    logs: Float64Array = np.log(np.where(lost, 1.0, sums)) + top_b + top_a.transpose(0, 2, 1)
    if lost.any():
        i, row, column = np.nonzero(lost)
        z = first[i, column] + second[i, row]
        top = z.max(axis=1)
        logs[lost] = top + np.log(np.exp(z - top[:, np.newaxis]).sum(axis=1))
    return logs


def _penalties(objective: Objective, plane: Plane, a: Float64Array, b: Float64Array) -> Float64Array:
    """Return the penalties on W at every point of the grid, shape (q, p)."""
    if not objective.l2 and not objective.l1:
        return np.zeros((len(b), len(a)))
    sides = a[:, np.newaxis, np.newaxis] * plane.across
    return np.array([objective.penalties(plane.origin + height * plane.up + sides) for height in b])


def plane_curvature(objective: Objective, theta: Float64Array, plane: Plane) -> Float64Array:
    """Return the Hessian of the loss at `theta`, seen within a plane, shape (2, 2).

    ``H_uv = <u, H v>`` for u and v out of `across` and `up`. The corners of L1 have no curvature and are
    left out.

    Examples
    --------
    >>> from softmax_core.objective import Objective
    >>> coin = Objective(np.array([[1.0], [1.0]]), np.eye(2))
    >>> plane_curvature(coin, np.zeros((1, 2)), parameter_plane(np.zeros((1, 2)), (0, 0), (0, 1)))
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    hessian, P = Hessian(objective), objective.probabilities(theta)
    axes = (plane.across, plane.up)
    images = [hessian.times(P, axis) for axis in axes]
    H: Float64Array = np.array([[np.vdot(axis, image) for image in images] for axis in axes])
    return 0.5 * (H + H.T)


def ellipse(H: npt.ArrayLike, rise: float, longest: float, points: int = 96) -> Float64Array:
    """Return a closed curve of offsets d with ``d @ H @ d / 2 = rise``.

    Parameters
    ----------
    H : array_like, shape (2, 2)
        Symmetric, no eigenvalue below 0 (rounding aside).
    rise : float
        By how much the quadratic term raises the loss on the curve, in nats, > 0.
    longest : float
        Longest half-axis: where the loss is nearly flat the ellipse would be too long to draw.
    points : int

    Returns
    -------
    ndarray, shape (points + 1, 2)
        The last point is the first.

    Examples
    --------
    >>> ellipse(np.diag([2.0, 8.0]), rise=1.0, longest=9.0, points=4).round(6) + 0.0
    array([[ 0. ,  0.5],
           [ 1. ,  0. ],
           [ 0. , -0.5],
           [-1. ,  0. ],
           [ 0. ,  0.5]])
    """
    level = finite_number("rise", rise, 0.0, above=True)
    most = finite_number("longest", longest, 0.0, above=True)
    values, vectors = np.linalg.eigh(np.asarray(H, dtype=np.float64))
    least = 2.0 * level / most**2
    radii = np.sqrt(2.0 * level / np.maximum(values, least))
    vectors = vectors * np.where(vectors[np.abs(vectors).argmax(axis=0), [0, 1]] < 0.0, -1.0, 1.0)
    angle = np.linspace(0.0, 2.0 * np.pi, points + 1)
    circle = np.stack([np.sin(angle), np.cos(angle)])
    circle[:, -1] = circle[:, 0]
    curve: Float64Array = (vectors @ (radii[:, np.newaxis] * circle)).T
    return curve
