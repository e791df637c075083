"""Networks: every derivative against differences of the loss, and against laws that do not know backpropagation."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
import scipy.special as sp
from numpy.testing import assert_allclose, assert_array_equal

from softmax_core.network import (
    ACTIVATIONS,
    OUTPUTS,
    Network,
    break_down,
    flattened,
    forward,
    loss_and_gradient,
)
from softmax_core.objective import Objective, with_ones

RNG = np.random.default_rng(5)
X = RNG.normal(size=(12, 2))
G = {"sigmoid": sp.expit, "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0.0), "softmax": lambda z: sp.softmax(z, axis=1)}  # fmt: skip


def network(hidden, K, activation="tanh", output="softmax", **options):
    y = np.arange(12) % K
    smoothing = options.get("smoothing", 0.0)
    Y = (1 - smoothing) * np.eye(K)[y] + smoothing / K
    return Network(with_ones(X), Y, y, hidden=hidden, activation=activation, output=output, **options)


def random_theta(net, seed=1):
    return np.random.default_rng(seed).normal(size=net.shape)


def numeric(loss, theta, h=1e-6):
    moves = h * np.eye(theta.size)
    return np.array([(loss(theta + move) - loss(theta - move)) / (2 * h) for move in moves])


def by_hand(net, theta):
    """The mean loss, sample by row, with SciPy."""
    a, layers, K = net.A[:, :-1], [], net.n_classes
    at, sizes = 0, [2, *net.hidden, K]
    for d, q in pairwise(sizes):
        layers.append((theta[at : at + d * q].reshape(d, q), theta[at + d * q : at + (d + 1) * q]))
        at += (d + 1) * q
    for W, b in layers[:-1]:
        a = G[net.activation](a @ W + b)
    W, b = layers[-1]
    log_P = sp.log_softmax(a @ W + b, axis=1)
    if net.output == "softmax_sigmoid":
        log_P = sp.log_expit(np.exp(log_P))
    loss = -(net.sample_shares * (net.Y * log_P).sum(axis=1)).sum()
    weights = sum((W**2).sum() for W, _ in layers), sum(np.abs(W).sum() for W, _ in layers)
    return loss + net.l2 / 2 * weights[0] + net.l1 * weights[1]


EVERY = list(product(ACTIVATIONS, OUTPUTS, [(), (1,), (3,), (16,), (4, 3)], [2, 3, 4]))


@pytest.mark.parametrize(("activation", "output", "hidden", "K"), EVERY)
def test_gradients_are_those_of_the_loss(activation, output, hidden, K) -> None:
    for options in ({}, {"l2": 0.3, "smoothing": 0.1, "shares": np.arange(1, 13) / 78}):
        net = network(hidden, K, activation, output, **options)
        theta = random_theta(net)
        assert_allclose(net.loss(theta), by_hand(net, theta), rtol=1e-13)
        expected = numeric(lambda t: by_hand(net, t), theta)  # noqa: B023
        assert_allclose(net.gradient(theta), expected, atol=2e-8)
        assert_array_equal(net.full_batch()(theta), net.gradient(theta))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_gradients_of_batches_add_up(activation) -> None:
    net = network((3,), 3, activation, l2=0.1, shares=np.arange(1, 13) / 78)
    theta = random_theta(net)
    batches = [np.array([0, 5, 7, 2]), np.array([1, 3, 4, 6, 8, 9, 10, 11])]
    grads = [
        net.batch_gradient(theta, net.A[batch], net.Y[batch].T, net.batch_shares(batch)[batch])
        for batch in batches
    ]
    mean = sum(len(batch) / 12 * grad for batch, grad in zip(batches, grads, strict=True))
    assert_allclose(mean, net.gradient(theta), atol=1e-14)


def test_the_list_of_one_layer_is_softmax_regression() -> None:
    net = network((), 3, l2=0.2, l1=0.1, smoothing=0.1)
    plain = Objective(net.A, net.Y, net.y, 0.1, None, 0.2, 0.1)
    thetas = RNG.normal(size=(5, 3, 3))
    flat = thetas.reshape(5, 9)
    assert_array_equal(net.losses(flat), plain.losses(thetas))
    assert_allclose(net.probabilities(flat[0]), plain.probabilities(thetas[0]), rtol=1e-14)
    assert_allclose(net.sample_losses(flat[0]), plain.sample_losses(thetas[0]), rtol=1e-14)
    grad = plain.gradient(thetas[0])
    assert_allclose(net.gradient(flat[0]), grad.ravel(), atol=1e-15)
    assert_allclose(
        net.min_norm_subgradient(flat[0], grad.ravel()), plain.min_norm_subgradient(thetas[0], grad).ravel()
    )


def test_losses_of_a_stack_do_not_depend_on_the_stack() -> None:
    for activation, output in product(ACTIVATIONS, OUTPUTS):
        net = network((5,), 3, activation, output, l2=0.01)
        thetas = RNG.normal(size=(7, *net.shape))
        together = net.losses(thetas)
        assert_array_equal(together, [net.loss(theta) for theta in thetas])
        assert_array_equal(together[3:6], net.losses(thetas[3:6]))


def test_large_weights_overflow_nothing() -> None:
    for activation, output in product(ACTIVATIONS, OUTPUTS):
        net = network((4,), 3, activation, output)
        with np.errstate(all="raise", under="ignore"):
            theta = 1e4 * random_theta(net)
            assert np.isfinite(net.loss(theta))
            assert np.isfinite(net.gradient(theta)).all()


def test_a_sigmoid_after_the_softmax_leaves_a_loss_and_weakens_the_gradient() -> None:
    right = np.array([[100.0, 0.0], [0.0, 100.0]])
    layer = [(right, np.zeros(2))]
    assert loss_and_gradient(np.eye(2), [0, 1], layer, output="softmax_sigmoid")[0] == pytest.approx(
        np.log1p(np.exp(-1))
    )
    P = forward(np.eye(2), layer, output="softmax_sigmoid")[-1]
    assert_allclose(P.sum(axis=1), sp.expit(1.0) + 0.5)  # it should be 1
    wrong = [(-0.05 * right, np.zeros(2))]
    weak = loss_and_gradient(np.eye(2), [0, 1], wrong, output="softmax_sigmoid")[1][0][0]
    usual = loss_and_gradient(np.eye(2), [0, 1], wrong)[1][0][0]
    assert np.abs(weak).max() < 0.01 * np.abs(usual).max()


def test_softmax_in_the_hidden_layer_lets_one_unit_say_nothing() -> None:
    """One unit is always 1: its weights have no gradient."""
    net = network((1,), 3, "softmax")
    first, _ = net.layers(net.gradient(random_theta(net)))
    assert_array_equal(first, 0.0)


def test_forward_returns_every_layer() -> None:
    layers = [(RNG.normal(size=(2, 3)), np.ones(3)), (RNG.normal(size=(3, 4)), np.zeros(4))]
    a0, a1, a2 = forward(X, layers, "sigmoid")
    assert_array_equal(a0, X)
    assert_allclose(a1, sp.expit(X @ layers[0][0] + 1), rtol=1e-14)
    assert_allclose(a2, sp.softmax(a1 @ layers[1][0], axis=1), rtol=1e-13)


@pytest.mark.parametrize(("activation", "output"), list(product(ACTIVATIONS, OUTPUTS)))
def test_breakdown_of_a_sample(activation, output) -> None:
    net = network((3, 2), 4, activation, output, l2=0.5, shares=np.arange(1, 13) / 78)
    theta = random_theta(net)
    parts = break_down(net, theta, 7)
    assert_allclose(parts.loss, net.sample_losses(theta)[7], rtol=1e-14)
    assert_allclose(parts.layers[-1].a, net.probabilities(theta)[:, 7], rtol=1e-14)
    incoming = X[7]
    for layer in parts.layers:
        assert_array_equal(layer.inputs, incoming)
        assert_allclose(layer.z, incoming @ layer.W + layer.b, atol=1e-14)
        assert_allclose(layer.dW, np.outer(incoming, layer.dz), atol=1e-14)
        assert_allclose(layer.numeric_W, layer.dW, atol=1e-7)
        assert_allclose(layer.numeric_z, layer.dz, atol=1e-7)
        incoming = layer.a
    for layer in parts.layers[:-1]:
        assert np.abs(layer.da).max() > 1e-3
        assert_allclose(layer.numeric_a, layer.da, atol=1e-7)
    assert np.isnan(parts.layers[-1].numeric_a).all()
    for before, behind in zip(parts.layers[:-1], parts.layers[1:], strict=True):
        assert_allclose(before.da, behind.W @ behind.dz, atol=1e-14)
        assert_allclose(before.dz, ACTIVATIONS[activation].back(before.a[:, None], before.da[:, None])[:, 0])
    if output == "softmax":
        assert_allclose(parts.layers[-1].dz, parts.layers[-1].a - parts.target, atol=1e-15)


def test_what_cancels_but_for_rounding_is_zero() -> None:
    """The second point lies in the middle, and the unit speaks for all classes alike: both gradients are 0."""
    column = np.array([0.1, 0.2, 0.3]) - np.mean([0.1, 0.2, 0.3])
    assert 0 < abs(column[1]) < 1e-16
    net = Network(
        with_ones(np.column_stack([column, [1.0, -0.3, 2.0]])), np.eye(3), np.arange(3), hidden=(2,)
    )
    theta = random_theta(net, 3)
    net.layers(theta)[1][0] = 0.1
    first, last = break_down(net, theta, 1).layers
    assert abs(last.dz.sum()) > 0, "rounding leaves something"
    for layer, row, unit in ((first, 0, slice(None)), (first, slice(None), 0)):
        assert_array_equal(layer.dW[row, unit], 0.0)
        assert_array_equal(layer.numeric_W[row, unit], 0.0)
    assert (first.inputs[0], first.da[0]) == (0.0, 0.0)
    assert np.abs(first.dW[1, 1]) > 1e-3
    small = break_down(net, 20 * theta, 1)
    assert 0 < np.abs(small.layers[-1].dz).min() < 1e-6, "what is small in truth stays"
    lost = break_down(net, np.full_like(theta, np.nan), 1)
    assert np.isnan(lost.layers[0].dW).all()


BAD = [
    (lambda: flattened([]), "a network needs at least one layer, received none"),
    (lambda: flattened([([1.0], [1.0])]), r"W of layer 1 must have shape \(any, any\), received \(1,\)"),
    (lambda: flattened([([[1.0]], [1.0, 2.0])]), r"b of layer 1 must have shape \(1,\), received \(2,\)"),
    (lambda: flattened([([[np.nan]], [1.0])]), "weights must be finite, received nan"),
    (lambda: forward([[1.0]], [([[1.0]], [0.0])], "elu"), "activation must be one of sigmoid, tanh, relu"),
    (lambda: forward([[1.0]], [([[1.0]], [0.0])], output="relu"), "output must be one of softmax, softmax_"),
    (lambda: forward([[1.0, 2.0]], [([[1.0]], [0.0])]), r"X must have shape \(any, 1\), received \(1, 2\)"),
    (lambda: loss_and_gradient(np.empty((0, 1)), [], [([[1.0]], [0.0])]), "at least one sample"),
    (lambda: loss_and_gradient([[1.0]], [1], [([[1.0]], [0.0])]), "received 1"),
    (lambda: loss_and_gradient([[1.0]], [0], [([[1.0]], [0.0])], l2=-1), "l2 must be"),
    (lambda: break_down(network((2,), 2), np.zeros(12), 12), r"sample must be a whole number in 0\.\.11"),
]


@pytest.mark.parametrize(("call", "sentence"), BAD)
def test_bad_values_are_refused(call, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        call()
