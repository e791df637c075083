"""Training on images, measured: ``python -m bench.images [speed] [quality]``.

speed     One epoch of minibatch softmax regression on random 60,000 x 784 float32, batch 256, 10 classes,
          against its two matrix products alone and against PyTorch eager. All take turns in every round,
          train on the same batches and must agree on the weights, else nothing is timed.
quality   The accuracy on MNIST in the folder that SOFTMAX_LAB_DATA names.

PyTorch: ``pip install -r bench/requirements.txt``.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from bench.support.rounds import in_turns
from softmax_core.images import Images
from softmax_core.optimizers import GradientDescent, Momentum
from softmax_core.seeds import streams
from softmax_core.training import BatchStep, EpochConfig, first_epoch, minibatches, train_epochs

try:
    import torch
except ImportError:
    torch = None  # type: ignore[assignment]

N, D, K, BATCH, RATE = 60_000, 784, 10, 256, 0.1
Array = np.ndarray[Any, Any]
Contestant = Callable[[], Array]


def ours(images: Images) -> Contestant:
    """One epoch of softmax_core.training.epochs, without the evaluation at its end."""
    few = images.take(np.arange(10))
    start = first_epoch(few, few, K)
    config = EpochConfig(GradientDescent(RATE), BATCH)

    def run() -> Array:
        theta, slots = start.theta, config.optimizer.init(start.theta)
        step = BatchStep(BATCH, K)
        rng = streams(0).batches.spawn(1)[0]
        for t, (X, y) in enumerate(minibatches(images, BATCH, rng), 1):
            theta, slots = config.optimizer.step(theta, step.gradient(X, y, theta), slots, t)
        return theta

    return run


def products_alone(images: Images) -> Contestant:
    """X W and X^T G of every batch, the batches being slices that need no copying; nothing else."""
    rows = images.rows
    W, G = np.zeros((D, K), np.float32), np.zeros((BATCH, K), np.float32)
    Z, grad = np.empty((BATCH, K), np.float32), np.empty((D, K), np.float32)

    def run() -> Array:
        for first in range(0, N, BATCH):
            X = rows[first : first + BATCH]
            np.dot(X, W, out=Z[: len(X)])
            np.dot(X.T, G[: len(X)], out=grad)
        return grad

    return run


def torch_eager(images: Images) -> Contestant:
    """PyTorch as in its tutorials: cross_entropy, backward, SGD, on the same batches in the same order."""
    X, y = torch.tensor(np.array(images.rows)), torch.tensor(images.labels.astype(np.int64))

    def run() -> Array:
        W = torch.zeros((D, K), requires_grad=True)
        b = torch.zeros(K, requires_grad=True)
        optimizer = torch.optim.SGD([W, b], lr=RATE)
        order = torch.tensor(streams(0).batches.spawn(1)[0].permutation(N))
        for first in range(0, N, BATCH):
            chosen = order[first : first + BATCH]
            loss = torch.nn.functional.cross_entropy(X[chosen] @ W + b, y[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return np.vstack([W.detach().numpy(), b.detach().numpy()])

    return run


def speed(rounds: int, threads: int) -> None:
    """Print one table for one number of BLAS threads."""
    rng = np.random.default_rng(0)
    images = Images(rng.random((N, 28, 28), dtype=np.float32), rng.integers(0, K, N).astype(np.uint8), 1.0)
    raw = Images((images.pixels * 255).astype(np.uint8), images.labels)
    contestants = {
        "softmax_core, one epoch, float32": ours(images),
        "its matrix products alone": products_alone(images),
        "softmax_core, one epoch, uint8 pixels": ours(raw),
    }
    if torch is not None:
        torch.set_num_threads(threads)
        contestants["PyTorch eager, one epoch, float32"] = torch_eager(images)
    with threadpool_limits(threads, user_api="blas"):
        results = {name: run().copy() for name, run in contestants.items()}
        mine = results["softmax_core, one epoch, float32"]
        if torch is not None:
            np.testing.assert_allclose(
                mine, results["PyTorch eager, one epoch, float32"], rtol=1e-3, atol=2e-5
            )
        seconds = in_turns(contestants, rounds)
    print(
        f"\n{N:,} x {D}, batch {BATCH}, {K} classes, median of {rounds} interleaved rounds; "
        + ("one thread per product, as in the app" if threads == 1 else f"{threads} threads, to compare")
    )
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    base = next(iter(medians))
    print(f"{'':42}{'median ms':>10}{'min ms':>10}{'max ms':>10}{'ratio':>8}")
    for name, times in seconds.items():
        row = [1e3 * value for value in (medians[name], min(times), max(times))]
        print(f"{name:42}" + "".join(f"{ms:10.1f}" for ms in row) + f"{medians[name] / medians[base]:8.2f}")
    print(
        f"the epoch takes {medians[base] / medians['its matrix products alone']:.2f} times its products (goal: at most 1.6, with one thread)"
    )
    if torch is not None:
        ratio = medians["PyTorch eager, one epoch, float32"] / medians[base]
        print(f"and is {ratio:.2f} times faster than PyTorch eager (goal: at least 1.5, with one thread)")


def quality() -> None:
    """Train on MNIST as the reference figures were made, and with the page's own settings."""
    from ui.images.downloads import FOLDER_VARIABLE, find, load

    if not os.environ.get(FOLDER_VARIABLE) or not find("mnist"):
        raise SystemExit(f"set {FOLDER_VARIABLE} to a folder with MNIST's files")
    data = load("mnist")
    print(
        f"\nMNIST, {len(data.train):,} to train on, {len(data.test):,} to test on ({data.split}), zero weights"
    )
    for name, config, count, goal in (
        ("SGD, batch 256, rate 0.1", EpochConfig(GradientDescent(0.1), 256), 10, 0.88),
        (
            "the page's settings: momentum 0.9, batch 256, rate 0.1",
            EpochConfig(Momentum(0.1, 0.9), 256),
            20,
            0.90,
        ),
    ):
        begin = time.perf_counter()
        with threadpool_limits(1, user_api="blas"):  # as in the app: ui/frame/frame.py
            run = train_epochs(
                data.train, data.test, config, first_epoch(data.train, data.test, data.n_classes)
            )
            last = [next(run) for _ in range(count)][-1]
        elapsed = time.perf_counter() - begin
        print(f"{name:58} {count} epochs {last.test_accuracy:.4f} (goal: {goal}) in {elapsed:.2f} s")


def main() -> None:
    """Measure what was asked for, everything by default."""
    parser = argparse.ArgumentParser(description="Training on images: speed and quality.")
    parser.add_argument("what", nargs="*", choices=["speed", "quality", []], default=[])
    parser.add_argument("--rounds", type=int, default=11)
    options = parser.parse_args()
    what = options.what or ["speed", "quality"]
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    torch_version = f", PyTorch {torch.__version__}" if torch is not None else ", no PyTorch"
    print(f"Python {platform.python_version()}, NumPy {np.__version__}{torch_version}; {platform.machine()}, "
          f"{os.cpu_count()} cores, load {load:.2f} before the run")  # fmt: skip
    if "speed" in what:
        for threads in sorted({1, os.cpu_count() or 1}):
            speed(options.rounds, threads)
    if "quality" in what:
        quality()


if __name__ == "__main__":
    main()
