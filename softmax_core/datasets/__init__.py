"""Data sets: one signature, one table (`DATASETS`)."""

from __future__ import annotations

from softmax_core.datasets import generators, iris  # they enter their data sets into DATASETS
from softmax_core.datasets.dataset import (
    DATASETS,
    Dataset,
    DataSpec,
    Source,
    from_points,
    held_back,
    split,
    with_label_noise,
)
from softmax_core.seeds import streams

__all__ = [
    "DATASETS",
    "DataSpec",
    "Dataset",
    "Source",
    "from_points",
    "generators",
    "held_back",
    "iris",
    "make",
    "split",
]


def make(spec: DataSpec) -> Dataset:
    """Make the data set that a spec describes: the same spec, the same numbers.

    Label noise comes last and from a stream of its own: it changes labels, never points.

    Examples
    --------
    >>> make(DataSpec("iris", features=(0, 2))).feature_names
    ('sepal length (cm)', 'petal length (cm)')
    """
    source, chance = DATASETS[spec.name], streams(spec.seed)
    data = source.generate(spec, chance.data, **dict(spec.options))
    if spec.label_noise and "label_noise" in source.uses:
        data = with_label_noise(data, spec.label_noise, chance.labels)
    return data
