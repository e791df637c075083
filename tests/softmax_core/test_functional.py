"""softmax and relatives against SciPy, mpmath, laws and the edge of the number range."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import scipy.special as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal, assert_array_max_ulp

from softmax_core.functional import (
    log_softmax,
    logsumexp,
    naive_softmax,
    sigmoid,
    softmax,
    softmax_jacobian,
)

INF, NAN = np.inf, np.nan
ROWS = hnp.arrays(
    np.float64,
    hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=6),
    elements=st.floats(-700, 700, width=64),
)


def exact_softmax(row: np.ndarray, temperature: float = 1.0) -> list[float]:
    """softmax with 60 digits."""
    with mpmath.workdps(60):
        powers = [mpmath.exp(mpmath.mpf(float(z)) / mpmath.mpf(temperature)) for z in row]
        return [float(power / mpmath.fsum(powers)) for power in powers]


@pytest.mark.parametrize("scale", [0.1, 1.0, 10.0, 300.0])
@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_agrees_with_scipy_to_four_ulp(scale: float, axis: int, dtype: type) -> None:
    Z = (scale * np.random.default_rng(1).standard_normal((300, 5))).astype(dtype)
    assert_array_max_ulp(softmax(Z, axis), sp.softmax(Z, axis), 4)
    assert_array_max_ulp(log_softmax(Z, axis), sp.log_softmax(Z, axis), 4)
    assert_array_max_ulp(logsumexp(Z, axis), sp.logsumexp(Z, axis), 4)
    Z = Z[np.abs(Z) < 80]  # beyond, SciPy's expit gives 0 where subnormal numbers still exist
    assert_array_max_ulp(sigmoid(Z), sp.expit(Z), 4)


@pytest.mark.parametrize("scale", [1.0, 4.0])
def test_float16_is_right_to_one_ulp(scale: float) -> None:
    Z = (scale * np.random.default_rng(2).standard_normal((500, 7))).astype(np.float16)
    wide = Z.astype(np.float64)
    for ours, oracle in ((softmax, sp.softmax), (log_softmax, sp.log_softmax), (logsumexp, sp.logsumexp)):
        assert_array_max_ulp(ours(Z), oracle(wide, axis=-1).astype(np.float16), 1)
    assert_array_max_ulp(sigmoid(Z), sp.expit(wide).astype(np.float16), 1)


def test_high_precision_constants() -> None:
    # mpmath, 40 digits: softmax, log-softmax and log-sum-exp of (1, 2, 3)
    assert_allclose(softmax([1, 2, 3]), [0.09003057317038046, 0.24472847105479764, 0.6652409557748219], 4e-16)
    expected = [-2.40760596444438, -1.4076059644443804, -0.4076059644443803]
    assert_allclose(log_softmax([1, 2, 3]), expected, 4e-16)
    assert_allclose(logsumexp([1, 2, 3]), 3.40760596444438, 4e-16)
    assert_allclose(sigmoid([-40.0, 2.0]), [4.248354255291589e-18, 0.8807970779778824], 4e-16)
    assert_allclose(logsumexp([0.0, -700.0]), 9.859676543759770e-305, 1e-14)


@pytest.mark.parametrize("temperature", [0.05, 0.7, 1.0, 20.0])
def test_softmax_against_mpmath(temperature: float) -> None:
    for row in 5 * np.random.default_rng(3).standard_normal((20, 4)):
        exact = exact_softmax(row, temperature)
        # The exponent, at most 600 here, is rounded to 2^-53 of itself before it is raised.
        assert_allclose(softmax(row, temperature=temperature), exact, rtol=2e-13)
        assert_allclose(np.exp(log_softmax(row, temperature=temperature)), exact, rtol=2e-13)


@given(ROWS)
def test_rows_sum_to_one_and_keep_their_order(Z: np.ndarray) -> None:
    P = softmax(Z)
    assert_allclose(P.sum(axis=-1), 1.0, rtol=1e-15 * Z.shape[-1] + 1e-15)
    assert ((P >= 0) & (P <= 1)).all()
    assert_array_equal(np.take_along_axis(P, Z.argmax(-1)[..., None], -1)[..., 0], P.max(-1))
    assert (log_softmax(Z) <= 0).all()
    lse = logsumexp(Z)
    assert ((lse >= Z.max(-1)) & (lse <= Z.max(-1) + np.log(Z.shape[-1]) * (1 + 1e-15) + 1e-12)).all()


@given(ROWS, st.integers(-50, 50))
def test_a_common_shift_changes_nothing(Z: np.ndarray, shift: int) -> None:
    assert_allclose(softmax(Z + shift), softmax(Z), rtol=1e-12, atol=1e-300)
    assert_allclose(logsumexp(Z + shift), logsumexp(Z) + shift, rtol=1e-12, atol=1e-12)


@given(ROWS, st.floats(0.05, 20))
def test_temperature_divides_the_logits(Z: np.ndarray, temperature: float) -> None:
    assert_allclose(softmax(Z, temperature=temperature), sp.softmax(Z / temperature, -1), 1e-10, 1e-300)


@given(st.floats(-800, 800))
def test_two_classes_are_the_logistic_function(z: float) -> None:
    assert_array_max_ulp(softmax([z, 0.0])[0], sigmoid(z), 4)
    assert sigmoid(z) + sigmoid(-z) == pytest.approx(1.0, rel=1e-15)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, ">f8", np.int32, np.uint8, bool])
def test_dtype_in_is_dtype_out(dtype: object) -> None:
    Z = np.array([[0, 1, 1]], dtype=dtype)
    expected = np.dtype(dtype).newbyteorder("=") if np.dtype(dtype).kind == "f" else np.float64
    results = (softmax(Z), log_softmax(Z), logsumexp(Z), naive_softmax(Z), softmax_jacobian(Z), sigmoid(Z))
    for result in (*results, softmax(Z, temperature=0.5), log_softmax(Z, temperature=0.5)):
        assert result.dtype == expected
    assert Z.tolist() == np.array([[0, 1, 1]], dtype=dtype).tolist()  # the input is left alone


@pytest.mark.parametrize(
    ("row", "p", "log_p", "lse"),
    [
        ([1e308, -1e308], [1, 0], [0, -INF], 1e308),
        ([1e308, 1e308], [0.5, 0.5], [-np.log(2)] * 2, 1e308),
        ([-1e308, -1e308], [0.5, 0.5], [-np.log(2)] * 2, -1e308),
        ([0, -INF], [1, 0], [0, -INF], 0),
        ([0, -1000], [1, 0], [0, -1000], 0),
        ([INF, 0], [1, 0], [0, -INF], INF),
        ([INF, INF, 3], [0.5, 0.5, 0], [-np.log(2), -np.log(2), -INF], INF),
        ([INF, -INF], [1, 0], [0, -INF], INF),
        ([-INF, -INF], [NAN, NAN], [NAN, NAN], -INF),
        ([NAN, 0], [NAN, NAN], [NAN, NAN], NAN),
        ([NAN, INF], [NAN, NAN], [NAN, NAN], NAN),
        ([7], [1], [0], 7),
        ([-INF], [NAN], [NAN], -INF),
    ],
)
def test_extreme_rows(row: list[float], p: list[float], log_p: list[float], lse: float) -> None:
    assert_allclose(softmax(row), p, rtol=1e-15)
    assert_allclose(log_softmax(row), log_p, rtol=1e-15)
    assert_allclose(logsumexp(row), lse, rtol=1e-15)
    # An odd row must not disturb its neighbour.
    pair = np.array([row, np.zeros(len(row))])
    assert_allclose(softmax(pair)[1], 1 / len(row))
    assert_allclose(log_softmax(pair.T, axis=0)[:, 1], -np.log(len(row)), atol=1e-16)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("temperature", [5e-324, 1e-50, 1e-3, 1e3, 1.7e308])
def test_temperature_never_overflows(dtype: type, temperature: float) -> None:
    top = float(np.finfo(dtype).max)
    Z = np.array([[top, -top], [top, top], [1, 1], [2, 1]], dtype=dtype)
    P, log_P = softmax(Z, temperature=temperature), log_softmax(Z, temperature=temperature)
    assert_allclose(P.sum(-1, dtype=float), 1, rtol=1e-3)
    assert_allclose(P[1:3], 0.5)
    assert_allclose(log_P[1:3], -np.log(2), rtol=1e-3)
    assert P[3, 0] == pytest.approx(1.0 if temperature < 1 else 0.5, abs=1e-3)


@pytest.mark.parametrize("temperature", [0, -1, INF, NAN, 0.0, "1", None, True, 1j])
def test_bad_temperature_is_named(temperature: object) -> None:
    for function in (softmax, log_softmax):
        with pytest.raises(ValueError, match="temperature") as caught:
            function([1.0, 2.0], temperature=temperature)
        assert repr(temperature) in str(caught.value)


def test_empty_shapes() -> None:
    for function in (softmax, log_softmax, naive_softmax):
        assert function(np.empty((0, 3))).shape == (0, 3)
        assert function(np.empty((2, 0, 3), np.float32)).shape == (2, 0, 3)
        assert function(np.empty((3, 0)), axis=0).shape == (3, 0)
    assert logsumexp(np.empty((0, 3))).shape == (0,)
    assert softmax_jacobian(np.empty((0, 3))).shape == (0, 3, 3)
    for function in (softmax, log_softmax, naive_softmax, logsumexp, softmax_jacobian):
        for shape in ((3, 0), (0,), (0, 0)):
            with pytest.raises(ValueError, match="class") as caught:
                function(np.empty(shape))
            assert str(shape) in str(caught.value)


def test_missing_axis_and_wrong_types() -> None:
    for function in (softmax, log_softmax, naive_softmax, logsumexp):
        with pytest.raises(ValueError, match="axis 2"):
            function(np.zeros((2, 3)), axis=2)
        with pytest.raises(ValueError, match="axis -1"):
            function(3.0)
        for wrong in ([1j, 0], ["1", "2"], [None, 1], [np.datetime64("2020-01-01")], [10**400]):
            with pytest.raises(ValueError, match="dtype"):
                function(wrong)


@pytest.mark.parametrize(
    ("dtype", "fits", "overflows"), [(np.float16, 11, 12), (np.float32, 88, 89), (np.float64, 709, 710)]
)
def test_naive_softmax_breaks_where_exp_overflows(dtype: type, fits: int, overflows: int) -> None:
    good = naive_softmax(np.array([fits, 0], dtype=dtype))
    assert_allclose(good, [1, 0], atol=2e-5)
    assert_array_equal(naive_softmax(np.array([overflows, 0], dtype=dtype)), [NAN, 0])
    assert_array_equal(softmax(np.array([overflows, 0], dtype=dtype)).round(3), [1, 0])
    assert_array_equal(naive_softmax(np.array([-1000, -1000], dtype=dtype)), [NAN, NAN])
    assert_array_equal(softmax(np.array([-1000, -1000], dtype=dtype)), [0.5, 0.5])


@given(hnp.arrays(np.float64, (5,), elements=st.floats(-3, 3)))
def test_naive_softmax_is_right_for_small_logits(z: np.ndarray) -> None:
    assert_allclose(naive_softmax(z), sp.softmax(z), rtol=1e-14)
    stack = np.stack([z, -z, z**2])
    for axis in (0, -1):
        assert_allclose(naive_softmax(stack, axis), sp.softmax(stack, axis), rtol=1e-13)


@given(hnp.arrays(np.float64, st.tuples(st.integers(1, 6)), elements=st.floats(-20, 20)))
def test_jacobian_is_the_derivative(z: np.ndarray) -> None:
    J, h = softmax_jacobian(z), 1e-5
    steps = h * np.eye(len(z))
    numeric = (sp.softmax(z + steps, axis=-1) - sp.softmax(z - steps, axis=-1)).T / (2 * h)
    assert_allclose(J, numeric, atol=1e-9)
    assert_allclose(J, J.T, atol=1e-16)
    assert_allclose(J.sum(axis=0), 0, atol=1e-16)
    assert_allclose(J.sum(axis=1), 0, atol=1e-16)
    assert np.abs(J).max() <= 0.25 + 1e-15


def test_jacobian_keeps_its_digits_when_one_class_is_sure() -> None:
    with mpmath.workdps(60):
        p = 1 / (1 + mpmath.exp(-50))
        exact = float(p * (1 - p))
    assert_allclose(softmax_jacobian([0.0, -50.0]), exact * np.array([[1, -1], [-1, 1]]), rtol=1e-14)


def test_jacobian_of_a_stack_is_the_stack_of_jacobians() -> None:
    Z = np.random.default_rng(4).standard_normal((2, 3, 4))
    J = softmax_jacobian(Z)
    assert J.shape == (2, 3, 4, 4)
    assert_allclose(J[1, 2], softmax_jacobian(Z[1, 2]), rtol=1e-15)


def test_sigmoid_at_the_ends() -> None:
    assert_array_equal(sigmoid([-INF, -1e308, 0, 1e308, INF, NAN]), [0, 0, 0.5, 1, 1, NAN])
    assert sigmoid(-745.0) > 0
    assert sigmoid(np.zeros((2, 0))).shape == (2, 0)
    assert np.ndim(sigmoid(0.0)) == 0


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_nothing_is_raised_where_the_caller_wants_every_fault_raised(dtype: type) -> None:
    top = float(np.finfo(dtype).max)
    Z = np.array([[top, -top, 0], [INF, -INF, 3], [-INF, -INF, -INF], [NAN, 0, 1], [0, -30, -700]]).astype(
        dtype
    )
    functions = (softmax, log_softmax, logsumexp, naive_softmax, softmax_jacobian, sigmoid)
    expected = [function(Z) for function in functions]
    with np.errstate(all="raise"):
        for function, want in zip(functions, expected, strict=True):
            assert_array_equal(function(Z), want)
        softmax(Z, temperature=1e-3)
        log_softmax(Z, temperature=1e-3)


def test_faults_are_told_in_the_words_of_the_reader() -> None:
    for function in (sigmoid, softmax_jacobian):
        with pytest.raises(ValueError, match=r"^z must hold real numbers, received dtype <U1$"):
            function(["a"])
    for function in (softmax, log_softmax, naive_softmax, logsumexp):
        with pytest.raises(ValueError, match=r"^Z must hold real numbers, received dtype <U1$"):
            function(["a"])
        with pytest.raises(
            ValueError, match=r"^axis -3 of the classes does not exist, received shape \(2, 3\)$"
        ):
            function(np.zeros((2, 3)), -3)
        with pytest.raises(
            ValueError, match=r"^there must be at least one class on axis 1, received shape \(2, 0\)$"
        ):
            function(np.zeros((2, 0)), 1)
    for function in (softmax, log_softmax):
        with pytest.raises(ValueError, match=r"^temperature must be a finite number above 0, received -0.5$"):
            function([1.0, 2.0], temperature=-0.5)


def test_single_numbers_come_as_numbers() -> None:
    assert isinstance(logsumexp([1.0, 2.0]), np.float64)
    assert isinstance(sigmoid(0.0), np.float64)
    assert isinstance(logsumexp(np.zeros((2, 3), np.float16))[0], np.float16)


def test_the_log_of_a_sum_with_ties_beside_others() -> None:
    np.testing.assert_allclose(logsumexp([1.0, 1.0, 0.0]), np.log(2 * np.e + 1), rtol=1e-15)
    np.testing.assert_allclose(logsumexp([[3.0, 3.0, 3.0, 2.0]]), [3 + np.log(3 + np.exp(-1))], rtol=1e-15)
    assert logsumexp(np.zeros((1, 3))).shape == (1,)  # only the axis that was summed goes
