"""How long it takes to fit: SoftmaxRegression against scikit-learn's lbfgs, newton-cholesky and newton-cg.

Run ``python -m bench.estimator_speed``; ``--only wide`` for the five larger tasks. Times are compared at equal
loss: every scikit-learn solver gets the loosest tolerance with which it comes within 1e-8 nats of the least loss
that anybody found (or, with ``--defaults``, its default tolerance, however far that leads); ours runs as it is
delivered, to the optimum. The contestants take turns within every round, so that a slow spell of the machine hits
all of them; ratios are of medians. BLAS gets as many threads as ``--threads`` says: one, as in the app.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import sklearn
from scipy.special import log_softmax
from sklearn.datasets import load_digits, make_classification
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from bench.support.rounds import in_turns
from softmax_core.datasets import DataSpec, make
from softmax_core.estimator import SoftmaxRegression

GAP = 1e-8  # nats
SOLVERS = ("lbfgs", "newton-cholesky", "newton-cg")
Points = tuple[np.ndarray, np.ndarray]


def plane(kind: str, n: int, **settings: Any) -> Callable[[], Points]:
    """A data set of the app."""

    def points() -> Points:
        data = make(DataSpec(kind, n=n, **settings))
        return data.X, data.y

    return points


def wide(n: int, d: int, n_classes: int) -> Callable[[], Points]:
    """Clouds at the corners of a cube, a fifth of the features combinations of others, the rest noise."""
    return lambda: make_classification(
        n, d, n_informative=d // 2, n_redundant=d // 5, n_classes=n_classes, random_state=0
    )


TASKS: dict[str, dict[str, Callable[[], Points]]] = {
    "plane": {
        "iris, petals": plane("iris", 150),
        "blobs n=300 K=2": plane("blobs", 300, n_classes=2),
        "blobs n=300 K=3": plane("blobs", 300, n_classes=3),
        "blobs n=300 K=10": plane("blobs", 300, n_classes=10),
        "overlap n=1000": plane("overlap", 1000),
        "moons n=5000 K=2": plane("moons", 5000, n_classes=2),
        "blobs n=5000 K=10": plane("blobs", 5000, n_classes=10, noise=2.0),
    },
    "wide": {
        "1,000 x 2 K=4": plane("blobs", 1000, n_classes=4, noise=2.0),
        "100,000 x 10 K=3": wide(100_000, 10, 3),
        "digits 1,797 x 64 K=10": lambda: load_digits(return_X_y=True),
        "20,000 x 100 K=5": wide(20_000, 100, 5),
        "10,000 x 75 K=12": wide(10_000, 75, 12),
    },
}
GOALS = {"plane": 3.0, "wide": 1.0}


def loss(model: Any, points: Points) -> float:
    """The mean loss in nats that both packages minimise, from the fitted coefficients."""
    X, y = points
    Z = X @ model.coef_.T + model.intercept_
    if Z.shape[1] == 1:
        Z = np.hstack([np.zeros_like(Z), Z])
    data_part = -log_softmax(Z, axis=1)[np.arange(len(y)), y].mean()
    return float(data_part + (model.coef_**2).sum() / (2.0 * model.C * len(y)))


def tuned(solver: str, points: Points, least: float) -> LogisticRegression | None:
    """The solver with the loosest tolerance that reaches the loss; None if none does."""
    for exponent in range(4, 15):
        model = LogisticRegression(solver=solver, tol=10.0**-exponent, max_iter=10_000)
        if loss(model.fit(*points), points) <= least + GAP:
            return model
    return None


def measure(models: dict[str, Any], points: Points, rounds: int) -> dict[str, float]:
    """Median seconds per fit, in turns."""
    fits: dict[str, Callable[[], object]] = {
        name: lambda model=model: model.fit(*points) for name, model in models.items()
    }
    return {name: statistics.median(times) for name, times in in_turns(fits, rounds).items()}


def table(group: str, rounds: int, defaults: bool) -> None:
    """Measure the tasks of a group and print a row for each."""
    print(f"{'':24}{'ours':>9}" + "".join(f"{solver:>17}{'ratio':>7}{'gap':>9}" for solver in SOLVERS))
    ratios = []
    for name, make_points in TASKS[group].items():
        points = make_points()
        models: dict[str, Any] = {"ours": SoftmaxRegression().fit(*points)}
        least = loss(models["ours"], points)
        for solver in SOLVERS:
            model = (
                LogisticRegression(solver=solver).fit(*points) if defaults else tuned(solver, points, least)
            )
            if model is not None:
                models[solver] = model
        gaps = {solver: loss(model, points) - least for solver, model in models.items()}
        medians = measure(models, points, rounds)
        row = f"{name:24}{1e3 * medians['ours']:9.2f}"
        for solver in SOLVERS:
            if solver in medians:
                ratio = medians[solver] / medians["ours"]
                ratios.append(ratio)
                row += f"{1e3 * medians[solver]:17.2f}{ratio:7.1f}{gaps[solver]:9.0e}"
            else:
                row += f"{'not reached':>33}"
        print(row, flush=True)
    print(f"\nThe smallest ratio is {min(ratios):.1f} (goal: at least {GOALS[group]:.0f}).\n")


def main() -> None:
    """Measure and print a table for each group."""
    parser = argparse.ArgumentParser(description="Time fits at equal loss.")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--threads", type=int, default=1, help="of BLAS")
    parser.add_argument("--only", choices=list(TASKS), help="one group of tasks")
    parser.add_argument("--defaults", action="store_true", help="scikit-learn with its default tolerance")
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # a solver that does not converge is run again with a smaller tolerance
    load_before = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"Fits, C=1; median of {options.rounds} interleaved rounds, milliseconds;")
    print("ratio = time / time of SoftmaxRegression; gap = loss above ours, in nats\n")
    with threadpool_limits(options.threads):
        for group in [options.only] if options.only else TASKS:
            table(group, options.rounds, options.defaults)
    versions = (
        f"Python {platform.python_version()}, NumPy {np.__version__}, scikit-learn {sklearn.__version__}"
    )
    load_after = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"{versions}; {platform.machine()}, {os.cpu_count()} cores, {options.threads} BLAS threads,")
    print(f"load {load_before:.2f} before the run and {load_after:.2f} after it")


if __name__ == "__main__":
    main()
