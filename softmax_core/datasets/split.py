"""Setting samples aside for a test."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from softmax_core.datasets.dataset import Dataset
from softmax_core.seeds import streams
from softmax_core.validation import finite_number, whole_number


def split(data: Dataset, test_fraction: float, seed: int = 0) -> tuple[Dataset, Dataset]:
    """Split a data set into a part to train on and a part to test on, class by class.

    Parameters
    ----------
    data : Dataset
    test_fraction : float
        Share of every class that goes to the test part, 0 <= test_fraction < 1, rounded to whole
        samples; every class keeps at least one sample to train on.
    seed : int
        Which samples: the same seed, the same split.

    Returns
    -------
    train, test : Dataset
        Together all samples, each once, in their original order. The test part is empty when
        nothing can be spared.

    Raises
    ------
    ValueError
        If the fraction is not in [0, 1) or the seed is no whole number of at least 0.

    Examples
    --------
    Three points of three classes leave nothing to test on:

    >>> from softmax_core.datasets import DataSpec, make
    >>> train, test = split(make(DataSpec("three_points")), 0.5)
    >>> len(train.y), len(test.y)
    (3, 0)
    """
    in_test = held_back(data, test_fraction, seed)
    return data.take(np.flatnonzero(~in_test)), data.take(np.flatnonzero(in_test))


def held_back(data: Dataset, test_fraction: float, seed: int = 0) -> npt.NDArray[np.bool_]:
    """Return which samples `split` sets aside, shape (n,). Parameters and Raises as there.

    Examples
    --------
    Only labels decide, so moving points changes nobody's side:

    >>> from softmax_core.datasets import DataSpec, make
    >>> one, other = (make(DataSpec(n=9, noise=noise)) for noise in (0.1, 2.0))
    >>> bool((held_back(one, 0.4) == held_back(other, 0.4)).all()), int(held_back(one, 0.4).sum())
    (True, 3)
    """
    fraction = finite_number("test_fraction", test_fraction, 0.0)
    if fraction >= 1.0:
        raise ValueError(f"test_fraction must be below 1, received {test_fraction!r}")
    rng = streams(whole_number("seed", seed, 0)).split
    in_test = np.zeros(data.y.size, dtype=bool)
    for k in range(data.n_classes):
        members = rng.permutation(np.flatnonzero(data.y == k))
        spared = min(round(fraction * members.size), members.size - 1)
        in_test[members[: max(spared, 0)]] = True
    return in_test
