"""How long it takes to fit: SoftmaxRegression against scikit-learn's lbfgs and newton-cholesky.

Run ``python -m bench.estimator_speed``. Times are compared at equal loss: every scikit-learn solver gets
the loosest tolerance with which it comes within 1e-8 nats of the least loss that anybody found (or, with
``--defaults``, its default tolerance, however far that leads); ours runs as it is delivered, to the
optimum. The contestants take turns within every round, so that a slow spell of the machine hits all of
them; ratios are of medians.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import sklearn
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression

from softmax_core.datasets import Dataset, DataSpec, make
from softmax_core.estimator import SoftmaxRegression

GAP = 1e-8  # nats
GOAL = 3.0
SOLVERS = ("lbfgs", "newton-cholesky")
TASKS = {
    "iris, petals": DataSpec("iris"),
    "blobs n=300 K=2": DataSpec("blobs", n=300, n_classes=2),
    "blobs n=300 K=3": DataSpec("blobs", n=300, n_classes=3),
    "blobs n=300 K=10": DataSpec("blobs", n=300, n_classes=10),
    "overlap n=1000": DataSpec("overlap", n=1000),
    "blobs n=1000 K=4": DataSpec("blobs", n=1000, n_classes=4, noise=2.0),
    "moons n=5000 K=2": DataSpec("moons", n=5000, n_classes=2),
    "blobs n=5000 K=10": DataSpec("blobs", n=5000, n_classes=10, noise=2.0),
}


def loss(model: Any, data: Dataset) -> float:
    """The mean loss in nats that both packages minimise, from the fitted coefficients."""
    Z = data.X @ model.coef_.T + model.intercept_
    if Z.shape[1] == 1:
        Z = np.hstack([np.zeros_like(Z), Z])
    data_part = -log_softmax(Z, axis=1)[np.arange(len(data.y)), data.y].mean()
    return float(data_part + (model.coef_**2).sum() / (2.0 * model.C * len(data.y)))


def tuned(solver: str, data: Dataset, least: float) -> LogisticRegression:
    """The solver with the loosest tolerance that reaches the loss."""
    for exponent in range(4, 15):
        model = LogisticRegression(solver=solver, tol=10.0**-exponent, max_iter=10_000)
        if loss(model.fit(data.X, data.y), data) <= least + GAP:
            return model
    raise RuntimeError(f"{solver} does not come within {GAP} of the optimum")


def measure(models: dict[str, Any], data: Dataset, rounds: int) -> dict[str, float]:
    """Median seconds per fit, in turns."""
    fits: dict[str, Callable[[], object]] = {
        name: lambda model=model: model.fit(data.X, data.y) for name, model in models.items()
    }
    seconds: dict[str, list[float]] = {name: [] for name in fits}
    for _ in range(rounds):
        for name, fit in fits.items():
            begin = time.perf_counter()
            fit()
            seconds[name].append(time.perf_counter() - begin)
    return {name: statistics.median(times) for name, times in seconds.items()}


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description="Time fits on 2-D data at equal loss.")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--defaults", action="store_true", help="scikit-learn with its default tolerance")
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # a solver that does not converge is asked again with more care
    load_before = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"Fit on 2-D data, C=1; median of {options.rounds} interleaved rounds, milliseconds;")
    print("ratio = time / time of SoftmaxRegression; gap = loss above ours, in nats\n")
    print(f"{'':20}{'ours':>8}" + "".join(f"{solver:>17}{'ratio':>7}{'gap':>10}" for solver in SOLVERS))
    ratios = []
    for name, spec in TASKS.items():
        data = make(spec)
        models: dict[str, Any] = {"ours": SoftmaxRegression().fit(data.X, data.y)}
        least = loss(models["ours"], data)
        for solver in SOLVERS:
            plain = LogisticRegression(solver=solver)
            models[solver] = plain.fit(data.X, data.y) if options.defaults else tuned(solver, data, least)
        gaps = {solver: loss(models[solver], data) - least for solver in SOLVERS}
        medians = measure(models, data, options.rounds)
        row = f"{name:20}{1e3 * medians['ours']:8.2f}"
        for solver in SOLVERS:
            ratios.append(medians[solver] / medians["ours"])
            row += f"{1e3 * medians[solver]:17.2f}{ratios[-1]:7.1f}{gaps[solver]:10.0e}"
        print(row)
    print(f"\nThe smallest ratio is {min(ratios):.1f} (goal: at least {GOAL:.0f}).")
    versions = (
        f"Python {platform.python_version()}, NumPy {np.__version__}, scikit-learn {sklearn.__version__}"
    )
    print(f"{versions}; {platform.machine()}, {os.cpu_count()} cores, load {load_before:.2f} before the run")


if __name__ == "__main__":
    main()
