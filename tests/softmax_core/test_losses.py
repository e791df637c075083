"""Losses and their gradients against scikit-learn, SciPy, mpmath, PyTorch's values, differences and laws."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import scipy.special as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import brier_score_loss, log_loss

from softmax_core import losses
from softmax_core.losses import (
    absolute_error,
    absolute_error_gradient,
    cross_entropy,
    cross_entropy_gradient,
    cross_entropy_per_sample,
    huber,
    huber_gradient,
    soft_cross_entropy,
    soft_cross_entropy_gradient,
    soft_cross_entropy_per_sample,
    squared_error,
    squared_error_gradient,
)

INF, NAN = np.inf, np.nan


def batch(n: int = 40, K: int = 5, scale: float = 3.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Random logits, labels and soft targets."""
    rng = np.random.default_rng(n + K)
    return scale * rng.standard_normal((n, K)), rng.integers(0, K, n), rng.dirichlet(np.ones(K), n)


def test_agrees_with_scikit_learn_and_scipy() -> None:
    Z, y, Y = batch()
    assert_allclose(cross_entropy(Z, y), log_loss(y, sp.softmax(Z, -1), labels=range(5)), rtol=1e-13)
    assert_allclose(soft_cross_entropy(Z, Y), -(Y * sp.log_softmax(Z, -1)).sum(-1).mean(), rtol=1e-13)
    oracle = sp.logsumexp(Z, -1) - Z[np.arange(40), y]
    assert_allclose(cross_entropy_per_sample(Z, y), oracle, rtol=1e-11, atol=1e-14)


def test_no_ceiling_and_no_floor() -> None:
    assert cross_entropy([[0.0, 60.0]], [0]) == 60.0
    assert soft_cross_entropy([[0.0, 60.0]], [[1.0, 0.0]]) == 60.0
    assert cross_entropy([[0.0, 1e308]], [0]) == 1e308
    assert cross_entropy([[-1e308, 1e308]], [0]) == INF  # 2e308 is no float64
    with mpmath.workdps(50):
        tiny = float(mpmath.log1p(mpmath.exp(-60)))
    assert_allclose(cross_entropy([[0.0, 60.0]], [1]), tiny, rtol=1e-14)
    assert_allclose(soft_cross_entropy([[0.0, 60.0]], [[0.0, 1.0]]), tiny, rtol=1e-14)


def test_worked_examples() -> None:
    # Four classes, the true one has probability 0.2: -log 0.2.
    assert_allclose(cross_entropy(np.log([[0.3, 0.1, 0.2, 0.4]]), [2]), 1.6094379124341003, rtol=1e-15)
    assert_allclose(cross_entropy(np.zeros((3, 10)), [0, 4, 9]), 2.302585092994046, rtol=1e-15)


@pytest.mark.parametrize(
    ("row", "y", "loss"),
    [
        ([-INF, 0], 0, INF),
        ([-INF, 0], 1, 0),
        ([INF, 0], 0, 0),
        ([INF, 0], 1, INF),
        ([INF, INF], 0, np.log(2)),
        ([-INF, -INF], 0, NAN),
        ([NAN, 0], 1, NAN),
        ([5], 0, 0),
    ],
)
def test_extreme_rows(row: list[float], y: int, loss: float) -> None:
    assert_allclose(cross_entropy_per_sample([row], [y]), [loss], rtol=1e-15)
    assert_allclose(cross_entropy(row, y), loss, rtol=1e-15)
    assert_allclose(soft_cross_entropy_per_sample([row], [np.eye(len(row))[y]]), [loss], rtol=1e-15)


def test_no_mass_on_an_impossible_class_costs_nothing() -> None:
    assert_allclose(soft_cross_entropy([[0, 0, -INF]], [[0.5, 0.5, 0]]), np.log(2), rtol=1e-15)
    assert soft_cross_entropy([[0, 0, -INF]], [[0.5, 0.25, 0.25]]) == INF


@given(hnp.arrays(np.float64, (4, 3), elements=st.floats(-700, 700)), st.lists(st.integers(0, 2), min_size=4))
def test_one_hot_targets_are_labels(Z: np.ndarray, labels: list[int]) -> None:
    y = labels[:4]
    Y = np.eye(3)[y]
    assert_allclose(soft_cross_entropy_per_sample(Z, Y), cross_entropy_per_sample(Z, y), rtol=1e-15)
    assert_array_equal(soft_cross_entropy_gradient(Z, Y), cross_entropy_gradient(Z, y))
    assert (cross_entropy_per_sample(Z, y) >= 0).all()


