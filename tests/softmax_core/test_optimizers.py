"""Update rules against their published formulas, written out in plain Python and NumPy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from softmax_core.datasets import DataSpec, make
from softmax_core.objective import Objective
from softmax_core.optimizers import (
    OPTIMIZERS,
    AdaGrad,
    Adam,
    GradientDescent,
    Momentum,
    Nesterov,
    Newton,
    Optimizer,
    RMSProp,
)
from softmax_core.optimum.minimise import find_optimum
from softmax_core.training import TrainConfig, objective_of, train

DATA = make(DataSpec("blobs", n=60, n_classes=3, noise=2.0, seed=2))
GRADS = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=12)


def path(rule: object, grads: list[float]) -> list[float]:
    theta, slots, result = np.array([0.3]), rule.init(np.array([0.3])), []
    for t, grad in enumerate(grads, 1):
        theta, slots = rule.step(theta, np.array([grad]), slots, t)
        result.append(float(theta[0]))
    return result


@given(GRADS, st.sampled_from([0.0, 0.5, 0.9]))
def test_nesterov(grads: list[float], momentum: float) -> None:
    # Sutskever et al. 2013, equations 3 and 4, at the point phi where the gradient is taken:
    # v_t+1 = mu v_t - eta g, phi_t = theta_t + mu v_t, theta_t+1 = theta_t + v_t+1.
    eta, x, v, expected = 0.1, 0.3, 0.0, []
    for g in grads:
        v = momentum * v - eta * g
        x = x + v
        expected.append(x + momentum * v)
    # theta starts at phi_0 = 0.3 with v = 0, so both walk the same phi.
    assert_allclose(path(Nesterov(eta, momentum), grads), expected, rtol=1e-9, atol=1e-9)


@given(GRADS)
def test_adagrad(grads: list[float]) -> None:
    # Duchi et al. 2011: x_t+1 = x_t - eta g_t / (delta + sqrt(sum of g_s^2, s <= t)).
    x, expected = 0.3, []
    for t, g in enumerate(grads):
        x -= 0.2 * g / (1e-10 + math.sqrt(math.fsum(past * past for past in grads[: t + 1])))
        expected.append(x)
    assert_allclose(path(AdaGrad(0.2), grads), expected, rtol=1e-9, atol=1e-12)


@given(GRADS, st.sampled_from([0.0, 0.9, 0.99]))
def test_rmsprop(grads: list[float], decay: float) -> None:
    # Tieleman and Hinton 2012: MeanSquare = decay * MeanSquare + (1 - decay) * g^2, step g / sqrt of it.
    # The mean is written as the sum that the recursion stands for.
    x, expected = 0.3, []
    for t, g in enumerate(grads):
        mean = math.fsum((1 - decay) * decay ** (t - s) * grads[s] ** 2 for s in range(t + 1))
        x -= 0.02 * g / (math.sqrt(mean) + 1e-8)
        expected.append(x)
    assert_allclose(path(RMSProp(0.02, decay), grads), expected, rtol=1e-9, atol=1e-12)


def test_nesterov_converges_as_fast_as_it_promises() -> None:
    # On a parabola with curvatures 1 and 1/1000 the optimal momentum needs about sqrt(1000) steps per
    # digit where plain descent needs 1000 (Nesterov 2004, section 2.2).
    kappa = 1000.0
    momentum = (math.sqrt(kappa) - 1) / (math.sqrt(kappa) + 1)
    curvatures, ends = np.array([1.0, 1.0 / kappa]), []
    for rule in (Nesterov(1.0, momentum), Nesterov(1.0, 0.0)):
        theta, slots = np.ones(2), rule.init(np.ones(2))
        for t in range(1, 400):
            theta, slots = rule.step(theta, curvatures * theta, slots, t)
        ends.append(np.abs(theta).max())
    assert ends[0] < 1e-3
    assert ends[1] > 0.5


@pytest.mark.parametrize("damping", [0.0, 0.7])
def test_newton_solves_the_equation_of_its_parabola(damping: float) -> None:
    config = TrainConfig(Newton(0.5, damping), steps=3, l2=0.1, start="random", start_scale=0.3, seed=4)
    run, problem = train(DATA, config), objective_of(DATA, config)
    for t in range(3):
        theta = run.thetas[t]
        hessian = np.empty((9, 9))
        for i in range(9):
            nudge = np.zeros(9)
            nudge[i] = 1e-5
            there, back = (problem.gradient(theta + sign * nudge.reshape(3, 3)) for sign in (1, -1))
            hessian[i] = ((there - back) / 2e-5).ravel()
        step = (run.thetas[t + 1] - theta).ravel() / 0.5
        assert_allclose((hessian + damping * np.eye(9)) @ step, -problem.gradient(theta).ravel(), atol=1e-6)


def test_newton_reaches_the_optimum_in_a_few_steps_from_zeros() -> None:
    run = train(DATA, TrainConfig(Newton(), steps=8))
    assert_allclose(run.loss[-1], find_optimum(DATA.X, DATA.y).loss, atol=1e-13)
    assert run.loss[3] > run.loss[-1] + 1e-12


def test_newton_on_separable_data_goes_on_as_far_as_float64_does() -> None:
    apart = make(DataSpec("blobs", n=60, n_classes=3, noise=0.1))
    run = train(apart, TrainConfig(Newton(), steps=1000))
    assert run.divergence is None
    assert run.loss[-1] < 1e-13
    norms = np.linalg.norm(run.W, axis=(1, 2))
    assert (np.diff(norms[:30]) > 0).all()
    assert_allclose(run.loss[11:30] / run.loss[10:29], np.exp(-1), rtol=0.01)


def test_newton_must_know_its_loss() -> None:
    with pytest.raises(ValueError, match=r"call bind\(objective\) first, received Newton"):
        Newton().step(np.zeros((3, 2)), np.zeros((3, 2)), (), 1)


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_proximal_scale_is_how_far_a_constant_gradient_leads(name: str) -> None:
    rule = OPTIMIZERS[name]()
    loss = Objective(np.ones((1, 2)), np.ones((1, 1)))
    theta, grad = np.zeros((2, 1)), np.array([[3.0], [-0.2]])
    if type(rule).proximal_scale is Optimizer.proximal_scale:  # it has no L1: no scalar says how far it moves
        assert rule.proximal_scale(rule.init(theta), 1) is None
        return
    rule, slots = rule.bind(loss), rule.init(theta)
    for t in range(1, 400):
        before = theta
        theta, slots = rule.step(theta, grad, slots, t)
    assert_allclose(before - theta, rule.proximal_scale(slots, 399) * grad, rtol=1e-6)


@pytest.mark.parametrize("rule", [AdaGrad(0.3, 0.5), RMSProp(0.3, 0.6, 0.5), Adam(0.3, 0.8, 0.6, 0.5)])
def test_epsilon_is_a_part_of_the_proximal_scale(rule: AdaGrad | RMSProp | Adam) -> None:
    theta, grad = np.zeros(3), np.array([4.0, -0.1, 0.0])
    moved, slots = rule.step(theta, grad, rule.init(theta), 1)
    scale = rule.proximal_scale(slots, 1)
    assert_allclose(-scale * grad, moved, rtol=1e-14)
    assert_allclose(scale[2], 0.3 / 0.5, rtol=1e-15)


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_a_memory_begins_as_zeros_like_the_parameters(name: str) -> None:
    rule = OPTIMIZERS[name]()
    memory = rule.init(np.ones((4, 3), np.float32))
    assert len(memory) == {"gradient_descent": 0, "newton": 0, "adam": 2}.get(name, 1)
    for slot in memory:
        assert slot.shape == (4, 3)
        assert slot.dtype == np.float32
        assert not slot.any()


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_every_learning_rate_is_a_finite_number_above_0(name: str) -> None:
    for rate in (0.0, -0.1, math.inf, math.nan, "1", None):
        with pytest.raises(
            ValueError, match=f"^learning_rate must be a finite number above 0, received {rate!r}$"
        ):
            OPTIMIZERS[name](rate)
    assert repr(OPTIMIZERS[name](np.float64(0.5))) == repr(OPTIMIZERS[name](0.5))


def test_newton_needs_the_whole_set_and_is_bound_to_its_loss() -> None:
    assert [name for name, rule in OPTIMIZERS.items() if rule.whole_set] == ["newton"]
    problem = Objective(np.ones((4, 1)), np.eye(2)[[0, 0, 0, 1]])
    for name, rule in OPTIMIZERS.items():
        chosen = rule()
        assert (chosen.bind(problem) is chosen) == (name != "newton")
    bound = Newton(0.25, 0.5).bind(problem)
    assert (bound.learning_rate, bound.damping, bound.system.objective) == (0.25, 0.5, problem)


def test_newton_halves_a_step_that_does_not_fall_as_promised() -> None:
    coins = Objective(np.ones((4, 1)), np.eye(2)[[0, 0, 0, 1]])
    far = np.array([[-2.5, 2.5]])  # on the flat side: a whole step from here lands where the loss is higher
    grad = coins.gradient(far)
    move = Newton().bind(coins).system.direction(coins.probabilities(far), grad)
    promise = -float(np.vdot(grad, move))
    lengths = [0.5**k for k in range(30)]
    enough = [coins.loss(far + h * move) <= coins.loss(far) - 1e-4 * h * promise for h in lengths]
    length = lengths[enough.index(True)]
    memory = (np.ones(1),)
    theta, slots = Newton().bind(coins).step(far, grad, memory, 1)
    assert length < 1.0
    assert_array_equal(theta, far + length * move)
    assert slots is memory


def test_newton_takes_a_short_step_as_it_is() -> None:
    coins, theta = Objective(np.ones((4, 1)), np.eye(2)[[0, 0, 0, 1]]), np.array([[0.0, 1.0]])
    grad = coins.gradient(theta)
    move = Newton().bind(coins).system.direction(coins.probabilities(theta), grad)
    assert_array_equal(Newton(1e-3).bind(coins).step(theta, grad, (), 1)[0], theta + 1e-3 * move)
    assert repr(Newton(1.0, np.float64(0.5))) == repr(Newton(1.0, 0.5))


def test_newton_stays_where_nothing_is_lower() -> None:
    coins = Objective(np.ones((4, 1)), np.eye(2)[[0, 0, 0, 1]])
    best, memory = np.array([[np.log(3.0), 0.0]]), (np.ones(1),)
    wrong = -np.array([[0.3, -0.3]])  # a slope that is not the loss's: every step that it asks for leads up
    theta, slots = Newton().bind(coins).step(best, wrong, memory, 1)
    assert_array_equal(theta, best)
    assert theta is not best
    assert slots is memory


def test_settings_name_what_came() -> None:
    for make_one, message in (
        (lambda: Nesterov(0.1, 1.0), "momentum must be below 1, received 1.0"),
        (lambda: Nesterov(0.1, -0.1), "momentum must be .*received -0.1"),
        (lambda: AdaGrad(0.1, 0.0), "epsilon must be .*received 0"),
        (lambda: RMSProp(0.1, 1.0), "decay must be below 1, received 1.0"),
        (lambda: RMSProp(0.1, 0.9, -1), "epsilon must be .*received -1"),
        (lambda: Newton(1.0, -1.0), "damping must be .*received -1"),
    ):
        with pytest.raises(ValueError, match=message):
            make_one()
    assert_array_equal(RMSProp(0.1, 0).step(np.ones(1), np.zeros(1), (np.zeros(1),), 1)[0], 1.0)


PUSHES = np.random.default_rng(0).normal(size=(30, 4, 3))


def walk(rule, dtype=np.float64):
    theta = np.ones((4, 3), dtype)
    slots = rule.init(theta)
    for t, grad in enumerate(PUSHES.astype(dtype), 1):
        theta, slots = rule.step(theta, grad, slots, t)
    return theta


def test_momentum_is_a_sum_of_decaying_gradients():
    velocity = [sum(0.8 ** (t - s) * PUSHES[s] for s in range(t + 1)) for t in range(30)]
    assert_allclose(walk(Momentum(0.1, 0.8)), 1 - 0.1 * sum(velocity), rtol=1e-12)


def test_no_momentum_is_gradient_descent():
    assert_array_equal(walk(Momentum(0.3, 0.0)), walk(GradientDescent(0.3)))


def test_adam_from_its_definition():
    theta = np.ones((4, 3))
    for t in range(1, 31):
        weights1 = 0.1 * 0.9 ** np.arange(t - 1, -1, -1)
        weights2 = 0.001 * 0.999 ** np.arange(t - 1, -1, -1)
        mean = np.tensordot(weights1, PUSHES[:t], 1) / weights1.sum()
        square = np.tensordot(weights2, PUSHES[:t] ** 2, 1) / weights2.sum()
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


def test_settings_of_momentum_and_adam_are_named():
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
