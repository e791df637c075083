"""Clouds of very different size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from softmax_core.datasets.blobs import blobs
from softmax_core.datasets.classes import RANDOM_CLASSES
from softmax_core.datasets.dataset import Dataset, DataSpec, register


@register("imbalanced_blobs", *RANDOM_CLASSES)
def imbalanced_blobs(spec: DataSpec, rng: np.random.Generator) -> Dataset:
    """Make blobs whose first class is twenty times as large as the last.

    Accuracy hides the small classes: whoever always says "class 0" is right most of the time. `balance`
    makes them smaller still.

    Examples
    --------
    >>> data = imbalanced_blobs(DataSpec(n=210, n_classes=2), np.random.default_rng(0))
    >>> np.bincount(data.y)
    array([200,  10])
    """
    data = blobs(replace(spec, balance=spec.balance / 20.0), rng)
    return replace(data, source="random: normal clouds of unequal size on a circle")
