"""Half-circles that reach into each other."""

from __future__ import annotations

import numpy as np

from softmax_core.datasets.classes import RANDOM_CLASSES, class_labels, plane
from softmax_core.datasets.dataset import Dataset, DataSpec, register

RADIUS = 4.0
APART = 5.0  # from middle to middle; with 4 or less the arcs of one side would touch


@register("moons", *RANDOM_CLASSES)
def moons(spec: DataSpec, rng: np.random.Generator) -> Dataset:
    """Make one half-circle per class, by turns open downwards and upwards, each between its neighbours.

    Radius 4; `noise` is the standard deviation around the arc. A chain for more than two classes.

    Examples
    --------
    >>> data = moons(DataSpec(n=50, n_classes=2, noise=0.0), np.random.default_rng(0))
    >>> np.linalg.norm(data.X[data.y == 0] - [-2.5, -1.0], axis=1).round(9).max()
    np.float64(4.0)
    """
    y = class_labels(spec, rng)
    angle = np.pi * rng.random(spec.n)
    side = np.where(y % 2 == 0, 1.0, -1.0)
    middle = APART * (y - 0.5 * (spec.n_classes - 1))
    X = np.column_stack([middle + RADIUS * np.cos(angle), side * (RADIUS * np.sin(angle) - 1.0)])
    X += spec.noise * rng.standard_normal(X.shape)
    return plane(X, y, spec.n_classes, "random: interleaving half-circles")
