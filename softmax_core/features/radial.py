"""Radial basis functions: a grid of bumps over the training data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from softmax_core.features.base import Basis, FeatureMap
from softmax_core.validation import Float64Array, finite_number, whole_number

MAX_PER_SIDE = 10


@dataclass(frozen=True)
class RadialBasis(FeatureMap):
    """A grid of normal bumps: each feature is near 1 close to its centre, 0 far away.

    ``phi_c(x) = exp(-0.5 * sum_i ((x_i - c_i) / (width * spacing_i)) ** 2)``

    The centres divide the smallest box around the training data evenly, its edges included. Far from
    the data every feature is 0, so there the biases alone decide.

    Parameters
    ----------
    per_side : int
        Centres along each of the two axes, 2 .. 10; m = per_side ** 2.
    width : float
        Standard deviation of a bump, in spacings of the grid, > 0. About 1 overlaps enough to be
        smooth; much less leaves gaps, much more makes all bumps alike.

    Raises
    ------
    ValueError
        If a setting is out of range, or (when fitted) there are not two inputs.

    Notes
    -----
    Broomhead and Lowe, "Multivariable functional interpolation and adaptive networks", Complex
    Systems 2 (1988).

    Examples
    --------
    >>> fitted = RadialBasis(2).fit([[0.0, 0.0], [1.0, 10.0]])
    >>> fitted.names
    ('φ(0, 0)', 'φ(1, 0)', 'φ(0, 10)', 'φ(1, 10)')
    >>> fitted.transform([[0.0, 0.0]]).round(3)
    array([[1.   , 0.607, 0.607, 0.368]])
    """

    per_side: int = 5
    width: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "per_side", whole_number("per_side", self.per_side, 2, MAX_PER_SIDE))
        object.__setattr__(self, "width", finite_number("width", self.width, 0.0, above=True))

    def basis(self, U: Float64Array) -> Basis:
        """Place the grid over the box of U."""
        if U.shape[1] != 2:
            raise ValueError(f"the grid of a radial basis lies in a plane, received {U.shape[1]} inputs")
        low, high = U.min(axis=0), U.max(axis=0)
        extent = np.where(high > low, high - low, 1.0)  # points on a line still get a grid around them
        low = np.where(high > low, low, low - 0.5)
        across, up = (low[i] + extent[i] * np.linspace(0.0, 1.0, self.per_side) for i in (0, 1))
        centres = np.column_stack([np.tile(across, self.per_side), np.repeat(up, self.per_side)])
        return Bumps(centres, self.width * extent / (self.per_side - 1))


class Bumps:
    """Normal bumps of height 1 at centres (m, 2) with standard deviations (2,)."""

    keeps_inputs = False

    def __init__(self, centres: Float64Array, deviations: Float64Array) -> None:
        self.centres, self.deviations = centres, deviations

    def values(self, U: Float64Array) -> Float64Array:
        """Return the height of every bump at U."""
        scaled = (U[:, np.newaxis, :] - self.centres) / self.deviations
        heights: Float64Array = np.exp(-0.5 * np.square(scaled).sum(axis=2))
        return heights

    def slopes(self, U: Float64Array) -> Float64Array:
        """Return ``-phi * (u - c) / deviation ** 2``."""
        offset = (U[:, np.newaxis, :] - self.centres) / self.deviations**2
        slopes: Float64Array = -self.values(U)[:, :, np.newaxis] * offset
        return slopes

    def names(self, inputs: tuple[str, ...]) -> tuple[str, ...]:
        """Return the centres as names, in the units that the map works in."""
        return tuple(f"φ({x:.4g}, {y:.4g})" for x, y in self.centres)
