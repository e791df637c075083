"""Sums of Kronecker products against numpy.kron, grey pictures, and one product against a loop."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from softmax_core.layers import (
    BIASES,
    TYPICAL,
    WEIGHTS,
    grey_pictures,
    kronecker_layer,
    kronecker_sum,
    parameter_count,
    time_both,
)


def factors(n: int, rows: int, columns: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, n, n)), rng.standard_normal((n, rows, columns))


@given(st.integers(1, 5), st.integers(1, 4), st.integers(1, 4), st.integers(0, 10_000))
def test_the_sum_agrees_with_numpy(n: int, rows: int, columns: int, seed: int) -> None:
    A, S = factors(n, rows, columns, seed)
    dense = sum(np.kron(a, s) for a, s in zip(A, S, strict=True))
    assert kronecker_sum(A, S).shape == (n * rows, n * columns)
    assert_allclose(kronecker_sum(A, S), dense, rtol=1e-12, atol=1e-12)


@given(st.integers(1, 5), st.integers(1, 4), st.integers(1, 4), st.integers(0, 6), st.integers(0, 10_000))
def test_the_layer_agrees_with_the_dense_one(
    n: int, rows: int, columns: int, samples: int, seed: int
) -> None:
    A, S = factors(n, rows, columns, seed)
    X = np.random.default_rng(seed + 1).standard_normal((samples, n * rows))
    dense = sum(np.kron(a, s) for a, s in zip(A, S, strict=True))
    assert_allclose(kronecker_layer(X, A, S), X @ dense, rtol=1e-10, atol=1e-10)


@given(st.integers(2, 6), st.integers(1, 6), st.integers(1, 6))
def test_the_count_is_the_number_of_entries(n: int, rows: int, columns: int) -> None:
    A, S = factors(n, rows, columns, 0)
    assert parameter_count(n * rows, n * columns, n) == A.size + S.size
    assert parameter_count(n * rows, n * columns) == np.empty((n * rows, n * columns)).size


def test_quaternion_multiplication_is_a_sum_of_four() -> None:
    # Hamilton's table: 1, i, j, k acting from the right on the row (a, b, c, d).
    one = np.eye(4)
    i = np.array([[0, 1, 0, 0], [-1, 0, 0, 0], [0, 0, 0, -1], [0, 0, 1, 0]])
    j = np.array([[0, 0, 1, 0], [0, 0, 0, 1], [-1, 0, 0, 0], [0, -1, 0, 0]])
    k = np.array([[0, 0, 0, 1], [0, 0, -1, 0], [0, 1, 0, 0], [-1, 0, 0, 0]])
    S = np.array([5.0, 6, 7, 8]).reshape(4, 1, 1)
    # (1 + 2i + 3j + 4k)(5 + 6i + 7j + 8k) = -60 + 12i + 30j + 24k
    assert_array_equal(kronecker_layer([[1, 2, 3, 4]], [one, i, j, k], S), [[-60, 12, 30, 24]])


def test_errors_name_what_came() -> None:
    with pytest.raises(ValueError, match="received n = 3, d = 8, q = 6"):
        parameter_count(8, 6, 3)
    with pytest.raises(ValueError, match="q must be a whole number of at least 1, received 0"):
        parameter_count(8, 0)
    with pytest.raises(ValueError, match=r"A must have shape \(2, 2, 2\), received \(2, 2\)"):
        kronecker_sum(np.eye(2), np.ones((2, 1, 1)))
    with pytest.raises(ValueError, match=r"X must have shape \(any, 4\), received \(1, 3\)"):
        kronecker_layer(np.ones((1, 3)), np.ones((2, 2, 2)), np.ones((2, 2, 1)))


def test_the_hand_made_weights_know_the_typical_pictures() -> None:
    P = scipy.special.softmax(TYPICAL @ WEIGHTS + BIASES, axis=1)
    assert_array_equal(P.argmax(axis=1), [0, 1, 2])
    assert P.max(axis=1).min() > 0.85


def test_pictures_are_greys_with_two_decimals_and_the_seed_decides() -> None:
    X, y = grey_pictures(400, 3)
    assert X.min() >= 0
    assert X.max() <= 1
    assert_array_equal(X, np.round(X, 2))
    assert set(y) == {0, 1, 2}
    again, labels = grey_pictures(40, 3)
    assert_array_equal(again, X[:40])
    assert_array_equal(labels, y[:40])
    assert (grey_pictures(40, 4)[0] != again).any()


def test_noise_is_what_it_says() -> None:
    X, y = grey_pictures(4000, 0, noise=0.05)
    middle = (TYPICAL[y] > 0.15) & (TYPICAL[y] < 0.85)  # far enough from the ends not to be clipped
    assert (X - TYPICAL[y])[middle].std() == pytest.approx(0.05, rel=0.05)


def test_times_are_measured_and_a_long_loop_takes_longer() -> None:
    timing = time_both([1, 2048], 16, 10)
    assert timing.sizes == (1, 2048)
    assert min(*timing.loop, *timing.product) > 0
    assert timing.loop[1] > 5 * timing.loop[0]
    assert timing.loop[1] > timing.product[1]
    assert timing.difference < 1e-10


def test_errors_of_pictures_and_timing_name_what_came() -> None:
    with pytest.raises(ValueError, match="received 0"):
        grey_pictures(0, 0)
    with pytest.raises(ValueError, match="received -1"):
        grey_pictures(1, -1)
    with pytest.raises(ValueError, match="received nan"):
        grey_pictures(1, 0, float("nan"))
    with pytest.raises(ValueError, match="at least one size, received"):
        time_both([], 1, 1)
    with pytest.raises(ValueError, match="received 0"):
        time_both([0], 1, 1)
