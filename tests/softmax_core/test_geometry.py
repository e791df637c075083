"""Regions, boundaries and the simplex: every polygon is checked against argmax."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from softmax_core.geometry import SIMPLEX_CORNERS, region_polygons, simplex_coordinates

BOX = (-2.0, 3.0, -1.0, 4.0)
SEEDS = st.integers(0, 100_000)


def area(polygon: np.ndarray) -> float:
    """Signed area by the shoelace formula: positive for counter-clockwise corners."""
    x, y = polygon.T
    return 0.5 * float(x @ np.roll(y, -1) - y @ np.roll(x, -1))


def depth(polygon: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Distance of points from the nearest side of a convex polygon, negative outside."""
    if len(polygon) == 0:
        return np.full(len(points), -np.inf)
    sides = np.roll(polygon, -1, axis=0) - polygon
    offset = points[:, None, :] - polygon
    cross = sides[:, 0] * offset[..., 1] - sides[:, 1] * offset[..., 0]
    return (cross / np.maximum(np.linalg.norm(sides, axis=1), 1e-300)).min(axis=1)


def model(seed: int, scale: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """A random linear model of 2 to 10 classes."""
    rng = np.random.default_rng(seed)
    K = int(rng.integers(2, 11))
    return scale * rng.standard_normal((2, K)), scale * rng.standard_normal(K)


@given(SEEDS, st.sampled_from([1e-200, 1e-3, 1.0, 1e5, 1e300]))
def test_each_point_lies_in_the_polygon_of_its_argmax(seed: int, scale: float) -> None:
    W, b = model(seed)
    polygons = region_polygons(scale * W, scale * b, BOX)
    points = np.random.default_rng(seed).uniform((-2, -1), (3, 4), (200, 2))
    winner = (points @ W + b).argmax(axis=1)
    depths = np.array([depth(polygon, points) for polygon in polygons])
    assert (depths[winner, np.arange(200)] > -1e-9).all()
    assert ((depths > 1e-9).sum(axis=0) <= 1).all()


@given(SEEDS)
def test_the_polygons_fill_the_box(seed: int) -> None:
    polygons = region_polygons(*model(seed), BOX)
    areas = [area(p) for p in polygons if len(p)]
    assert min(areas) > 0  # counter-clockwise
    assert_allclose(sum(areas), 25.0, rtol=1e-12)
    corners = np.vstack(polygons)
    assert (corners >= [-2 - 1e-12, -1 - 1e-12]).all()
    assert (corners <= [3 + 1e-12, 4 + 1e-12]).all()


def test_three_classes_in_closed_form() -> None:
    # Logits x, y and 0 in the square from -1 to 1: class 2 wins where both are negative.
    W, b = [[1, 0, 0], [0, 1, 0]], [0, 0, 0]
    first, second, third = region_polygons(W, b, (-1, 1, -1, 1))
    assert_allclose([area(first), area(second), area(third)], [1.5, 1.5, 1.0])
    assert sorted(third.tolist()) == [[-1, -1], [-1, 0], [0, -1], [0, 0]]


def test_ties_go_to_the_first_class() -> None:
    polygons = region_polygons(np.zeros((2, 3)), np.zeros(3), BOX)
    assert [len(p) for p in polygons] == [4, 0, 0]
    assert all(p.shape == (0, 2) for p in polygons[1:])
    # Class 2 repeats class 0 and never wins.
    W, b = [[1, -1, 1], [0, 0, 0]], [0, 0, 0]
    assert [len(p) for p in region_polygons(W, b, BOX)] == [4, 4, 0]


def test_a_class_with_only_a_larger_bias_wins_everywhere() -> None:
    polygons = region_polygons(np.ones((2, 3)), [0, 2, 1], BOX)
    assert [len(p) for p in polygons] == [0, 4, 0]
    assert [len(p) for p in region_polygons([[1], [1]], [0], BOX)] == [4]


def test_extreme_weights() -> None:
    left, right = region_polygons([[-1e308, 1e308], [0, 0]], [0, 0], (-1, 1, 0, 1))
    assert_allclose([area(left), area(right)], [1, 1])
    tiny = region_polygons([[-5e-324, 5e-324], [0, 0]], [0, 0], (-1, 1, 0, 1))
    assert_allclose([area(p) for p in tiny], [1, 1])


def test_simplex_corners_centre_and_distances() -> None:
    assert_array_equal(simplex_coordinates(np.eye(3)), SIMPLEX_CORNERS)
    sides = np.linalg.norm(SIMPLEX_CORNERS - np.roll(SIMPLEX_CORNERS, 1, axis=0), axis=1)
    assert_allclose(sides, 1.0, rtol=1e-15)
    assert_allclose(simplex_coordinates(np.full(3, 1 / 3)), SIMPLEX_CORNERS.mean(axis=0), rtol=1e-14)
    P = np.random.default_rng(0).dirichlet(np.ones(3), (4, 5))
    points = simplex_coordinates(P)
    assert points.shape == (4, 5, 2)
    assert_allclose(points[..., 1], P[..., 2] * np.sqrt(3) / 2, rtol=1e-14)
    assert simplex_coordinates(np.full(3, 1 / 3, np.float32)).dtype == np.float32
    with pytest.raises(ValueError, match="read-only"):
        SIMPLEX_CORNERS[0] = 1


def test_errors_name_what_came() -> None:
    W, b = np.eye(2), np.zeros(2)
    for arguments, message in (
        ((np.eye(3), np.zeros(3), BOX), r"W must have shape \(2, any\), received \(3, 3\)"),
        ((W, np.zeros(3), BOX), r"b must have shape \(2,\), received \(3,\)"),
        ((W, [0, np.nan], BOX), "W and b must be finite, received nan"),
        ((W, b, (1, 0, 0, 1)), r"with an area, received \(1, 0, 0, 1\)"),
        ((W, b, (0, np.inf, 0, 1)), "with an area, received"),
        ((W, b, (0, 1, 0)), r"received \(0, 1, 0\)"),
    ):
        with pytest.raises(ValueError, match=message):
            region_polygons(*arguments)
    for P in ([0.5, 0.5], 1.0, np.zeros((3, 2))):
        with pytest.raises(ValueError, match="3 classes on its last axis, received shape"):
            simplex_coordinates(P)
