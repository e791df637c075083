"""Training: a run is a value. Worked examples, laws, and what happens when a run goes wrong."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import scipy.special as sp
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss

from softmax_core.datasets import Dataset, DataSpec, make, split
from softmax_core.objective import Objective
from softmax_core.optimizers import OPTIMIZERS, GradientDescent, Optimizer, Slots
from softmax_core.regression import curvature, curvature_bound, loss_and_gradient, predict_proba
from softmax_core.training import (
    MOST_BYTES,
    MOST_STEPS,
    Divergence,
    Segment,
    Stop,
    TrainConfig,
    Trajectory,
    most_steps,
    train,
)

STACKS = ("W", "b", "grad_W", "grad_b", "loss", "accuracy")
THREE_POINTS = make(DataSpec("three_points"))
BLOBS = make(DataSpec("blobs", n=80, n_classes=4, seed=1))


def plain_loop(data: Dataset, rate: float, steps: int, l2: float = 0.0) -> tuple[list, list, list]:
    """Gradient descent written with SciPy, sample by row, nothing shared with the code under test."""
    X, Y, n = data.X, np.eye(data.n_classes)[data.y], len(data.y)
    W, b = np.zeros((X.shape[1], data.n_classes)), np.zeros(data.n_classes)
    weights, biases, losses = [], [], []
    for _ in range(steps + 1):
        Z = X @ W + b
        weights.append(W)
        biases.append(b)
        losses.append((sp.logsumexp(Z, axis=1) - (Z * Y).sum(1)).mean() + l2 / 2 * (W**2).sum())
        G = (sp.softmax(Z, axis=1) - Y) / n
        W, b = W - rate * (X.T @ G + l2 * W), b - rate * G.sum(0)
    return weights, biases, losses


def test_three_point_example() -> None:
    run = train(THREE_POINTS, TrainConfig(GradientDescent(0.1), steps=1000))
    assert round(float(run.loss[-1]), 4) == 0.0845
    # 0.36846, 0.33636, 0.29518: with three digits that sum to 1, (0.369, 0.336, 0.295).
    assert_allclose(predict_proba([[1.5, 1.5]], *run.at(1000)), [[0.36846, 0.33636, 0.29518]], atol=5e-6)
    assert run.accuracy[-1] == 1.0
    assert run.outcome == "fell"
    assert run.divergence is None


@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_agrees_with_a_plain_loop(l2: float) -> None:
    run = train(BLOBS, TrainConfig(GradientDescent(0.3), steps=150, l2=l2))
    weights, biases, losses = plain_loop(BLOBS, 0.3, 150, l2)
    assert_allclose(run.W, weights, atol=1e-12)
    assert_allclose(run.b, biases, atol=1e-12)
    assert_allclose(run.loss, losses, rtol=1e-12)


@pytest.mark.parametrize("l2", [0.0, 0.2])
def test_every_step_holds_its_own_loss_gradient_and_accuracy(l2: float) -> None:
    run = train(BLOBS, TrainConfig(GradientDescent(0.5), steps=20, l2=l2, start="random", seed=3))
    for t in range(21):
        W, b = run.at(t)
        loss, grad_W, grad_b = loss_and_gradient(BLOBS.X, BLOBS.y, W, b, l2)
        assert_allclose(run.loss[t], loss, rtol=1e-13)
        assert_allclose(run.grad_W[t], grad_W, atol=1e-14)
        assert_allclose(run.grad_b[t], grad_b, atol=1e-14)
        assert run.accuracy[t] == accuracy_score(BLOBS.y, (BLOBS.X @ W + b).argmax(1))
    assert_allclose(np.diff(run.W, axis=0), -0.5 * run.grad_W[:-1], atol=1e-14)


def test_reaches_the_minimum_that_scikit_learn_finds() -> None:
    l2 = 0.05
    run = train(BLOBS, TrainConfig(GradientDescent(1.0), steps=3000, l2=l2))
    model = LogisticRegression(C=1 / (len(BLOBS.y) * l2), tol=1e-10, max_iter=2000).fit(BLOBS.X, BLOBS.y)
    assert_allclose(run.W[-1], model.coef_.T, atol=1e-5)
    assert_allclose(run.b[-1], model.intercept_ - model.intercept_.mean(), atol=1e-5)


@given(
    st.sampled_from([0.01, 0.7, 30.0]),
    st.sampled_from(["zeros", "random"]),
    st.integers(2, 10),
    st.integers(10, 37),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_a_short_run_is_the_beginning_of_a_long_one(
    rate: float, start: str, K: int, n: int, short: int, more: int
) -> None:
    data = make(DataSpec("blobs", n=n, n_classes=K, seed=n))
    config = TrainConfig(GradientDescent(rate), steps=short, start=start, l2=0.01)
    few, many = train(data, config), train(data, dataclasses.replace(config, steps=short + more))
    for name in STACKS:
        assert_array_equal(getattr(few, name), getattr(many, name)[: short + 1])
        assert_array_equal(getattr(few, name), getattr(train(data, config), name))


def test_a_run_of_40_steps_is_the_start_of_a_run_of_100_over_many_chunks() -> None:
    data = make(DataSpec("blobs", n=2001, n_classes=7))  # 5 models per chunk
    few, many = (train(data, TrainConfig(steps=steps)) for steps in (40, 100))
    for name in STACKS:
        assert_array_equal(getattr(few, name), getattr(many, name)[:41])


def test_a_branch_goes_on_where_the_run_was() -> None:
    whole = train(BLOBS, TrainConfig(steps=50))
    branch = train(BLOBS, TrainConfig(steps=30), start=whole.at(20))
    assert_array_equal(branch.W, whole.W[20:])
    assert_array_equal(branch.loss, whole.loss[20:])


def test_arrays_are_read_only_stacked_float64() -> None:
    run = train(BLOBS, TrainConfig(steps=5))
    shapes = {"W": (6, 2, 4), "b": (6, 4), "grad_W": (6, 2, 4), "grad_b": (6, 4), "loss": (6,)}
    for name, shape in (shapes | {"accuracy": (6,)}).items():
        array = getattr(run, name)
        assert (array.shape, array.dtype, array.flags.c_contiguous) == (shape, np.float64, True)
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        run.loss = run.loss
    for step in (-1, 6):
        with pytest.raises(ValueError, match=rf"step must lie in 0\.\.5, received {step}"):
            run.at(step)


def test_training_leaves_its_arguments_alone() -> None:
    W, b = np.ones((2, 4)), np.zeros(4)
    train(BLOBS, TrainConfig(steps=3), start=(W, b))
    assert_array_equal(W, 1)
    assert_array_equal(b, 0)


def test_starts() -> None:
    zeros = train(BLOBS, TrainConfig(steps=0))
    assert zeros.steps == 0
    assert_array_equal(zeros.W, 0)
    assert_allclose(zeros.loss, np.log(4), rtol=1e-15)
    assert zeros.accuracy[0] == (BLOBS.y == 0).mean()  # all classes tie, the first is predicted
    first, second = (train(BLOBS, TrainConfig(steps=0, start="random", seed=seed)) for seed in (0, 1))
    assert (first.W != second.W).all()
    assert_array_equal(first.b, 0)
    scaled = train(BLOBS, TrainConfig(steps=0, start="random", start_scale=3.0))
    assert_allclose(scaled.W, 3 * first.W, rtol=1e-15)


def test_tiny_losses_keep_their_digits() -> None:
    data = Dataset([[1.0]], [0], 2, ("x",), ("a", "b"), "made up")
    run = train(data, TrainConfig(steps=0), start=([[60.0, 0.0]], [0.0, 0.0]))
    assert_allclose(run.loss, 8.756510762696520e-27, rtol=1e-14)
    wrong = train(data, TrainConfig(steps=0), start=([[0.0, 60.0]], [0.0, 0.0]))
    assert_array_equal(wrong.loss, 60.0)


@pytest.mark.parametrize("factor", [0.99, 1.2])
def test_two_over_curvature_is_the_largest_stable_rate(factor: float) -> None:
    l2 = 0.05
    optimum = train(BLOBS, TrainConfig(GradientDescent(1.0), steps=4000, l2=l2)).at(4000)
    rate = factor * 2 / curvature(BLOBS.X, *optimum, l2)
    nudged = (optimum[0] + 1e-6 * np.random.default_rng(0).standard_normal((2, 4)), optimum[1])
    run = train(BLOBS, TrainConfig(GradientDescent(rate), steps=400, l2=l2), start=nudged)
    distance = np.abs(run.W - optimum[0]).max(axis=(1, 2))
    if factor < 1:
        assert distance[-1] < 0.1 * distance[0]
    else:
        assert distance[-1] > 1000 * distance[0]
        assert run.outcome in ("rose", "oscillated")
        assert run.divergence is None  # the gradient is bounded: no overflow


@given(st.integers(0, 1000), st.floats(0.1, 0.999), st.sampled_from([0.0, 0.3]))
def test_below_the_bound_the_loss_never_rises(seed: int, factor: float, l2: float) -> None:
    data = make(DataSpec("blobs", n=30, n_classes=3, seed=seed))
    rate = factor * 2 / curvature_bound(data.X, l2)
    config = TrainConfig(GradientDescent(rate), steps=60, l2=l2, start="random", start_scale=3.0, seed=seed)
    run = train(data, config)
    assert run.rising_share == 0.0
    assert run.outcome == "fell"


def test_overflow_is_recorded_not_raised() -> None:
    # l2 * learning_rate = 3: every step turns W into -2 W.
    run = train(BLOBS, TrainConfig(GradientDescent(1.0), steps=3000, l2=3.0))
    assert run.divergence is not None
    assert run.outcome == "diverged"
    assert run.steps == run.divergence.step - 1 < 3000
    assert run.divergence.reason == "loss_not_finite"
    for name in STACKS:
        assert np.isfinite(getattr(run, name)).all()
    shorter = train(BLOBS, TrainConfig(GradientDescent(1.0), steps=run.steps, l2=3.0))
    assert shorter.divergence is None
    assert_array_equal(shorter.W, run.W)


def test_weights_can_overflow_in_one_step() -> None:
    run = train(
        Dataset(1e200 * BLOBS.X, BLOBS.y, 4, ("a", "b"), BLOBS.class_names, "huge"),
        TrainConfig(GradientDescent(1e200), steps=5),
    )
    assert run.divergence == Divergence(1, "weights_not_finite")
    assert run.steps == 0


def test_a_hopeless_start_is_kept_and_reported() -> None:
    data = Dataset([[1e308]], [0], 2, ("x",), ("a", "b"), "huge")
    run = train(data, TrainConfig(steps=5), start=([[-10.0, 10.0]], [0.0, 0.0]))
    assert run.divergence == Divergence(0, "loss_not_finite")
    assert run.steps == 0
    assert run.rising_share == 0.0


def test_outcomes() -> None:
    outcomes = [train(THREE_POINTS, TrainConfig(GradientDescent(r), 100)).outcome for r in (0.1, 5.0, 1e6)]
    assert outcomes[0] == "fell"
    assert outcomes[1] == "oscillated"
    assert train(BLOBS, TrainConfig(GradientDescent(1e6), 1)).outcome == "rose"
    assert train(BLOBS, TrainConfig(steps=0)).outcome == "fell"


def test_every_step_is_measured_on_validation_data_too() -> None:
    part, held_out = split(make(DataSpec("iris")), 0.3, seed=2)
    run = train(part, TrainConfig(GradientDescent(0.2), steps=100), validation=held_out)
    loss, accuracy = run.validation_loss, run.validation_accuracy
    for t in (0, 1, 50, 100):
        P = sp.softmax(held_out.X @ run.W[t] + run.b[t], axis=1)
        assert_allclose(loss[t], log_loss(held_out.y, P), rtol=1e-12)
        assert accuracy[t] == accuracy_score(held_out.y, P.argmax(1))
    penalised = train(part, TrainConfig(steps=10, l2=0.5), validation=part)
    assert_array_equal(penalised.validation_loss, penalised.loss)
    assert_array_equal(penalised.validation_accuracy, penalised.accuracy)


def test_no_sample_is_refused() -> None:
    with pytest.raises(ValueError, match="received 0 samples"):
        train(BLOBS.take([]), TrainConfig())


def test_bad_starts_are_named() -> None:
    for start, message in (
        ((np.zeros((3, 4)), np.zeros(4)), r"start must have layers of sizes \(2, 4\), received \(3, 4\)"),
        ((np.zeros((2, 4)), np.zeros(3)), r"b of layer 1 must have shape \(4,\), received \(3,\)"),
        ((np.full((2, 4), np.nan), np.zeros(4)), "weights must be finite, received nan"),
    ):
        with pytest.raises(ValueError, match=message):
            train(BLOBS, TrainConfig(), start)


def test_config_names_what_came() -> None:
    for values, message in (
        ({"steps": -1}, "steps must be a whole number of at least 0, received -1"),
        ({"steps": 1.5}, "received 1.5"),
        ({"l2": -0.1}, "l2 must be a finite number of at least 0, received -0.1"),
        ({"l2": float("inf")}, "received inf"),
        ({"start": "ones"}, "start must be one of zeros, random, he, xavier, received 'ones'"),
        ({"start_scale": float("nan")}, "start_scale must be .*received nan"),
        ({"seed": -1}, "seed must be .*received -1"),
        ({"optimizer": 0.1}, "optimizer must be an Optimizer, received 0.1"),
        ({"optimizer": GradientDescent}, "optimizer must be an Optimizer"),
    ):
        with pytest.raises(ValueError, match=message):
            TrainConfig(**values)
    assert repr(TrainConfig(steps=np.int64(5), l2=np.float64(1))) == repr(TrainConfig(steps=5, l2=1.0))
    assert hash(TrainConfig()) == hash(TrainConfig())


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_every_optimiser_keeps_the_protocol(name: str) -> None:
    optimizer = OPTIMIZERS[name]()
    assert optimizer == OPTIMIZERS[name]()
    assert hash(optimizer) == hash(OPTIMIZERS[name]())
    theta, grad = np.ones((3, 2)), np.full((3, 2), 0.5)
    slots = optimizer.init(theta)
    loss = Objective(np.ones((1, 3)), np.array([[1.0, 0.0]]), l2=1.0)
    new, new_slots = optimizer.bind(loss).step(theta, grad, slots, 1)
    assert new.shape == theta.shape
    assert len(new_slots) == len(slots)
    assert_array_equal(theta, 1.0)
    assert_array_equal(grad, 0.5)
    run = train(BLOBS, TrainConfig(optimizer, steps=300))
    assert run.loss[-1] < 0.5 * run.loss[0]
    for rate in (0.0, -1.0, float("nan"), float("inf"), "fast"):
        with pytest.raises(ValueError, match="learning_rate must be a finite number above 0, received"):
            OPTIMIZERS[name](rate)


@dataclasses.dataclass(frozen=True)
class StepCounter(Optimizer):
    """Adds t to every parameter and checks that its memory comes back."""

    def init(self, theta: np.ndarray) -> Slots:
        return (np.zeros(1),)

    def step(self, theta: np.ndarray, grad: np.ndarray, slots: Slots, t: int) -> tuple[np.ndarray, Slots]:
        assert slots[0][0] == t - 1
        return theta + t, (slots[0] + 1,)


def test_steps_count_from_one_and_slots_are_handed_on() -> None:
    run = train(BLOBS, TrainConfig(StepCounter(), steps=4))
    assert_array_equal(run.b[:, 0], [0, 1, 3, 6, 10])


def test_gradient_descent_by_hand() -> None:
    theta, slots = GradientDescent(0.1).step(np.array([1.0, 2.0]), np.array([10.0, -10.0]), (), 1)
    assert_array_equal(theta, [0.0, 3.0])
    assert slots == ()


@given(st.integers(1, 200), st.integers(1, 20))
def test_both_limits_hold_and_one_step_more_breaks_one(m: int, K: int) -> None:
    steps = most_steps(m, K)
    per_step = 8 * (2 * (m + 1) * K + 2)
    assert (steps + 1) * per_step <= MOST_BYTES
    assert steps == MOST_STEPS or (steps + 2) * per_step > MOST_BYTES
    assert 0 < steps <= MOST_STEPS


def test_a_size_of_zero_is_named() -> None:
    with pytest.raises(ValueError, match=r"features must be a whole number of at least 1, received 0"):
        most_steps(0, 3)


def test_a_record_put_together_by_hand_is_one_segment_of_its_inputs() -> None:
    config = TrainConfig(GradientDescent(0.2), steps=9)
    whole = train(BLOBS, config)
    arrays = (whole.W, whole.b, whole.grad_W, whole.grad_b, whole.loss, whole.accuracy)
    bare = Trajectory(config, *arrays)
    assert bare.segments == (Segment(0, config),)


def test_a_rule_that_never_fires_lets_a_run_of_many_blocks_end() -> None:
    config = TrainConfig(GradientDescent(0.2), steps=3000)
    patient = dataclasses.replace(config, stop=Stop(gradient_norm=1e-12))
    run = train(BLOBS, patient)
    assert (run.stopped.code, run.stopped.step) == ("step_limit", 3000)
    assert_array_equal(run.W, train(BLOBS, config).W)
