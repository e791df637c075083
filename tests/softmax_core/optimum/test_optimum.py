"""The best possible weights: against scikit-learn, SciPy and by conditions that only a minimum fulfils."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.optimize
import scipy.special as sp
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.linear_model import LogisticRegression

from softmax_core.curvature import Hessian
from softmax_core.datasets import DataSpec, make
from softmax_core.features import Quadratic
from softmax_core.objective import Objective, with_ones
from softmax_core.optimum.minimise import find_optimum, minimise, optimum_of
from softmax_core.optimum.newton import NewtonSystem, newton_search
from softmax_core.optimum.standard_units import StandardUnits
from softmax_core.optimum.two_classes import search_two
from softmax_core.regression import loss_and_gradient
from softmax_core.training import TrainConfig, objective_of

MIXED = make(DataSpec("blobs", n=90, n_classes=4, noise=2.0, seed=1))
APART = make(DataSpec("blobs", n=90, n_classes=4, noise=0.1, seed=1))


@pytest.mark.parametrize("l2", [0.0, 1e-4, 0.3])
@pytest.mark.parametrize("K", [2, 3, 10])
def test_the_gradient_is_zero_there(K: int, l2: float) -> None:
    data = make(DataSpec("blobs", n=300, n_classes=K, noise=3.0))
    best = find_optimum(data.X, data.y, l2)
    loss, grad_W, grad_b = loss_and_gradient(data.X, data.y, best.W, best.b, l2)
    assert best.converged
    assert not best.at_infinity
    assert_allclose(best.loss, loss, rtol=1e-13)
    assert max(np.abs(grad_W).max(), np.abs(grad_b).max()) < 1e-12
    assert best.iterations < 15
    assert np.diff(best.losses).max() <= 1e-15


@pytest.mark.parametrize("l2", [1e-3, 0.1])
def test_agrees_with_scikit_learn(l2: float) -> None:
    best = find_optimum(MIXED.X, MIXED.y, l2)
    model = LogisticRegression(C=1 / (90 * l2), tol=1e-12, max_iter=5000).fit(MIXED.X, MIXED.y)
    assert_allclose(best.W, model.coef_.T, atol=1e-6)
    assert_allclose(best.b - best.b.mean(), model.intercept_ - model.intercept_.mean(), atol=1e-6)


def test_sample_weights_agree_with_scikit_learn_and_with_repetition() -> None:
    rng = np.random.default_rng(0)
    times = rng.integers(0, 4, 90)
    weighted = find_optimum(MIXED.X, MIXED.y, 0.01, sample_weight=times)
    repeated = find_optimum(MIXED.X.repeat(times, axis=0), MIXED.y.repeat(times), 0.01)
    assert_allclose(weighted.W, repeated.W, atol=1e-9)
    model = LogisticRegression(C=1 / (times.sum() * 0.01), tol=1e-12, max_iter=5000)
    assert_allclose(weighted.W, model.fit(MIXED.X, MIXED.y, times).coef_.T, atol=1e-6)


def test_soft_targets_agree_with_scipy() -> None:
    rng = np.random.default_rng(2)
    X, Y = rng.standard_normal((40, 2)), rng.dirichlet([1, 1, 1], 40)

    def loss(flat: np.ndarray) -> float:
        Z = X @ flat[:6].reshape(2, 3) + flat[6:]
        return float((sp.logsumexp(Z, axis=1) - (Y * Z).sum(1)).mean())

    oracle = scipy.optimize.minimize(loss, np.zeros(9), method="BFGS", options={"gtol": 1e-9})
    best = find_optimum(X, Y)
    assert not best.at_infinity
    assert_allclose(best.loss, oracle.fun, atol=1e-11)


@given(st.integers(0, 50), st.integers(2, 6), st.sampled_from([0.0, 0.05]))
def test_no_weights_nearby_are_better(seed: int, K: int, l2: float) -> None:
    data = make(DataSpec("blobs", n=40, n_classes=K, noise=3.0, seed=seed))
    best = find_optimum(data.X, data.y, l2)
    rng = np.random.default_rng(seed)
    for scale in (1e-3, 1.0):
        W = best.W + scale * rng.standard_normal(best.W.shape)
        b = best.b + scale * rng.standard_normal(K)
        assert loss_and_gradient(data.X, data.y, W, b, l2)[0] >= best.loss - 1e-9


def linearly_separable(X: np.ndarray, y: np.ndarray, K: int) -> bool:
    """Whether some direction never hurts and sometimes helps, by linear programming (exact)."""
    A = np.hstack([X, np.ones((len(X), 1))])
    rows = []
    for a, k in zip(A, y, strict=True):
        for j in range(K):
            if j != k:
                row = np.zeros((K, A.shape[1]))
                row[k], row[j] = a, -a
                rows.append(row.ravel())
    G = np.array(rows)
    result = scipy.optimize.linprog(-G.sum(0), A_ub=-G, b_ub=np.zeros(len(G)), bounds=(-1, 1))
    return bool(-result.fun > 1e-7)


@given(st.integers(0, 400), st.integers(2, 4), st.integers(4, 14))
def test_at_infinity_exactly_where_linear_programming_says_so(seed: int, K: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    X, y = rng.integers(-2, 3, (n, 2)).astype(float), np.r_[np.arange(K), rng.integers(0, K, n)][:n]
    best = find_optimum(X, y, n_classes=K)
    assert best.at_infinity == linearly_separable(X, y, K)
    assert best.converged


def test_separable_data() -> None:
    best = find_optimum(APART.X, APART.y)
    assert (best.at_infinity, best.converged, best.loss) == (True, True, 0.0)
    assert_array_equal((APART.X @ best.W + best.b).argmax(1), APART.y)
    assert not find_optimum(APART.X, APART.y, l2=1e-6).at_infinity
    assert not optimum_of(APART, TrainConfig(label_smoothing=0.01)).at_infinity
    assert optimum_of(APART, TrainConfig()).at_infinity


def test_half_separated_data_approach_the_loss_of_the_rest() -> None:
    # Two classes share the point 0, half and half; everything else lies on its own side.
    X, y = [[-1.0], [0.0], [0.0], [1.0]], [0, 0, 1, 1]
    best = find_optimum(X, y)
    assert best.at_infinity
    assert_allclose(best.loss, 0.5 * np.log(2), atol=1e-10)


def test_a_class_without_samples_and_samples_without_weight() -> None:
    X, y = MIXED.X, MIXED.y
    best = find_optimum(X, y, 0.1, n_classes=5)
    assert best.at_infinity
    assert_allclose(best.loss, find_optimum(X, y, 0.1).loss, atol=1e-10)
    # A point of class 0 in the midst of class 2: nothing parts these two any more.
    pair = APART.take(np.flatnonzero((APART.y == 0) | (APART.y == 2)))
    odd = np.vstack([pair.X, pair.X[pair.y == 2].mean(axis=0)])
    labels = np.r_[pair.y // 2, 0]
    assert not find_optimum(odd, labels, sample_weight=np.ones(len(odd))).at_infinity
    assert find_optimum(odd, labels, sample_weight=np.r_[np.ones(len(odd) - 1), 0]).at_infinity


def test_features_that_repeat_each_other_and_units_that_differ() -> None:
    X, y = MIXED.X, MIXED.y
    plain = find_optimum(X, y)
    twice = find_optimum(np.hstack([X, X[:, :1]]), y)
    assert twice.converged
    assert_allclose(twice.loss, plain.loss, atol=1e-12)
    metres = find_optimum(X * [1e-5, 1e5] + [0.0, 1e6], y)
    assert metres.converged
    assert_allclose(metres.loss, plain.loss, atol=1e-9)


def test_few_samples_and_one_class() -> None:
    best = find_optimum([[1.0, 2.0, 3.0]], [1], 0.1, n_classes=2)
    assert best.at_infinity
    only = find_optimum([[1.0], [2.0]], [0, 0])
    assert (only.loss, only.at_infinity) == (0.0, False)


@pytest.mark.parametrize("l2", [0.0, 0.05])
def test_l1_optimum_fulfils_its_conditions(l2: float) -> None:
    config = TrainConfig(l1=0.05, l2=l2, features=Quadratic(standardise=True))
    best, problem = optimum_of(MIXED, config), objective_of(MIXED, config)
    theta = np.vstack([best.W, best.b])
    assert best.converged
    grad = problem.gradient(theta)
    zero = theta[:-1] == 0.0
    assert 0 < zero.sum() < zero.size
    assert np.abs(grad[:-1][zero]).max() <= 0.05 * (1 + 1e-12)
    assert_allclose(grad[:-1][~zero], -0.05 * np.sign(theta[:-1][~zero]), atol=1e-9)
    assert_allclose(grad[-1], 0.0, atol=1e-9)


def test_conjugate_gradients_take_over_for_many_parameters() -> None:
    rng = np.random.default_rng(3)
    X, Y = rng.standard_normal((400, 180)), rng.dirichlet(np.ones(10), 400)
    best = find_optimum(X, Y)
    problem = Objective(with_ones(X), Y)
    assert not NewtonSystem(problem).is_dense
    assert (best.method, best.converged, best.at_infinity) == ("newton", True, False)
    assert np.abs(problem.gradient(np.vstack([best.W, best.b]))).max() < 1e-6


@pytest.mark.parametrize("l2", [0.0, 0.2])
@pytest.mark.parametrize("damping", [0.0, 0.3])
def test_conjugate_gradients_find_newton_s_direction(
    l2: float, damping: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(6)
    A = with_ones(rng.standard_normal((30, 3)) * [1.0, 5.0, 0.1])
    problem, theta = Objective(A, rng.dirichlet(np.ones(3), 30), l2=l2), rng.standard_normal((4, 3))
    P, grad = problem.probabilities(theta), problem.gradient(theta)
    dense = NewtonSystem(problem).direction(P, grad, damping)
    monkeypatch.setattr("softmax_core.optimum.newton.DENSE_LIMIT", 0)
    system = NewtonSystem(problem)
    # They solve the more exactly, the smaller the gradient is.
    assert_allclose(1e12 * system.direction(P, 1e-12 * grad, damping), dense, rtol=1e-7, atol=1e-10)
    assert_array_equal(system.direction(P, np.zeros_like(grad), damping), 0.0)
    monkeypatch.setattr("softmax_core.optimum.newton.CG_STEPS", 1)  # too few: still a way down
    assert float(np.vdot(system.direction(P, grad, damping), grad)) < 0.0


def test_a_penalty_that_rounding_swallows_leaves_the_optimum_of_two_equal_features() -> None:
    x = np.array([-2.0, -1.0, 0.0, 1.0, 2.0, 3.0])
    y = np.array([0, 1, 0, 1, 0, 1])
    for columns in ((x, x), (x, 2.0 * x)):
        best = find_optimum(np.column_stack(columns), y, 1e-300)
        assert best.converged
        assert_allclose(best.loss, find_optimum(x[:, np.newaxis], y).loss, rtol=1e-12)


def test_two_classes_without_enough_steps_are_not_called_done() -> None:
    two = make(DataSpec("blobs", n=90, n_classes=2, noise=2.0, seed=1))
    best = find_optimum(two.X, two.y, 0.01, max_iterations=1)
    assert not best.converged
    assert best.loss > find_optimum(two.X, two.y, 0.01).loss


def test_two_classes_whose_parabola_misleads_take_the_general_way() -> None:
    # Nearly separated, and hardly a penalty: a whole step and its eighth overshoot.
    x, y = np.array([[-1.0], [-1e-3], [1e-3], [1.0], [50.0]]), np.array([0, 0, 1, 1, 0])
    best = find_optimum(x, y, 1e-9)
    assert best.converged
    assert_allclose(best.loss, least_of_two(x[:, 0], y, 1e-9), rtol=1e-9)


def test_a_search_that_would_begin_where_all_is_flat_leaves_it_to_the_general_one() -> None:
    # Two of a hundred points are wrong and sure of it: a steep slope without a curvature, so an eighth of the step is far too long.
    x, y = np.ones((100, 1)), np.ones(100, dtype=int)
    x[0], y[1] = -1.0, 0
    units = StandardUnits(Objective(with_ones(x), np.eye(2)[y], y, l2=1e-9))
    theta, losses = search_two(units, 100, 1e-12, None)
    assert_allclose(losses[-1], least_of_two(x[:, 0], y, 1e-9), rtol=1e-9)
    assert_allclose(units.loss(theta), losses[-1], rtol=1e-12)
    flat = np.array([[0.0, 0.0], [-15.0, 15.0]])
    assert units.loss(flat) < np.log(2.0)  # so that it is taken as the start
    assert search_two(units, 100, 1e-12, flat) is None


def least_of_two(x: np.ndarray, y: np.ndarray, l2: float) -> float:
    """The least loss of two classes by SciPy, in the difference of the weights: l2 / 2 * 2 * (w / 2) ** 2."""

    def loss(v: np.ndarray) -> float:
        return float(np.logaddexp(0.0, (1 - 2 * y) * (v[0] * x + v[1])).mean() + l2 / 4 * v[0] ** 2)

    options = {"xatol": 1e-12, "fatol": 1e-15, "maxiter": 10_000}
    return float(scipy.optimize.minimize(loss, [0.0, 0.0], method="Nelder-Mead", options=options).fun)


def test_numbers_that_are_none_end_the_search() -> None:
    broken = Objective(np.array([[2.0, 1.0], [1.0, 1.0]]), np.array([[np.nan, 0.7], [0.6, 0.4]]))
    with np.errstate(all="ignore"):
        _theta, losses, converged, at_infinity = newton_search(broken, 10, 1e-12)
    assert len(losses) == 1
    assert (converged, at_infinity) == (False, False)


@pytest.mark.parametrize("many", [False, True])
def test_hessian_by_finite_differences(many: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if many:  # the path for many features
        monkeypatch.setattr("softmax_core.curvature.MONOMIAL_ELEMENTS", 0)
    rng = np.random.default_rng(4)
    A = np.hstack([rng.standard_normal((12, 2)), np.ones((12, 1))])
    shares = rng.dirichlet(np.ones(12))
    problem = Objective(A, rng.dirichlet([1, 1, 1], 12), shares=shares, l2=0.2)
    theta = rng.standard_normal((3, 3))
    system, hessian, P = NewtonSystem(problem), Hessian(problem), problem.probabilities(theta)
    H = hessian.matrix(P)
    for column in range(9):
        nudge = np.zeros(9)
        nudge[column] = 1e-5
        nudge = nudge.reshape(3, 3).T
        slope = (problem.gradient(theta + nudge) - problem.gradient(theta - nudge)) / 2e-5
        assert_allclose(H[:, column], slope.T.ravel(), atol=1e-9)
        assert_allclose(hessian.times(P, nudge * 1e5), slope, atol=1e-9)
    for damping in (0.0, 0.3):
        step = system.direction(P, problem.gradient(theta), damping)
        grad = problem.gradient(theta).T.ravel()
        assert_allclose((H + damping * np.eye(9)) @ step.T.ravel(), -grad, atol=1e-12)


def test_what_comes_is_named() -> None:
    X, y = MIXED.X, MIXED.y
    for arguments, settings, message in (
        ((X, y), {"l2": -1}, "l2 must be .*received -1"),
        ((X, y), {"l1": float("nan")}, "l1 must be .*received nan"),
        ((X, y[:5]), {}, "Y must have length 90, received 5"),
        ((X[:0], y[:0]), {}, "at least one sample"),
        ((X * np.inf, y), {}, "X must be finite"),
        ((X, y), {"n_classes": 2}, r"labels must lie in 0\.\.1"),
        ((X, y), {"sample_weight": np.zeros(90)}, "above 0, received only zeros"),
        ((X, y), {"sample_weight": -np.ones(90)}, "received -1"),
        ((X, y), {"tolerance": 0}, "tolerance must be"),
    ):
        with pytest.raises(ValueError, match=message):
            find_optimum(*arguments, **settings)


WIDE = np.random.default_rng(3).normal(size=(60, 450))
SEARCHES = {
    "Newton": (MIXED.X, MIXED.y, 0.0, 0.0),
    "two classes": (MIXED.X, MIXED.y % 2, 0.1, 0.0),
    "L-BFGS": (WIDE, np.arange(60) % 3, 0.1, 0.0),
    "Newton with L1": (MIXED.X, MIXED.y, 0.0, 0.01),
    "FISTA": (WIDE, np.arange(60) % 3, 0.0, 0.01),
}


@pytest.mark.parametrize("name", SEARCHES)
def test_a_search_says_how_far_it_is_before_every_iteration_and_ends_when_it_is_told_to(
    name: str,
) -> None:
    X, y, l2, l1 = SEARCHES[name]
    problem = objective_of_arrays(X, y, l2, l1)
    seen: list[int] = []
    best = minimise(problem, watch=lambda done, _most: seen.append(done) is None)
    assert best.converged
    assert seen == list(range(seen[0], seen[-1] + 1))
    assert seen[0] in (0, 1)  # a start in closed form counts as one
    assert seen[-1] in (best.iterations - 1, best.iterations)  # one that finds nothing to do does not count
    assert best.loss == minimise(problem).loss

    seen.clear()
    cut = minimise(problem, watch=lambda done, _most: seen.append(done) or len(seen) < 3)
    assert not cut.converged
    assert len(seen) <= 4  # where another method begins it asks once more


def objective_of_arrays(X: np.ndarray, y: np.ndarray, l2: float, l1: float) -> Objective:
    return Objective(np.hstack([X, np.ones((len(X), 1))]), np.eye(y.max() + 1)[y], y, l2=l2, l1=l1)
