"""How good a model is beyond its loss: accuracy, confusion of classes, calibration, norms along a run.

Conventions: P (n, K) are probabilities with classes on the last axis, y (n,) the true classes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from softmax_core.validation import (
    Float64Array,
    IntArray,
    as_float_array,
    as_labels,
    as_matrix,
    check_distributions,
    whole_number,
)


def accuracy(scores: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """Compute the share of samples whose largest score is that of the true class.

    ``accuracy = mean over i of [argmax_j scores[i, j] == y[i]]``

    Parameters
    ----------
    scores : array_like, shape (n, K)
        Logits or probabilities: softmax does not change the order, so both give the same answer.
    y : array_like of int, shape (n,)
        True classes.

    Returns
    -------
    float
        In [0, 1]. On a tie the first of the largest classes is predicted, as argmax does.

    Raises
    ------
    ValueError
        If the shapes do not fit, a label is out of range, or there is no sample.

    Examples
    --------
    With zero weights every class ties, so class 0 is predicted for everything:

    >>> accuracy(np.zeros((4, 2)), [0, 1, 1, 1])
    0.25
    """
    values = as_float_array(scores, "scores")
    if values.ndim != 2 or 0 in values.shape:
        raise ValueError(f"scores must have shape (n, K) with n, K >= 1, received {values.shape}")
    labels = as_labels(y, values.shape[1], values.shape[:1])
    return float(np.mean(values.argmax(axis=1) == labels))


def confusion_matrix(y: npt.ArrayLike, predicted: npt.ArrayLike, n_classes: int) -> IntArray:
    """Count how often each true class was predicted as each class.

    ``C[i, j]`` = number of samples of class i predicted as class j

    Parameters
    ----------
    y, predicted : array_like of int, shape (n,)
        True and predicted classes.
    n_classes : int
        The number of classes K.

    Returns
    -------
    ndarray of int64, shape (K, K)
        Rows are true classes, columns predicted ones (as in scikit-learn); the entries sum to n and
        the diagonal holds the correct ones.

    Raises
    ------
    ValueError
        If the shapes differ or a label is out of range.

    Examples
    --------
    >>> confusion_matrix([0, 0, 1], [0, 1, 1], 2)
    array([[1, 1],
           [0, 1]])
    """
    true, guess = as_labels(y, n_classes), as_labels(predicted, n_classes)
    if true.shape != guess.shape:
        raise ValueError(f"y and predicted must have one shape, received {true.shape} and {guess.shape}")
    counts = np.bincount((true * n_classes + guess).ravel(), minlength=n_classes * n_classes)
    return counts.reshape(n_classes, n_classes).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Reliability:
    """How often a model is right, by the confidence of its predictions.

    The confidence of a sample is the largest of its probabilities. Bin j holds the confidences in
    (edges[j], edges[j + 1]], the first one also 0.

    Parameters
    ----------
    edges : ndarray, shape (bins + 1,)
        From 0 to 1, evenly.
    count : ndarray of int, shape (bins,)
        Samples in each bin.
    confidence, accuracy : ndarray, shape (bins,)
        Mean confidence, and share of right predictions; nan where a bin is empty.
    error : float
        Expected calibration error, ``sum_j count_j / n * abs(accuracy_j - confidence_j)``, in [0, 1].

    Examples
    --------
    >>> reliability([[0.8, 0.2]], [0], bins=2).confidence
    array([nan, 0.8])
    """

    edges: Float64Array
    count: IntArray
    confidence: Float64Array
    accuracy: Float64Array
    error: float


def reliability(P: npt.ArrayLike, y: npt.ArrayLike, bins: int = 10) -> Reliability:
    """Compare confidence with accuracy, bin by bin.

    Parameters
    ----------
    P : array_like, shape (n, K)
        Probabilities, n >= 1.
    y : array_like of int, shape (n,)
    bins : int
        At least 1.

    Returns
    -------
    Reliability

    Raises
    ------
    ValueError
        If the shapes do not fit, a row is no distribution, or there is no sample.

    Notes
    -----
    Guo, Pleiss, Sun, Weinberger, "On calibration of modern neural networks" (2017), equations 2 to 5.
    The number depends on the bins, so it is only comparable with the same ones.

    Examples
    --------
    Always sure and right half of the time: the error is the distance between the two.

    >>> result = reliability([[1.0, 0.0], [1.0, 0.0]], [0, 1])
    >>> result.error, result.count.tolist()
    (0.5, [0, 0, 0, 0, 0, 0, 0, 0, 0, 2])
    """
    probabilities, labels = _probabilities_and_labels(P, y)
    bins = whole_number("bins", bins, 1)
    n = len(labels)
    confidence = np.minimum(probabilities.max(axis=1), 1.0)
    right = probabilities.argmax(axis=1) == labels
    edges = np.arange(bins + 1) / bins
    which = _bins_of(confidence, edges)
    count = np.bincount(which, minlength=bins).astype(np.int64)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(which, weights=confidence, minlength=bins) / count
        share = np.bincount(which, weights=right.astype(np.float64), minlength=bins) / count
    gap = np.where(count > 0, np.abs(share - mean), 0.0)
    return Reliability(edges, count, mean, share, float(gap @ count) / n)


@dataclass(frozen=True, eq=False)
class ProbabilityHistogram:
    """How many samples give their true class how much probability.

    Parameters
    ----------
    edges : ndarray, shape (bins + 1,)
        From 0 to 1, evenly; bins as in `Reliability`.
    right, wrong : ndarray of int, shape (bins,)
        Samples whose most probable class is the true one, and the others.

    Examples
    --------
    >>> probability_histogram([[0.8, 0.2]], [0], bins=2).right
    array([0, 1])
    """

    edges: Float64Array
    right: IntArray
    wrong: IntArray


def probability_histogram(P: npt.ArrayLike, y: npt.ArrayLike, bins: int = 20) -> ProbabilityHistogram:
    """Count samples by the probability of their true class.

    Parameters and Raises as for `reliability`.

    Examples
    --------
    With three classes a sample can be right with less than one half:

    >>> result = probability_histogram([[0.4, 0.3, 0.3], [0.4, 0.3, 0.3]], [0, 1], bins=4)
    >>> result.right.tolist(), result.wrong.tolist()
    ([0, 1, 0, 0], [0, 1, 0, 0])
    """
    probabilities, labels = _probabilities_and_labels(P, y)
    bins = whole_number("bins", bins, 1)
    edges = np.arange(bins + 1) / bins
    of_true = probabilities[np.arange(len(labels)), labels]
    right = probabilities.argmax(axis=1) == labels
    which = _bins_of(of_true, edges)
    counts = [np.bincount(which[mask], minlength=bins).astype(np.int64) for mask in (right, ~right)]
    return ProbabilityHistogram(edges, counts[0], counts[1])


def accuracy_per_class(confusion: npt.ArrayLike) -> Float64Array:
    """Return the share of each class's samples that were recognised; nan for a class without samples.

    ``accuracy_k = C[k, k] / sum_j C[k, j]`` (also called recall).

    Parameters
    ----------
    confusion : array_like of int, shape (K, K)
        Rows are true classes: `confusion_matrix`.

    Raises
    ------
    ValueError
        If the matrix is not square.

    Examples
    --------
    90 % right on the whole, and one class is never predicted:

    >>> accuracy_per_class([[90, 0], [10, 0]])
    array([1., 0.])
    """
    counts = as_matrix(confusion, "confusion", (None, None))
    if counts.shape[0] != counts.shape[1]:
        raise ValueError(f"confusion must be square, received shape {counts.shape}")
    with np.errstate(invalid="ignore"):
        shares: Float64Array = np.diag(counts) / counts.sum(axis=1)
    return shares


def confident_mistakes(P: npt.ArrayLike, y: npt.ArrayLike) -> IntArray:
    """Return the samples whose prediction is wrong, the surest first; on a tie the earlier one.

    Parameters
    ----------
    P : array_like, shape (n, K)
        Probabilities.
    y : array_like of int, shape (n,)

    Examples
    --------
    >>> confident_mistakes([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8]], [0, 0, 0])
    array([2, 1])
    """
    values = as_float_array(P, "P")
    labels = as_labels(y, values.shape[1])
    guess = values.argmax(axis=1)
    wrong = np.flatnonzero(guess != labels)
    order: IntArray = wrong[np.argsort(-values[wrong, guess[wrong]], kind="stable")]
    return order


def norms(W: npt.ArrayLike, b: npt.ArrayLike) -> Float64Array:
    """Return the Euclidean norm of (W, b) for every step of a run.

    Parameters
    ----------
    W : array_like, shape (S + 1, m, K)
        Weights, or their gradients.
    b : array_like, shape (S + 1, K)

    Returns
    -------
    ndarray, shape (S + 1,)

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    Scaled before it is squared, so that large weights do not overflow:

    >>> norms([[[3e200]]], [[4e200]])
    array([5.e+200])
    """
    weights, biases = np.asarray(W, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if weights.ndim != 3 or biases.shape != (weights.shape[0], weights.shape[2]):
        raise ValueError(
            f"W and b must have shapes (S, m, K) and (S, K), received {weights.shape}, {biases.shape}"
        )
    both = np.concatenate([weights.reshape(len(weights), -1), biases], axis=1)
    top = np.abs(both).max(axis=1, initial=0.0)
    scale = np.where((top > 0.0) & np.isfinite(top), top, 1.0)
    norm: Float64Array = scale * np.sqrt(np.square(both / scale[:, np.newaxis]).sum(axis=1))
    return norm


def _bins_of(values: Float64Array, edges: Float64Array) -> IntArray:
    """Return the bin of each value; comparing with the edges themselves puts 0.7 into the bin that ends at 0.7."""
    return np.clip(np.searchsorted(edges, values, side="left") - 1, 0, len(edges) - 2)


def _probabilities_and_labels(P: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Float64Array, IntArray]:
    """Return probabilities and labels that belong together."""
    probabilities = as_matrix(P, "P", (None, None))
    if 0 in probabilities.shape:
        raise ValueError(f"P must have shape (n, K) with n, K >= 1, received {probabilities.shape}")
    check_distributions(probabilities, "P")
    return probabilities, as_labels(y, probabilities.shape[1], probabilities.shape[:1])
