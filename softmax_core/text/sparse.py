"""A sparse matrix, as small as this package needs it: one product, and no SciPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from softmax_core.validation import Float64Array, IntArray


@dataclass(frozen=True, eq=False)
class Sparse:
    """A matrix of which only the entries that are not 0 are stored: ``data[s]`` stands at ``rows[s], columns[s]``.

    Parameters
    ----------
    rows, columns : ndarray of int, shape (entries,)
        No place twice.
    data : ndarray of float, shape (entries,)
    shape : (int, int)
        The numbers of rows n and of columns m.

    Examples
    --------
    >>> A = Sparse(np.array([0, 0, 2]), np.array([0, 2, 1]), np.array([1.0, 2.0, 3.0]), (3, 3))
    >>> A.dot(np.array([[1.0], [10.0], [100.0]]))[:, 0], A.T.dot(np.ones((3, 1)))[:, 0]
    (array([201.,   0.,  30.]), array([1., 3., 2.]))
    """

    rows: IntArray
    columns: IntArray
    data: Float64Array
    shape: tuple[int, int]

    def __len__(self) -> int:
        return self.shape[0]

    @property
    def T(self) -> Sparse:
        """The transposed matrix."""
        return Sparse(self.columns, self.rows, self.data, self.shape[::-1])

    def dot(self, W: Float64Array) -> Float64Array:
        """Return the product with a matrix W (m, K), shape (n, K): one column after the other, to save memory."""
        columns = np.ascontiguousarray(W.T)
        return np.array([np.bincount(self.rows, w[self.columns] * self.data, len(self)) for w in columns]).T

    def with_ones(self) -> Sparse:
        """Return the matrix with one more column, the last, of ones."""
        n, m = self.shape
        rows, columns = np.append(self.rows, np.arange(n)), np.append(self.columns, np.full(n, m))
        return Sparse(rows, columns, np.append(self.data, np.ones(n)), (n, m + 1))
