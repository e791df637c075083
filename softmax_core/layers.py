"""Linear layers: a sum of Kronecker products in the place of W, one product for a whole minibatch, grey pictures to try them.

Conventions
-----------
A layer maps d inputs to q outputs. The dense layer is ``Z = X @ W + b`` with X (n, d), W (d, q), b (q,). The layer with
fewer weights is ``Z = X @ H``, ``H = sum_i A_i kron S_i`` with n terms, A (n, n, n) and S (n, d/n, q/n), so n divides
both d and q. Times are in seconds. A grey picture is a row of 4 greys in reading order (top left, top right, bottom left,
bottom right), 0 black and 1 white; classes are 0 cat, 1 dog, 2 bird.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from softmax_core.validation import Float64Array, IntArray, as_matrix, finite_number, whole_number

# Invented, and easy to remember: a cat is bright above, a dog on a diagonal, a bird below.
TYPICAL: Float64Array = np.array([[0.9, 0.8, 0.1, 0.2], [0.9, 0.1, 0.2, 0.8], [0.1, 0.2, 0.9, 0.8]])
# Set by hand, each column positive where its class is bright and negative where it is dark.
WEIGHTS: Float64Array = np.array([[1.8, 2.1, -2.0], [2.2, -2.4, -1.6], [-1.9, -1.5, 2.3], [-2.1, 1.9, 1.7]])
BIASES: Float64Array = np.array([0.1, -0.1, 0.0])
for _constant in (TYPICAL, WEIGHTS, BIASES):
    _constant.flags.writeable = False


def parameter_count(d: int, q: int, n: int = 1) -> int:
    """Count the weights of a layer from d inputs to q outputs, without biases.

    ``n ** 3 + d * q / n`` for a sum of n Kronecker products; ``d * q`` for the dense layer.

    Parameters
    ----------
    d, q : int
        Inputs and outputs, at least 1.
    n : int
        Number of products. 1 stands for the dense layer itself, whose single A would only be a factor.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If a number is no whole number of at least 1, or n does not divide d and q.

    Notes
    -----
    A. Zhang et al., "Beyond fully-connected layers with quaternions: parameterization of hypercomplex
    multiplications with 1/n parameters", ICLR 2021.

    Examples
    --------
    More products are not always cheaper, because the n matrices A_i have n ** 3 entries together:

    >>> [parameter_count(64, 64, n) for n in (1, 4, 8, 16)]
    [4096, 1088, 1024, 4352]
    """
    inputs, outputs = whole_number("d", d, 1), whole_number("q", q, 1)
    terms = whole_number("n", n, 1)
    if inputs % terms or outputs % terms:
        raise ValueError(f"n must divide d and q, received n = {terms}, d = {inputs}, q = {outputs}")
    return inputs * outputs if terms == 1 else terms**3 + inputs * outputs // terms


def kronecker_sum(A: npt.ArrayLike, S: npt.ArrayLike) -> Float64Array:
    """Build the dense matrix of a layer from its factors.

    ``H = sum over i of A_i kron S_i``: block (r, c) of H is ``sum_i A_i[r, c] * S_i``.

    Parameters
    ----------
    A : array_like, shape (n, n, n)
    S : array_like, shape (n, d/n, q/n)

    Returns
    -------
    ndarray of float64, shape (d, q)

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    Quaternions are the case n = 4 with fixed A; here the two units of the complex numbers, n = 2, make
    the matrix of a multiplication by 3 + 5i:

    >>> one, unit_i = [[1, 0], [0, 1]], [[0, 1], [-1, 0]]
    >>> kronecker_sum([one, unit_i], [[[3]], [[5]]])
    array([[ 3.,  5.],
           [-5.,  3.]])
    """
    left, right = _factors(A, S)
    n, rows, columns = right.shape
    blocks: Float64Array = np.einsum("irc,iuv->rucv", left, right)
    return blocks.reshape(n * rows, n * columns)


def kronecker_layer(X: npt.ArrayLike, A: npt.ArrayLike, S: npt.ArrayLike) -> Float64Array:
    """Apply a layer to a minibatch from its factors, without ever building the dense matrix.

    ``Z = sum over i of X @ (A_i kron S_i)``; with each row of X cut into n pieces of length d/n, piece
    c of the output is ``sum_i sum_r A_i[r, c] * (piece r of x) @ S_i``.

    Parameters
    ----------
    X : array_like, shape (samples, d)
    A : array_like, shape (n, n, n)
    S : array_like, shape (n, d/n, q/n)

    Returns
    -------
    ndarray of float64, shape (samples, q)

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> kronecker_layer([[1, 2]], [[[1, 0], [0, 1]], [[0, 1], [-1, 0]]], [[[3]], [[5]]])
    array([[-7., 11.]])
    """
    left, right = _factors(A, S)
    n, rows, columns = right.shape
    inputs = as_matrix(X, "X", (None, n * rows))
    pieces = inputs.reshape(len(inputs), 1, n, rows) @ right
    outputs: Float64Array = np.einsum("mirv,irc->mcv", pieces, left)
    return outputs.reshape(len(inputs), n * columns)


def _factors(A: npt.ArrayLike, S: npt.ArrayLike) -> tuple[Float64Array, Float64Array]:
    """Return the factors as float64 after checking them against each other."""
    right = as_matrix(S, "S", (None, None, None))
    n = right.shape[0]
    return as_matrix(A, "A", (n, n, n)), right


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


def time_both(sizes: Sequence[int], d: int, q: int) -> Timing:
    """Time the loop and the product on random numbers, on this machine.

    Parameters
    ----------
    sizes : sequence of int
        Numbers of samples to try, each at least 1.
    d, q : int
        Inputs and outputs of the layer.

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
    rng = np.random.default_rng(0)
    W, b = rng.standard_normal((whole_number("d", d, 1), whole_number("q", q, 1))), rng.standard_normal(q)
    everything = rng.standard_normal((max(counts), d))
    loop, product, difference = [], [], 0.0
    for n in counts:
        X = everything[:n]
        seconds, one_by_one = _least(lambda X=X: _loop(X, W, b))  # type: ignore[misc]
        loop.append(seconds)
        seconds, at_once = _least(lambda X=X: X @ W + b)  # type: ignore[misc]
        product.append(seconds)
        difference = max(difference, float(np.abs(one_by_one - at_once).max()))
    return Timing(counts, tuple(loop), tuple(product), difference)


def _loop(X: Float64Array, W: Float64Array, b: Float64Array) -> Float64Array:
    Z = np.empty((len(X), W.shape[1]))
    for i in range(len(X)):
        Z[i] = X[i] @ W + b
    return Z


def _least(work: Callable[[], Float64Array]) -> tuple[float, Float64Array]:
    """Return the shortest of three times of `work`, which leaves out most of what else the machine does, and its result."""
    best, result = float("inf"), np.empty(0)
    for _ in range(3):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result


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
