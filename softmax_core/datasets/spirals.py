"""Arms that wind around each other."""

from __future__ import annotations

import numpy as np

from softmax_core.datasets.classes import RANDOM_CLASSES, SPACING, class_labels, plane
from softmax_core.datasets.dataset import Dataset, DataSpec, register


@register("spirals", *RANDOM_CLASSES)
def spirals(spec: DataSpec, rng: np.random.Generator) -> Dataset:
    """Make one arm per class, each a full turn; along a ray from the middle the arms are 3 apart.

    `noise` is the standard deviation in each direction.

    Examples
    --------
    >>> data = spirals(DataSpec(n=50, n_classes=2, noise=0.0), np.random.default_rng(0))
    >>> bool((np.linalg.norm(data.X, axis=1) <= 6.0).all())
    True
    """
    K = spec.n_classes
    y = class_labels(spec, rng)
    # The root spreads the samples evenly along the arm, which is longer outside.
    along = np.sqrt(rng.uniform(0.1**2, 1.0, spec.n))
    angle = 2.0 * np.pi * (along + y / K)
    X = (SPACING * K * along)[:, np.newaxis] * np.column_stack([np.cos(angle), np.sin(angle)])
    X += spec.noise * rng.standard_normal(X.shape)
    return plane(X, y, K, "random: spiral arms")
