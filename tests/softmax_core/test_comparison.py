"""Losses on probabilities and their gradients, against SciPy, scikit-learn, PyTorch's known values and differences."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import scipy.special as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import brier_score_loss

from softmax_core import comparison, losses
from softmax_core.losses import (
    absolute_error,
    absolute_error_gradient,
    huber,
    huber_gradient,
    squared_error,
    squared_error_gradient,
)

PAIRS = [
    (squared_error, squared_error_gradient),
    (absolute_error, absolute_error_gradient),
    (huber, huber_gradient),
    (lambda Z, Y: huber(Z, Y, delta=0.1), lambda Z, Y: huber_gradient(Z, Y, delta=0.1)),
]
IDS = ["squared", "absolute", "huber", "huber 0.1"]


def batch(seed: int = 0, n: int = 6, K: int = 4) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    y = rng.integers(K, size=n)
    return rng.normal(scale=2, size=(n, K)), np.eye(K)[y], rng.dirichlet(np.ones(K), size=n)


def test_values_by_hand() -> None:
    Z = np.log([[0.5, 0.3, 0.2]])
    Y = [[1.0, 0.0, 0.0]]
    assert squared_error(Z, Y) == pytest.approx(0.25 + 0.09 + 0.04)
    assert absolute_error(Z, Y) == pytest.approx(0.5 + 0.3 + 0.2)
    assert huber(Z, Y, delta=0.25) == pytest.approx(0.25 * (0.5 - 0.125) + 0.25 * (0.3 - 0.125) + 0.02)
    assert absolute_error_gradient(Z, Y) == pytest.approx(np.array([[-0.5, 0.3, 0.2]]))


def test_squared_error_is_scikit_learn_s_brier_score() -> None:
    Z, Y, _soft = batch()
    expected = brier_score_loss(Y.argmax(-1), sp.softmax(Z, -1), labels=range(4), scale_by_half=False)
    assert_allclose(squared_error(Z, Y), expected, rtol=1e-14)


@pytest.mark.parametrize("delta", [0.05, 0.5, 1.0, 3.0])
def test_huber_is_scipy_s(delta: float) -> None:
    for Z, Y in ((batch()[0], batch()[1]), (batch()[0], batch()[2])):
        expected = sp.huber(delta, sp.softmax(Z, -1) - Y).sum(-1).mean()
        assert_allclose(huber(Z, Y, delta=delta), expected, rtol=1e-14)


def test_huber_with_a_delta_of_1_is_half_the_squared_error() -> None:
    Z, Y, _soft = batch()
    assert_allclose(huber(Z, Y, delta=1.0), 0.5 * squared_error(Z, Y), rtol=1e-14)
    assert_allclose(huber_gradient(Z, Y, delta=1.0), 0.5 * squared_error_gradient(Z, Y), rtol=1e-14)


def test_absolute_error_of_a_label_is_twice_what_went_elsewhere() -> None:
    Z, Y, _soft = batch()
    assert_allclose(absolute_error(Z, Y), (2 * (1 - (sp.softmax(Z, -1) * Y).sum(-1))).mean(), rtol=1e-14)


@pytest.mark.parametrize(("loss", "gradient"), PAIRS, ids=IDS)
@pytest.mark.parametrize("kind", [1, 2], ids=["one-hot", "soft"])
def test_gradients_are_the_slopes(loss, gradient, kind) -> None:
    data = batch(seed=3)
    Z, Y, h = data[0], data[kind], 1e-6
    numeric = np.empty_like(Z)
    for i in np.ndindex(Z.shape):
        step = np.zeros_like(Z)
        step[i] = h
        numeric[i] = (loss(Z + step, Y) - loss(Z - step, Y)) / (2 * h)
    assert_allclose(gradient(Z, Y), numeric, atol=2e-9)
    assert_allclose(gradient(Z, Y).sum(-1), 0, atol=1e-16)


def test_gradients_are_pytorch_s() -> None:
    """torch 2.13: autograd of ((softmax(z) - y)**2).sum(), .abs().sum() and huber_loss(delta=0.5, sum)."""
    z, y = [[2.0, 1.0, 0.1]], [[0.0, 1.0, 0.0]]
    assert_allclose(squared_error_gradient(z, y)[0], TORCH["squared"], rtol=1e-12)
    assert_allclose(absolute_error_gradient(z, y)[0], TORCH["absolute"], rtol=1e-12)
    assert_allclose(huber_gradient(z, y, delta=0.5)[0], TORCH["huber"], rtol=1e-12)


TORCH = {
    "squared": [0.5254382524265813, -0.49354772776304245, -0.03189052466353878],
    "absolute": [0.3195272075958299, -0.3673184508400025, 0.047791243244172554],
    "huber": [0.18583877004920776, -0.17406670783102318, -0.011772062218184573],
}


@pytest.mark.parametrize("gap", [20.0, 40.0, 300.0])
def test_where_the_model_is_sure_the_small_gradients_keep_their_digits(gap: float) -> None:
    with mpmath.workdps(400):
        p = 1 / (1 + mpmath.e**-gap)
        squared = float(4 * p * (1 - p) * (1 - p))  # -dL/dz_0 for K = 2
        absolute = float(2 * p * (1 - p))
        wrong = float(4 * p * p * (1 - p))
    right = [[gap, 0.0]]
    assert_allclose(squared_error_gradient(right, [[1, 0]]), [[-squared, squared]], rtol=1e-13)
    assert_allclose(absolute_error_gradient(right, [[1, 0]]), [[-absolute, absolute]], rtol=1e-13)
    assert_allclose(squared_error_gradient(right, [[0, 1]]), [[wrong, -wrong]], rtol=1e-13)


def test_confidently_wrong_is_felt_by_cross_entropy_alone() -> None:
    Z, Y = [[-15.0, 0.0, 0.0]], [[1.0, 0.0, 0.0]]
    assert losses.soft_cross_entropy_gradient(Z, Y)[0, 0] == pytest.approx(-1, abs=1e-6)
    for _loss, gradient in PAIRS:
        assert 0 < -gradient(Z, Y)[0, 0] < 1e-6


@given(
    hnp.arrays(np.float64, (3, 4), elements=st.floats(-1e308, 1e308)),
    hnp.arrays(np.int64, 3, elements=st.integers(0, 3)),
)
def test_ranges_hold_for_any_logits(Z: np.ndarray, y: np.ndarray) -> None:
    Y = np.eye(4)[y]
    assert 0 <= squared_error(Z, Y) <= 2
    assert 0 <= absolute_error(Z, Y) <= 2 + 1e-15
    assert 0 <= huber(Z, Y, delta=0.3) <= 0.6
    for _loss, gradient in PAIRS:
        G = gradient(Z, Y)
        assert np.isfinite(G).all()
        assert_allclose(G.sum(-1), 0, atol=1e-15)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_in_is_dtype_out(dtype: type) -> None:
    Z, Y, _soft = batch(n=50)
    Z, Y = Z.astype(dtype), Y.astype(dtype)
    for loss, gradient in PAIRS:
        value, slope = loss(Z, Y), gradient(Z, Y)
        assert value.dtype == slope.dtype == dtype
        wide = Z.astype(np.float64), Y.astype(np.float64)
        eps = float(np.finfo(dtype).eps)
        assert_allclose(value, loss(*wide), rtol=4 * eps)
        assert_allclose(slope, gradient(*wide), rtol=30 * eps, atol=eps / 10)


def test_the_mean_is_that_of_the_samples() -> None:
    Z, Y, _soft = batch(n=7)
    pairs = [
        (squared_error, comparison.squared_error_per_sample),
        (absolute_error, comparison.absolute_error_per_sample),
        (huber, comparison.huber_per_sample),
    ]
    for loss, per_sample in pairs:
        assert_allclose(per_sample(Z, Y), [loss(z, y) for z, y in zip(Z, Y, strict=True)], rtol=1e-14)
        assert_allclose(loss(Z, Y), per_sample(Z, Y).mean(), rtol=1e-14)
        assert per_sample(np.empty((0, 3)), np.empty((0, 3))).shape == (0,)


def test_one_sample_and_leading_axes() -> None:
    Z, Y, _soft = batch(n=6)
    for loss, gradient in PAIRS:
        assert_allclose(loss(Z.reshape(2, 3, 4), Y.reshape(2, 3, 4)), loss(Z, Y), rtol=1e-14)
        assert_allclose(gradient(Z.reshape(2, 3, 4), Y.reshape(2, 3, 4)).reshape(6, 4), gradient(Z, Y))
        assert_array_equal(gradient(Z[0], Y[0]), gradient(Z[:1], Y[:1])[0])


def test_bad_input_is_named() -> None:
    for loss, gradient in PAIRS:
        for function in (loss, gradient):
            with pytest.raises(ValueError, match=r"sum 1\.1"):
                function([[0.0, 0.0]], [[0.5, 0.6]])
            with pytest.raises(ValueError, match=r"received \(1, 3\)"):
                function([[0.0, 0.0]], [[1.0, 0.0, 0.0]])
            with pytest.raises(ValueError, match="at least one sample"):
                function(np.empty((0, 3)), np.empty((0, 3)))
            with pytest.raises(ValueError, match="at least one class"):
                function(np.empty((2, 0)), np.empty((2, 0)))
    for delta in (0.0, -1.0, float("nan"), float("inf")):
        for function in (huber, huber_gradient):
            with pytest.raises(ValueError, match=f"delta .* received {delta}"):
                function([[0.0, 0.0]], [[1.0, 0.0]], delta=delta)
