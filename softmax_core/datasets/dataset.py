"""Data sets: what one is, what a spec may ask for, and what changes one: wrong labels, a test part."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from softmax_core.seeds import streams
from softmax_core.validation import (
    Float64Array,
    IntArray,
    as_labels,
    as_matrix,
    choice,
    finite_number,
    whole_number,
)

MAX_SAMPLES = 100_000
MIN_CLASSES, MAX_CLASSES = 2, 10


@dataclass(frozen=True, eq=False)
class Dataset:
    """Samples with their classes. The arrays are read-only copies.

    Parameters
    ----------
    X : array_like, shape (n, d)
        Finite inputs, kept as float64.
    y : array_like of int, shape (n,)
        Classes in 0 .. n_classes - 1.
    n_classes : int
        K, at least 1. A class may have no samples.
    feature_names : tuple of str, length d
        Names with units.
    class_names : tuple of str, length K
    source : str
        Where the numbers come from.

    Raises
    ------
    ValueError
        If the lengths do not fit, a label is out of range or an input is not finite.

    Examples
    --------
    >>> data = Dataset([[1.0]], [0], 1, ("x (cm)",), ("only",), "made up")
    >>> data.X[0, 0] = 2.0
    Traceback (most recent call last):
        ...
    ValueError: assignment destination is read-only
    """

    X: Float64Array
    y: IntArray
    n_classes: int
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]
    source: str

    def __post_init__(self) -> None:
        n_classes = whole_number("n_classes", self.n_classes, 1)
        X = as_matrix(self.X, "X", (None, len(self.feature_names))).copy()
        y = as_labels(self.y, n_classes, X.shape[:1]).copy()
        if not np.isfinite(X).all():
            raise ValueError(f"X must be finite, received {X[~np.isfinite(X)][0]}")
        if len(self.class_names) != n_classes:
            raise ValueError(f"class_names must have length {n_classes}, received {len(self.class_names)}")
        X.flags.writeable = y.flags.writeable = False
        for name, value in (("X", X), ("y", y), ("n_classes", n_classes)):
            object.__setattr__(self, name, value)

    def take(self, samples: npt.ArrayLike) -> Dataset:
        """Return the data set of the given samples (indices), with the same names.

        Examples
        --------
        >>> Dataset([[1.0], [2.0]], [0, 1], 2, ("x",), ("a", "b"), "made up").take([1]).y
        array([1])
        """
        chosen = np.asarray(samples, dtype=np.int64)
        X, y = self.X[chosen], self.y[chosen]
        return Dataset(X, y, self.n_classes, self.feature_names, self.class_names, self.source)


@dataclass(frozen=True)
class DataSpec:
    """What data to make. A data set uses the fields that its `Source.uses` names, ignores the others.

    Parameters
    ----------
    name : str
        A key of `DATASETS`.
    n : int
        Number of samples, n_classes .. 100,000.
    n_classes : int
        K in 2 .. 10.
    noise : float
        Standard deviation around a centre, at least 0.
    seed : int
        At least 0.
    features : tuple of two int
        Two different columns of iris, 0 .. 3, in the order of the axes.
    label_noise : float
        Share of the samples, 0 .. 1, whose label is replaced by another one, drawn at random.
    balance : float
        Size of the last class relative to the first, in (0, 1]; those between fall off evenly
        (geometrically). 1 makes all classes equally large. Every class has at least one sample.
    options : tuple of (name, value)
        Settings that this data set alone has, see `Source.options`; the others keep their defaults.

    Raises
    ------
    ValueError
        If a value is out of range; the message holds it.

    Examples
    --------
    >>> DataSpec(n_classes=11)
    Traceback (most recent call last):
        ...
    ValueError: n_classes must be a whole number in 2..10, received 11
    """

    name: str = "blobs"
    n: int = 300
    n_classes: int = 3
    noise: float = 0.8
    seed: int = 0
    features: tuple[int, int] = (2, 3)
    label_noise: float = 0.0
    balance: float = 1.0
    options: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        n_classes = whole_number("n_classes", self.n_classes, MIN_CLASSES, MAX_CLASSES)
        is_pair = isinstance(self.features, (tuple, list)) and len(self.features) == 2
        if not is_pair or self.features[0] == self.features[1]:
            raise ValueError(f"features must be two different columns, received {self.features!r}")
        features = tuple(whole_number("features", column, 0, 3) for column in self.features)
        checked = {
            "name": choice("name", self.name, DATASETS),
            "n": whole_number("n", self.n, n_classes, MAX_SAMPLES),
            "n_classes": n_classes,
            "noise": finite_number("noise", self.noise, 0.0),
            "seed": whole_number("seed", self.seed, 0),
            "features": features,
            "label_noise": finite_number("label_noise", self.label_noise, 0.0, 1.0),
            "balance": finite_number("balance", self.balance, 0.0, 1.0, above=True),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        for option, value in self.options:
            choice(f"an option of {self.name}", option, DATASETS[self.name].options)
            finite_number(option, value, -math.inf)


Generator = Callable[..., Dataset]
"""``generate(spec, rng, *, option=default, ...)``"""


@dataclass(frozen=True)
class Source:
    """A data set on offer.

    Parameters
    ----------
    generate : callable
        ``generate(spec, rng)`` returns the data set. Keyword-only parameters, numbers with a default, are
        settings of this data set alone.
    uses : tuple of str
        The fields of the spec that `generate` looks at.
    choices : mapping of str to tuple of numbers
        Values that a page offers for an option; what is not named gets values around its default.

    Examples
    --------
    >>> def ring(spec, rng, *, radius=2.0): ...
    >>> Source(ring, ("n", "seed")).options
    {'radius': 2.0}
    """

    generate: Generator
    uses: tuple[str, ...]
    choices: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    @cached_property
    def options(self) -> dict[str, float]:
        """The settings of this data set alone, with their defaults."""
        parameters = inspect.signature(self.generate).parameters.values()
        return {one.name: one.default for one in parameters if one.kind is one.KEYWORD_ONLY}


DATASETS: dict[str, Source] = {}


def register(name: str, *uses: str, **choices: tuple[float, ...]) -> Callable[[Generator], Generator]:
    """Enter a generator into `DATASETS`: its name, the spec fields that it uses, choices for its options."""

    def enter(generate: Generator) -> Generator:
        DATASETS[name] = Source(generate, uses, choices)
        return generate

    return enter


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


def with_label_noise(data: Dataset, share: float, rng: np.random.Generator) -> Dataset:
    """Give ``round(share * n)`` samples another label, drawn evenly from the other classes.

    A larger share with the same seed changes the samples of a smaller one, to the same labels, and more. Every sample
    has numbers of its own that decide, so that more samples change little for the others.

    Examples
    --------
    >>> clean = Dataset([[0.0]] * 4, [0, 0, 0, 0], 2, ("x",), ("a", "b"), "made up")
    >>> with_label_noise(clean, 0.5, np.random.default_rng(0)).y.sum()
    np.int64(2)
    """
    n, K = data.y.size, data.n_classes
    rank, other = (stream.random(n) for stream in rng.spawn(2))
    moves = 1 + np.floor((K - 1) * other).astype(np.int64)
    chosen = np.argsort(rank)[: round(share * n)]
    y = data.y.copy()
    y[chosen] = (y[chosen] + moves[chosen]) % K
    return Dataset(data.X, y, K, data.feature_names, data.class_names, data.source)


def split(data: Dataset, test_fraction: float, seed: int = 0) -> tuple[Dataset, Dataset]:
    """Return the part to train on and the part to test on, as `held_back` says; the second may be empty."""
    in_test = held_back(data.y, test_fraction, seed)
    return data.take(np.flatnonzero(~in_test)), data.take(np.flatnonzero(in_test))


def held_back(y: IntArray, test_fraction: float, seed: int = 0) -> npt.NDArray[np.bool_]:
    """Choose the samples to test on, class by class.

    Parameters
    ----------
    y : ndarray of int, shape (n,)
        The classes, from 0.
    test_fraction : float
        Share of every class that is for testing, 0 <= test_fraction < 1, rounded to whole samples; every class keeps
        at least one sample to train on.
    seed : int
        Which samples: the same seed, the same choice.

    Returns
    -------
    ndarray of bool, shape (n,)

    Raises
    ------
    ValueError
        If the fraction is not in [0, 1) or the seed is no whole number of at least 0.

    Examples
    --------
    >>> in_test = held_back(np.array([0, 0, 0, 0, 1, 1, 1]), 0.3)
    >>> int(in_test[:4].sum()), int(in_test[4:].sum())
    (1, 1)
    """
    fraction = finite_number("test_fraction", test_fraction, 0.0, 1.0, below=True)
    rng = streams(whole_number("seed", seed, 0)).split
    in_test = np.zeros(y.size, dtype=bool)
    for k, stream in enumerate(rng.spawn(int(y.max(initial=-1)) + 1)):
        members = np.flatnonzero(y == k)
        spared = min(round(fraction * members.size), members.size - 1)
        # The j-th sample of a class has its number whatever n is: with more samples few change sides.
        in_test[members[np.argsort(stream.random(members.size))[: max(spared, 0)]]] = True
    return in_test
