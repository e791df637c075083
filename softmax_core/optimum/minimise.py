"""The best possible weights, by Newton's method, and what to say when there are none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from softmax_core.datasets.dataset import Dataset
from softmax_core.objective import Objective, shares_of, with_ones
from softmax_core.optimum.limited_memory import limited_memory_search
from softmax_core.optimum.newton import newton_search
from softmax_core.optimum.proximal import minimise_with_l1
from softmax_core.optimum.proximal_newton import newton_with_l1
from softmax_core.progress import Watch, unwatched
from softmax_core.training import TrainConfig, objective_of
from softmax_core.validation import (
    Float64Array,
    IntArray,
    as_labels,
    as_matrix,
    as_targets,
    finite_number,
    whole_number,
)

NEWTON_WORK = (
    1e7  # multiplications of a Newton step, beyond which many cheap steps are quicker than few of those
)
NEWTON_WITH_L1 = 400  # parameters, beyond which it takes seconds
ROUNDED = 1e-6  # of the loss: weights that miss it by more have lost it to rounding
Method = Literal["newton", "lbfgs", "fista"]


@dataclass(frozen=True, eq=False)
class Optimum:
    """Where a loss is least.

    Parameters
    ----------
    W, b : ndarray, shapes (m, K) and (K,)
        The minimum; where it lies at infinity, a point on the way there. Read-only.
    loss : float
        The least possible loss in nats, penalties included. Where the optimum lies at infinity, the
        value that the loss approaches and never reaches: 0 for data that are separated completely.
    converged : bool
        Whether the search ended by itself. Also true for an optimum recognised to be at infinity.
    at_infinity : bool
        Whether no finite weights are best. Without penalty that is so for data that a linear model
        separates, even if some points lie on the boundary: larger weights are always better. It is so
        with a penalty too if a class has no samples, because b is not penalised.
    method : {"newton", "lbfgs", "fista"}
        What searched: `newton`, `limited_memory` for wide problems with an L2 penalty; with L1
        `proximal_newton`, `proximal` for wide problems.
    iterations : int
    losses : tuple of float
        The loss before every iteration, and at the end; every 50 for FISTA.
    is_rounded : bool
        Whether the search without penalty ended, but the logits of W and b on the features as they are
        cancel so much that their loss differs from `loss` by more than 1e-6 of it; `converged` is then False.
    """

    W: Float64Array
    b: Float64Array
    loss: float
    converged: bool
    at_infinity: bool
    method: Method
    iterations: int
    losses: tuple[float, ...]
    is_rounded: bool = False


def find_optimum(
    X: npt.ArrayLike,
    Y: npt.ArrayLike,
    l2: float = 0.0,
    *,
    n_classes: int | None = None,
    sample_weight: npt.ArrayLike | None = None,
    l1: float = 0.0,
    max_iterations: int = 100,
    tolerance: float = 1e-12,
) -> Optimum:
    """Find the weights with the least loss, ``loss_and_gradient(X, Y, W, b, l2)[0]``.

    Parameters
    ----------
    X : array_like, shape (n, d)
        Finite; at least one sample.
    Y : array_like
        Class labels, int, shape (n,); or target distributions, shape (n, K).
    l2, l1 : float
        Penalties (l2 / 2) * sum(W ** 2) and l1 * sum(abs(W)), at least 0.
    n_classes : int, optional
        K for labels; the largest label + 1 if not given.
    sample_weight : array_like, shape (n,), optional
        Weights of the samples in the mean, at least 0, not all 0.
    max_iterations : int
        At least 0. L-BFGS may take ten times as many, each of which costs a fraction of Newton's.
    tolerance : float
        Stop when a Newton step promises to lower the loss by less than this (nats), > 0.

    Returns
    -------
    Optimum

    Raises
    ------
    ValueError
        If shapes or labels do not fit, there is no sample, or a number is out of range.

    Notes
    -----
    Newton's method with a line search (`limited_memory` for wide problems; `proximal_newton` and `proximal`
    with L1): the step ``-H^-1 grad`` is halved until it lowers the loss by a share of what its slope
    promises (Boyd and Vandenberghe, "Convex Optimization", section 9.5). The number of correct digits doubles with every step near the optimum. When the data are separable the
    steps never become small: each adds about 1 to the logits, and the loss falls by about e. Albert and
    Anderson, "On the existence of maximum likelihood estimates in logistic regression models",
    Biometrika 71 (1984).

    Examples
    --------
    Three points of one class and one of the other, all at the same place: p = 3/4.

    >>> best = find_optimum([[0.0]] * 4, [0, 0, 0, 1])
    >>> round(best.loss, 6), best.at_infinity           # -(3/4) log(3/4) - (1/4) log(1/4)
    (0.562335, False)
    >>> find_optimum([[-1.0], [1.0]], [0, 1]).at_infinity
    True
    """
    A = as_matrix(X, "X", (None, None))
    if len(A) == 0:
        raise ValueError(f"a mean needs at least one sample, received X with shape {A.shape}")
    if not np.isfinite(A).all():
        raise ValueError(f"X must be finite, received {A[~np.isfinite(A)][0]}")
    l2, l1 = finite_number("l2", l2, 0.0), finite_number("l1", l1, 0.0)
    targets, y = _targets_and_labels(Y, len(A), n_classes)
    shares = None
    if sample_weight is not None:
        shares = shares_of(as_matrix(sample_weight, "sample_weight", (len(A),)))
    problem = Objective(with_ones(A), targets, y, 0.0, shares, l2, l1)
    return minimise(problem, max_iterations=max_iterations, tolerance=tolerance)


def _targets_and_labels(
    Y: npt.ArrayLike, n: int, n_classes: int | None
) -> tuple[Float64Array, IntArray | None]:
    """Return the target distributions of n samples, and the labels where Y holds labels."""
    if np.ndim(Y) != 1:
        return as_targets(Y, (n, np.shape(Y)[-1])).astype(np.float64), None
    largest = int(np.max(np.asarray(Y), initial=0))
    K = largest + 1 if n_classes is None else whole_number("n_classes", n_classes, 1)
    y = as_labels(Y, K)
    if len(y) != n:
        raise ValueError(f"Y must have length {n}, received {len(y)}")
    return np.eye(K)[y], y


def optimum_of(data: Dataset, config: TrainConfig) -> Optimum:
    """Find the optimum of what a config descends: its features, penalties, smoothing, class weights.

    Examples
    --------
    >>> from softmax_core.datasets import DataSpec, make
    >>> best = optimum_of(make(DataSpec("three_points")), TrainConfig(label_smoothing=0.1))
    >>> best.at_infinity, round(best.loss, 4)           # a soft target is reached at finite weights
    (False, 0.2911)
    """
    return minimise(objective_of(data, config))


def minimise(
    problem: Objective,
    *,
    max_iterations: int = 100,
    tolerance: float = 1e-12,
    watch: Watch = unwatched,
) -> Optimum:
    """Find the optimum of an objective.

    Parameters
    ----------
    problem : Objective
    max_iterations, tolerance
        As for `find_optimum`.
    watch : callable
        A `Watch`, called before every iteration with the number of those that are done and of the most there may be; a search that
        it ends has not converged. Where one method hands over to another the number begins at 0 again.

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> coin, seen = Objective(np.ones((4, 1)), np.eye(2)[[0, 0, 0, 1]]), []
    >>> minimise(coin, watch=lambda done, _most: seen.append(done) is None).iterations, seen
    (4, [0, 1, 2, 3])
    """
    max_iterations = whole_number("max_iterations", max_iterations, 0)
    tolerance = finite_number("tolerance", tolerance, 0.0, above=True)
    if problem.shares is not None and not problem.shares.all():
        problem = _without_idle_samples(problem)
    method: Method
    receding = False
    with np.errstate(all="ignore"):
        if problem.l1:
            converged = False
            if problem.A.shape[1] * problem.n_classes <= NEWTON_WITH_L1:
                method = "newton"
                theta, losses, converged = newton_with_l1(problem, watch)
                steps = len(losses) - 1
            if not converged:
                method = "fista"
                theta, losses, converged, steps = minimise_with_l1(problem, watch)
        else:
            converged = False
            if problem.l2 and _newton_work(problem) > NEWTON_WORK:
                method = "lbfgs"
                # What is left after Newton's last step is far less than it promised; after one of L-BFGS it is as much.
                fine = max(1e-3 * tolerance, 1e-15)
                theta, losses, converged = limited_memory_search(problem, 10 * max_iterations, fine, watch)
            if not converged:  # data that are almost separable curve too unevenly for it
                method = "newton"
                theta, losses, converged, receding = newton_search(problem, max_iterations, tolerance, watch)
            steps = len(losses) - 1
        infinite, is_rounded = receding or _has_idle_class(problem), False
        if converged and not (problem.l2 or problem.l1 or infinite):
            is_rounded = not abs(problem.loss(theta) - losses[-1]) <= ROUNDED * losses[-1]
            converged = not is_rounded
    theta.flags.writeable = False
    return Optimum(
        theta[:-1], theta[-1], losses[-1], converged, infinite, method, steps, tuple(losses), is_rounded
    )


def _newton_work(problem: Objective) -> float:
    """Return about how many multiplications one Newton step takes: its Hessian and the solve."""
    m, K = problem.A.shape[1], problem.n_classes
    solve = (K * m) ** 3 / 3
    return float(solve + problem.n * (m * (m + 1) / 2) * (K * (K + 1) / 2))


def _has_idle_class(problem: Objective) -> bool:
    """Whether a class has no target mass at all: its bias goes to minus infinity."""
    is_idle = bool((np.add.reduce(problem.Y, axis=0) == 0.0).any())
    return is_idle and problem.n_classes > 1 and bool(problem.A[:, -1].any())


def _without_idle_samples(problem: Objective) -> Objective:
    """Leave out samples of weight 0: they must not decide whether the rest is separable."""
    assert problem.shares is not None
    kept = problem.shares > 0.0
    y = None if problem.y is None else problem.y[kept]
    return replace(problem, A=problem.A[kept], Y=problem.Y[kept], y=y, shares=problem.shares[kept])
