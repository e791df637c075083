"""Accuracy and confusion matrix against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from softmax_core.metrics import accuracy, confusion_matrix

PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40)


@given(PAIRS)
def test_agrees_with_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    y, predicted = np.array(pairs).T
    counts = confusion_matrix(y, predicted, 4)
    assert_array_equal(counts, sklearn.metrics.confusion_matrix(y, predicted, labels=range(4)))
    assert counts.sum() == len(pairs)
    assert accuracy(np.eye(4)[predicted], y) == sklearn.metrics.accuracy_score(y, predicted)
    assert accuracy(np.eye(4)[predicted], y) == pytest.approx(np.trace(counts) / len(pairs))


def test_ties_and_extremes() -> None:
    assert accuracy(np.zeros((3, 3)), [0, 0, 2]) == pytest.approx(2 / 3)
    assert accuracy([[-np.inf, 1e308]], [1]) == 1.0
    assert_array_equal(confusion_matrix([], [], 2), np.zeros((2, 2)))


def test_errors_name_what_came() -> None:
    with pytest.raises(ValueError, match="received 2"):
        confusion_matrix([0, 2], [0, 1], 2)
    with pytest.raises(ValueError, match="one shape"):
        confusion_matrix([0, 1], [0], 2)
    with pytest.raises(ValueError, match=r"received \(0, 2\)"):
        accuracy(np.empty((0, 2)), [])
    with pytest.raises(ValueError, match=r"received \(1,\)"):
        accuracy(np.zeros((2, 2)), [0])
