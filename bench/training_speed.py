"""How long 1,000 full-batch steps take, with every step stored: against PyTorch and a bare loop.

Run ``python -m bench.training_speed`` (PyTorch: ``pip install -r bench/requirements.txt``). All
contestants train the same softmax regression in float64 from zero weights and must end at the same
weights, else nothing is timed. They take turns within every round, so that a slow spell of the
machine hits all of them; the table shows medians over the rounds.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
from collections.abc import Callable
from typing import Any

import numpy as np

from bench.support.rounds import in_turns
from softmax_core.datasets import Dataset, DataSpec, make
from softmax_core.optimizers import GradientDescent
from softmax_core.training import TrainConfig, train
from softmax_core.validation import one_hot

try:
    import torch
except ImportError:
    torch = None  # type: ignore[assignment]

LEARNING_RATE = 0.1
Contestant = Callable[[], np.ndarray[Any, Any]]


def ours(data: Dataset, steps: int) -> Contestant:
    """softmax_core.train: weights, gradients, loss and accuracy of every step are stored."""
    config = TrainConfig(GradientDescent(LEARNING_RATE), steps=steps)
    return lambda: train(data, config).W[-1]


def bare_numpy(data: Dataset, steps: int) -> Contestant:
    """The loop one would write: samples in rows, no loss, nothing stored."""
    X, Y, n = data.X, one_hot(data.y, data.n_classes), len(data.y)

    def run() -> np.ndarray[Any, Any]:
        W, b = np.zeros((X.shape[1], Y.shape[1])), np.zeros(Y.shape[1])
        for _ in range(steps):
            Z = X @ W + b
            P = np.exp(Z - Z.max(axis=1, keepdims=True))
            P /= P.sum(axis=1, keepdims=True)
            G = (P - Y) / n
            W -= LEARNING_RATE * (X.T @ G)
            b -= LEARNING_RATE * G.sum(axis=0)
        return W

    return run


def torch_autograd(data: Dataset, steps: int) -> Contestant:
    """PyTorch eager as in its tutorials: cross_entropy, backward, SGD; every step stored."""
    X, y = torch.tensor(data.X), torch.tensor(data.y)
    shape = (X.shape[1], data.n_classes)

    def run() -> np.ndarray[Any, Any]:
        W = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
        b = torch.zeros(shape[1], dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.SGD([W, b], lr=LEARNING_RATE)
        stacks = [torch.empty((steps + 1, *s), dtype=torch.float64) for s in (shape, shape[1:]) * 2]
        losses, accuracies = torch.empty((2, steps + 1), dtype=torch.float64)
        for t in range(steps + 1):
            Z = X @ W + b
            loss = torch.nn.functional.cross_entropy(Z, y)
            optimizer.zero_grad()
            loss.backward()
            with torch.no_grad():
                for stack, value in zip(stacks, (W, b, W.grad, b.grad), strict=True):
                    stack[t] = value
                losses[t] = loss
                accuracies[t] = (Z.argmax(1) == y).double().mean()
            if t < steps:
                optimizer.step()
        return W.detach().numpy()

    return run


def torch_by_hand(data: Dataset, steps: int) -> Contestant:
    """PyTorch eager without autograd: the gradient written out; every step stored."""
    X, y = torch.tensor(data.X), torch.tensor(data.y)
    Y = torch.nn.functional.one_hot(y, data.n_classes).double()
    n, shape = len(y), (X.shape[1], data.n_classes)

    @torch.no_grad()  # type: ignore[untyped-decorator, unused-ignore]
    def run() -> np.ndarray[Any, Any]:
        W, b = torch.zeros(shape, dtype=torch.float64), torch.zeros(shape[1], dtype=torch.float64)
        stacks = [torch.empty((steps + 1, *s), dtype=torch.float64) for s in (shape, shape[1:]) * 2]
        losses, accuracies = torch.empty((2, steps + 1), dtype=torch.float64)
        for t in range(steps + 1):
            log_P = torch.log_softmax(X @ W + b, dim=1)
            G = (log_P.exp() - Y) / n
            grad_W, grad_b = X.T @ G, G.sum(0)
            for stack, value in zip(stacks, (W, b, grad_W, grad_b), strict=True):
                stack[t] = value
            losses[t] = -(log_P * Y).sum() / n
            accuracies[t] = (log_P.argmax(1) == y).double().mean()
            if t < steps:
                W -= LEARNING_RATE * grad_W
                b -= LEARNING_RATE * grad_b
        return W.numpy()

    return run


def measure(contestants: dict[str, Contestant], rounds: int) -> dict[str, list[float]]:
    """Time every contestant once per round, in turns, after one untimed round that compares results."""
    reference, *others = [run().copy() for run in contestants.values()]
    for weights in others:
        np.testing.assert_allclose(weights, reference, rtol=1e-9, atol=1e-12)
    return in_turns(contestants, rounds)


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description="Time 1,000 full-batch steps with every step stored.")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--samples", type=int, default=300)
    parser.add_argument("--classes", type=int, default=4)
    options = parser.parse_args()
    load_before = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    data = make(DataSpec("blobs", n=options.samples, n_classes=options.classes))
    contestants = {
        "softmax_core.train, all stored": ours(data, options.steps),
        "bare NumPy loop, nothing stored": bare_numpy(data, options.steps),
    }
    if torch is not None:
        contestants["PyTorch eager, autograd + SGD, all stored"] = torch_autograd(data, options.steps)
        contestants["PyTorch eager, gradient by hand, all stored"] = torch_by_hand(data, options.steps)
    seconds = measure(contestants, options.rounds)

    medians = {name: statistics.median(times) for name, times in seconds.items()}
    base = next(iter(medians.values()))
    print(f"{options.steps} full-batch steps, n={options.samples}, d=2, K={options.classes}, float64,")
    print(f"median of {options.rounds} interleaved rounds; ratio = time / time of softmax_core.train\n")
    print(f"{'':44}{'median ms':>10}{'min ms':>10}{'max ms':>10}{'ratio':>8}")
    for name, times in seconds.items():
        row = [1e3 * value for value in (medians[name], min(times), max(times))]
        print(f"{name:44}" + "".join(f"{ms:10.1f}" for ms in row) + f"{medians[name] / base:8.2f}")
    bare = medians["bare NumPy loop, nothing stored"]
    print(f"\nsoftmax_core.train takes {base / bare:.2f} times the bare loop (goal: at most 1.5)")
    if torch is None:
        print("PyTorch is missing: pip install -r bench/requirements.txt measures it too")
    else:
        eager = medians["PyTorch eager, autograd + SGD, all stored"]
        print(f"and is {eager / base:.2f} times faster than PyTorch eager (goal: at least 2.5)")
    versions = f"Python {platform.python_version()}, NumPy {np.__version__}"
    versions += f", PyTorch {torch.__version__} ({torch.get_num_threads()} threads)" if torch else ""
    print(
        f"\n{versions}; {platform.machine()}, {os.cpu_count()} cores, load {load_before:.2f} before the run"
    )


if __name__ == "__main__":
    main()
