"""Surfaces against SciPy's log-sum-exp at every point, curvature against finite differences."""

import numpy as np
import pytest
from scipy.special import logsumexp, softmax
from sklearn.decomposition import TruncatedSVD

from softmax_core.curvature import curvature_bound, curvatures, stable_rates
from softmax_core.landscape import ellipse, loss_on_plane, plane_curvature
from softmax_core.objective import Objective
from softmax_core.planes import Plane, parameter_plane, principal_plane


def problem(n=60, m=3, K=4, seed=0, spread=1.0, **options):
    rng = np.random.default_rng(seed)
    A = np.hstack([spread * rng.standard_normal((n, m)), np.ones((n, 1))])
    Y = rng.dirichlet(np.ones(K), size=n)
    shares = rng.dirichlet(np.ones(n))
    return Objective(A, Y, shares=shares, **options), rng.standard_normal((m + 1, K))


def oracle(objective, theta):
    """The loss written down once more, with SciPy's log-sum-exp."""
    Z = objective.A @ theta
    losses = logsumexp(Z, axis=1) - (objective.Y * Z).sum(axis=1)
    W = theta[:-1]
    return objective.shares @ losses + objective.l2 / 2 * (W**2).sum() + objective.l1 * np.abs(W).sum()


def some_plane(objective, seed=3):
    rng = np.random.default_rng(seed)
    shape = (objective.A.shape[1], objective.Y.shape[1])
    basis, _ = np.linalg.qr(rng.standard_normal((shape[0] * shape[1], 2)))
    return Plane(rng.standard_normal(shape), basis[:, 0].reshape(shape), basis[:, 1].reshape(shape))


@pytest.mark.parametrize("reach", [0.0, 1.0, 30.0, 3000.0, 1e6])
@pytest.mark.parametrize("options", [{}, {"l2": 0.3}, {"l2": 0.01, "l1": 0.2}])
def test_the_surface_is_the_loss_at_each_of_its_points(reach, options):
    objective, _ = problem(**options)
    plane = some_plane(objective)
    a, b = reach * np.linspace(-1, 1, 7), reach * np.linspace(-0.8, 1, 5)
    found = loss_on_plane(objective, plane, a, b)
    assert found.shape == (5, 7)
    expected = [[oracle(objective, plane.at(x, y)) for x in a] for y in b]
    np.testing.assert_allclose(found, expected, rtol=1e-11)


def test_a_surface_does_not_depend_on_its_chunks(monkeypatch):
    objective, _ = problem(n=50)
    plane, a = some_plane(objective), np.linspace(-3, 3, 9)
    whole = loss_on_plane(objective, plane, a, a)
    monkeypatch.setattr("softmax_core.landscape.CHUNK_ELEMENTS", 100)
    np.testing.assert_allclose(loss_on_plane(objective, plane, a, a), whole, rtol=1e-13)


def test_curvature_in_a_plane_is_the_second_difference_of_the_loss():
    objective, theta = problem(l2=0.2)
    plane = some_plane(objective)
    H = plane_curvature(objective, theta, plane)
    h = 1e-4
    for i, u in enumerate((plane.across, plane.up)):
        for j, v in enumerate((plane.across, plane.up)):
            corners = [
                s * t * oracle(objective, theta + h * (s * u + t * v)) for s in (1, -1) for t in (1, -1)
            ]
            assert H[i, j] == pytest.approx(sum(corners) / (4 * h * h), abs=1e-6)


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


def test_an_ellipse_has_the_height_it_was_asked_for():
    H = np.array([[3.0, 1.0], [1.0, 0.5]])
    curve = ellipse(H, 0.2, 100.0)
    np.testing.assert_allclose(0.5 * np.einsum("ti,ij,tj->t", curve, H, curve), 0.2, rtol=1e-10)
    np.testing.assert_array_equal(curve[0], curve[-1])


def test_a_flat_direction_ends_where_it_is_told_to():
    lengths = np.linalg.norm(ellipse(np.diag([0.0, 2.0]), 1.0, 5.0), axis=1)
    assert lengths.max() == pytest.approx(5.0)
    assert lengths.min() == pytest.approx(1.0)


def test_principal_directions_are_those_of_the_singular_values():
    rng = np.random.default_rng(0)
    thetas = np.cumsum(rng.standard_normal((120, 3, 4)) * np.linspace(3, 0.1, 12).reshape(3, 4), axis=0)
    plane, share = principal_plane(thetas)
    offsets = (thetas - thetas[-1]).reshape(120, -1)
    svd = TruncatedSVD(2, algorithm="arpack").fit(offsets)
    for ours, theirs in zip((plane.across, plane.up), svd.components_, strict=True):
        assert abs(ours.ravel() @ theirs) == pytest.approx(1.0, abs=1e-9)
    assert share == pytest.approx((svd.singular_values_**2).sum() / (offsets**2).sum(), rel=1e-9)
    np.testing.assert_allclose(plane.coordinates(thetas[-1]), 0.0, atol=1e-12)
    inside = plane.at(*plane.coordinates(thetas[0]))
    rest = (thetas[0] - inside).ravel()
    assert abs(rest @ plane.across.ravel()) < 1e-9
    assert abs(rest @ plane.up.ravel()) < 1e-9


@pytest.mark.parametrize(
    "thetas", [np.ones((1, 2, 3)), np.ones((5, 2, 3)), np.arange(30.0).reshape(5, 2, 3) * 1e-200]
)
def test_a_run_that_hardly_moves_still_has_a_plane(thetas):
    plane, share = principal_plane(thetas)
    axes = np.stack([plane.across.ravel(), plane.up.ravel()])
    np.testing.assert_allclose(axes @ axes.T, np.eye(2), atol=1e-12)
    assert share == pytest.approx(1.0)


def test_a_long_run_keeps_its_ends():
    thetas = np.cumsum(np.random.default_rng(0).standard_normal((3000, 2, 2)), axis=0)
    plane, _ = principal_plane(thetas)
    np.testing.assert_array_equal(plane.origin, thetas[-1])


def test_coordinates_of_a_parameter_plane_are_the_parameters():
    theta = np.arange(6.0).reshape(2, 3)
    plane = parameter_plane(theta, (0, 2), (1, 0))
    np.testing.assert_array_equal(plane.coordinates(theta), [2.0, 3.0])
    np.testing.assert_array_equal(plane.at(2.0, 3.0), theta)


@pytest.mark.parametrize("places", [((2, 0), (0, 0)), ((0, 3), (0, 0)), ((0, -1), (0, 0))])
def test_places_that_do_not_exist_are_refused(places):
    with pytest.raises(ValueError, match="received"):
        parameter_plane(np.zeros((2, 3)), *places)
