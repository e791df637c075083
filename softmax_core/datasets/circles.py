"""Rings around one centre."""

from __future__ import annotations

import numpy as np

from softmax_core.datasets.classes import RANDOM_CLASSES, SPACING, class_labels, plane
from softmax_core.datasets.dataset import Dataset, DataSpec, register


@register("circles", *RANDOM_CLASSES)
def circles(spec: DataSpec, rng: np.random.Generator) -> Dataset:
    """Make one ring per class, radius 1.5, 4.5, 7.5, ...: no straight line parts an inner class from an outer.

    `noise` is the standard deviation in each direction.

    Examples
    --------
    >>> data = circles(DataSpec(n=50, noise=0.0), np.random.default_rng(0))
    >>> sorted(set(np.linalg.norm(data.X, axis=1).round(9).tolist()))
    [1.5, 4.5, 7.5]
    """
    y = class_labels(spec, rng)
    angle = 2.0 * np.pi * rng.random(spec.n)
    radius = SPACING * (y + 0.5)
    X = radius[:, np.newaxis] * np.column_stack([np.cos(angle), np.sin(angle)])
    X += spec.noise * rng.standard_normal(X.shape)
    return plane(X, y, spec.n_classes, "random: concentric rings")
