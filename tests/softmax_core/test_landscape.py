"""Surfaces against SciPy's log-sum-exp at every point, curvature against finite differences."""

import numpy as np
import pytest
from scipy.special import logsumexp
from sklearn.decomposition import TruncatedSVD

from softmax_core.landscape import (
    Plane,
    ellipse,
    loss_on_plane,
    parameter_plane,
    plane_curvature,
    principal_plane,
)
from softmax_core.objective import Objective


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


@pytest.mark.parametrize("extent", [0.0, 1.0, 30.0, 3000.0, 1e6])
@pytest.mark.parametrize("options", [{}, {"l2": 0.3}, {"l2": 0.01, "l1": 0.2}])
def test_the_surface_is_the_loss_at_each_of_its_points(extent, options):
    objective, _ = problem(**options)
    plane = some_plane(objective)
    a, b = extent * np.linspace(-1, 1, 7), extent * np.linspace(-0.8, 1, 5)
    surface = loss_on_plane(objective, plane, a, b)
    assert surface.shape == (5, 7)
    expected = [[oracle(objective, plane.at(x, y)) for x in a] for y in b]
    np.testing.assert_allclose(surface, expected, rtol=1e-11)


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
