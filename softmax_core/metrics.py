"""How often the most probable class is the true one, and which classes are confused."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from softmax_core.validation import IntArray, as_float_array, as_labels


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
    labels = as_labels(y, values.shape[1])
    if labels.shape != values.shape[:1]:
        raise ValueError(f"y must have shape {values.shape[:1]}, received {labels.shape}")
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
