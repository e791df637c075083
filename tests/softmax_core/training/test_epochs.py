"""Training on images: against a loop written with SciPy, stopped and continued, and how well it learns."""

from __future__ import annotations

import os
from itertools import islice

import numpy as np
import pytest
import scipy.special as sp
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import log_loss

from softmax_core.images import ImageData, Images, digits
from softmax_core.optimizers import OPTIMIZERS, Adam, GradientDescent, Momentum, Newton
from softmax_core.seeds import streams
from softmax_core.training import (
    BatchStep,
    Epoch,
    EpochConfig,
    evaluate_images,
    first_epoch,
    minibatches,
    train_epochs,
)

RNG = np.random.default_rng(1)


def run(data: ImageData, config: EpochConfig, count: int, start: Epoch | None = None) -> list[Epoch]:
    first = start or first_epoch(data.train, data.test, data.n_classes)
    return list(islice(train_epochs(data.train, data.test, config, first), count))


def plain_epoch(images: Images, config: EpochConfig, theta: np.ndarray, number: int) -> np.ndarray:
    """One epoch in float64 with SciPy, plain SGD."""
    rng = np.random.SeedSequence(config.seed).spawn(4)[2]
    order = np.random.default_rng(rng).spawn(number)[number - 1].permutation(len(images))
    W, b = theta[:-1].astype(np.float64), theta[-1].astype(np.float64)
    X, Y = images.rows / images.white, np.eye(len(b))[images.labels]
    for first in range(0, len(images), config.batch_size):
        i = order[first : first + config.batch_size]
        G = (sp.softmax(X[i] @ W + b, axis=1) - Y[i]) / len(i)
        rate = config.optimizer.learning_rate  # type: ignore[attr-defined]
        W, b = W - rate * (X[i].T @ G + config.l2 * W), b - rate * G.sum(axis=0)
    return np.vstack([W, b])


@pytest.mark.parametrize(("batch", "l2"), [(64, 0.0), (100, 0.01), (5000, 0.0)])
def test_agrees_with_a_plain_loop_in_double_precision(batch, l2):
    data, config = digits(), EpochConfig(GradientDescent(0.2), batch, l2, seed=3)
    theta = np.zeros((65, 10))
    for epoch in run(data, config, 2):
        theta = plain_epoch(data.train, config, theta, epoch.number)
        assert epoch.theta.dtype == np.float32
        assert_allclose(epoch.theta, theta, atol=2e-5)


@pytest.mark.parametrize("n", [1, 7])
@pytest.mark.parametrize("l2", [0.0, 0.5])
def test_the_gradient_of_a_batch(n, l2):
    X, y = RNG.random((n, 12)).astype(np.float32), RNG.integers(0, 4, n)
    theta = RNG.normal(size=(13, 4)).astype(np.float32)

    def loss(flat: np.ndarray) -> float:
        W = flat.reshape(13, 4)
        Z = X @ W[:-1] + W[-1]
        return float((sp.logsumexp(Z, axis=1) - Z[np.arange(n), y]).mean() + l2 / 2 * (W[:-1] ** 2).sum())

    flat, h = theta.astype(np.float64).ravel(), 1e-5
    numeric = [(loss(flat + h * e) - loss(flat - h * e)) / (2 * h) for e in np.eye(flat.size)]
    grad = BatchStep(max(n, 7), 4, l2).gradient(X, y, theta)
    assert_allclose(grad.ravel(), numeric, atol=2e-6)


def test_confident_logits_do_not_overflow():
    theta = np.zeros((2, 2), np.float32)
    theta[0] = [1e4, -1e4]
    grad = BatchStep(1, 2).gradient(np.ones((1, 1), np.float32), np.array([1]), theta)
    assert_allclose(grad, [[1, -1], [1, -1]])


def test_stopped_and_continued_is_bit_for_bit_one_run():
    data, config = digits(), EpochConfig(Adam(0.01), 100, seed=5)
    whole = run(data, config, 5)
    part = run(data, config, 3)
    rest = run(data, config, 2, part[-1])
    for one, other in zip(whole, part + rest, strict=True):
        assert_array_equal(one.theta, other.theta)
        assert (one.number, one.updates, one.loss, one.test_accuracy) == (
            other.number, other.updates, other.loss, other.test_accuracy,
        )  # fmt: skip
    assert not whole[0].theta.flags.writeable


def test_stopping_within_an_epoch_drops_it_only():
    data, calls = digits(), []

    def watch(done: int, batches: int) -> bool:
        calls.append((done, batches))
        return len(calls) < 20

    first = first_epoch(data.train, data.test, 10)
    done = list(train_epochs(data.train, data.test, EpochConfig(batch_size=100), first, watch))
    assert calls[:15] == [(i, 15) for i in range(1, 16)]
    assert [epoch.number for epoch in done] == [1]
    assert_array_equal(done[0].theta, run(data, EpochConfig(batch_size=100), 1)[0].theta)


