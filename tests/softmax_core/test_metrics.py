"""Accuracy, confusion and calibration against scikit-learn and counts by hand; norms against NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from sklearn.calibration import calibration_curve
from sklearn.metrics import recall_score

from softmax_core.metrics import (
    accuracy,
    accuracy_per_class,
    confident_mistakes,
    confusion_matrix,
    norms,
    probability_histogram,
    reliability,
)

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


def sample(n=400, K=4, seed=0):
    rng = np.random.default_rng(seed)
    P = rng.dirichlet(np.full(K, 0.7), size=n)
    return P, rng.integers(0, K, n)


@pytest.mark.parametrize("bins", [1, 5, 10, 15])
def test_bins_are_scikit_learns(bins):
    P, y = sample()
    result = reliability(P, y, bins)
    right = P.argmax(axis=1) == y
    accuracy, confidence = calibration_curve(right, P.max(axis=1), n_bins=bins)
    filled = result.count > 0
    np.testing.assert_allclose(result.accuracy[filled], accuracy, rtol=1e-12)
    np.testing.assert_allclose(result.confidence[filled], confidence, rtol=1e-12)
    assert result.count.sum() == len(y)


def test_the_calibration_error_is_the_sum_over_the_bins():
    P, y = sample(seed=1)
    top, right = P.max(axis=1), P.argmax(axis=1) == y
    total = 0.0
    for j in range(10):
        inside = (top > j / 10) & (top <= (j + 1) / 10)
        if inside.any():
            total += inside.mean() * abs(right[inside].mean() - top[inside].mean())
    assert reliability(P, y).error == pytest.approx(total, rel=1e-12)


def test_an_edge_belongs_to_the_bin_below():
    P = [[0.7, 0.3], [0.70000001, 0.29999999]]
    assert reliability(P, [0, 0]).count.tolist() == [0, 0, 0, 0, 0, 0, 1, 1, 0, 0]


def test_a_calibrated_model_has_almost_no_error():
    rng = np.random.default_rng(2)
    P = rng.dirichlet(np.ones(3), size=200_000)
    y = (rng.random((len(P), 1)) > P.cumsum(axis=1)).sum(axis=1)
    assert reliability(P, y).error < 0.005


def test_the_histogram_counts_everything_once():
    P, y = sample()
    result = probability_histogram(P, y, 20)
    of_true = P[np.arange(len(y)), y]
    counted, _ = np.histogram(of_true, bins=20, range=(0, 1))
    np.testing.assert_array_equal(result.right + result.wrong, counted)
    assert result.right.sum() == (P.argmax(axis=1) == y).sum()
    # A class that has more than half of the probability has won.
    assert not result.wrong[10:].any()


def test_accuracy_per_class_is_recall():
    P, y = sample()
    guess = P.argmax(axis=1)
    expected = recall_score(y, guess, average=None)
    np.testing.assert_allclose(accuracy_per_class(sklearn.metrics.confusion_matrix(y, guess)), expected)
    assert np.isnan(accuracy_per_class([[0, 0], [1, 2]])[0])


def test_norms_are_those_of_the_stacked_parameters():
    rng = np.random.default_rng(0)
    W, b = rng.standard_normal((7, 3, 4)), rng.standard_normal((7, 4))
    expected = [np.linalg.norm(np.vstack([W[t], b[t]])) for t in range(7)]
    np.testing.assert_allclose(norms(W, b), expected, rtol=1e-14)
    assert norms(np.zeros((1, 2, 2)), np.zeros((1, 2))).tolist() == [0.0]


@pytest.mark.parametrize(
    ("P", "y"),
    [([[0.5, 0.6]], [0]), ([[-0.1, 1.1]], [0]), ([[np.nan, 1.0]], [0]), ([[0.5, 0.5]], [2]),
     ([[0.5, 0.5]], [0, 1]), (np.zeros((0, 2)), [])],
)  # fmt: skip
@pytest.mark.parametrize("function", [reliability, probability_histogram])
def test_bad_input_is_refused(function, P, y):
    with pytest.raises(ValueError, match="received"):
        function(P, y)


def test_other_bad_input_is_refused():
    with pytest.raises(ValueError, match=r"\(2, 3\)"):
        accuracy_per_class(np.zeros((2, 3)))
    with pytest.raises(ValueError, match=r"\(2, 2\)"):
        norms(np.zeros((2, 2)), np.zeros((2, 2)))
    with pytest.raises(ValueError, match="bins"):
        reliability([[1.0]], [0], bins=0)


def test_mistakes_are_sorted_by_how_sure_they_are() -> None:
    rng = np.random.default_rng(0)
    P, y = rng.dirichlet(np.ones(4), 200), rng.integers(0, 4, 200)
    order = confident_mistakes(P, y)
    assert set(order) == set(np.flatnonzero(P.argmax(1) != y))
    assert (np.diff(P[order].max(axis=1)) <= 0).all()
