"""The generators of made-up data, side by side; each enters itself into `DATASETS`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from softmax_core.datasets.dataset import Dataset, DataSpec, register
from softmax_core.validation import Float64Array, IntArray

RANDOM_CLASSES = ("n", "n_classes", "noise", "seed", "label_noise", "balance")
SPACING = 3.0  # between neighbouring classes; the default noise of 0.8 then mixes a few samples
SMALLEST_RADIUS = 2.0
MOON_RADIUS = 4.0
MOON_SPACING = 5.0  # from middle to middle; with 4 or less the arcs of one side would touch
SQUARE_SIDE = 4.0


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


@register("imbalanced_blobs", *RANDOM_CLASSES)
def imbalanced_blobs(spec: DataSpec, rng: np.random.Generator) -> Dataset:
    """Make blobs whose first class is twenty times as large as the last.

    Accuracy hides the small classes: a model that always says "class 0" is right most of the time. `balance`
    makes them smaller still.

    Examples
    --------
    >>> data = imbalanced_blobs(DataSpec(n=210, n_classes=2), np.random.default_rng(0))
    >>> np.bincount(data.y)
    array([200,  10])
    """
    data = blobs(replace(spec, balance=spec.balance / 20.0), rng)
    return replace(data, source="random: normal clouds of unequal size on a circle")


@register("moons", *RANDOM_CLASSES)
def moons(spec: DataSpec, rng: np.random.Generator) -> Dataset:
    """Make one half-circle per class, by turns open downwards and upwards, each between its neighbours.

    Radius 4; `noise` is the standard deviation around the arc. A chain for more than two classes.

    Examples
    --------
    >>> data = moons(DataSpec(n=50, n_classes=2, noise=0.0), np.random.default_rng(0))
    >>> np.linalg.norm(data.X[data.y == 0] - [-2.5, -1.0], axis=1).round(9).max()
    np.float64(4.0)
    """
    y = class_labels(spec, rng)
    angle = np.pi * rng.random(spec.n)
    side = np.where(y % 2 == 0, 1.0, -1.0)
    middle = MOON_SPACING * (y - 0.5 * (spec.n_classes - 1))
    X = np.column_stack([middle + MOON_RADIUS * np.cos(angle), side * (MOON_RADIUS * np.sin(angle) - 1.0)])
    X += spec.noise * rng.standard_normal(X.shape)
    return plane(X, y, spec.n_classes, "random: interleaving half-circles")


@register("circles", *RANDOM_CLASSES)
def circles(spec: DataSpec, rng: np.random.Generator) -> Dataset:
    """Make one ring per class, radius 1.5, 4.5, 7.5, ...: no straight line parts an inner class from an outer.

    `noise` is the standard deviation in each direction.

    Examples
    --------
    >>> data = circles(DataSpec(n=50, noise=0.0), np.random.default_rng(0))
    >>> sorted(set(np.linalg.norm(data.X, axis=1).round(9).tolist()))
    [1.5, 4.5, 7.5]
    """
    y = class_labels(spec, rng)
    angle = 2.0 * np.pi * rng.random(spec.n)
    radius = SPACING * (y + 0.5)
    X = radius[:, np.newaxis] * np.column_stack([np.cos(angle), np.sin(angle)])
    X += spec.noise * rng.standard_normal(X.shape)
    return plane(X, y, spec.n_classes, "random: concentric rings")


@register("spirals", *RANDOM_CLASSES)
def spirals(spec: DataSpec, rng: np.random.Generator) -> Dataset:
    """Make one arm per class, each a full turn; along a ray from the middle the arms are 3 apart.

    `noise` is the standard deviation in each direction.

    Examples
    --------
    >>> data = spirals(DataSpec(n=50, n_classes=2, noise=0.0), np.random.default_rng(0))
    >>> bool((np.linalg.norm(data.X, axis=1) <= 6.0).all())
    True
    """
    K = spec.n_classes
    y = class_labels(spec, rng)
    # The root spreads the samples evenly along the arm, which is longer outside.
    along = np.sqrt(rng.uniform(0.1**2, 1.0, spec.n))
    angle = 2.0 * np.pi * (along + y / K)
    X = (SPACING * K * along)[:, np.newaxis] * np.column_stack([np.cos(angle), np.sin(angle)])
    X += spec.noise * rng.standard_normal(X.shape)
    return plane(X, y, K, "random: spiral arms")


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
    X = SQUARE_SIDE * (square + rng.random((spec.n, 2)) - 0.5 * K)
    X += spec.noise * rng.standard_normal(X.shape)
    return plane(X, y, K, "random: a checkerboard")


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


@register("stripes", *RANDOM_CLASSES)
def stripes(spec: DataSpec, rng: np.random.Generator) -> Dataset:
    """Make 2 K upright bands, 3 wide, in the order 0, 1, .., K - 1, 0, 1, .., K - 1.

    The classes repeat, so a linear model cannot follow; a sine can. Samples lie evenly in their bands,
    then move by `noise` (a standard deviation).

    Examples
    --------
    >>> data = stripes(DataSpec(n=50, n_classes=2, noise=0.0), np.random.default_rng(0))
    >>> bool((np.floor(data.X[:, 0] / 3.0) % 2 == data.y).all())
    True
    """
    K = spec.n_classes
    y = class_labels(spec, rng)
    band = y + K * rng.integers(0, 2, spec.n)
    across = SPACING * (band - K + rng.random(spec.n))
    X = np.column_stack([across, SPACING * K * rng.uniform(-1.0, 1.0, spec.n)])
    X += spec.noise * rng.standard_normal(X.shape)
    return plane(X, y, K, "random: stripes")


@register("overlap", "n", "noise", "seed", "label_noise", "balance")
def overlap(spec: DataSpec, rng: np.random.Generator) -> Dataset:
    """Make two classes that no model can tell apart for certain; K is always 2.

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


