"""Grey pictures of 2 x 2 pixels in three classes: the smallest picture that still needs a layer.

Conventions: a picture is a row of 4 greys in reading order (top left, top right, bottom left, bottom
right), 0 black and 1 white; classes are 0 cat, 1 chicken, 2 dog.
"""

from __future__ import annotations

import numpy as np

from softmax_core.validation import Float64Array, IntArray, finite_number, whole_number

# Invented, and easy to remember: a cat is bright above, a chicken on a diagonal, a dog below.
TYPICAL: Float64Array = np.array([[0.9, 0.8, 0.1, 0.2], [0.9, 0.1, 0.2, 0.8], [0.1, 0.2, 0.9, 0.8]])
# Set by hand, each column positive where its class is bright and negative where it is dark.
WEIGHTS: Float64Array = np.array([[1.8, 2.1, -2.0], [2.2, -2.4, -1.6], [-1.9, -1.5, 2.3], [-2.1, 1.9, 1.7]])
BIASES: Float64Array = np.array([0.1, -0.1, 0.0])
for _constant in (TYPICAL, WEIGHTS, BIASES):
    _constant.flags.writeable = False


def grey_pictures(n: int, seed: int, noise: float = 0.4) -> tuple[Float64Array, IntArray]:
    """Draw pictures around the typical ones, classes in random order.

    ``x = clip(typical[y] + noise * N(0, 1), 0, 1)``, rounded to two decimals so that a printed
    picture is the picture.

    Parameters
    ----------
    n : int
        How many, at least 1.
    seed : int
        Same seed, same pictures; the first k of n are the k that ``grey_pictures(k, seed)`` gives.
    noise : float
        Standard deviation of the grey of a pixel, at least 0.

    Returns
    -------
    X : ndarray of float64, shape (n, 4)
    y : ndarray of int64, shape (n,)

    Raises
    ------
    ValueError
        If `n` or `seed` is no whole number in range, or `noise` is negative or not finite.

    Examples
    --------
    >>> X, y = grey_pictures(2, seed=0, noise=0)
    >>> bool((X == TYPICAL[y]).all())
    True
    """
    count = whole_number("n", n, 1)
    spread = finite_number("noise", noise, 0)
    rng = np.random.default_rng(whole_number("seed", seed, 0))
    X, y = np.empty((count, 4)), np.empty(count, np.int64)
    for i in range(count):
        y[i] = rng.integers(3)
        X[i] = TYPICAL[y[i]] + spread * rng.standard_normal(4)
    return np.clip(X, 0, 1).round(2), y
