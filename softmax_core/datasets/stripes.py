"""Bands side by side, each class twice."""

from __future__ import annotations

import numpy as np

from softmax_core.datasets.classes import RANDOM_CLASSES, SPACING, class_labels, plane
from softmax_core.datasets.dataset import Dataset, DataSpec, register


@register("stripes", *RANDOM_CLASSES)
def stripes(spec: DataSpec, rng: np.random.Generator) -> Dataset:
    """Make 2 K upright bands, 3 wide, in the order 0, 1, .., K - 1, 0, 1, .., K - 1.

    The classes repeat, so a linear model cannot follow; a sine can. Samples lie evenly in their bands,
    then move by `noise` (a standard deviation).

    Examples
    --------
    >>> data = stripes(DataSpec(n=50, n_classes=2, noise=0.0), np.random.default_rng(0))
    >>> bool((np.floor(data.X[:, 0] / 3.0) % 2 == data.y).all())
    True
    """
    K = spec.n_classes
    y = class_labels(spec, rng)
    band = y + K * rng.integers(0, 2, spec.n)
    across = SPACING * (band - K + rng.random(spec.n))
    X = np.column_stack([across, SPACING * K * rng.uniform(-1.0, 1.0, spec.n)])
    X += spec.noise * rng.standard_normal(X.shape)
    return plane(X, y, K, "random: stripes")
