"""A sparse matrix by rows (CSR), as small as this package needs it: two products, and no SciPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from softmax_core.validation import Float64Array, IntArray


@dataclass(frozen=True, eq=False)
class Sparse:
    """A matrix of which only the entries that are not 0 are stored, row after row.

    Row i has ``data[s]`` in the columns ``indices[s]`` for s from ``indptr[i]`` to ``indptr[i + 1] - 1``.

    Parameters
    ----------
    indptr : ndarray of int, shape (n + 1,)
    indices : ndarray of int, shape (entries,)
        No column twice in a row.
    data : ndarray of float, shape (entries,)
    width : int
        The number of columns m.

    Examples
    --------
    >>> A = Sparse(np.array([0, 2, 2, 3]), np.array([0, 2, 1]), np.array([1.0, 2.0, 3.0]), 3)
    >>> A.dense(), len(A)
    (array([[1., 0., 2.],
           [0., 0., 0.],
           [0., 3., 0.]]), 3)
    >>> A.dot(np.array([[1.0], [10.0], [100.0]]))[:, 0], A.transposed_dot(np.array([[1.0], [1.0], [1.0]]))[:, 0]
    (array([201.,   0.,  30.]), array([1., 3., 2.]))
    """

    indptr: IntArray
    indices: npt.NDArray[np.integer]
    data: Float64Array
    width: int

    def __len__(self) -> int:
        return len(self.indptr) - 1

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return len(self), self.width

    @property
    def lengths(self) -> IntArray:
        """How many entries each row has."""
        return np.diff(self.indptr)

    def dot(self, W: Float64Array) -> Float64Array:
        """Return the product with a matrix W (m, K), shape (n, K): one column after the other, to save memory."""
        filled = np.flatnonzero(self.lengths)
        product = np.zeros((W.shape[1], len(self)))
        if filled.size:
            starts = self.indptr[filled]
            for k, column in enumerate(np.ascontiguousarray(W.T)):
                values = column[self.indices]
                values *= self.data
                product[k, filled] = np.add.reduceat(values, starts)
        return product.T

    def transposed_dot(self, R: Float64Array) -> Float64Array:
        """Return the product of the transposed matrix with R (n, K), shape (m, K)."""
        product = np.empty((R.shape[1], self.width))
        for k in range(R.shape[1]):
            values = np.repeat(R[:, k], self.lengths)
            values *= self.data
            product[k] = np.bincount(self.indices, values, self.width)
        return product.T

    def squared(self) -> Sparse:
        """Return the matrix of the squares of the entries."""
        return Sparse(self.indptr, self.indices, self.data**2, self.width)

    def scaled(self, columns: Float64Array) -> Sparse:
        """Return the matrix with every column multiplied by a number of its own, shape (m,)."""
        return Sparse(self.indptr, self.indices, self.data * columns[self.indices], self.width)

    def unit_rows(self) -> Sparse:
        """Return the matrix with every row divided by its Euclidean norm; a row of zeros stays one."""
        norms = np.sqrt(self.squared().dot(np.ones((self.width, 1)))[:, 0])
        return Sparse(self.indptr, self.indices, self.data / np.repeat(norms, self.lengths), self.width)

    def with_ones(self) -> Sparse:
        """Return the matrix with one more column, the last, of ones."""
        ends = self.indptr[1:]
        indices, data = np.insert(self.indices, ends, self.width), np.insert(self.data, ends, 1.0)
        return Sparse(self.indptr + np.arange(len(self) + 1), indices, data, self.width + 1)

    def dense(self) -> Float64Array:
        """Return the whole matrix with its zeros, shape (n, m)."""
        whole = np.zeros(self.shape)
        whole[np.repeat(np.arange(len(self)), self.lengths), self.indices] = self.data
        return whole
