"""One cloud, cut into rings of equal content."""

from __future__ import annotations

import numpy as np

from softmax_core.datasets.classes import RANDOM_CLASSES, class_labels, plane
from softmax_core.datasets.dataset import Dataset, DataSpec, register


@register("gaussian_quantiles", *RANDOM_CLASSES)
def gaussian_quantiles(spec: DataSpec, rng: np.random.Generator) -> Dataset:
    """Make one normal cloud (standard deviation 3) and cut it by distance: class 0 inside, the last outside.

    The rings hold as many samples as the classes are to have. Afterwards the samples move by `noise` (a
    standard deviation). As ``sklearn.datasets.make_gaussian_quantiles``.

    Examples
    --------
    >>> data = gaussian_quantiles(DataSpec(n=60, noise=0.0), np.random.default_rng(0))
    >>> radius = np.linalg.norm(data.X, axis=1)
    >>> bool(radius[data.y == 0].max() < radius[data.y == 1].min())
    True
    """
    K = spec.n_classes
    X = 3.0 * rng.standard_normal((spec.n, 2))
    y = np.empty(spec.n, dtype=np.int64)
    y[np.argsort(np.square(X).sum(axis=1))] = np.sort(class_labels(spec, rng))
    X += spec.noise * rng.standard_normal(X.shape)
    return plane(X, y, K, "random: one normal cloud, cut by distance")
