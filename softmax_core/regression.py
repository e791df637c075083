"""Softmax regression as in textbooks, in X, W and b: a linear layer, its loss, its gradient, its curvature.

Conventions: X (n, d), W (d, K), b (K,), Z = X @ W + b (n, K); everything in float64. The loss is the
mean cross-entropy in nats + (l2 / 2) * sum(W ** 2); b is not penalised. With `sample_weight` s the mean is
``sum_i s_i * cross-entropy_i / sum_i s_i``. scikit-learn's ``coef_`` is ``W.T``. The mathematics is that of
`objective` and `curvature`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from softmax_core.curvature import curvature_bound as bound_of
from softmax_core.curvature import curvatures
from softmax_core.functional import softmax
from softmax_core.losses import cross_entropy_per_sample, soft_cross_entropy_per_sample
from softmax_core.objective import Objective, shares_of, with_ones
from softmax_core.validation import Float64Array, IntArray, as_labels, as_matrix, as_targets, finite_number


def logits(X: npt.ArrayLike, W: npt.ArrayLike, b: npt.ArrayLike) -> Float64Array:
    """Compute the logits of a linear layer, ``Z = X @ W + b``.

    Parameters
    ----------
    X : array_like, shape (n, d)
    W : array_like, shape (d, K)
    b : array_like, shape (K,)

    Returns
    -------
    ndarray of float64, shape (n, K)
        In nats; infinite or nan where the numbers are too large, without a warning.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> logits([[1, 2]], [[1, 0], [0, 1]], [10, 20])
    array([[11., 22.]])
    """
    inputs = as_matrix(X, "X", (None, None))
    weights = as_matrix(W, "W", (inputs.shape[1], None))
    biases = as_matrix(b, "b", (weights.shape[1],))
    with np.errstate(all="ignore"):
        Z: Float64Array = inputs @ weights + biases
    return Z


def predict_proba(X: npt.ArrayLike, W: npt.ArrayLike, b: npt.ArrayLike) -> Float64Array:
    """Compute the probability of every class, ``P = softmax(X @ W + b)``.

    Parameters and Raises as for `logits`.

    Returns
    -------
    ndarray of float64, shape (n, K)
        Rows sum to 1.

    Examples
    --------
    >>> predict_proba([[1.0]], [[1000.0, 0.0]], [0.0, 0.0])
    array([[1., 0.]])
    """
    P: Float64Array = softmax(logits(X, W, b)).astype(np.float64, copy=False)
    return P


def predict(X: npt.ArrayLike, W: npt.ArrayLike, b: npt.ArrayLike) -> IntArray:
    """Return the most probable class of every sample, the first one on a tie.

    Softmax does not change the order, so this is the class with the largest logit: a linear model, with
    straight boundaries. Parameters and Raises as for `logits`.

    Returns
    -------
    ndarray of int64, shape (n,)

    Examples
    --------
    >>> predict([[1.0], [-1.0]], [[1.0, -1.0]], [0.0, 0.0])
    array([0, 1])
    """
    classes: IntArray = logits(X, W, b).argmax(axis=1)
    return classes


def loss_and_gradient(
    X: npt.ArrayLike,
    Y: npt.ArrayLike,
    W: npt.ArrayLike,
    b: npt.ArrayLike,
    l2: float = 0.0,
    sample_weight: npt.ArrayLike | None = None,
) -> tuple[float, Float64Array, Float64Array]:
    """Compute the loss of softmax regression and its gradient.

    ``loss = mean cross-entropy + (l2 / 2) * sum(W ** 2)``, and with ``G = (P - Y) / n``:
    ``grad_W = X.T @ G + l2 * W``, ``grad_b = sum of the rows of G``.

    Parameters
    ----------
    X : array_like, shape (n, d)
    Y : array_like
        Class labels, int, shape (n,); or target distributions, shape (n, K).
    W, b : array_like, shapes (d, K) and (K,)
    l2 : float
        Strength of the penalty, at least 0. It is added to the gradient as l2 * W: it shrinks the
        weights, it is not a factor on the gradient.
    sample_weight : array_like, shape (n,), optional
        Weights of the samples in the mean, at least 0, not all 0; 1 / n in G is then s_i / sum(s).

    Returns
    -------
    loss : float
        In nats.
    grad_W : ndarray of float64, shape (d, K)
    grad_b : ndarray of float64, shape (K,)
        Over the classes both sum to 0, apart from the penalty.

    Raises
    ------
    ValueError
        If the shapes or labels do not fit, there is no sample, or `l2` or a weight is out of range.

    Examples
    --------
    The penalty does not touch b:

    >>> loss, grad_W, grad_b = loss_and_gradient([[0.0]], [0], [[3.0, 0.0]], [0.0, 0.0], l2=2.0)
    >>> round(loss, 4), grad_W, grad_b
    (9.6931, array([[6., 0.]]), array([-0.5,  0.5]))
    """
    l2 = finite_number("l2", l2, 0.0)
    inputs, weights = as_matrix(X, "X", (None, None)), as_matrix(W, "W", (None, None))
    Z = logits(inputs, weights, b)
    if Z.shape[0] == 0:
        raise ValueError(f"a mean needs at least one sample, received X with shape {inputs.shape}")
    theta = np.vstack([weights, as_matrix(b, "b", (Z.shape[1],))])
    with np.errstate(all="ignore"):
        # These two return the limits for infinite logits.
        if np.ndim(Y) == 1:
            targets = np.eye(Z.shape[1])[as_labels(Y, Z.shape[1])]
            losses = cross_entropy_per_sample(Z, Y)
        else:
            targets = as_targets(Y, Z.shape).astype(np.float64, copy=False)
            losses = soft_cross_entropy_per_sample(Z, targets)
        objective = _objective(inputs, targets, l2, sample_weight)
        mean = losses.mean() if objective.shares is None else objective.shares @ losses
        P = softmax(Z).astype(np.float64, copy=False)
        grad = objective.gradient_from(theta, P.T)
        return float(mean + objective.penalties(theta[np.newaxis])[0]), grad[:-1], grad[-1]


def curvature(
    X: npt.ArrayLike,
    W: npt.ArrayLike,
    b: npt.ArrayLike,
    l2: float = 0.0,
    sample_weight: npt.ArrayLike | None = None,
) -> float:
    """Compute the largest eigenvalue of the Hessian of the loss with respect to (W, b).

    ``H = sum over i of share_i * (diag(p_i) - p_i p_i^T) kron (a_i a_i^T) + l2 * D`` where a_i is x_i
    with a 1 appended, share_i is 1 / n or the sample's part of all weights, and D is 1 for the entries of
    W, 0 for those of b. The targets do not occur in it.

    Parameters
    ----------
    X, W, b
        As for `logits`.
    l2 : float
        Strength of the penalty, at least 0.
    sample_weight : array_like, shape (n,), optional
        Weights of the samples in the mean, at least 0, not all 0.

    Returns
    -------
    float
        In [0, `curvature_bound`]. Near this point 2 / curvature is the largest learning rate at
        which plain gradient descent is stable.

    Raises
    ------
    ValueError
        If the shapes do not fit, there is no sample, a number is not finite, or `l2` or a weight is out of
        range.

    Examples
    --------
    The same point with weights 0 and with large weights: where the model is sure, the loss is flat.

    >>> round(curvature([[2.0]], [[0.0, 0.0]], [0.0, 0.0]), 6)      # p (1 - p) * 2 * (2^2 + 1)
    2.5
    >>> curvature([[2.0]], [[20.0, -20.0]], [0.0, 0.0]) < 1e-30
    True
    """
    objective, theta = _at(X, W, b, l2, sample_weight)
    return float(curvatures(objective, theta[np.newaxis])[0])


def curvature_bound(X: npt.ArrayLike, l2: float = 0.0, sample_weight: npt.ArrayLike | None = None) -> float:
    """Compute a bound on `curvature` that holds for all weights W, b at once.

    ``0.5 * lambda_max(A.T @ diag(shares) @ A) + l2`` where A is X with a column of ones. Source and reason
    in `softmax_core.curvature.curvature_bound`.

    Parameters and Raises as for `curvature`.

    Returns
    -------
    float
        Gradient descent with a rate below 2 / bound lowers the loss at every step, from any start.

    Examples
    --------
    Centimetres or millimetres: the same data, a hundred times the curvature (almost).

    >>> round(curvature_bound([[3.0], [4.0]]), 2), round(curvature_bound([[30.0], [40.0]]), 2)
    (6.74, 625.49)
    """
    inputs = _finite_inputs(X)
    return bound_of(
        _objective(inputs, np.ones((len(inputs), 1)), finite_number("l2", l2, 0.0), sample_weight)
    )


def _at(
    X: npt.ArrayLike, W: npt.ArrayLike, b: npt.ArrayLike, l2: float, sample_weight: npt.ArrayLike | None
) -> tuple[Objective, Float64Array]:
    """Return an objective with uniform targets (second derivatives do not depend on them), and (W, b) stacked."""
    l2 = finite_number("l2", l2, 0.0)
    inputs, weights = _finite_inputs(X), as_matrix(W, "W", (None, None))
    Z = logits(inputs, weights, b)
    if not np.isfinite(Z).all():
        raise ValueError(f"the logits must be finite, received one that is {Z[~np.isfinite(Z)][0]}")
    theta = np.vstack([weights, as_matrix(b, "b", (Z.shape[1],))])
    return _objective(inputs, np.full(Z.shape, 1.0 / Z.shape[1]), l2, sample_weight), theta


def _objective(X: Float64Array, Y: Float64Array, l2: float, sample_weight: npt.ArrayLike | None) -> Objective:
    shares = None
    if sample_weight is not None:
        shares = shares_of(as_matrix(sample_weight, "sample_weight", (len(X),)))
    return Objective(with_ones(X), Y, shares=shares, l2=l2)


def _finite_inputs(X: npt.ArrayLike) -> Float64Array:
    """Return X as float64 (n, d) with n >= 1 and finite numbers only."""
    inputs = as_matrix(X, "X", (None, None))
    if inputs.shape[0] == 0:
        raise ValueError(f"a mean needs at least one sample, received X with shape {inputs.shape}")
    if not np.isfinite(inputs).all():
        raise ValueError(f"X must be finite, received {inputs[~np.isfinite(inputs)][0]}")
    return inputs
