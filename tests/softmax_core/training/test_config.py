"""Batches, schedules, L1, smoothing, class weights, features, early stopping, branches."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
import scipy.special as sp
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.utils.class_weight import compute_class_weight

from softmax_core.datasets import Dataset, DataSpec, make, split
from softmax_core.features import FEATURE_MAPS, Cubic, Linear, Quadratic, RadialBasis
from softmax_core.optimizers import OPTIMIZERS, GradientDescent, Optimizer
from softmax_core.optimum.minimise import optimum_of
from softmax_core.schedules import SCHEDULES, Constant, CosineDecay, InverseTime, StepDecay
from softmax_core.training import Stop, Stopped, TrainConfig, branch, loss_of, memory_at, objective_of, train

STACKS = ("W", "b", "grad_W", "grad_b", "loss", "accuracy")
MIXED = make(DataSpec("blobs", n=70, n_classes=4, noise=2.0, seed=1))
UNEVEN = MIXED.take(np.r_[np.flatnonzero(MIXED.y == 0)[:4], np.flatnonzero(MIXED.y > 0)])
OPTIONS: dict[str, dict] = {
    "batches": {"batch_size": 16},
    "batches_of_one": {"batch_size": 1, "l2": 0.1},
    "l1": {"l1": 0.05},
    "smoothing": {"label_smoothing": 0.1, "l2": 0.01},
    "balanced": {"class_weights": "balanced", "batch_size": 9},
    "weights": {"class_weights": (1.0, 0.0, 2.0, 0.5)},
    "steps": {"schedule": StepDecay(5)},
    "cosine": {"schedule": CosineDecay(20), "l1": 0.01},
    "inverse": {"schedule": InverseTime(0.1), "batch_size": 30},
    "cubic": {"features": Cubic(standardise=True)},
    "radial": {"features": RadialBasis(3), "batch_size": 20},
    "random": {"start": "random", "features": Quadratic(standardise=True)},
}
ALL_OPTIMIZERS = sorted(OPTIMIZERS)


def config_for(optimizer: Optimizer, **options: object) -> TrainConfig:
    """The config; where the optimiser says that it cannot do this, the test is skipped."""
    try:
        return TrainConfig(optimizer, **options)
    except ValueError as error:
        assert "l1 needs" in str(error) or "batch_size must be None" in str(error)  # noqa: PT017
        pytest.skip(str(error))


def assert_same(one: object, other: object, length: int | None = None) -> None:
    for name in STACKS:
        assert_array_equal(getattr(one, name)[:length], getattr(other, name)[:length])


@pytest.mark.parametrize("option", sorted(OPTIONS))
@pytest.mark.parametrize("name", ALL_OPTIMIZERS)
def test_short_runs_begin_long_ones_and_branches_continue_them(name: str, option: str) -> None:
    config = config_for(OPTIMIZERS[name](), steps=47, seed=3, **OPTIONS[option])
    whole = train(UNEVEN, config)
    assert_same(whole, train(UNEVEN, config))
    for steps in (0, 1, 20):
        short = train(UNEVEN, dataclasses.replace(config, steps=steps))
        assert_same(short, whole, steps + 1)
    tail = branch(whole, UNEVEN, 20, dataclasses.replace(config, steps=27))
    for stack in STACKS:
        assert_array_equal(getattr(tail, stack), getattr(whole, stack)[20:])
    end = branch(tail, UNEVEN, 7, dataclasses.replace(config, steps=20))
    assert_array_equal(end.W, whole.W[27:])


def plain_loss(data: Dataset, W: np.ndarray, b: np.ndarray, config: TrainConfig, features: object) -> float:
    """The loss as the documentation says it, with SciPy and scikit-learn."""
    K, eps = data.n_classes, config.label_smoothing
    weights = config.class_weights
    if isinstance(weights, str):
        weights = compute_class_weight(weights, classes=np.arange(K), y=data.y)
    w = np.ones(len(data.y)) if weights is None else np.asarray(weights)[data.y]
    Y = (1 - eps) * np.eye(K)[data.y] + eps / K
    per_sample = -(Y * sp.log_softmax(features.transform(data.X) @ W + b, axis=1)).sum(1)
    return (w * per_sample).sum() / w.sum() + config.l2 / 2 * (W**2).sum() + config.l1 * np.abs(W).sum()


@pytest.mark.parametrize("option", sorted(OPTIONS))
def test_the_loss_is_what_is_descended_over_all_samples(option: str) -> None:
    config = TrainConfig(GradientDescent(0.05), steps=30, **OPTIONS[option])
    run = train(UNEVEN, config, validation=UNEVEN)
    for t in (0, 7, 30):
        expected = plain_loss(UNEVEN, run.W[t], run.b[t], config, run.features)
        assert_allclose(run.loss[t], expected, rtol=1e-12)
    assert_array_equal(run.validation_loss, run.loss)
    assert_array_equal(run.validation_accuracy, run.accuracy)
    problem = objective_of(UNEVEN, config)
    theta = run.thetas[30]
    for index in itertools.product(range(2), range(4)):
        nudge = np.zeros_like(theta)
        nudge[index] = 1e-6
        smooth = dataclasses.replace(problem, l1=0.0)
        slope = (smooth.loss(theta + nudge) - smooth.loss(theta - nudge)) / 2e-6
        assert_allclose(problem.gradient(theta)[index], slope, atol=1e-8)


@given(st.integers(1, 80), st.integers(0, 30), st.booleans())
def test_batches_go_through_every_sample_once_an_epoch(size: int, seed: int, balanced: bool) -> None:
    weights = "balanced" if balanced else None
    n = len(UNEVEN.y)
    per_epoch = -(-n // size) if size < n else 1
    # A learning rate too small to move anything: all batches of an epoch see the same weights.
    config = TrainConfig(
        GradientDescent(1e-300), steps=2 * per_epoch, batch_size=size, seed=seed, class_weights=weights
    )
    run = train(UNEVEN, config)
    full = objective_of(UNEVEN, config).gradient(np.zeros((3, 4)))
    sizes = [min(size, n - first) for first in range(0, n, size)] if size < n else [n]
    for epoch in (0, 1):
        grads = run.grad_W[epoch * per_epoch : (epoch + 1) * per_epoch]
        mean = sum(s * g for s, g in zip(sizes, grads, strict=True)) / n
        assert_allclose(mean, full[:-1], atol=1e-14)
    if per_epoch > 1:
        assert (run.grad_W[0] != run.grad_W[per_epoch]).any()


def test_a_batch_of_all_samples_is_no_batch() -> None:
    for size in (len(MIXED.y), 10**6):
        config = TrainConfig(steps=20, batch_size=size)
        assert_same(train(MIXED, config), train(MIXED, dataclasses.replace(config, batch_size=None)))


def test_the_gradient_of_a_minibatch_run_is_the_one_that_was_used() -> None:
    run = train(MIXED, TrainConfig(GradientDescent(0.3), steps=40, batch_size=8))
    assert_allclose(np.diff(run.W, axis=0), -0.3 * run.grad_W[:-1], atol=1e-14)
    assert_allclose(np.diff(run.b, axis=0), -0.3 * run.grad_b[:-1], atol=1e-14)


def test_seeds_decide_the_batches_only() -> None:
    config = TrainConfig(steps=5, batch_size=8)
    one, other = (train(MIXED, dataclasses.replace(config, seed=seed)) for seed in (0, 1))
    assert (one.W[1] != other.W[1]).any()
    assert_array_equal(one.W[0], other.W[0])


def test_proximal_step_by_hand() -> None:
    config = TrainConfig(GradientDescent(0.5), steps=60, l1=0.04, features=Quadratic(standardise=True))
    run = train(MIXED, config)
    for t in range(60):
        moved = run.W[t] - 0.5 * run.grad_W[t]
        expected = np.sign(moved) * np.maximum(np.abs(moved) - 0.5 * 0.04, 0)
        assert_allclose(run.W[t + 1], expected, atol=1e-14)
        assert_allclose(run.b[t + 1], run.b[t] - 0.5 * run.grad_b[t], atol=1e-14)
    assert (run.W[-1] == 0.0).any()


@pytest.mark.parametrize("name", ALL_OPTIMIZERS)
def test_l1_leads_every_optimiser_to_the_same_minimum(name: str) -> None:
    options = {"l1": 0.03, "features": Linear(standardise=True), "steps": 6000}
    config = config_for(OPTIMIZERS[name](0.2), **options, schedule=InverseTime(0.002))
    run = train(MIXED, config)
    assert_allclose(run.loss[-1], optimum_of(MIXED, config).loss, atol=5e-5)


def test_schedules_by_hand() -> None:
    for schedule, factors in (
        (Constant(), [1, 1, 1, 1, 1]),
        (StepDecay(2, 0.1), [1, 1, 0.1, 0.1, 0.01]),
        (CosineDecay(4), [1, 0.5 + 0.5**1.5, 0.5, 0.5 - 0.5**1.5, 0]),
        (CosineDecay(2, 0.2), [1, 0.6, 0.2, 0.2, 0.2]),
        (InverseTime(0.5), [1, 1 / 1.5, 1 / 2, 1 / 2.5, 1 / 3]),
    ):
        assert_allclose([schedule.factor(t) for t in range(1, 6)], factors, atol=1e-15)
        run = train(MIXED, TrainConfig(GradientDescent(0.2), steps=5, schedule=schedule))
        for t, factor in enumerate(factors):
            assert_allclose(run.W[t + 1], run.W[t] - 0.2 * factor * run.grad_W[t], atol=1e-14)
    assert GradientDescent(0.2).learning_rate == 0.2


@pytest.mark.parametrize("name", sorted(SCHEDULES))
def test_every_schedule_begins_at_one_and_never_grows(name: str) -> None:
    schedule = SCHEDULES[name]()
    factors = [schedule.factor(t) for t in range(1, 1000)]
    assert factors[0] == 1.0
    assert (np.diff(factors) <= 0).all()
    assert schedule == SCHEDULES[name]()
    assert hash(schedule) == hash(SCHEDULES[name]())


def test_balanced_weights_are_those_of_scikit_learn() -> None:
    run = train(UNEVEN, TrainConfig(steps=1, class_weights="balanced"))
    oracle = compute_class_weight("balanced", classes=np.arange(4), y=UNEVEN.y)
    assert_allclose(run.class_weights, oracle, rtol=1e-14)
    assert train(UNEVEN, TrainConfig(steps=1)).class_weights is None
    part, test_part = split(UNEVEN, 0.4)
    weighted = train(part, TrainConfig(steps=30, class_weights="balanced"), validation=test_part)
    w = np.asarray(weighted.class_weights)[test_part.y]
    logits = test_part.X @ weighted.W[30] + weighted.b[30]
    per_sample = -sp.log_softmax(logits, axis=1)[np.arange(len(test_part.y)), test_part.y]
    assert_allclose(weighted.validation_loss[30], (w * per_sample).sum() / w.sum(), rtol=1e-12)


@pytest.mark.parametrize("name", sorted(FEATURE_MAPS))
def test_features_are_fitted_once_and_used_everywhere(name: str) -> None:
    part, test_part = split(MIXED, 0.3)
    config = TrainConfig(steps=40, features=FEATURE_MAPS[name](standardise=True))
    run = train(part, config, validation=test_part)
    assert run.W.shape == (41, run.features.size, 4)
    oracle = FEATURE_MAPS[name](standardise=True).fit(part.X)
    Z = oracle.transform(test_part.X) @ run.W[40] + run.b[40]
    assert run.validation_accuracy[40] == (Z.argmax(1) == test_part.y).mean()


def test_early_stopping_on_validation_loss() -> None:
    part, test_part = split(make(DataSpec("blobs", n=60, n_classes=3, noise=2.5, seed=5)), 0.5)
    options = {"steps": 4000, "features": Cubic(standardise=True)}
    whole = train(part, TrainConfig(GradientDescent(0.5), **options), validation=test_part)
    plain = whole.validation_loss
    for patience in (1, 30):
        stop = Stop(patience=patience)
        run = train(part, TrainConfig(GradientDescent(0.5), stop=stop, **options), validation=test_part)
        best = next(t for t in range(4000) if plain[t + 1 : t + 1 + patience].min() >= plain[t])
        assert run.stopped == Stopped("validation_loss", best + patience, best)
        assert run.steps == best + patience
        assert_same(run, whole, run.steps + 1)
    greedy = TrainConfig(GradientDescent(0.5), stop=Stop(patience=5, min_gain=0.01), **options)
    assert train(part, greedy, validation=test_part).steps < run.steps
    with pytest.raises(ValueError, match="needs validation data, received no samples"):
        train(part, greedy)
    with pytest.raises(ValueError, match="2 inputs and 3 classes, received 2 and 4"):
        train(part, greedy, validation=MIXED)


@pytest.mark.parametrize("options", [{}, {"batch_size": 10}, {"l1": 0.05}], ids=str)
def test_early_stopping_on_a_flat_loss(options: dict) -> None:
    config = TrainConfig(GradientDescent(0.3), steps=5000, l2=0.1, schedule=InverseTime(0.01), **options)
    run = train(MIXED, dataclasses.replace(config, stop=Stop(gradient_norm=0.02)))
    problem = objective_of(MIXED, config)
    norms = [np.linalg.norm(problem.min_norm_subgradient(th, problem.gradient(th))) for th in run.thetas]
    assert run.stopped == Stopped("gradient_norm", run.steps)
    assert 0 < run.steps < 5000
    assert norms[-1] <= 0.02 < min(norms[:-1])


def test_why_a_run_ended() -> None:
    assert train(MIXED, TrainConfig(steps=7)).stopped == Stopped("step_limit", 7)
    assert train(MIXED, TrainConfig(GradientDescent(1.0), steps=3000, l2=3.0)).stopped is None


def test_a_run_can_be_watched_and_stopped() -> None:
    data = make(DataSpec("blobs", n=5000, n_classes=10))
    seen: list[tuple[int, int]] = []

    def watch(done: int, steps: int) -> bool:
        seen.append((done, steps))
        return done < 300

    run = train(data, TrainConfig(steps=400), watch=watch)
    assert run.stopped == Stopped("asked", run.steps)
    assert 300 <= run.steps < 400
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert_same(run, train(data, TrainConfig(steps=run.steps)))
    calls: list[tuple[int, int]] = []
    train(data, TrainConfig(steps=250), watch=lambda *call: calls.append(call) is None)
    assert calls[-1] == (250, 250)


def test_a_branch_may_change_its_settings() -> None:
    whole = train(MIXED, TrainConfig(steps=50, batch_size=8))
    other = branch(whole, MIXED, 30, TrainConfig(GradientDescent(0.01), steps=10, l2=0.5))
    again = train(MIXED, TrainConfig(GradientDescent(0.01), steps=10, l2=0.5), start=whole.at(30))
    assert_array_equal(other.W, again.W)
    assert other.steps_before == 30
    for step in (-1, 51):
        with pytest.raises(ValueError, match=rf"step must lie in 0\.\.50, received {step}"):
            branch(whole, MIXED, step)
    with pytest.raises(ValueError, match="a branch must have the features and layers \\(Linear"):
        branch(whole, MIXED, 3, TrainConfig(features=Cubic()))


@pytest.mark.parametrize("name", [name for name in ALL_OPTIMIZERS if name != "gradient_descent"])
def test_another_optimiser_begins_with_an_empty_memory(name: str) -> None:
    whole = train(MIXED, TrainConfig(steps=20))
    config = TrainConfig(OPTIMIZERS[name](), steps=20)
    onward = branch(whole, MIXED, 20, config)
    fresh = train(MIXED, config, start=whole.at(20))
    assert_array_equal(onward.W, fresh.W)
    later = branch(onward, MIXED, 5, dataclasses.replace(config, steps=15))
    assert_array_equal(later.W, fresh.W[5:])
    assert len(memory_at(onward, MIXED, 5).slots) == len(onward.memories[0].slots)


@dataclasses.dataclass(frozen=True)
class Drift(Optimizer):
    """A rule without learning rate and without a proximal step, for the whole set only."""

    whole_set = True

    def step(self, theta: np.ndarray, grad: np.ndarray, slots: tuple, t: int) -> tuple[np.ndarray, tuple]:
        return theta + 1, slots


def test_config_names_what_came() -> None:
    for values, message in (
        ({"batch_size": 0}, "batch_size must be a whole number of at least 1, received 0"),
        ({"batch_size": 2.5}, "received 2.5"),
        ({"l1": -1}, "l1 must be a finite number of at least 0, received -1"),
        ({"label_smoothing": 1.0}, "label_smoothing must be below 1, received 1.0"),
        ({"label_smoothing": -0.1}, "received -0.1"),
        ({"class_weights": "heavy"}, "class_weights must be one of balanced, received 'heavy'"),
        ({"class_weights": ()}, r"received \(\)"),
        ({"class_weights": (1.0, -1.0)}, "class_weights must be .*received -1"),
        ({"schedule": 0.5}, "schedule must be a Schedule, received 0.5"),
        ({"features": "cubic"}, "features must be a FeatureMap, received 'cubic'"),
        ({"stop": 5}, "stop must be a Stop or None, received 5"),
        (
            {"optimizer": Drift(), "l1": 0.1},
            r"l1 needs an optimizer with a proximal step, received Drift\(\)",
        ),
        ({"optimizer": Drift(), "batch_size": 5}, "batch_size must be None for Drift, received 5"),
        ({"optimizer": Drift(), "schedule": StepDecay()}, "needs an optimizer with a learning_rate"),
    ):
        with pytest.raises(ValueError, match=message):
            TrainConfig(**values)
    for make_one, message in (
        (lambda: Stop(patience=0), "patience must be .*received 0"),
        (lambda: Stop(gradient_norm=0.0), "gradient_norm must be .*received 0"),
        (lambda: Stop(min_gain=-1), "min_gain must be .*received -1"),
        (lambda: StepDecay(0), "every must be .*received 0"),
        (lambda: StepDecay(5, 1.5), "drop must be at most 1, received 1.5"),
        (lambda: CosineDecay(0), "over must be .*received 0"),
        (lambda: CosineDecay(5, 2.0), "floor must be at most 1, received 2.0"),
        (lambda: InverseTime(0), "decay must be .*received 0"),
        (lambda: train(MIXED, TrainConfig(class_weights=(1.0, 1.0))), r"length 4, received \(1.0, 1.0\)"),
        (lambda: train(MIXED, TrainConfig(class_weights=(0.0,) * 4)), "must have a weight above 0"),
    ):
        with pytest.raises(ValueError, match=message):
            make_one()
    assert TrainConfig(class_weights=[1, 2]).class_weights == (1.0, 2.0)
    assert hash(TrainConfig(class_weights=[1, 2], stop=Stop(5), schedule=StepDecay()))


def test_no_samples_have_no_mean_loss() -> None:
    with pytest.raises(ValueError, match="received 0 samples"):
        loss_of(MIXED.take(np.array([], dtype=int)), TrainConfig())
