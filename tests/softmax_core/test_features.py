"""Feature maps: what scikit-learn computes, derivatives by differences, names, grids."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from softmax_core.features import (
    FEATURE_MAPS,
    Cubic,
    Linear,
    Quadratic,
    RadialBasis,
    Sine,
)
from softmax_core.geometry import grid_points

X = np.random.default_rng(0).normal([3.0, -1.0], [2.0, 0.5], (25, 2))
NEW = np.random.default_rng(1).normal([3.0, -1.0], [2.0, 0.5], (7, 2))


@pytest.mark.parametrize("standardise", [False, True])
@pytest.mark.parametrize("name", sorted(FEATURE_MAPS))
def test_every_map_keeps_the_protocol(name: str, standardise: bool) -> None:
    kind = FEATURE_MAPS[name]
    settings = kind(standardise=standardise)
    assert settings == kind(standardise=standardise)
    assert hash(settings) == hash(kind(standardise=standardise))
    assert settings != kind(standardise=not standardise)
    fitted = settings.fit(X, ("width", "height"))
    features = fitted.transform(NEW)
    assert features.shape == (7, fitted.size)
    assert len(set(fitted.names)) == fitted.size
    scaled = (NEW - X.mean(0)) / X.std(0) if standardise else NEW
    if fitted.keeps_inputs:
        assert fitted.names[:2] == ("width", "height")
        assert_allclose(features[:, :2], scaled, rtol=1e-13)
    assert_array_equal(fitted.transform(NEW[2:3])[0], features[2])
    for i in range(2):
        nudge = np.zeros(2)
        nudge[i] = 1e-6
        slope = (fitted.transform(NEW + nudge) - fitted.transform(NEW - nudge)) / 2e-6
        assert_allclose(fitted.slopes(NEW)[:, :, i], slope, atol=1e-6, rtol=1e-7)
    with pytest.raises(ValueError, match=r"X must have shape \(any, 2\), received \(1, 3\)"):
        fitted.transform([[1, 2, 3]])


@pytest.mark.parametrize(("kind", "degree"), [(Linear, 1), (Quadratic, 2), (Cubic, 3)])
@pytest.mark.parametrize("d", [1, 2, 4])
def test_polynomials_are_those_of_scikit_learn(kind: type, degree: int, d: int) -> None:
    data = np.random.default_rng(d).standard_normal((9, d))
    oracle = PolynomialFeatures(degree, include_bias=False)
    assert_allclose(kind().fit(data).transform(data), oracle.fit_transform(data), rtol=1e-13)
    scaled = StandardScaler().fit_transform(data)
    assert_allclose(
        kind(standardise=True).fit(data).transform(data), oracle.fit_transform(scaled), rtol=1e-9, atol=1e-12
    )


def test_names_of_monomials() -> None:
    names = ("x1", "x2", "x1²", "x1·x2", "x2²", "x1³", "x1²·x2", "x1·x2²", "x2³")
    assert Cubic().fit(X).names == names
    assert Quadratic().fit(X).names == names[:5]


def test_bumps_are_normal_densities_on_a_grid_over_the_data() -> None:
    fitted = RadialBasis(4, width=0.7).fit(X)
    low, high = X.min(0), X.max(0)
    spacing = (high - low) / 3
    features = fitted.transform(NEW)
    for column, (i, j) in enumerate((i, j) for j in range(4) for i in range(4)):
        centre = low + spacing * [i, j]
        density = scipy.stats.multivariate_normal(centre, np.diag((0.7 * spacing) ** 2))
        assert_allclose(features[:, column], density.pdf(NEW) / density.pdf(centre), rtol=1e-9)


def test_maps_know_nothing_of_new_data() -> None:
    for kind in FEATURE_MAPS.values():
        fitted = kind(standardise=True).fit(X)
        assert_array_equal(fitted.transform(NEW)[:3], fitted.transform(NEW[:3]))
    assert_allclose(Linear(standardise=True).fit(X).transform(X).std(axis=0), 1.0)


def test_inputs_that_do_not_vary() -> None:
    flat = np.column_stack([X[:, 0], np.full(25, 0.1)])
    for kind in FEATURE_MAPS.values():
        for standardise in (False, True):
            assert np.isfinite(kind(standardise=standardise).fit(flat).transform(flat)).all()
    assert_allclose(Linear(standardise=True).fit(flat).transform(flat)[:, 1], 0.0, atol=1e-15)


def test_grid_is_ordered_like_a_picture() -> None:
    points = grid_points((-1, 5, 10, 14), columns=3, rows=2)
    assert_allclose(points, [[0, 13], [2, 13], [4, 13], [0, 11], [2, 11], [4, 11]])
    for box in ((0, 0, 0, 1), (0, 1, 1, 0), (0, float("inf"), 0, 1)):
        with pytest.raises(ValueError, match=r"box must be .* with an area"):
            grid_points(box, 3, 2)
    with pytest.raises(ValueError, match=r"columns must be .*received 0"):
        grid_points((0, 1, 0, 1), 0, 2)


def test_settings_name_what_came() -> None:
    for make, message in (
        (lambda: RadialBasis(1), "per_side must be a whole number in 2..10, received 1"),
        (lambda: RadialBasis(11), "received 11"),
        (lambda: RadialBasis(3, 0.0), "width must be a finite number above 0, received 0.0"),
        (lambda: Sine(0), "frequency must be .*received 0"),
        (lambda: Linear(standardise="yes"), "standardise must be True or False, received 'yes'"),
        (lambda: RadialBasis().fit(np.ones((3, 3))), "lies in a plane, received 3 inputs"),
        (lambda: Linear().fit(np.ones((0, 2))), r"received shape \(0, 2\)"),
        (lambda: Linear().fit([[np.nan, 1.0]]), "X must be finite, received nan"),
        (lambda: Linear().fit(X, ("one",)), "names must have length 2, received 1"),
    ):
        with pytest.raises(ValueError, match=message):
            make()
