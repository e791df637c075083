"""A checkerboard."""

from __future__ import annotations

import numpy as np

from softmax_core.datasets.classes import RANDOM_CLASSES, class_labels, plane
from softmax_core.datasets.dataset import Dataset, DataSpec, register

SIDE = 4.0


@register("xor", *RANDOM_CLASSES)
def xor(spec: DataSpec, rng: np.random.Generator) -> Dataset:
    """Make a board of K by K squares with side 4; square (i, j) belongs to class (i + j) mod K.

    For two classes that is exclusive or: the sign of x1 * x2 decides, and no straight line does. Samples
    lie evenly in their squares, then move by `noise` (a standard deviation).

    Examples
    --------
    >>> data = xor(DataSpec(n=50, n_classes=2, noise=0.0), np.random.default_rng(0))
    >>> bool(((data.X[:, 0] * data.X[:, 1] < 0) == (data.y == 1)).all())
    True
    """
    K = spec.n_classes
    y = class_labels(spec, rng)
    column = rng.integers(0, K, spec.n)
    square = np.column_stack([column, (y - column) % K])
    X = SIDE * (square + rng.random((spec.n, 2)) - 0.5 * K)
    X += spec.noise * rng.standard_normal(X.shape)
    return plane(X, y, K, "random: a checkerboard")
