"""Networks in the training loop: one loop for any list of layers."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import softmax_core.training.config as training_config
from softmax_core.datasets import DataSpec, make, split
from softmax_core.features import Linear
from softmax_core.network import ACTIVATIONS
from softmax_core.optimizers import OPTIMIZERS, GradientDescent, Momentum, Newton
from softmax_core.training import (
    Segment,
    Stop,
    TrainConfig,
    branch,
    loss_of,
    memory_at,
    most_steps,
    objective_of,
    train,
    train_segments,
)

STACKS = ("W", "b", "grad_W", "grad_b", "loss", "accuracy")
SPIRALS = make(DataSpec("spirals", n=90, seed=1))
RULES = [kind for kind in OPTIMIZERS.values() if kind is not Newton]
TANH = TrainConfig(
    GradientDescent(0.5), steps=40, hidden=5, start="xavier", features=Linear(standardise=True)
)


def same(one, other, at=slice(None)) -> None:
    for name in STACKS:
        assert_array_equal(getattr(one, name), getattr(other, name)[at])
    for mine, theirs in zip(one.hidden, other.hidden, strict=True):
        for name in STACKS[:4]:
            assert_array_equal(getattr(mine, name), getattr(theirs, name)[at])


def test_no_hidden_units_are_softmax_regression_bit_by_bit() -> None:
    for rule in OPTIMIZERS.values():
        plain = train(SPIRALS, TrainConfig(rule(), steps=30))
        zero = train(SPIRALS, TrainConfig(rule(), steps=30, hidden=0, activation="relu"))
        same(zero, plain)
        assert len(zero.layers) == 1


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_lowers_the_loss_and_records_each_step(rule) -> None:
    config = replace(TANH, optimizer=rule(), l2=0.001, label_smoothing=0.05, class_weights="balanced")
    run = train(SPIRALS, config)
    assert run.outcome in ("fell", "oscillated")
    objective = loss_of(SPIRALS, run.config_at(0), run.features)
    for t in (0, 17, 40):
        assert_allclose(run.loss[t], objective.loss(run.thetas[t]), rtol=1e-14)
        assert_array_equal(run.grads[t], objective.gradient(run.thetas[t]))
    first, last = run.layers
    assert first.W.shape == (41, 2, 5)
    assert last.W.shape == (41, 5, 3)
    assert not first.W.flags.writeable


def test_gradient_descent_moves_every_layer_against_its_gradient() -> None:
    run = train(SPIRALS, TANH)
    for layer in run.layers:
        assert_allclose(np.diff(layer.W, axis=0), -0.5 * layer.grad_W[:-1], atol=1e-14)
        assert_allclose(np.diff(layer.b, axis=0), -0.5 * layer.grad_b[:-1], atol=1e-14)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("batch", [None, 16])
def test_a_short_run_and_a_branch_are_parts_of_the_long_one(activation, batch) -> None:
    config = replace(TANH, optimizer=Momentum(0.1), activation=activation, batch_size=batch)
    whole = train(SPIRALS, config)
    same(train(SPIRALS, replace(config, steps=13)), whole, slice(0, 14))
    tail = branch(whole, SPIRALS, 13, replace(config, steps=27))
    same(tail, whole, slice(13, None))
    same(train_segments(SPIRALS, [Segment(0, config), Segment(13, config), Segment(13, config)]), whole)
    velocity = memory_at(whole, SPIRALS, 13).slots[0]
    assert_allclose(
        whole.thetas[14] - whole.thetas[13], -0.1 * (0.9 * velocity + whole.grads[13]), atol=1e-12
    )


def test_a_branch_with_other_settings_and_one_with_other_weights() -> None:
    whole = train(SPIRALS, TANH)
    faster = replace(TANH, optimizer=GradientDescent(2.0))
    run = train_segments(SPIRALS, [Segment(0, TANH), Segment(10, faster)])
    same(branch(whole, SPIRALS, 10, replace(faster, steps=30)), run, slice(10, None))
    assert_allclose(run.thetas[11] - run.thetas[10], -2.0 * run.grads[10], atol=1e-14)
    again = branch(whole, SPIRALS, 10, replace(TANH, steps=30), weights=whole.layers_at(10))
    same(again, whole, slice(10, None))
    assert_array_equal(train(SPIRALS, TANH, start=whole.layers_at(10)).loss[:31], whole.loss[10:])


def test_batches_penalties_and_stops() -> None:
    part, held = split(SPIRALS, 0.3)
    run = train(
        part, replace(TANH, batch_size=8, l1=0.02, steps=300, stop=Stop(patience=10)), validation=held
    )
    assert run.stopped is not None
    assert run.stopped.code == "validation_loss"
    assert run.steps < 300
    loss, accuracy = run.validation_loss, run.validation_accuracy
    plain = loss_of(held, TANH, run.features)
    weights = sum(np.abs(layer.W).sum(axis=(1, 2)) for layer in run.layers)
    assert_allclose(loss, plain.losses(run.thetas) + 0.02 * weights, rtol=1e-12)
    assert accuracy.shape == loss.shape
    assert (run.layers[0].W[-1] == 0.0).any(), "L1 makes weights exactly 0"
    flat = train(SPIRALS, replace(TANH, steps=500, stop=Stop(gradient_norm=0.1)))
    assert flat.stopped is not None
    assert flat.stopped.code == "gradient_norm"
    norms = np.linalg.norm(flat.grads, axis=1)
    assert norms[-1] <= 0.1 < norms[:-1].min()


def test_divergence_is_recorded() -> None:
    run = train(SPIRALS, replace(TANH, optimizer=GradientDescent(1e200), activation="relu"))
    assert run.divergence is not None
    assert run.steps < 40
    assert np.isfinite(run.thetas).all()


def test_where_a_straight_border_stays_near_chance_eight_units_learn() -> None:
    for name, most, least in (("xor", 0.6, 0.9), ("circles", 0.6, 0.97), ("spirals", 0.76, 0.93)):
        data = make(DataSpec(name, n=200, n_classes=2, noise=0.3))
        config = replace(TANH, optimizer=GradientDescent(1.0), steps=500)
        assert train(data, replace(config, hidden=0)).accuracy.max() < most
        for activation in ("tanh", "relu"):
            start = "xavier" if activation == "tanh" else "he"
            run = train(data, replace(config, hidden=8, activation=activation, start=start))
            assert run.accuracy[-1] > least, (name, activation)


def test_zero_weights_keep_the_units_alike() -> None:
    run = train(SPIRALS, replace(TANH, start="zeros"))
    assert_array_equal(run.layers[0].W, 0.0)
    assert (run.b[-1] != 0).any() or (run.loss == run.loss[0]).all()


def test_starts_have_the_width_of_their_names() -> None:
    for kind, of_first, of_last in (("he", 2 / 2, 2 / 16), ("xavier", 2 / 18, 2 / 20)):
        layers = [
            train(SPIRALS, replace(TANH, hidden=16, steps=0, start=kind, seed=seed, features=Linear())).layers
            for seed in range(60)
        ]
        for place, variance in ((0, of_first), (1, of_last)):
            W = np.array([run[place].W for run in layers])
            assert W.var() == pytest.approx(variance, rel=0.12 if place == 0 else 0.08)
            assert_array_equal([run[place].b for run in layers], 0.0)


def test_the_limit_of_bytes_counts_every_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    run = train(SPIRALS, TANH)
    arrays = [getattr(layer, name) for layer in run.layers for name in STACKS[:4]]
    assert most_steps(2, 4, 16) == 10_000
    monkeypatch.setattr(
        training_config, "MOST_BYTES", sum(a.nbytes for a in [*arrays, run.loss, run.accuracy])
    )
    assert most_steps(2, 3, 5) == 40


def test_bad_values_are_refused() -> None:
    for options, sentence in (
        ({"hidden": 17}, r"hidden must be a whole number in 0\.\.16, received 17"),
        ({"hidden": -1}, "hidden must be"),
        ({"hidden": 2.5}, "hidden must be"),
        ({"activation": "elu"}, "activation must be one of sigmoid, tanh, relu, softmax, received 'elu'"),
        ({"output": "sigmoid"}, "output must be one of softmax, softmax_sigmoid, received 'sigmoid'"),
        ({"start": "normal"}, "start must be one of zeros, random, he, xavier, received 'normal'"),
        (
            {"optimizer": Newton()},
            "Newton needs the Hessian, which only softmax regression has: hidden must be 0",
        ),
    ):
        with pytest.raises(ValueError, match=sentence):
            replace(TANH, **options)
    with pytest.raises(ValueError, match="Hessian of softmax regression"):
        Newton().bind(loss_of(SPIRALS, TANH))
    with pytest.raises(ValueError, match="hidden must be 0 here"):
        objective_of(SPIRALS, TANH)
    run = train(SPIRALS, TANH)
    with pytest.raises(ValueError, match="start must have layers of sizes"):
        train(SPIRALS, TANH, start=[run.at(0)])
    for other in ({"hidden": 4}, {"activation": "relu"}, {"output": "softmax_sigmoid"}, {"hidden": 0}):
        with pytest.raises(ValueError, match="a branch must have the features and layers"):
            branch(run, SPIRALS, 3, replace(TANH, **other))
    rows = tuple(itertools.repeat((0.0, 0.0, 0.0), 3))
    with pytest.raises(ValueError, match="weights of a network cannot be set by hand"):
        train_segments(SPIRALS, [Segment(0, TANH), Segment(3, TANH, rows)])
