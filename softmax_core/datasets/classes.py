"""What the random generators share: labels in the wanted sizes, places, names."""

from __future__ import annotations

import numpy as np

from softmax_core.datasets.dataset import Dataset, DataSpec
from softmax_core.validation import Float64Array, IntArray

RANDOM_CLASSES = ("n", "n_classes", "noise", "seed", "label_noise", "balance")
SPACING = 3.0  # between neighbouring classes; the default noise of 0.8 then mixes a few samples
SMALLEST_RADIUS = 2.0


def class_sizes(n: int, K: int, balance: float) -> IntArray:
    """Share n samples out to K classes, each ``balance ** (1 / (K - 1))`` as large as the one before.

    Every class gets one sample, the rest is shared by largest remainder, the first class first on a tie.

    Examples
    --------
    >>> class_sizes(10, 3, 1.0), class_sizes(100, 3, 0.25), class_sizes(4, 3, 0.001)
    (array([4, 3, 3]), array([57, 29, 14]), array([2, 1, 1]))
    """
    weights = balance ** (np.arange(K) / max(1, K - 1))
    wanted = n * weights / weights.sum()
    sizes: IntArray = np.maximum(1, np.floor(wanted)).astype(np.int64)
    while sizes.sum() < n:
        sizes[np.argmax(wanted - sizes)] += 1
    while sizes.sum() > n:  # single samples for tiny classes come out of the largest
        sizes[np.argmax(sizes)] -= 1
    return sizes


def class_labels(spec: DataSpec, rng: np.random.Generator) -> IntArray:
    """Return n shuffled labels in the class sizes of a spec.

    Examples
    --------
    >>> np.bincount(class_labels(DataSpec(n=100, balance=0.25), np.random.default_rng(0)))
    array([57, 29, 14])
    """
    K = spec.n_classes
    ordered = np.arange(spec.n) % K
    if spec.balance != 1.0:
        ordered = np.repeat(np.arange(K), class_sizes(spec.n, K, spec.balance))
    labels: IntArray = rng.permutation(ordered)
    return labels


def with_label_noise(data: Dataset, share: float, rng: np.random.Generator) -> Dataset:
    """Give ``round(share * n)`` samples another label, drawn evenly from the other classes.

    A larger share with the same seed changes the samples of a smaller one, to the same labels, and more.

    Examples
    --------
    >>> clean = Dataset([[0.0]] * 4, [0, 0, 0, 0], 2, ("x",), ("a", "b"), "made up")
    >>> with_label_noise(clean, 0.5, np.random.default_rng(0)).y.sum()
    np.int64(2)
    """
    n, K = data.y.size, data.n_classes
    order, moves = rng.permutation(n), rng.integers(1, max(2, K), n)
    chosen = order[: round(share * n)]
    y = data.y.copy()
    y[chosen] = (y[chosen] + moves[chosen]) % K
    return Dataset(data.X, y, K, data.feature_names, data.class_names, data.source)


def circle_of_centres(K: int, rng: np.random.Generator) -> Float64Array:
    """Return K places (K, 2) evenly on a circle, turned by a random angle, neighbours >= 3 apart.

    Examples
    --------
    >>> gaps = np.diff(circle_of_centres(9, np.random.default_rng(0)), axis=0)
    >>> np.linalg.norm(gaps, axis=1).round(9)
    array([3., 3., 3., 3., 3., 3., 3., 3.])
    """
    angles = rng.uniform(0.0, 2.0 * np.pi) + 2.0 * np.pi * np.arange(K) / K
    radius = max(SMALLEST_RADIUS, 0.5 * SPACING / np.sin(np.pi / K))
    centres: Float64Array = radius * np.column_stack([np.cos(angles), np.sin(angles)])
    return centres


def plane(X: Float64Array, y: IntArray, K: int, source: str) -> Dataset:
    """Return a data set in the plane whose axes are x1, x2 and whose classes are numbered.

    Examples
    --------
    >>> plane(np.zeros((1, 2)), np.array([1]), 2, "made up").class_names
    ('class 0', 'class 1')
    """
    return Dataset(X, y, K, ("x1", "x2"), tuple(f"class {k}" for k in range(K)), source)