@given(hnp.arrays(np.float64, (3, 4), elements=st.floats(-30, 30)))
def test_never_below_the_entropy_of_the_target(Z: np.ndarray) -> None:
    Y = np.random.default_rng(5).dirichlet(np.ones(4), 3)
    entropy = sp.entr(Y).sum(-1)
    assert (soft_cross_entropy_per_sample(Z, Y) >= entropy - 1e-12).all()
    assert_allclose(soft_cross_entropy_per_sample(np.log(Y), Y), entropy, rtol=1e-12)
    assert_allclose(soft_cross_entropy_gradient(np.log(Y), Y), 0, atol=1e-16)


def test_gradient_is_the_derivative_of_the_mean() -> None:
    Z, y, Y = batch(n=6, K=4)
    h = 1e-6
    for loss, gradient, target in (
        (cross_entropy, cross_entropy_gradient, y),
        (soft_cross_entropy, soft_cross_entropy_gradient, Y),
    ):
        numeric = np.empty_like(Z)
        for index in np.ndindex(*Z.shape):
            step = np.zeros_like(Z)
            step[index] = h
            numeric[index] = (loss(Z + step, target) - loss(Z - step, target)) / (2 * h)
        assert_allclose(gradient(Z, target), numeric, atol=1e-9)
        assert_allclose(gradient(Z, target).sum(-1), 0, atol=1e-16)


def test_gradient_is_p_minus_y_over_n() -> None:
    Z, y, Y = batch(n=7)
    assert_allclose(cross_entropy_gradient(Z, y), (sp.softmax(Z, -1) - np.eye(5)[y]) / 7, rtol=1e-14)
    assert_allclose(soft_cross_entropy_gradient(Z, Y), (sp.softmax(Z, -1) - Y) / 7, rtol=1e-14, atol=1e-17)
    assert_array_equal(cross_entropy_gradient([[1e308, -1e308]], [1]), [[1, -1]])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_in_is_dtype_out(dtype: type) -> None:
    Z, y, Y = batch(n=2000)
    Z, Y = Z.astype(dtype), Y.astype(dtype)
    rtol = 2 * float(np.finfo(dtype).eps)
    wide = Z.astype(np.float64)
    for result, oracle in (
        (cross_entropy(Z, y), (sp.logsumexp(wide, -1) - wide[np.arange(2000), y]).mean()),
        (soft_cross_entropy(Z, Y), -(Y.astype(float) * sp.log_softmax(wide, -1)).sum(-1).mean()),
        (cross_entropy_gradient(Z, y), (sp.softmax(wide, -1) - np.eye(5)[y]) / 2000),
    ):
        assert result.dtype == dtype
        assert_allclose(result, oracle, rtol=max(rtol, 1e-6 if dtype == np.float32 else 0), atol=1e-7)
    assert soft_cross_entropy_gradient(Z, Y).dtype == dtype
    assert cross_entropy_per_sample(Z, y).dtype == dtype


def test_leading_axes() -> None:
    Z, y, Y = batch(n=12)
    stack, labels, targets = Z.reshape(3, 4, 5), y.reshape(3, 4), Y.reshape(3, 4, 5)
    assert cross_entropy(stack, labels) == cross_entropy(Z, y)
    assert soft_cross_entropy(stack, targets) == soft_cross_entropy(Z, Y)
    assert_array_equal(cross_entropy_gradient(stack, labels).reshape(12, 5), cross_entropy_gradient(Z, y))
    assert cross_entropy_per_sample(np.empty((0, 3)), np.empty(0, int)).shape == (0,)


@pytest.mark.parametrize("loss", [cross_entropy, cross_entropy_per_sample, cross_entropy_gradient])
def test_bad_labels_are_named(loss: object) -> None:
    for y, message in (
        ([0, 3], "received 3"),
        ([-1, 0], "received -1"),
        ([0.0, 1.0], "received dtype float64"),
        ([True, False], "received dtype bool"),
        ([0], r"received \(1,\)"),
        ([[0, 1]], r"received \(1, 2\)"),
    ):
        with pytest.raises(ValueError, match=message):
            loss(np.zeros((2, 3)), y)
    with pytest.raises(ValueError, match=r"at least one class.*\(2, 0\)"):
        loss(np.zeros((2, 0)), [0, 0])


