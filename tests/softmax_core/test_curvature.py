"""Curvatures against central differences of a gradient, and against the same samples repeated."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax

from softmax_core.curvature import DENSE_LIMIT, Hessian, curvature_bound, curvatures, stable_rates
from softmax_core.objective import Objective


def problem(n=60, m=3, K=4, seed=0, **options):
    rng = np.random.default_rng(seed)
    A = np.hstack([rng.standard_normal((n, m)), np.ones((n, 1))])
    objective = Objective(A, rng.dirichlet(np.ones(K), size=n), shares=rng.dirichlet(np.ones(n)), **options)
    return objective, rng.standard_normal((m + 1, K))


def numerical_hessian(objective, theta):
    """Central differences of a gradient written down once more."""
    A, Y, shares, shape = objective.A, objective.Y, objective.shares, theta.shape

    def gradient(flat):
        G = (softmax(A @ flat.reshape(shape), axis=1) - Y) * shares[:, np.newaxis]
        penalty = objective.l2 * np.vstack([flat.reshape(shape)[:-1], np.zeros(shape[1])])
        return (A.T @ G + penalty).ravel()

    flat, h = theta.ravel(), 1e-5
    return np.array([(gradient(flat + h * e) - gradient(flat - h * e)) / (2 * h) for e in np.eye(flat.size)])


@pytest.mark.parametrize("size", [(3, 4), (12, 14)])  # all eigenvalues, and Lanczos
def test_curvature_along_a_run_is_that_of_every_model(size):
    m, K = size
    objective, _ = problem(n=80, m=m, K=K, l2=0.05)
    thetas = np.random.default_rng(1).standard_normal((4, m + 1, K))
    expected = np.array([np.linalg.eigvalsh(numerical_hessian(objective, theta))[-1] for theta in thetas])
    np.testing.assert_allclose(curvatures(objective, thetas), expected, rtol=1e-7)
    np.testing.assert_allclose(stable_rates(objective, thetas), 2 / expected, rtol=1e-7)
    assert (expected <= curvature_bound(objective)).all()


def test_logits_that_overflow_have_no_curvature():
    objective, theta = problem()
    assert np.isnan(stable_rates(objective, 1e308 * np.sign(theta)[np.newaxis])).all()


@pytest.mark.parametrize("dense", [0, 10_000])
def test_weighted_samples_count_by_their_share(monkeypatch, dense):
    """A sample with twice the share is that sample twice."""
    monkeypatch.setattr("softmax_core.curvature.DENSE_LIMIT", dense)
    rng = np.random.default_rng(2)
    A, theta = np.hstack([rng.standard_normal((9, 2)), np.ones((9, 1))]), rng.standard_normal((1, 3, 3))
    counts = rng.integers(1, 4, 9)
    weighted = Objective(A, np.eye(3)[np.zeros(9, int)], shares=counts / counts.sum())
    repeated = Objective(np.repeat(A, counts, axis=0), np.eye(3)[np.zeros(counts.sum(), int)])
    np.testing.assert_allclose(curvatures(weighted, theta), curvatures(repeated, theta), rtol=1e-9)


@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.1]))
def test_lanczos_agrees_with_the_dense_eigenvalue(seed, l2):
    objective, theta = problem(n=20, m=6, K=4, seed=seed, l2=l2)
    hessian, P = Hessian(objective), objective.probabilities(theta)
    np.testing.assert_allclose(hessian.lanczos(P), np.linalg.eigvalsh(hessian.matrix(P))[-1], rtol=1e-8)


def test_large_problems_take_the_lanczos_way():
    objective, theta = problem(n=60, m=64, K=10, l2=0.01)
    theta *= 0.1
    assert theta.size > DENSE_LIMIT
    hessian, P = Hessian(objective), softmax(objective.A @ theta, axis=1).T
    H = hessian.matrix(P)
    np.testing.assert_allclose(curvatures(objective, theta[np.newaxis]), np.linalg.eigvalsh(H)[-1], rtol=1e-8)
    direction = np.random.default_rng(0).standard_normal((65, 10))
    product = hessian.times(P, direction).T.ravel()
    np.testing.assert_allclose(product, H @ direction.T.ravel(), atol=1e-12)
    nothing = Hessian(Objective(np.zeros((3, 500)), np.full((3, 2), 0.5)))
    assert nothing.lanczos(np.full((2, 3), 0.5)) == 0.0


def test_lanczos_that_may_not_go_on_gives_the_best_of_the_space_it_has_seen(monkeypatch):
    monkeypatch.setattr("softmax_core.curvature.LANCZOS_STEPS", 3)
    objective, theta = problem(l2=0.1)
    hessian, P = Hessian(objective), objective.probabilities(theta)
    H = hessian.matrix(P)  # class-major, where the start is row-major
    start = np.random.default_rng(0).standard_normal((4, 4)).T.ravel()
    space = np.linalg.qr(np.stack([start, H @ start, H @ H @ start], axis=1))[0]
    expected = np.linalg.eigvalsh(space.T @ H @ space)[-1]
    np.testing.assert_allclose(hessian.lanczos(P), expected, rtol=1e-9)
    assert expected < 0.999 * np.linalg.eigvalsh(H)[-1]
