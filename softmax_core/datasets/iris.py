"""Fisher's iris measurements, the one data set that is not made up."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np

from softmax_core.datasets.dataset import Dataset, DataSpec, register
from softmax_core.validation import Float64Array, IntArray

FILE = Path(__file__).with_name("iris.csv")
FEATURES = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
SPECIES = ("setosa", "versicolor", "virginica")
SOURCE = "R. A. Fisher, The use of multiple measurements in taxonomic problems, Annals of Eugenics 7 (1936)"


@register("iris", "features")
def iris(spec: DataSpec, rng: np.random.Generator) -> Dataset:
    """Return 150 iris flowers, 50 of each of three species, with two of their four measurements.

    Only `features` of the spec is used; the number of samples and classes is what Fisher measured,
    and the order is his, species by species.

    Returns
    -------
    Dataset
        X (150, 2) in cm.

    Notes
    -----
    The file agrees with Fisher's paper and with R. The copy in the UCI repository, which many other
    copies come from, has two wrong flowers: numbers 35 and 38 (counted from 1).

    Examples
    --------
    Two flowers of different species have exactly the same petal: no model can reach 100 %.

    >>> data = iris(DataSpec("iris", features=(2, 3)), np.random.default_rng())
    >>> data.X[[70, 138]], [data.class_names[k] for k in data.y[[70, 138]]]
    (array([[4.8, 1.8],
           [4.8, 1.8]]), ['versicolor', 'virginica'])
    """
    table, y = _read()
    columns = list(spec.features)
    return Dataset(table[:, columns], y, 3, tuple(FEATURES[c] for c in columns), SPECIES, SOURCE)


@cache
def _read() -> tuple[Float64Array, IntArray]:
    """Read the shipped file once; lines with # are its notes."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    table = np.array([[float(row[name]) for name in FEATURES] for row in rows])
    return table, np.array([SPECIES.index(row["species"]) for row in rows])