@pytest.mark.parametrize(
    "loss", [soft_cross_entropy, soft_cross_entropy_per_sample, soft_cross_entropy_gradient]
)
def test_bad_targets_are_named(loss: object) -> None:
    for Y, message in (
        ([[0.5, 0.6]], "received a row with sum 1.1"),
        ([[1.5, -0.5]], "received -0.5"),
        ([[NAN, 1]], "received nan"),
        ([[INF, 0]], "received a row with sum inf"),
        ([[1.0, 0.0, 0.0]], r"received \(1, 3\)"),
        ([0.5, 0.5], r"received \(2,\)"),
        ([["a", "b"]], "received dtype"),
    ):
        with pytest.raises(ValueError, match=message):
            loss(np.zeros((1, 2)), Y)


def test_a_mean_of_nothing_is_refused() -> None:
    for loss in (cross_entropy, cross_entropy_gradient):
        with pytest.raises(ValueError, match="at least one sample"):
            loss(np.empty((0, 3)), [])
    for loss in (soft_cross_entropy, soft_cross_entropy_gradient):
        with pytest.raises(ValueError, match="at least one sample"):
            loss(np.empty((0, 3)), np.empty((0, 3)))


PAIRS = [
    (squared_error, squared_error_gradient),
    (absolute_error, absolute_error_gradient),
    (huber, huber_gradient),
    (lambda Z, Y: huber(Z, Y, delta=0.1), lambda Z, Y: huber_gradient(Z, Y, delta=0.1)),
]
IDS = ["squared", "absolute", "huber", "huber 0.1"]


