"""A linear layer with fewer weights: a sum of Kronecker products in the place of W.

Conventions: the layer maps d inputs to q outputs as ``O = X @ H``; ``H = sum_i A_i kron S_i`` with n
terms, A (n, n, n) and S (n, d/n, q/n), so n divides both d and q.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from softmax_core.validation import Float64Array, as_matrix, whole_number


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

    ``O = sum over i of X @ (A_i kron S_i)``; with each row of X cut into n pieces of length d/n, piece
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