@register("three_points")
def three_points(spec: DataSpec, rng: np.random.Generator) -> Dataset:
    """Return the points (1, 2), (2, 3), (3, 1) of the classes 0, 1, 2: small enough for pen and paper.

    Nothing of the spec is used. From zero weights, 1,000 full-batch steps with learning rate 0.1
    lead to a loss of 0.0845.

    Examples
    --------
    >>> three_points(DataSpec("three_points"), np.random.default_rng()).y
    array([0, 1, 2])
    """
    X = np.array([[1.0, 2.0], [2.0, 3.0], [3.0, 1.0]])
    return Dataset(X, np.arange(3), 3, ("x1", "x2"), ("class 0", "class 1", "class 2"), "worked example")


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
    """Return n shuffled labels in the class sizes of a spec."""
    K = spec.n_classes
    ordered = np.arange(spec.n) % K
    if spec.balance != 1.0:
        ordered = np.repeat(np.arange(K), class_sizes(spec.n, K, spec.balance))
    labels: IntArray = rng.permutation(ordered)
    return labels


def circle_of_centres(K: int, rng: np.random.Generator) -> Float64Array:
    """Return K places (K, 2) evenly on a circle, turned by a random angle, neighbours >= 3 apart."""
    angles = rng.uniform(0.0, 2.0 * np.pi) + 2.0 * np.pi * np.arange(K) / K
    radius = max(SMALLEST_RADIUS, 0.5 * SPACING / np.sin(np.pi / K))
    centres: Float64Array = radius * np.column_stack([np.cos(angles), np.sin(angles)])
    return centres


def plane(X: Float64Array, y: IntArray, K: int, source: str) -> Dataset:
    """Return a data set in the plane whose axes are x1, x2 and whose classes are numbered."""
    return Dataset(X, y, K, ("x1", "x2"), tuple(f"class {k}" for k in range(K)), source)
