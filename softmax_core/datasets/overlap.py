"""Two clouds into each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from softmax_core.datasets.classes import class_labels, plane
from softmax_core.datasets.dataset import Dataset, DataSpec, register


@register("overlap", "n", "noise", "seed", "label_noise", "balance")
def overlap(spec: DataSpec, rng: np.random.Generator) -> Dataset:
    """Make two classes that nobody can tell apart for certain; K is always 2.

    The centres stand 1.5 apart; the best possible error is ``Phi(-0.75 / noise)``, 17 % at noise 0.8.

    Examples
    --------
    >>> overlap(DataSpec(n=20), np.random.default_rng(0)).n_classes
    2
    """
    two = replace(spec, n_classes=2)
    y = class_labels(two, rng)
    X = np.array([[-0.75, 0.0], [0.75, 0.0]])[y] + spec.noise * rng.standard_normal((spec.n, 2))
    return plane(X, y, 2, "random: two overlapping normal clouds")
