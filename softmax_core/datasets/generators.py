"""The generators of made-up data, side by side; each enters itself into `DATASETS`.

The j-th sample of a class comes from that class's own stream (`normals`, `uniforms`), and which class comes next does not
depend on how many will come (`class_labels`). So a larger n keeps the samples of a smaller one and adds to them.
"""

from __future__ import annotations

from collections.abc import Callable
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
        X (n, 2) with standard deviation `noise` in each direction; see `class_labels` for the classes.

    Examples
    --------
    >>> data = blobs(DataSpec(n=5, n_classes=2), np.random.default_rng(0))
    >>> data.X.shape, sorted(data.y.tolist())
    ((5, 2), [0, 0, 0, 1, 1])
    """
    X, y, _centres = _clouds(spec, rng)
    return plane(X, y, spec.n_classes, "random: normal clouds on a circle")


def _clouds(spec: DataSpec, rng: np.random.Generator) -> tuple[Float64Array, IntArray, Float64Array]:
    """Return places, labels and centres of blobs."""
    turn, noise = rng.spawn(2)
    y = class_labels(spec)
    centres = circle_of_centres(spec.n_classes, turn)
    return centres[y] + spec.noise * normals(y, noise), y, centres


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
    along, noise = rng.spawn(2)
    y = class_labels(spec)
    angle = np.pi * uniforms(y, along)[:, 0]
    # 0, 1, -1, 2, -2, ...: a further class takes a free end of the chain, and the others stay where they are.
    slot = np.where(y % 2 == 1, (y + 1) // 2, -(y // 2))
    side = np.where(slot % 2 == 0, 1.0, -1.0)
    middle = MOON_SPACING * (slot - 0.5)
    X = np.column_stack([middle + MOON_RADIUS * np.cos(angle), side * (MOON_RADIUS * np.sin(angle) - 1.0)])
    X += spec.noise * normals(y, noise)
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
    along, noise = rng.spawn(2)
    y = class_labels(spec)
    angle = 2.0 * np.pi * uniforms(y, along)[:, 0]
    radius = SPACING * (y + 0.5)
    X = radius[:, np.newaxis] * np.column_stack([np.cos(angle), np.sin(angle)])
    X += spec.noise * normals(y, noise)
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
    place, noise = rng.spawn(2)
    y = class_labels(spec)
    # The root spreads the samples evenly along the arm, which is longer outside.
    along = np.sqrt(0.1**2 + (1.0 - 0.1**2) * uniforms(y, place)[:, 0])
    angle = 2.0 * np.pi * (along + y / K)
    X = (SPACING * K * along)[:, np.newaxis] * np.column_stack([np.cos(angle), np.sin(angle)])
    X += spec.noise * normals(y, noise)
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
    place, noise = rng.spawn(2)
    y = class_labels(spec)
    along, across, height = uniforms(y, place, 3).T
    column = np.floor(K * along).astype(np.int64)
    square = np.column_stack([column, (y - column) % K])
    X = SQUARE_SIDE * (square + np.column_stack([across, height]) - 0.5 * K)
    X += spec.noise * normals(y, noise)
    return plane(X, y, K, "random: a checkerboard")


@register("gaussian_quantiles", *RANDOM_CLASSES)
def gaussian_quantiles(spec: DataSpec, rng: np.random.Generator) -> Dataset:
    """Make one normal cloud (standard deviation 3) and cut it by distance: class 0 inside, the last outside.

    The cuts are quantiles of the cloud, so that each ring holds its class's share. Afterwards the samples move by `noise`
    (a standard deviation). As ``sklearn.datasets.make_gaussian_quantiles``, which cuts at quantiles of the sample.

    Examples
    --------
    >>> data = gaussian_quantiles(DataSpec(n=60, noise=0.0), np.random.default_rng(0))
    >>> radius = np.linalg.norm(data.X, axis=1)
    >>> bool(radius[data.y == 0].max() < radius[data.y == 1].min())
    True
    """
    K = spec.n_classes
    place, noise = rng.spawn(2)
    y = class_labels(spec)
    shares = class_shares(K, spec.balance)
    within, turn = uniforms(y, place, 2).T
    quantile = (np.cumsum(shares) - shares)[y] + shares[y] * within
    # The distance of a normal sample in the plane has the distribution 1 - exp(-r^2 / 2).
    radius, angle = 3.0 * np.sqrt(-2.0 * np.log1p(-np.minimum(quantile, 1.0 - 1e-12))), 2.0 * np.pi * turn
    X = radius[:, np.newaxis] * np.column_stack([np.cos(angle), np.sin(angle)])
    X += spec.noise * normals(y, noise)
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
    place, noise = rng.spawn(2)
    y = class_labels(spec)
    half, within, height = uniforms(y, place, 3).T
    band = y + K * (half < 0.5)
    X = SPACING * np.column_stack([band - K + within, K * (2.0 * height - 1.0)])
    X += spec.noise * normals(y, noise)
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
    y = class_labels(replace(spec, n_classes=2))
    X = np.array([[-0.75, 0.0], [0.75, 0.0]])[y] + spec.noise * normals(y, rng)
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
    X, y, centres = _clouds(spec, rng)
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


def class_shares(K: int, balance: float) -> Float64Array:
    """Return the shares (K,) of the classes, each ``balance ** (1 / (K - 1))`` as large as the one before.

    Examples
    --------
    >>> class_shares(3, 0.25)
    array([0.57142857, 0.28571429, 0.14285714])
    """
    weights: Float64Array = balance ** (np.arange(K) / max(1, K - 1))
    weights /= weights.sum()
    return weights


def class_labels(spec: DataSpec) -> IntArray:
    """Return the labels (n,) of a spec: with equal shares 0, 1, .., K - 1, 0, 1, ...

    First comes one sample of each class. Then the j-th further sample of a class with share s comes at the time
    ``(j + 1/2) / s`` (the divisors of Webster and Sainte-Lague), so that every n has the classes in their shares, and the
    labels of a smaller n are the first of a larger one.

    Examples
    --------
    >>> class_labels(DataSpec(n=8)), np.bincount(class_labels(DataSpec(n=100, balance=0.25)))
    (array([0, 1, 2, 0, 1, 2, 0, 1]), array([57, 29, 14]))
    """
    n, K = spec.n, spec.n_classes
    if spec.balance == 1.0:
        return np.arange(n, dtype=np.int64) % K
    shares = class_shares(K, spec.balance)
    counts = np.minimum(n, np.ceil(shares * n).astype(np.int64) + K + 1)  # no class gets more
    y = np.repeat(np.arange(K, dtype=np.int64), counts)
    j = np.concatenate([np.arange(count) for count in counts])
    time = np.where(j == 0, 0.0, (j + 0.5) / shares[y])
    labels: IntArray = y[np.lexsort((y, time))][:n]
    return labels


def normals(y: IntArray, rng: np.random.Generator) -> Float64Array:
    """Return standard normal numbers (n, 2); those of a class come from a stream of its own.

    The j-th sample of class k has the same numbers whatever n and K are.
    """
    return _of_streams(y, rng, 2, lambda stream, shape: stream.standard_normal(shape))


def uniforms(y: IntArray, rng: np.random.Generator, columns: int = 1) -> Float64Array:
    """Return numbers in [0, 1) (n, columns), as `normals` does."""
    return _of_streams(y, rng, columns, lambda stream, shape: stream.random(shape))


def _of_streams(
    y: IntArray,
    rng: np.random.Generator,
    columns: int,
    draw: Callable[[np.random.Generator, tuple[int, int]], Float64Array],
) -> Float64Array:
    drawn = np.empty((y.size, columns))
    for k, stream in enumerate(rng.spawn(int(y.max(initial=0)) + 1)):
        of_class = y == k
        drawn[of_class] = draw(stream, (int(of_class.sum()), columns))
    return drawn


def circle_of_centres(K: int, rng: np.random.Generator) -> Float64Array:
    """Return K places (K, 2) evenly on a circle, turned by a random angle, neighbours >= 3 apart."""
    angles = rng.uniform(0.0, 2.0 * np.pi) + 2.0 * np.pi * np.arange(K) / K
    radius = max(SMALLEST_RADIUS, 0.5 * SPACING / np.sin(np.pi / K))
    centres: Float64Array = radius * np.column_stack([np.cos(angles), np.sin(angles)])
    return centres


def plane(X: Float64Array, y: IntArray, K: int, source: str) -> Dataset:
    """Return a data set in the plane whose axes are x1, x2 and whose classes are numbered."""
    return Dataset(X, y, K, ("x1", "x2"), tuple(f"class {k}" for k in range(K)), source)
