"""One-hot rows and the checks at the door."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from sklearn.preprocessing import LabelBinarizer

from softmax_core.validation import (
    as_float_array,
    as_labels,
    as_matrix,
    as_targets,
    choice,
    finite_number,
    one_hot,
    whole_number,
)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=20))
def test_one_hot_agrees_with_scikit_learn(y: list[int]) -> None:
    rows = one_hot(y, 5)
    assert rows.dtype == np.float64
    assert_array_equal(rows, LabelBinarizer().fit(range(5)).transform(y))
    assert_array_equal(rows.argmax(axis=1), y)
    assert_array_equal(rows.sum(axis=1), 1)


def test_one_hot_shapes_and_errors() -> None:
    assert one_hot([], 3).shape == (0, 3)
    assert_array_equal(one_hot(1, 2), [0, 1])
    assert one_hot([[0, 1], [1, 0]], 2).shape == (2, 2, 2)
    assert_array_equal(one_hot(np.array([0], np.uint8), 1), [[1]])
    for y, K, message in (([3], 3, "received 3"), ([-1], 3, "received -1"), ([0], 0, "received 0")):
        with pytest.raises(ValueError, match=message):
            one_hot(y, K)
    with pytest.raises(ValueError, match="integers"):
        one_hot([0.5], 3)


def test_labels_too_large_for_int64_are_out_of_range() -> None:
    with pytest.raises(ValueError, match="received 18446744073709551615"):
        as_labels(np.array([2**64 - 1], np.uint64), 3)


def test_arrays_of_kept_types_are_not_copied() -> None:
    for dtype in (np.float16, np.float32, np.float64):
        array = np.ones(3, dtype)
        assert as_float_array(array) is array or np.shares_memory(as_float_array(array), array)
    with pytest.raises(ValueError, match=r"longdouble|float128|float96"):
        as_float_array(np.ones(1, np.longdouble))


def test_matrix_shapes() -> None:
    assert as_matrix([[1, 2]], "X", (None, 2)).dtype == np.float64
    for wrong in ([1, 2], [[1, 2, 3]], 5.0, np.zeros((1, 2, 1))):
        with pytest.raises(ValueError, match=r"X must have shape \(any, 2\), received"):
            as_matrix(wrong, "X", (None, 2))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_rounded_targets_pass(dtype: type) -> None:
    Y = np.random.default_rng(0).dirichlet(np.ones(100), 50).astype(dtype)
    assert as_targets(Y, Y.shape) is Y or np.shares_memory(as_targets(Y, Y.shape), Y)


def test_numbers_become_plain_python_numbers() -> None:
    assert repr(whole_number("n", np.int64(3), 0)) == "3"
    assert repr(finite_number("x", np.float32(0.5), 0)) == "0.5"
    assert repr(finite_number("x", 1, 0)) == "1.0"
    for wrong in (1.0, True, "1", None, -1, 11, float("nan")):
        with pytest.raises(ValueError, match=r"n must be a whole number in 0\.\.10, received"):
            whole_number("n", wrong, 0, 10)
    for wrong in (0, -1.0, float("inf"), float("nan"), "1", None, True):
        with pytest.raises(ValueError, match="x must be a finite number above 0, received"):
            finite_number("x", wrong, 0, above=True)
    with pytest.raises(ValueError, match="received 1000"):
        finite_number("x", 10**400, 0)


def test_choice() -> None:
    assert choice("start", "zeros", ("zeros", "random")) == "zeros"
    for wrong in ("Zeros", "", None, ["zeros"]):
        with pytest.raises(ValueError, match="start must be one of zeros, random, received"):
            choice("start", wrong, ("zeros", "random"))
