"""What a feature map is: settings that never change, fitted to training data before use.

``map.fit(X)`` takes the training inputs and returns a `FittedMap`, which turns any inputs into features:
training points, test points and the cells of a picture.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from softmax_core.validation import Float64Array, as_matrix


class Basis(Protocol):
    """The functions of a map, ready to be computed at inputs U (n, d)."""

    @property
    def keeps_inputs(self) -> bool:
        """Whether the first d features are the inputs themselves."""

    def values(self, U: Float64Array) -> Float64Array:
        """Return the features, shape (n, m)."""

    def slopes(self, U: Float64Array) -> Float64Array:
        """Return the derivative of every feature by every input, shape (n, m, d)."""

    def names(self, inputs: tuple[str, ...]) -> tuple[str, ...]:
        """Return m names made from those of the inputs."""


@dataclass(frozen=True)
class FeatureMap(ABC):
    """A recipe for features: a frozen dataclass that can be compared, hashed and written into a URL.

    Parameters
    ----------
    standardise : bool
        Whether every input is shifted and scaled to mean 0 and standard deviation 1 on the training
        data before the map. It is done before, not after: x and x ** 2 are nearly parallel for
        inputs far from 0, and scaling the square would not help.
    """

    standardise: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        if not isinstance(self.standardise, (bool, np.bool_)):
            raise ValueError(f"standardise must be True or False, received {self.standardise!r}")
        object.__setattr__(self, "standardise", bool(self.standardise))

    @abstractmethod
    def basis(self, U: Float64Array) -> Basis:
        """Return the functions of the map, placed by the (standardised) training inputs U."""

    def fit(self, X: npt.ArrayLike, names: tuple[str, ...] | None = None) -> FittedMap:
        """Fit the map to training inputs.

        Parameters
        ----------
        X : array_like, shape (n, d)
            Finite; at least one sample.
        names : tuple of str, length d, optional
            Names of the inputs, x1, x2, ... if not given.

        Raises
        ------
        ValueError
            If there is no sample, a number is not finite, or the names do not fit.

        Examples
        --------
        >>> from softmax_core.features import Quadratic
        >>> fitted = Quadratic().fit([[2.0, 3.0]])
        >>> fitted.names
        ('x1', 'x2', 'x1²', 'x1·x2', 'x2²')
        >>> fitted.transform([[2.0, 3.0]])
        array([[2., 3., 4., 6., 9.]])
        """
        inputs = as_matrix(X, "X", (None, None))
        d = inputs.shape[1]
        if 0 in inputs.shape:
            raise ValueError(f"a feature map needs samples and inputs, received shape {inputs.shape}")
        if not np.isfinite(inputs).all():
            raise ValueError(f"X must be finite, received {inputs[~np.isfinite(inputs)][0]}")
        input_names = tuple(f"x{i + 1}" for i in range(d)) if names is None else tuple(names)
        if len(input_names) != d:
            raise ValueError(f"names must have length {d}, received {len(input_names)}")
        shift, scale = np.zeros(d), np.ones(d)
        if self.standardise:
            with np.errstate(all="ignore"):
                shift, deviation = inputs.mean(axis=0), inputs.std(axis=0)
            # A constant input stays at 0 instead of becoming nan; rounding counts as constant.
            varies = deviation > 1e-12 * np.abs(shift)
            scale = np.where(varies & np.isfinite(deviation), deviation, 1.0)
        return FittedMap(self, shift, scale, self.basis((inputs - shift) / scale), input_names)


@dataclass(frozen=True, eq=False)
class FittedMap:
    """A feature map fitted to training data.

    Parameters
    ----------
    kind : FeatureMap
        The settings.
    shift, scale : ndarray, shape (d,)
        The map works on ``(X - shift) / scale``; 0 and 1 unless the inputs are standardised.
    basis : Basis
    input_names : tuple of str, length d
    """

    kind: FeatureMap
    shift: Float64Array
    scale: Float64Array
    basis: Basis
    input_names: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the m features."""
        return self.basis.names(self.input_names)

    @property
    def size(self) -> int:
        """The number of features m, which is the number of rows of W."""
        return len(self.names)

    @property
    def keeps_inputs(self) -> bool:
        """Whether the first d rows of W belong to the (standardised) inputs themselves."""
        return self.basis.keeps_inputs

    def transform(self, X: npt.ArrayLike) -> Float64Array:
        """Return the features of inputs (n, d) as a float64 array (n, m)."""
        return self.basis.values(self._standardised(X))

    def slopes(self, X: npt.ArrayLike) -> Float64Array:
        """Return d feature / d input at every sample, shape (n, m, d), in the units of X.

        The gradient of the logit of class k in the plane is ``slopes(X).transpose(0, 2, 1) @ W[:, k]``.

        Examples
        --------
        >>> from softmax_core.features import Quadratic
        >>> Quadratic().fit([[0.0, 0.0]]).slopes([[2.0, 3.0]])[0, :, 0]         # by x1
        array([1., 0., 4., 3., 0.])
        """
        slopes: Float64Array = self.basis.slopes(self._standardised(X)) / self.scale
        return slopes

    def _standardised(self, X: npt.ArrayLike) -> Float64Array:
        inputs = as_matrix(X, "X", (None, len(self.input_names)))
        if not self.kind.standardise:
            return inputs
        standard: Float64Array = (inputs - self.shift) / self.scale
        return standard
