"""L-BFGS: the same optimum as Newton's method, and an honest end."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.datasets import load_digits, make_classification

from softmax_core.objective import Objective, with_ones
from softmax_core.optimum.limited_memory import limited_memory_search
from softmax_core.optimum.minimise import find_optimum
from softmax_core.optimum.newton import newton_search

X, Y = make_classification(400, 12, n_informative=6, n_redundant=3, n_classes=4, random_state=0)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("bias", [1.0, 0.0])
def test_same_optimum_as_newton(weighted: bool, bias: float) -> None:
    shares = np.random.default_rng(0).dirichlet(np.ones(400)) if weighted else None
    A = with_ones(X * 10.0 ** np.arange(-6, 6) + 3.0)
    A[:, -1] = bias
    A[:, 4] = 7.0  # the same for all
    problem = Objective(A, np.eye(4)[Y], Y, 0.0, shares, 1e-3)
    theta, losses, converged = limited_memory_search(problem, 1000, 1e-13)
    best, expected, *_ = newton_search(problem, 100, 1e-13)
    assert converged
    assert_allclose(losses[-1], expected[-1], atol=1e-11)
    assert_allclose(A @ theta, A @ best, atol=2e-4)
    assert (np.diff(losses) <= 1e-14).all()


def test_wide_problems_take_it() -> None:
    digits = load_digits()
    best = find_optimum(digits.data, digits.target, 1 / 1797)
    assert (best.method, best.converged) == ("lbfgs", True)
    A = with_ones(digits.data)
    gradient = Objective(A, np.eye(10)[digits.target], l2=1 / 1797).gradient(np.vstack([best.W, best.b]))
    assert np.abs(gradient).max() < 1e-4
    assert find_optimum(digits.data, digits.target, 1 / 1797, n_classes=10, l1=10.0).method == "fista"
    assert find_optimum(X, Y, 0.01).method == "newton"


def test_an_end_before_the_optimum_is_said() -> None:
    problem = Objective(with_ones(X), np.eye(4)[Y], Y, l2=1e-3)
    theta, losses, converged = limited_memory_search(problem, 3, 1e-12)
    assert (len(losses), converged) == (4, False)
    assert_allclose(problem.loss(theta), losses[-1], rtol=1e-12)


def test_a_search_that_rounding_ends_is_at_the_optimum() -> None:
    problem = Objective(with_ones(X), np.eye(4)[Y], Y, l2=0.1)
    theta, losses, converged = limited_memory_search(problem, 5000, 1e-300)
    assert converged
    assert len(losses) < 200
    assert_allclose(losses[-1], newton_search(problem, 100, 1e-13)[1][-1], rtol=1e-14)
    assert_allclose(problem.gradient(theta), 0.0, atol=1e-7)


def test_zeros_that_are_the_optimum_are_found_as_such() -> None:
    """No step is left there, and a step of 0 says nothing about the curvature."""
    y = np.array([0, 0, 1, 1])
    problem = Objective(with_ones(np.array([[-1.0], [1.0], [-1.0], [1.0]])), np.eye(2)[y], y, l2=0.1)
    theta, losses, converged = limited_memory_search(problem, 100, 1e-12)
    assert converged
    assert_allclose(theta, 0.0)
    assert_allclose(losses, [np.log(2.0)] * 2)