def batch_on_probabilities(
    seed: int = 0, n: int = 6, K: int = 4
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
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
    Z, Y, _soft = batch_on_probabilities()
    expected = brier_score_loss(Y.argmax(-1), sp.softmax(Z, -1), labels=range(4), scale_by_half=False)
    assert_allclose(squared_error(Z, Y), expected, rtol=1e-14)


@pytest.mark.parametrize("delta", [0.05, 0.5, 1.0, 3.0])
def test_huber_is_scipy_s(delta: float) -> None:
    for Z, Y in (
        (batch_on_probabilities()[0], batch_on_probabilities()[1]),
        (batch_on_probabilities()[0], batch_on_probabilities()[2]),
    ):
        expected = sp.huber(delta, sp.softmax(Z, -1) - Y).sum(-1).mean()
        assert_allclose(huber(Z, Y, delta=delta), expected, rtol=1e-14)


def test_huber_with_a_delta_of_1_is_half_the_squared_error() -> None:
    Z, Y, _soft = batch_on_probabilities()
    assert_allclose(huber(Z, Y, delta=1.0), 0.5 * squared_error(Z, Y), rtol=1e-14)
    assert_allclose(huber_gradient(Z, Y, delta=1.0), 0.5 * squared_error_gradient(Z, Y), rtol=1e-14)


def test_absolute_error_of_a_label_is_twice_what_went_elsewhere() -> None:
    Z, Y, _soft = batch_on_probabilities()
    assert_allclose(absolute_error(Z, Y), (2 * (1 - (sp.softmax(Z, -1) * Y).sum(-1))).mean(), rtol=1e-14)


@pytest.mark.parametrize(("loss", "gradient"), PAIRS, ids=IDS)
@pytest.mark.parametrize("kind", [1, 2], ids=["one-hot", "soft"])
def test_gradients_are_the_slopes(loss, gradient, kind) -> None:
    data = batch_on_probabilities(seed=3)
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
def test_losses_on_probabilities_keep_the_dtype(dtype: type) -> None:
    Z, Y, _soft = batch_on_probabilities(n=50)
    Z, Y = Z.astype(dtype), Y.astype(dtype)
    for loss, gradient in PAIRS:
        value, slope = loss(Z, Y), gradient(Z, Y)
        assert value.dtype == slope.dtype == dtype
        wide = Z.astype(np.float64), Y.astype(np.float64)
        eps = float(np.finfo(dtype).eps)
        assert_allclose(value, loss(*wide), rtol=4 * eps)
        assert_allclose(slope, gradient(*wide), rtol=30 * eps, atol=eps / 10)


def test_the_mean_is_that_of_the_samples() -> None:
    Z, Y, _soft = batch_on_probabilities(n=7)
    pairs = [
        (squared_error, losses.squared_error_per_sample),
        (absolute_error, losses.absolute_error_per_sample),
        (huber, losses.huber_per_sample),
    ]
    for loss, per_sample in pairs:
        assert_allclose(per_sample(Z, Y), [loss(z, y) for z, y in zip(Z, Y, strict=True)], rtol=1e-14)
        assert_allclose(loss(Z, Y), per_sample(Z, Y).mean(), rtol=1e-14)
        assert per_sample(np.empty((0, 3)), np.empty((0, 3))).shape == (0,)


def test_one_sample_and_leading_axes() -> None:
    Z, Y, _soft = batch_on_probabilities(n=6)
    for loss, gradient in PAIRS:
        assert_allclose(loss(Z.reshape(2, 3, 4), Y.reshape(2, 3, 4)), loss(Z, Y), rtol=1e-14)
        assert_allclose(gradient(Z.reshape(2, 3, 4), Y.reshape(2, 3, 4)).reshape(6, 4), gradient(Z, Y))
        assert_array_equal(gradient(Z[0], Y[0]), gradient(Z[:1], Y[:1])[0])


def test_bad_input_of_losses_on_probabilities_is_named() -> None:
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


EXTREMES = [[1e4, -1e4, 0], [INF, -INF, 3], [-INF, -INF, -INF], [NAN, 0, 1], [0, -30, -700]]
ALL = [
    (cross_entropy, cross_entropy_per_sample, cross_entropy_gradient),
    (soft_cross_entropy, soft_cross_entropy_per_sample, soft_cross_entropy_gradient),
    (squared_error, losses.squared_error_per_sample, squared_error_gradient),
    (absolute_error, losses.absolute_error_per_sample, absolute_error_gradient),
    (huber, losses.huber_per_sample, huber_gradient),
]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("functions", ALL, ids=lambda functions: functions[0].__name__)
def test_nothing_is_raised_where_the_caller_wants_every_fault_raised(functions: tuple, dtype: type) -> None:
    Z, y = np.array(EXTREMES).astype(dtype), np.array([1, 0, 2, 1, 1])
    truth = y if functions[0] is cross_entropy else np.eye(3)[y]
    expected = [function(Z, truth) for function in functions]
    with np.errstate(all="raise"):
        for function, want in zip(functions, expected, strict=True):
            assert_array_equal(function(Z, truth), want)


@pytest.mark.parametrize("functions", ALL, ids=lambda functions: functions[0].__name__)
def test_faults_are_told_in_the_words_of_the_reader(functions: tuple) -> None:
    hard = functions[0] is cross_entropy
    for function in functions:
        with pytest.raises(ValueError, match=r"^Z must hold real numbers, received dtype <U1$"):
            function([["a", "b"]], [0] if hard else [[0, 1]])
        with pytest.raises(
            ValueError, match=r"^there must be at least one class on axis -1, received shape \(2, 0\)$"
        ):
            function(np.zeros((2, 0)), [0, 0] if hard else np.zeros((2, 0)))
        with pytest.raises(ValueError, match=r"^axis -1 of the classes does not exist, received shape"):
            function(3.0, 0 if hard else 1.0)
    nothing = (np.empty((0, 3)), np.empty(0, int) if hard else np.empty((0, 3)))
    with pytest.raises(ValueError, match=r"^a mean needs at least one sample, received 0 samples$"):
        functions[0](*nothing)
    with pytest.raises(ValueError, match=r"^a mean needs at least one sample, received shape \(0, 3\)$"):
        functions[2](*nothing)
    if functions[0] is huber:
        for function in functions:
            with pytest.raises(ValueError, match=r"^delta must be a finite number above 0, received -2$"):
                function([[0.0, 0.0]], [[1.0, 0.0]], delta=-2)


def test_huber_s_delta_is_a_half_unless_it_is_given() -> None:
    Z, Y = [[0.0, 3.0]], [[1.0, 0.0]]
    for function in ALL[-1]:
        assert_array_equal(function(Z, Y), function(Z, Y, delta=0.5))
        assert (function(Z, Y) != function(Z, Y, delta=0.75)).all()


def test_a_single_class_leaves_nothing_to_learn() -> None:
    for functions in ALL:
        truth = [0, 0] if functions[0] is cross_entropy else [[1.0], [1.0]]
        for function in functions:
            assert not np.any(function([[5.0], [-3.0]], truth))


def test_single_numbers_come_as_numbers() -> None:
    for loss, per_sample, _gradient in ALL:
        truth = 0 if loss is cross_entropy else [1.0, 0.0]
        assert isinstance(loss([0.0, 1.0], truth), np.float64)
        assert isinstance(per_sample([0.0, 1.0], truth), np.float64)
        assert loss([0.0, 1.0], truth) == per_sample([0.0, 1.0], truth)
