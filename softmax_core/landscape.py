"""The loss seen on a plane of parameters: its heights and its curvature.

Conventions: theta (m + 1, K) is W with b as its last row; (a, b) are coordinates on a `Plane`. Losses
are in nats.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from softmax_core.checks import finite_number
from softmax_core.curvature import Hessian
from softmax_core.objective import Objective
from softmax_core.planes import Plane
from softmax_core.validation import Float64Array

CHUNK_ELEMENTS = 1 << 18  # numbers per chunk of a surface: 2 MB
UNDERFLOW = 1e-200  # below, a sum of exponentials may have lost digits and is computed again


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
    >>> from softmax_core.planes import parameter_plane
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
    >>> from softmax_core.planes import parameter_plane
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
        Longest half-axis: where the loss hardly curves the ellipse would never end.
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
