"""Clouds, and one sample far away from all."""

from __future__ import annotations

import numpy as np

from softmax_core.datasets.classes import RANDOM_CLASSES, circle_of_centres, class_labels, plane
from softmax_core.datasets.dataset import Dataset, DataSpec, register


@register("outlier", *RANDOM_CLASSES)
def outlier(spec: DataSpec, rng: np.random.Generator) -> Dataset:
    """Make blobs and move one sample of class 0 far out, opposite to its class.

    Its distance from the middle is five times that of the centres. Its gradient is longer by as much, and it
    pulls the boundaries away from all others.

    Returns
    -------
    Dataset
        The outlier is the first sample of class 0.

    Examples
    --------
    >>> data = outlier(DataSpec(n=20, n_classes=2), np.random.default_rng(0))
    >>> int(np.linalg.norm(data.X, axis=1).argmax()) == data.y.tolist().index(0)
    True
    """
    y = class_labels(spec, rng)
    centres = circle_of_centres(spec.n_classes, rng)
    X = centres[y] + spec.noise * rng.standard_normal((spec.n, 2))
    X[np.flatnonzero(y == 0)[0]] = -5.0 * centres[0]
    return plane(X, y, spec.n_classes, "random: normal clouds on a circle and one far outlier")
