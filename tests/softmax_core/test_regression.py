"""The linear layer against scikit-learn and finite differences; its curvature against both."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.optimize
import scipy.special as sp
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn._loss import HalfMultinomialLoss
from sklearn.linear_model import LogisticRegression
from sklearn.linear_model._linear_loss import LinearModelLoss

from softmax_core.regression import (
    curvature,
    curvature_bound,
    logits,
    loss_and_gradient,
    predict,
    predict_proba,
)


def problem(seed: int = 0, n: int = 30, d: int = 3, K: int = 4) -> tuple[np.ndarray, ...]:
    """Random X, y, W, b."""
    rng = np.random.default_rng(seed)
    shapes = rng.standard_normal((n, d)), rng.integers(0, K, n), rng.standard_normal((d, K))
    return (*shapes, rng.standard_normal(K))


def unpack(theta: np.ndarray, d: int, K: int) -> tuple[np.ndarray, np.ndarray]:
    """Split flattened (d + 1, K) parameters into W and b."""
    return theta.reshape(d + 1, K)[:-1], theta.reshape(d + 1, K)[-1]


@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_loss_and_gradient_agree_with_scikit_learn(l2: float) -> None:
    X, y, W, b = problem()
    loss, grad_W, grad_b = loss_and_gradient(X, y, W, b, l2)
    oracle = LinearModelLoss(HalfMultinomialLoss(n_classes=4), fit_intercept=True)
    coef = np.asfortranarray(np.vstack([W, b]).T)
    value, gradient = oracle.loss_gradient(coef, X, y.astype(np.float64), l2_reg_strength=l2)
    assert_allclose(loss, value, rtol=1e-14)
    assert_allclose(np.vstack([grad_W, grad_b]).T, gradient.reshape(4, 4, order="F"), atol=1e-15)


@pytest.mark.parametrize("l2", [0.0, 0.7])
def test_gradient_is_the_derivative(l2: float) -> None:
    X, y, W, b = problem(1)
    soft = np.random.default_rng(2).dirichlet(np.ones(4), 30)
    for target in (y, np.eye(4)[y], soft):
        theta = np.vstack([W, b]).ravel()

        def loss(theta: np.ndarray, target: np.ndarray = target) -> float:
            return loss_and_gradient(X, target, *unpack(theta, 3, 4), l2)[0]

        _, grad_W, grad_b = loss_and_gradient(X, target, W, b, l2)
        numeric = scipy.optimize.approx_fprime(theta, loss, 1e-7)
        assert_allclose(np.vstack([grad_W, grad_b]).ravel(), numeric, atol=1e-6)
        assert_allclose(grad_b.sum(), 0, atol=1e-15)


def test_labels_and_one_hot_targets_are_the_same() -> None:
    X, y, W, b = problem(3)
    for ours, other in zip(
        loss_and_gradient(X, y, W, b), loss_and_gradient(X, np.eye(4)[y], W, b), strict=True
    ):
        assert_allclose(ours, other, rtol=1e-15)


def test_predictions_agree_with_scikit_learn() -> None:
    X, y, _, _ = problem(4, n=80)
    model = LogisticRegression().fit(X, y)
    W, b = model.coef_.T, model.intercept_
    assert_allclose(predict_proba(X, W, b), model.predict_proba(X), rtol=1e-13)
    assert_array_equal(predict(X, W, b), model.predict(X))
    assert_allclose(logits(X, W, b), model.decision_function(X), rtol=1e-12)


def test_the_gradient_vanishes_where_scikit_learn_stops() -> None:
    X, y, _, _ = problem(5, n=60)
    l2 = 0.05
    model = LogisticRegression(C=1 / (60 * l2), tol=1e-10, max_iter=1000).fit(X, y)
    _, grad_W, grad_b = loss_and_gradient(X, y, model.coef_.T, model.intercept_, l2)
    assert_allclose(grad_W, 0, atol=1e-6)
    assert_allclose(grad_b, 0, atol=1e-6)


def numerical_hessian(X: np.ndarray, W: np.ndarray, b: np.ndarray, l2: float) -> np.ndarray:
    """Central differences of the gradient of an independently written loss."""
    n, (d, K), h = len(X), W.shape, 1e-5
    Y = np.eye(K)[np.zeros(n, int)]

    def gradient(theta: np.ndarray) -> np.ndarray:
        weights, biases = unpack(theta, d, K)
        G = (sp.softmax(X @ weights + biases, axis=1) - Y) / n
        return np.vstack([X.T @ G + l2 * weights, G.sum(0)]).ravel()

    theta = np.vstack([W, b]).ravel()
    return np.array(
        [(gradient(theta + h * e) - gradient(theta - h * e)) / (2 * h) for e in np.eye(theta.size)]
    )


@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.2, 5.0]), st.integers(1, 3), st.integers(1, 4))
def test_curvature_is_the_largest_eigenvalue(seed: int, l2: float, d: int, K: int) -> None:
    X, _, W, b = problem(seed, n=12, d=d, K=K)
    expected = np.linalg.eigvalsh(numerical_hessian(X, W, b, l2))[-1]
    assert_allclose(curvature(X, W, b, l2), expected, rtol=1e-7, atol=1e-9)
    assert curvature(X, W, b, l2) <= curvature_bound(X, l2) * (1 + 1e-12)


def test_curvature_in_closed_form() -> None:
    # One input x, zero weights: (1 / K) * (x^2 + 1), the eigenvalue of diag(p) - p p^T being 1 / K.
    for K in (2, 3, 10):
        assert_allclose(curvature([[3.0]], np.zeros((1, K)), np.zeros(K)), 10 / K, rtol=1e-14)
    assert_allclose(curvature_bound([[3.0]]), 5.0, rtol=1e-14)  # reached at K = 2
    assert_allclose(curvature([[3.0]], np.zeros((1, 1)), [0.0], l2=0.25), 0.25)
    # Two classes, surely told apart: only the penalty bends the loss.
    assert_allclose(curvature([[1.0]], [[2000.0, 0.0]], [0.0, 0.0], l2=0.5), 0.5)
    assert curvature([[1.0]], [[2000.0, 0.0]], [0.0, 0.0]) == 0.0


@pytest.mark.parametrize("features", [3, 40])
def test_weights_count_as_repetition(features: int) -> None:
    """A sample of weight 2 is that sample twice: loss, gradient, curvature and bound."""
    X, y, W, b = problem(8, n=12, d=features)
    counts = np.random.default_rng(9).integers(0, 4, 12)
    counts[0] = 2
    X2, y2, w = np.repeat(X, counts, axis=0), np.repeat(y, counts), 0.3 * counts
    pairs = [
        (loss_and_gradient(X, y, W, b, 0.1, w), loss_and_gradient(X2, y2, W, b, 0.1)),
        ((curvature(X, W, b, 0.1, w),), (curvature(X2, W, b, 0.1),)),
        ((curvature_bound(X, 0.1, w),), (curvature_bound(X2, 0.1),)),
    ]
    for ours, repeated in pairs:
        for one, other in zip(ours, repeated, strict=True):
            assert_allclose(one, other, rtol=1e-8, atol=1e-14)
    for bad, message in (
        (-w, "received -"),
        (0 * w, "only zeros"),
        (w[:3], r"shape \(12,\), received \(3,\)"),
    ):
        with pytest.raises(ValueError, match=message):
            curvature(X, W, b, 0.1, bad)


def test_overflow_is_silent_and_named() -> None:
    big = [[1e308, 1e308]]
    assert_array_equal(logits(big, np.full((2, 1), 10.0), [0.0]), [[np.inf]])
    loss, grad_W, _ = loss_and_gradient(big, [0], [[10.0, -10.0], [10.0, -10.0]], [0.0, 0.0])
    assert loss == 0.0
    assert_array_equal(grad_W, 0)
    with pytest.raises(ValueError, match="logits must be finite, received one that is"):
        curvature(big, np.full((2, 2), 10.0), [0.0, 0.0])
    for X, message in (([[np.nan]], "received nan"), (np.empty((0, 1)), r"received X with shape \(0, 1\)")):
        with pytest.raises(ValueError, match=message):
            curvature_bound(X)


def test_errors_name_what_came() -> None:
    X, y, W, b = problem()
    for arguments, message in (
        ((X[0], y, W, b), r"X must have shape \(any, any\), received \(3,\)"),
        ((X, y, W[:2], b), r"W must have shape \(3, any\), received \(2, 4\)"),
        ((X, y, W, b[:3]), r"b must have shape \(4,\), received \(3,\)"),
        ((X, y[:5], W, b), r"y must have shape \(30,\), received \(5,\)"),
        ((X, y + 1, W, b), "received 4"),
        ((X, np.full((30, 4), 0.3), W, b), "received a row with sum 1.2"),
        ((X, y, W, b, -1.0), "l2 must be a finite number of at least 0, received -1"),
        ((X[:0], y[:0], W, b), r"at least one sample, received X with shape \(0, 3\)"),
        ((X, y, W * 1j, b), "W must hold real numbers, received dtype complex128"),
    ):
        with pytest.raises(ValueError, match=message):
            loss_and_gradient(*arguments)