def test_another_optimiser_goes_on_from_the_same_weights():
    data = digits()
    first = run(data, EpochConfig(Momentum()), 2)[-1]
    then = run(data, EpochConfig(Adam()), 1, first)[0]
    assert then.number == 3
    assert len(then.memory.slots) == 2
    slower = run(data, EpochConfig(Momentum(1e-9)), 1, first)[0]
    assert_allclose(slower.theta, first.theta, atol=1e-6)


def test_the_first_step_of_another_optimiser_is_its_first():
    """Adam's first step moves every weight with a gradient by the learning rate, however long another one has trained."""
    data = digits()
    config = EpochConfig(Adam(0.01), batch_size=len(data.train))
    first = run(data, EpochConfig(batch_size=32), 2)[-1]
    then = run(data, config, 1, first)[0]
    assert np.abs(then.theta - first.theta).max() == pytest.approx(0.01, rel=1e-4)
    three = run(data, config, 2, then)[-1]
    assert (three.memory.starts_at, three.updates) == (first.updates, first.updates + 3)


def test_every_epoch_has_an_order_of_its_own_and_uses_every_image_once():
    images = Images(np.arange(50 * 4, dtype=np.uint8).reshape(50, 2, 2), np.zeros(50, np.uint8), 1.0)
    orders = []
    for number in (1, 2):
        rng = streams(0).batches.spawn(number)[number - 1]
        orders.append(np.concatenate([X[:, 0].copy() for X, _y in minibatches(images, 16, rng)]))
        assert_array_equal(np.sort(orders[-1]), images.rows[:, 0])
    assert (orders[0] != orders[1]).any()


def test_loss_and_accuracy_of_a_set():
    pixels, labels = (
        RNG.integers(0, 256, (2500, 3, 3), dtype=np.uint8),
        RNG.integers(0, 4, 2500).astype(np.uint8),
    )
    theta = RNG.normal(size=(10, 4)).astype(np.float32)
    loss, accuracy = evaluate_images(Images(pixels, labels), theta)
    Z = pixels.reshape(2500, 9) / 255 @ theta[:-1].astype(float) + theta[-1]
    assert_allclose(loss, log_loss(labels, sp.softmax(Z, axis=1)), rtol=1e-5)
    assert accuracy == (Z.argmax(axis=1) == labels).mean()


def test_bytes_and_floats_give_the_same_training():
    data = digits()
    as_float = [
        Images((part.pixels / 16).astype(np.float32), part.labels, 1.0) for part in (data.train, data.test)
    ]
    other = ImageData("own", *as_float, data.class_names, "made up")
    one, two = run(data, EpochConfig(), 2)[-1], run(other, EpochConfig(), 2)[-1]
    assert_allclose(one.theta, two.theta, atol=1e-6)


def test_an_overflow_ends_the_run():
    data = digits()
    last = run(data, EpochConfig(GradientDescent(1.0), l2=60.0), 500)[-1]
    assert not last.is_finite
    assert last.number < 500


@pytest.mark.parametrize("name", sorted(n for n, kind in OPTIMIZERS.items() if not kind.whole_set))
def test_every_optimiser_learns_the_digits_in_single_precision(name):
    last = run(digits(), EpochConfig(OPTIMIZERS[name](), batch_size=32), 20)[-1]
    assert last.test_accuracy > 0.9
    assert last.theta.dtype == np.float32


def test_bad_settings_are_named():
    for values, message in (
        ({"optimizer": 0.1}, "optimizer must be an Optimizer, received 0.1"),
        ({"optimizer": Newton()}, "Newton.* needs all images in every step"),
        ({"batch_size": 0}, "batch_size must be .* received 0"),
        ({"l2": -1}, "l2 must be .* received -1"),
        ({"seed": 0.5}, "seed must be .* received 0.5"),
    ):
        with pytest.raises(ValueError, match=message):
            EpochConfig(**values)
    empty = digits().train.take([])
    with pytest.raises(ValueError, match="received 0 and 359"):
        first_epoch(empty, digits().test, 10)


@pytest.mark.skipif(not os.environ.get("SOFTMAX_LAB_DATA"), reason="SOFTMAX_LAB_DATA names no folder")
def test_quality_on_mnist():
    from ui.images.downloads import find, load

    if not find("mnist"):
        pytest.skip("no MNIST in SOFTMAX_LAB_DATA")
    data = load("mnist")
    assert run(data, EpochConfig(GradientDescent(0.1), 256), 10)[-1].test_accuracy >= 0.88
    assert run(data, EpochConfig(Momentum(0.1, 0.9), 256), 20)[-1].test_accuracy >= 0.90
