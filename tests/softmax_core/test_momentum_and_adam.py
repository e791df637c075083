"""Momentum and Adam against PyTorch's formulas written out, and their settings."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from softmax_core.optimizers import Adam, GradientDescent, Momentum

GRADS = np.random.default_rng(0).normal(size=(30, 4, 3))


def walk(rule, dtype=np.float64):
    theta = np.ones((4, 3), dtype)
    slots = rule.init(theta)
    for t, grad in enumerate(GRADS.astype(dtype), 1):
        theta, slots = rule.step(theta, grad, slots, t)
    return theta


def test_momentum_is_a_sum_of_decaying_gradients():
    velocity = [sum(0.8 ** (t - s) * GRADS[s] for s in range(t + 1)) for t in range(30)]
    assert_allclose(walk(Momentum(0.1, 0.8)), 1 - 0.1 * sum(velocity), rtol=1e-12)


def test_no_momentum_is_gradient_descent():
    assert_array_equal(walk(Momentum(0.3, 0.0)), walk(GradientDescent(0.3)))


def test_adam_from_its_definition():
    theta = np.ones((4, 3))
    for t in range(1, 31):
        weights1 = 0.1 * 0.9 ** np.arange(t - 1, -1, -1)
        weights2 = 0.001 * 0.999 ** np.arange(t - 1, -1, -1)
        mean = np.tensordot(weights1, GRADS[:t], 1) / weights1.sum()
        square = np.tensordot(weights2, GRADS[:t] ** 2, 1) / weights2.sum()
        theta = theta - 0.05 * mean / (np.sqrt(square) + 1e-8)
    assert_allclose(walk(Adam(0.05)), theta, rtol=1e-10)


def test_a_gradient_of_zero_moves_nothing():
    theta, slots = Adam(1.0).step(np.ones(2), np.zeros(2), Adam(1.0).init(np.ones(2)), 1)
    assert_array_equal(theta, 1.0)
    assert_array_equal(slots[1], 0.0)


@pytest.mark.parametrize("rule", [Momentum(0.1, 0.9), Adam(0.01)])
def test_single_precision_stays_single_and_memory_is_not_written_to(rule):
    assert walk(rule, np.float32).dtype == np.float32
    theta, grad = np.ones(2), np.ones(2)
    slots = rule.init(theta)
    _, new = rule.step(theta, grad, slots, 1)
    for before in slots:
        assert_array_equal(before, 0.0)
    assert all((after != 0).all() for after in new)


def test_settings_are_named():
    for call, message in (
        (lambda: Momentum(0.1, 1.0), "momentum must be below 1, received 1.0"),
        (lambda: Momentum(0.1, -0.1), "momentum must be a finite number of at least 0, received -0.1"),
        (lambda: Adam(0.1, 1.0), "beta1 must be below 1, received 1.0"),
        (lambda: Adam(0.1, 0.9, float("nan")), "beta2 must be .* received nan"),
        (lambda: Adam(0.1, epsilon=0), "epsilon must be a finite number above 0, received 0"),
    ):
        with pytest.raises(ValueError, match=message):
            call()
    assert repr(Momentum(np.float64(0.1), 0)) == repr(Momentum(0.1, 0.0))
