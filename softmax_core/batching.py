"""One matrix product for a whole minibatch against a loop over its samples: the same logits, and the time.

Conventions: X (n, d), W (d, K), b (K,); times in seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from softmax_core.validation import Float64Array, as_matrix, whole_number


@dataclass(frozen=True)
class Timing:
    """How long both ways took.

    ``sizes`` are the numbers of samples; ``loop`` and ``product`` the least seconds of several repeats for
    each; ``difference`` is the largest distance between a logit of the one way and of the other.
    """

    sizes: tuple[int, ...]
    loop: tuple[float, ...]
    product: tuple[float, ...]
    difference: float


def logits_by_loop(X: npt.ArrayLike, W: npt.ArrayLike, b: npt.ArrayLike) -> Float64Array:
    """Compute ``z_i = x_i @ W + b`` one sample after the other.

    Returns
    -------
    ndarray of float64, shape (n, K)

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> logits_by_loop([[1, 2], [3, 4]], [[1, 0], [0, 1]], [10, 20])
    array([[11., 22.],
           [13., 24.]])
    """
    weights = as_matrix(W, "W", (None, None))
    inputs, biases = as_matrix(X, "X", (None, len(weights))), as_matrix(b, "b", (weights.shape[1],))
    return _loop(inputs, weights, biases)


def time_both(sizes: Sequence[int], d: int, q: int, seed: int = 0, repeats: int = 3) -> Timing:
    """Time the loop and the product on random numbers, here and now.

    Parameters
    ----------
    sizes : sequence of int
        Numbers of samples to try, each at least 1.
    d, q : int
        Inputs and outputs of the layer.
    seed : int
        Of the random numbers.
    repeats : int
        Each time is the least of so many, which leaves out what the machine did meanwhile.

    Raises
    ------
    ValueError
        If a number is no whole number of at least 1, or there is no size.

    Examples
    --------
    >>> timing = time_both([1, 64], d=4, q=3)
    >>> timing.sizes, min(timing.loop + timing.product) > 0, timing.difference < 1e-12
    ((1, 64), True, True)
    """
    counts = tuple(whole_number("n", n, 1) for n in sizes)
    if not counts:
        raise ValueError(f"there must be at least one size, received {sizes!r}")
    rng = np.random.default_rng(seed)
    W, b = rng.standard_normal((whole_number("d", d, 1), whole_number("q", q, 1))), rng.standard_normal(q)
    everything = rng.standard_normal((max(counts), d))
    loop, product, difference = [], [], 0.0
    for n in counts:
        X = everything[:n]
        seconds, one_by_one = _least(lambda X=X: _loop(X, W, b), repeats)  # type: ignore[misc]
        loop.append(seconds)
        seconds, at_once = _least(lambda X=X: X @ W + b, repeats)  # type: ignore[misc]
        product.append(seconds)
        difference = max(difference, float(np.abs(one_by_one - at_once).max()))
    return Timing(counts, tuple(loop), tuple(product), difference)


def _loop(X: Float64Array, W: Float64Array, b: Float64Array) -> Float64Array:
    Z = np.empty((len(X), W.shape[1]))
    for i in range(len(X)):
        Z[i] = X[i] @ W + b
    return Z


def _least(work: Callable[[], Float64Array], repeats: int) -> tuple[float, Float64Array]:
    """Return the shortest time of `work` and its result."""
    best, result = float("inf"), np.empty(0)
    for _ in range(whole_number("repeats", repeats, 1)):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result
