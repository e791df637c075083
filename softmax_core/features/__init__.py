"""Feature maps: one file per kind, and one line in the table below."""

from __future__ import annotations

from softmax_core.features.base import FeatureMap, FittedMap
from softmax_core.features.polynomial import Cubic, Linear, Quadratic
from softmax_core.features.radial import RadialBasis
from softmax_core.features.sine import Sine

FEATURE_MAPS: dict[str, type[FeatureMap]] = {
    "linear": Linear,
    "quadratic": Quadratic,
    "cubic": Cubic,
    "radial": RadialBasis,
    "sine": Sine,
}

__all__ = [
    "FEATURE_MAPS",
    "Cubic",
    "FeatureMap",
    "FittedMap",
    "Linear",
    "Quadratic",
    "RadialBasis",
    "Sine",
]
