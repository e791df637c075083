"""Units of the features move no optimum: shifted and rescaled data against SciPy on centred columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.optimize
import scipy.special as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from softmax_core.curvature import stable_rates
from softmax_core.datasets import DataSpec, make
from softmax_core.features import Cubic, FeatureMap, Quadratic
from softmax_core.objective import Objective, with_ones
from softmax_core.optimizers import Newton
from softmax_core.optimum.minimise import find_optimum, minimise
from softmax_core.optimum.standard_units import StandardUnits
from softmax_core.training import TrainConfig, objective_of

MIXED = make(DataSpec("blobs", n=90, n_classes=3, noise=2.0, seed=1))
ONE_HOT = np.eye(3)[MIXED.y]
SHIFTS = [(0.0, 0.0), (1e3, -7.0), (1.7e9, 20.0), (-1e8, 1e8)]
SCALES = [(1.0, 1.0), (1e-6, 1e6), (1e3, 1e-9), (1e100, 1e-100)]


def least_by_scipy(X: np.ndarray, l2: float = 0.0) -> float:
    """The least loss for a penalty on the weights of the columns as they are, which are about 1 in size."""
    d = X.shape[1]

    def loss(flat: np.ndarray) -> float:
        W, b = flat[: 3 * d].reshape(d, 3), flat[3 * d :]
        Z = X @ W + b
        return float((sp.logsumexp(Z, axis=1) - (ONE_HOT * Z).sum(1)).mean() + l2 / 2 * (W**2).sum())

    return float(
        scipy.optimize.minimize(loss, np.zeros(3 * d + 3), method="BFGS", options={"gtol": 1e-9}).fun
    )


LEAST = least_by_scipy(MIXED.X)


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize("scale", SCALES)
def test_units_do_not_change_what_can_be_reached(
    shift: tuple[float, float], scale: tuple[float, float]
) -> None:
    X = (MIXED.X + shift) * scale
    best = find_optimum(X, MIXED.y)
    assert (best.converged, best.at_infinity, best.method) == (True, False, "newton")
    # Adding 1e9 to the columns has cost them digits before we see them.
    assert_allclose(best.loss, LEAST, atol=1e-10 if max(np.abs(shift)) < 1e6 else 1e-7)
    Z = X @ best.W + best.b
    loss = (sp.logsumexp(Z, axis=1) - (ONE_HOT * Z).sum(1)).mean()
    assert_allclose(loss, best.loss, atol=1e-6)


@given(st.floats(-1e8, 1e8), st.floats(-60, 60), st.sampled_from([0.0, 0.01]), st.integers(0, 20))
@settings(max_examples=30)
def test_a_shift_moves_the_biases_only(shift: float, exponent: float, l2: float, seed: int) -> None:
    data = make(DataSpec("blobs", n=40, n_classes=3, noise=3.0, seed=seed))
    X = data.X * 2.0 ** np.round(exponent)
    moved = X + shift * X.std(axis=0)
    before = find_optimum(moved - moved.mean(axis=0), data.y, l2 * X.var())
    after = find_optimum(moved, data.y, l2 * X.var())
    assert_allclose(after.loss, before.loss, atol=1e-7)
    if before.converged and not before.at_infinity:
        assert_allclose(after.W, before.W, atol=1e-4 * np.abs(before.W).max())
        assert_allclose(
            after.b + moved.mean(axis=0) @ after.W, before.b, atol=1e-4 * (1 + np.abs(before.b).max())
        )


@pytest.mark.parametrize("l2", [0.0, 0.1])
@pytest.mark.parametrize("K", [2, 3])
def test_a_penalty_stays_that_of_the_weights_in_their_units(l2: float, K: int) -> None:
    data = make(DataSpec("blobs", n=60, n_classes=K, noise=2.0))
    scale, shift = np.array([2.0, 0.25]), np.array([3e4, -2e3])
    best = find_optimum(data.X * scale + shift, data.y, l2)

    def loss(flat: np.ndarray) -> float:
        W, b = flat[: 2 * K].reshape(2, K), flat[2 * K :]
        Z = (data.X * scale) @ W + b
        cross = sp.logsumexp(Z, axis=1) - Z[np.arange(60), data.y]
        return float(cross.mean() + l2 / 2 * (W**2).sum())

    oracle = scipy.optimize.minimize(loss, np.zeros(3 * K), method="BFGS", options={"gtol": 1e-9})
    assert_allclose(best.loss, oracle.fun, atol=1e-9)


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize("scale", SCALES[:3])
def test_newton_as_optimiser_reaches_it_in_any_units(
    shift: tuple[float, float], scale: tuple[float, float]
) -> None:
    objective = Objective(with_ones((MIXED.X + shift) * scale), ONE_HOT, MIXED.y)
    rule, theta = Newton().bind(objective), np.zeros((3, 3))
    for t in range(1, 12):
        theta, _ = rule.step(theta, objective.gradient(theta), (), t)
    assert_allclose(objective.loss(theta), LEAST, atol=1e-6)


def test_the_largest_stable_rate_at_the_optimum() -> None:
    scale, shift = np.array([1e3, 2.0]), np.array([1.7e9, 20.0])
    objective = Objective(with_ones(MIXED.X * scale + shift), ONE_HOT, MIXED.y)
    best = minimise(objective)
    rate = stable_rates(objective, np.vstack([best.W, best.b])[np.newaxis])[0]
    centred = find_optimum(MIXED.X, MIXED.y)
    P = sp.softmax(MIXED.X @ centred.W + centred.b, axis=1)
    # The inputs are almost constant beside their mean: the curvature is its square times that of one sample each.
    H = np.einsum("ij,ik,ir,is->jrks", P, -P, objective.A, objective.A) / 90
    H[range(3), :, range(3), :] += np.einsum("ij,ir,is->jrs", P, objective.A, objective.A) / 90
    assert_allclose(rate, 2.0 / np.linalg.eigvalsh(H.reshape(9, 9))[-1], rtol=1e-6)


@pytest.mark.parametrize("scale", [(1.0, 1.0), (10.0, 1.5e5), (1e-3, 1e3)])
def test_l1_converges_in_raw_units(scale: tuple[float, float]) -> None:
    X = MIXED.X * scale + [2000.0, 2e5]
    best = find_optimum(X, MIXED.y, l1=0.01)
    assert (best.converged, best.method) == (True, "newton")
    centred = X - X.mean(axis=0)
    P = sp.softmax(centred @ best.W + best.b + X.mean(axis=0) @ best.W, axis=1)
    slope = centred.T @ (P - ONE_HOT) / 90
    is_zero = best.W == 0.0
    assert is_zero.any()
    assert np.abs(slope[is_zero]).max() <= 0.01 * (1 + 1e-6)
    assert_allclose(slope[~is_zero], -0.01 * np.sign(best.W[~is_zero]), atol=1e-8 * max(scale))


def test_standard_units_leave_logits_and_gradients_as_they_are() -> None:
    rng = np.random.default_rng(0)
    objective = Objective(with_ones(MIXED.X * [3.0, 0.1] + [50.0, -2.0]), ONE_HOT, MIXED.y, l2=0.2, l1=0.1)
    units, inside = StandardUnits(objective), rng.standard_normal((3, 3))
    theta = units.outward(inside)
    assert_allclose(units.scaled.probabilities(inside), objective.probabilities(theta), atol=1e-12)
    assert_allclose(units.loss(inside), objective.loss(theta), rtol=1e-12)
    grad = units.gradient_from(inside, units.scaled.probabilities(inside))
    assert_allclose(grad, units.gradient_inward(objective.gradient(theta)), atol=1e-10)
    assert_allclose(np.vdot(inside, units.metric() @ inside), np.vdot(theta, theta), rtol=1e-10)


@pytest.mark.parametrize("distance", [0.0, 1e3, 1e5, 1e6])
def test_curved_inputs_far_from_zero_reach_what_standardised_ones_reach(distance: float) -> None:
    X = MIXED.X + distance * MIXED.X.std(axis=0) * [1.0, 0.0]
    raw, standard = (_curved(X, Quadratic(standardise=on)) for on in (False, True))
    best, least = minimise(raw), minimise(standard)
    assert least.converged
    # At a million deviations a square holds the place to 1e-4 only: both losses are those of rounded columns.
    assert_allclose(best.loss, least.loss, rtol=1e-6 if distance < 1e6 else 1e-5)
    given = raw.loss(np.vstack([best.W, best.b]))
    assert best.converged == (abs(given - best.loss) <= 1e-6 * best.loss)
    assert best.is_rounded == (not best.converged)


@pytest.mark.parametrize("features", [Quadratic(standardise=False), Cubic(standardise=False)])
@pytest.mark.parametrize("distance", [0.0, 1e3, 1e6])
@pytest.mark.parametrize("penalty", [{"l1": 1e-9}, {"l1": 1e-3}, {"l2": 1e-9}, {"l2": 1e-3}])
def test_no_penalty_makes_the_least_loss_less(
    features: FeatureMap, distance: float, penalty: dict[str, float]
) -> None:
    objective = _curved(MIXED.X + distance * MIXED.X.std(axis=0) * [1.0, 0.0], features)
    assert minimise(objective).loss <= minimise(replace(objective, **penalty)).loss + 1e-9


def test_weights_that_rounding_spoils_are_not_called_the_optimum() -> None:
    objective = _curved(MIXED.X + np.array([1e5, 0.0]), Cubic(standardise=False))
    best = minimise(objective)
    assert (best.is_rounded, best.converged) == (True, False)
    assert abs(objective.loss(np.vstack([best.W, best.b])) - best.loss) > 1e-6 * best.loss


def _curved(X: np.ndarray, features: FeatureMap) -> Objective:
    return objective_of(replace(MIXED, X=X), TrainConfig(features=features))


def test_without_biases_nothing_is_centred() -> None:
    objective = Objective(np.hstack([MIXED.X + 5.0, np.zeros((90, 1))]), ONE_HOT, MIXED.y, l2=0.01)
    units = StandardUnits(objective)
    assert_allclose(units.mean, 0.0)
    assert units.is_idle.tolist() == [False, False, True]
    best = minimise(objective)
    assert best.converged
    assert_allclose(best.b, 0.0)
    assert_allclose(objective.gradient(np.vstack([best.W, best.b])), 0.0, atol=1e-9)


def test_without_biases_and_without_penalty() -> None:
    soft = np.random.default_rng(4).dirichlet(np.ones(3), 90)
    objective = Objective(np.hstack([MIXED.X * 1e5 + 5.0, np.zeros((90, 1))]), soft)
    assert_allclose(StandardUnits(objective, uncorrelated=True).mean, 0.0)
    best = minimise(objective)
    assert best.converged
    assert_allclose(best.b, 0.0)
    assert_allclose(objective.gradient(np.vstack([best.W, best.b])) / 1e5, 0.0, atol=1e-8)
