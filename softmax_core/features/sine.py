"""Sines of the inputs, for classes that repeat along an axis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from softmax_core.features.base import Basis, FeatureMap
from softmax_core.validation import Float64Array, finite_number


@dataclass(frozen=True)
class Sine(FeatureMap):
    """The inputs and their sines: ``x1, x2, sin(frequency * x1), sin(frequency * x2)``.

    Parameters
    ----------
    frequency : float
        In radians per unit of the (standardised) input, > 0.

    Raises
    ------
    ValueError
        If the frequency is not finite or not above 0.

    Examples
    --------
    >>> fitted = Sine(2.0).fit([[0.0, 0.0]])
    >>> fitted.names
    ('x1', 'x2', 'sin(2 x1)', 'sin(2 x2)')
    >>> fitted.transform([[0.25 * np.pi, 0.0]]).round(4)
    array([[0.7854, 0.    , 1.    , 0.    ]])
    """

    frequency: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "frequency", finite_number("frequency", self.frequency, 0.0, above=True))

    def basis(self, U: Float64Array) -> Basis:
        """Return the waves, which do not depend on the data."""
        return Waves(self.frequency)


class Waves:
    """Inputs and sines of one frequency."""

    keeps_inputs = True

    def __init__(self, frequency: float) -> None:
        self._frequency = frequency

    def values(self, U: Float64Array) -> Float64Array:
        """Return U beside sin(frequency * U)."""
        return np.hstack([U, np.sin(self._frequency * U)])

    def slopes(self, U: Float64Array) -> Float64Array:
        """Return 1 for the inputs, frequency * cos for the sines, each by its input only."""
        d = U.shape[1]
        result = np.zeros((len(U), 2 * d, d))
        inputs = np.arange(d)
        result[:, inputs, inputs] = 1.0
        result[:, d + inputs, inputs] = self._frequency * np.cos(self._frequency * U)
        return result

    def names(self, inputs: tuple[str, ...]) -> tuple[str, ...]:
        """Return names like sin(2 x1)."""
        factor = "" if self._frequency == 1.0 else f"{self._frequency:.4g} "
        return inputs + tuple(f"sin({factor}{name})" for name in inputs)
