"""Monomials: the inputs themselves, their squares, their products, up to a degree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import combinations_with_replacement
from operator import mul
from typing import ClassVar

import numpy as np

from softmax_core.features.base import Basis, FeatureMap
from softmax_core.validation import Float64Array

POWERS = {1: "", 2: "²", 3: "³"}


class _Polynomial(FeatureMap):
    """All monomials up to a degree."""

    degree: ClassVar[int]

    def basis(self, U: Float64Array) -> Basis:
        """Return the monomials of the inputs."""
        return Monomials(U.shape[1], self.degree)


@dataclass(frozen=True)
class Linear(_Polynomial):
    """The inputs as they are: straight boundaries.

    Examples
    --------
    >>> Linear(standardise=True).fit([[1.0], [3.0]]).transform([[1.0], [3.0], [5.0]]).ravel()
    array([-1.,  1.,  3.])
    """

    degree = 1


@dataclass(frozen=True)
class Quadratic(_Polynomial):
    """All monomials of degree 1 and 2: boundaries are conic sections, circles among them.

    Examples
    --------
    >>> len(Quadratic().fit([[0.0, 0.0]]).names), len(Quadratic().fit([[0.0] * 4]).names)
    (5, 14)
    """

    degree = 2


@dataclass(frozen=True)
class Cubic(_Polynomial):
    """All monomials of degree 1, 2 and 3.

    Examples
    --------
    >>> Cubic().fit([[0.0, 0.0]]).names[5:]
    ('x1³', 'x1²·x2', 'x1·x2²', 'x2³')
    """

    degree = 3


class Monomials:
    """All products of 1 to `degree` inputs, without the constant, whose weight is b.

    ``m = C(d + degree, degree) - 1``, ordered by degree; the first d are the inputs.
    """

    keeps_inputs = True

    def __init__(self, d: int, degree: int) -> None:
        self._d = d
        self._factors = [
            factors
            for total in range(1, degree + 1)
            for factors in combinations_with_replacement(range(d), total)
        ]

    def values(self, U: Float64Array) -> Float64Array:
        """Return the monomials at U; for degree 1 this is U itself, without a copy."""
        if len(self._factors) == self._d:
            return U
        columns: list[Float64Array] = []
        products: dict[tuple[int, ...], Float64Array] = {}
        for factors in self._factors:
            column = U[:, factors[0]]
            if len(factors) > 1:
                column = products[factors[:-1]] * U[:, factors[-1]]
            products[factors] = column
            columns.append(column)
        return np.column_stack(columns)

    def slopes(self, U: Float64Array) -> Float64Array:
        """Return the derivatives by the product rule: each factor in turn is replaced by 1."""
        result = np.zeros((len(U), len(self._factors), self._d))
        for column, factors in enumerate(self._factors):
            for place, by in enumerate(factors):
                others = [U[:, i] for i in factors[:place] + factors[place + 1 :]]
                result[:, column, by] += reduce(mul, others, np.ones(len(U)))
        return result

    def names(self, inputs: tuple[str, ...]) -> tuple[str, ...]:
        """Return names like x1²·x2."""
        return tuple(
            "·".join(inputs[i] + POWERS[factors.count(i)] for i in dict.fromkeys(factors))
            for factors in self._factors
        )
