"""The optimum with L1 for few parameters: against SciPy, FISTA and by conditions that only a minimum fulfils."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
import scipy.optimize
import scipy.special as sp
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from softmax_core.datasets import Dataset, DataSpec, make
from softmax_core.features import Cubic, FeatureMap, Quadratic
from softmax_core.objective import Objective, with_ones
from softmax_core.optimum.minimise import Optimum, find_optimum, minimise, optimum_of
from softmax_core.optimum.proximal import minimise_with_l1
from softmax_core.optimum.proximal_newton import newton_with_l1
from softmax_core.training import TrainConfig, objective_of

MIXED = make(DataSpec("blobs", n=90, n_classes=4, noise=2.0, seed=1))


def year_and_price() -> Dataset:
    """Three classes in calendar years and prices of 1e5, apart in a curve; one label in six is random."""
    rng = np.random.default_rng(5)
    year = rng.integers(1990, 2025, 150).astype(float)
    price = 2e5 + 9e4 * rng.standard_normal(150)
    y = np.digitize(price - 2e5 + 300.0 * (year - 2007.0) ** 2, [-2e4, 5e4])
    y = np.where(rng.random(150) < 1 / 6, rng.integers(0, 3, 150), y)
    return Dataset(np.column_stack([year, price]), y, 3, ("year", "price"), ("a", "b", "c"), "test")


def reference(problem: Objective, start: Optimum | None = None) -> float:
    """The least loss by SciPy's SLSQP: W' = U - V with U, V >= 0, features of spread 1, penalties l1 / spread."""
    X = problem.A[:, :-1]
    mean, spread = X.mean(axis=0), X.std(axis=0)
    A = with_ones((X - mean) / spread)
    m, K, shares = A.shape[1], problem.n_classes, problem.sample_shares
    ridge = np.append(problem.l2 / spread**2, 0.0)[:, np.newaxis]
    costs = np.repeat(problem.l1 / spread, K)
    size = costs.size

    def theta_of(z: np.ndarray) -> np.ndarray:
        return np.vstack([(z[:size] - z[size:-K]).reshape(m - 1, K), z[-K:]])

    def loss(z: np.ndarray) -> float:
        theta = theta_of(z)
        Z = A @ theta
        entropy = shares @ (sp.logsumexp(Z, axis=1) - (problem.Y * Z).sum(axis=1))
        return float(entropy + 0.5 * (ridge * theta**2).sum() + costs @ (z[:size] + z[size:-K]))

    def gradient(z: np.ndarray) -> np.ndarray:
        theta = theta_of(z)
        slope = (A.T * shares) @ (sp.softmax(A @ theta, axis=1) - problem.Y) + ridge * theta
        W = slope[:-1].ravel()
        return np.concatenate([W + costs, costs - W, slope[-1]])

    z = np.zeros(2 * size + K)
    if start is not None:
        W = (start.W * spread[:, np.newaxis]).ravel()
        z = np.concatenate([np.maximum(W, 0.0), np.maximum(-W, 0.0), start.b + mean @ start.W])
    bounds = [(0.0, None)] * (2 * size) + [(None, None)] * K
    options = {"ftol": 1e-15, "maxiter": 2000}
    return float(
        scipy.optimize.minimize(loss, z, jac=gradient, method="SLSQP", bounds=bounds, options=options).fun
    )


def conditions(problem: Objective, best: Optimum) -> float:
    """The largest part of the shortest subgradient, in nats per spread of a feature."""
    centred = problem.A[:, :-1] - problem.A[:, :-1].mean(axis=0)
    spread = centred.std(axis=0)
    R = sp.softmax(problem.A @ np.vstack([best.W, best.b]), axis=1) - problem.Y
    slope = (centred / spread).T @ (R * problem.sample_shares[:, np.newaxis])
    slope += problem.l2 * best.W / spread[:, np.newaxis]
    limit = problem.l1 / spread[:, np.newaxis]
    excess = np.where(best.W == 0.0, np.maximum(np.abs(slope) - limit, 0.0), slope + limit * np.sign(best.W))
    return float(np.abs(excess).max())


@pytest.mark.parametrize("l1", [1e-3, 1e-2, 0.1])
@pytest.mark.parametrize(("features", "tolerance"), [(Quadratic(), 2e-6), (Cubic(), None)])
def test_raw_years_and_prices(features: FeatureMap, tolerance: float | None, l1: float) -> None:
    problem = objective_of(year_and_price(), TrainConfig(l1=l1, features=features))
    began = time.process_time()
    best = minimise(problem)
    assert time.process_time() - began < 1.0
    assert (best.converged, best.method) == (True, "newton")
    assert best.iterations < 40
    assert np.diff(best.losses).max() <= 1e-12  # terms of 1e5 cancel in the logits
    assert_allclose(problem.loss(np.vstack([best.W, best.b])), best.loss, atol=1e-8)
    assert conditions(problem, best) < 1e-8
    # SciPy ends above it, and comes no lower from there; on the cubes it stops far above.
    assert reference(problem, best) >= best.loss - 1e-8
    above = reference(problem) - best.loss
    assert above >= -1e-9
    if tolerance is not None:
        assert above <= tolerance


@pytest.mark.parametrize(
    "settings",
    [
        {"l1": 0.05},
        {"l1": 0.01, "l2": 0.02},
        {"l1": 0.02, "label_smoothing": 0.2},
        {"l1": 0.02, "class_weights": "balanced"},
        {"l1": 0.01, "l2": 0.05, "label_smoothing": 0.1, "features": Quadratic(standardise=True)},
    ],
)
def test_agrees_with_scipy(settings: dict[str, Any]) -> None:
    uneven = MIXED.take(np.flatnonzero((MIXED.y > 0) | (np.arange(90) % 3 == 0)))
    config = TrainConfig(**settings)
    problem, best = objective_of(uneven, config), optimum_of(uneven, config)
    assert (best.converged, best.method) == (True, "newton")
    assert_allclose(best.loss, reference(problem), atol=1e-9)


@given(st.integers(0, 200), st.sampled_from([2, 3, 5]), st.sampled_from([1e-4, 0.01, 0.2]))
def test_ties_and_features_that_repeat_each_other(seed: int, K: int, l1: float) -> None:
    rng = np.random.default_rng(seed)
    X = rng.integers(-1, 2, (30, 2)).astype(float)
    y = np.r_[np.arange(K), rng.integers(0, K, 30 - K)]
    plain = find_optimum(X, y, l1=l1, n_classes=K)
    # The same column again, its triple (for which weights are cheaper), one that never changes, a sum of both.
    again = np.column_stack([X, X[:, 0], np.ones(30), X.sum(axis=1)])
    best, triple = (find_optimum(Z, y, l1=l1, n_classes=K) for Z in (again[:, :4], np.hstack([X, 3 * X])))
    assert (plain.converged, best.converged, triple.converged) == (True, True, True)
    assert_allclose(best.loss, plain.loss, atol=1e-11)
    assert_array_equal(best.W[3], 0.0)
    assert_allclose(triple.loss, find_optimum(3 * X, y, l1=l1, n_classes=K).loss, atol=1e-11)
    assert_array_equal(triple.W[:2], 0.0)
    summed = find_optimum(again, y, l1=l1, n_classes=K)
    assert summed.converged
    assert summed.loss <= plain.loss + 1e-12


def test_a_penalty_that_no_slope_outweighs() -> None:
    best = find_optimum(MIXED.X, MIXED.y, l1=100.0)
    shares = np.bincount(MIXED.y) / 90
    assert_array_equal(best.W, 0.0)
    assert_allclose(sp.softmax(best.b), shares, atol=1e-12)
    assert_allclose(best.loss, -shares @ np.log(shares), atol=1e-12)


@pytest.mark.parametrize("l1", [0.0003, 0.003, 0.03])
def test_agrees_with_fista(l1: float) -> None:
    problem = objective_of(MIXED, TrainConfig(l1=l1, features=Cubic(standardise=True)))
    theta, losses, converged = newton_with_l1(problem)
    slow, slow_losses, slow_converged, _ = minimise_with_l1(problem)
    assert (converged, slow_converged) == (True, True)
    assert_allclose(losses[-1], slow_losses[-1], atol=1e-12)
    assert_allclose(problem.probabilities(theta), problem.probabilities(slow), atol=1e-6)


def test_where_newton_does_not_finish_fista_takes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("softmax_core.optimum.proximal_newton.MOST_STEPS", 1)
    best = find_optimum(MIXED.X, MIXED.y, l1=0.01)
    assert (best.method, best.converged) == ("fista", True)
    monkeypatch.setattr("softmax_core.optimum.proximal.MOST_STEPS", 5)
    best = find_optimum(MIXED.X, MIXED.y, l1=0.01)
    assert (best.method, best.converged) == ("fista", False)


def test_a_class_without_samples() -> None:
    best = find_optimum(MIXED.X, MIXED.y, l1=0.01, n_classes=5)
    assert (best.at_infinity, best.converged, best.method) == (True, True, "newton")
    assert_allclose(best.loss, find_optimum(MIXED.X, MIXED.y, l1=0.01).loss, atol=1e-9)


def test_a_model_that_ends_early_only_takes_more_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = Objective(with_ones(MIXED.X), np.eye(4)[MIXED.y], MIXED.y, l1=0.02)
    theta, losses, converged = newton_with_l1(problem)
    monkeypatch.setattr("softmax_core.optimum.proximal_newton.MOST_CHANGES", 3)
    early, more, also = newton_with_l1(problem)
    assert converged
    assert also
    assert len(more) > len(losses)
    # One number added to the weights of all classes changes nothing.
    assert_allclose(problem.loss(early), problem.loss(theta), rtol=1e-12)
    assert_allclose(problem.probabilities(early), problem.probabilities(theta), atol=1e-7)


def test_a_single_class_needs_no_weights() -> None:
    theta, losses, converged = newton_with_l1(Objective(with_ones(MIXED.X), np.ones((90, 1)), l1=0.02))
    assert_array_equal(theta, 0.0)
    assert (losses[-1], converged) == (0.0, True)
