"""Round clouds of points, one per class."""

from __future__ import annotations

import numpy as np

from softmax_core.datasets.classes import RANDOM_CLASSES, circle_of_centres, class_labels, plane
from softmax_core.datasets.dataset import Dataset, DataSpec, register


@register("blobs", *RANDOM_CLASSES)
def blobs(spec: DataSpec, rng: np.random.Generator) -> Dataset:
    """Make `n_classes` normal clouds whose centres stand on a circle, turned by a random angle.

    On a circle every centre is a corner of the whole, so a linear model can single out each class,
    whatever K is. Radius ``max(2, 1.5 / sin(pi / K))`` keeps neighbours at least 3 apart.

    Returns
    -------
    Dataset
        X (n, 2) with standard deviation `noise` in each direction; see `class_labels` for the sizes of
        the classes. The order is shuffled.

    Examples
    --------
    >>> data = blobs(DataSpec(n=5, n_classes=2), np.random.default_rng(0))
    >>> data.X.shape, sorted(data.y.tolist())
    ((5, 2), [0, 0, 0, 1, 1])
    """
    y = class_labels(spec, rng)
    centres = circle_of_centres(spec.n_classes, rng)
    X = centres[y] + spec.noise * rng.standard_normal((spec.n, 2))
    return plane(X, y, spec.n_classes, "random: normal clouds on a circle")
