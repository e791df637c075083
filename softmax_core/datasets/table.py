"""Data sets from points that somebody made: drawn, moved, read from a file."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from softmax_core.datasets.dataset import Dataset


def from_points(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    class_names: tuple[str, ...] | None = None,
    feature_names: tuple[str, ...] | None = None,
    source: str = "points",
) -> Dataset:
    """Make a data set from points and their classes.

    Parameters
    ----------
    X : array_like, shape (n, d)
        Finite.
    y : array_like of int, shape (n,)
        Classes from 0.
    class_names : tuple of str, optional
        One per class; their number is K, so a class may be without points. If not given, classes
        0 .. max(y), at least two, are called "class 0", "class 1", ...
    feature_names : tuple of str, length d, optional
        x1, x2, ... if not given.
    source : str
        Where the points come from.

    Raises
    ------
    ValueError
        As `Dataset`.

    Examples
    --------
    >>> data = from_points([[0.0, 1.0], [2.0, 3.0]], [0, 2])
    >>> data.n_classes, data.class_names[2], data.feature_names
    (3, 'class 2', ('x1', 'x2'))
    """
    points, labels = np.asarray(X), np.asarray(y)
    if class_names is None:
        K = max(2, int(labels.max(initial=0)) + 1)
        class_names = tuple(f"class {k}" for k in range(K))
    if feature_names is None:
        d = points.shape[1] if points.ndim == 2 else 0
        feature_names = tuple(f"x{i + 1}" for i in range(d))
    return Dataset(points, labels, len(class_names), tuple(feature_names), tuple(class_names), source)
