"""How long 2,000 full-batch steps of a network with a hidden layer take, with every step stored: against PyTorch.

Run ``python -m bench.network_speed`` (PyTorch: ``pip install -r bench/requirements.txt``). Before anything is timed
our gradients are compared with PyTorch's autograd, for every activation, with a penalty, smoothing and class weights;
then both train the same network in float64 from the same start, and must end at the same weights. They take turns
within every round; the table shows medians.
"""

from __future__ import annotations

import argparse
import os
import statistics
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from bench.training_speed import Contestant, measure
from softmax_core.datasets import Dataset, DataSpec, make
from softmax_core.network import ACTIVATIONS, OUTPUTS
from softmax_core.optimizers import GradientDescent
from softmax_core.training import TrainConfig, loss_of, train

RATE = 0.05  # low enough that two orders of rounding end at the same weights
G = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "softmax": lambda z: torch.softmax(z, 1),
}


def ours(data: Dataset, config: TrainConfig) -> Contestant:
    """softmax_core.train: weights, gradients, loss and accuracy of every step are stored."""
    return lambda: train(data, config).thetas[-1]


def torch_autograd(data: Dataset, config: TrainConfig) -> Contestant:
    """PyTorch eager as in its tutorials: cross_entropy, backward, SGD; every step stored."""
    X, y, steps = torch.tensor(data.X), torch.tensor(data.y), config.steps
    start = train(data, replace(config, steps=0)).layers_at(0)
    g = G[config.activation]

    def run() -> np.ndarray[Any, Any]:
        parts = [torch.tensor(np.array(part), requires_grad=True) for layer in start for part in layer]
        W1, b1, W2, b2 = parts
        optimizer = torch.optim.SGD(parts, lr=RATE)
        stacks = [torch.empty((steps + 1, *part.shape), dtype=torch.float64) for part in parts * 2]
        losses, accuracies = torch.empty((2, steps + 1), dtype=torch.float64)
        for t in range(steps + 1):
            Z = g(X @ W1 + b1) @ W2 + b2
            loss = torch.nn.functional.cross_entropy(Z, y)
            optimizer.zero_grad()
            loss.backward()
            with torch.no_grad():
                for stack, value in zip(stacks, [*parts, *(part.grad for part in parts)], strict=True):
                    stack[t] = value
                losses[t] = loss
                accuracies[t] = (Z.argmax(1) == y).double().mean()
            if t < steps:
                optimizer.step()
        return np.concatenate([part.detach().numpy().ravel() for part in parts])

    return run


def largest_difference() -> float:
    """Return the largest difference of a derivative from PyTorch's, relative to the largest of its gradient."""
    worst = 0.0
    for K in (2, 4):
        data = make(DataSpec("spirals", n=60, n_classes=K))
        for activation, output, hidden in (
            (a, o, h) for a in ACTIVATIONS for o in OUTPUTS for h in (1, 3, 16)
        ):
            weights = tuple(float(k + 1) for k in range(K))
            config = TrainConfig(
                hidden=hidden, activation=activation, output=output, start="random", l2=0.03, label_smoothing=0.1,
                class_weights=weights, steps=0,
            )  # fmt: skip
            theta = train(data, config).thetas[0]
            objective = loss_of(data, config)
            grad = objective.gradient(theta)
            parts = [torch.tensor(np.array(layer), requires_grad=True) for layer in objective.layers(theta)]
            X, Y = torch.tensor(data.X), torch.tensor(objective.Y)
            P = torch.softmax(
                G[activation](X @ parts[0][:-1] + parts[0][-1]) @ parts[1][:-1] + parts[1][-1], 1
            )
            P = torch.sigmoid(P) if output == "softmax_sigmoid" else P
            loss = -(torch.tensor(objective.sample_shares)[:, None] * Y * torch.log(P)).sum()
            loss = loss + 0.015 * sum((part[:-1] ** 2).sum() for part in parts)
            loss.backward()
            theirs = np.concatenate([part.grad.numpy().ravel() for part in parts])
            worst = max(worst, float(np.abs(grad - theirs).max() / np.abs(theirs).max()))
            np.testing.assert_allclose(objective.loss(theta), loss.item(), rtol=1e-12)
    return worst


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description="Time 2,000 full-batch steps of a network.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--samples", type=int, default=300)
    parser.add_argument("--hidden", type=int, default=8)
    options = parser.parse_args()
    torch.set_num_threads(1)  # faster than two for matrices of this size
    print(f"gradients: at most {largest_difference():.1e} from PyTorch's autograd, relative\n")
    data = make(DataSpec("spirals", n=options.samples))
    print(f"{options.steps} full-batch steps, n={options.samples}, d=2, h={options.hidden}, K=3, float64,")
    print(f"median of {options.rounds} interleaved rounds, load {os.getloadavg()[0]:.2f}\n")
    print(f"{'':10}{'softmax_core ms':>18}{'PyTorch eager ms':>18}{'ratio':>8}")
    for activation in ("tanh", "relu", "sigmoid"):
        config = TrainConfig(
            GradientDescent(RATE), steps=options.steps, hidden=options.hidden, activation=activation, start="xavier"
        )  # fmt: skip
        seconds = measure({"ours": ours(data, config), "torch": torch_autograd(data, config)}, options.rounds)
        mine, theirs = (1e3 * statistics.median(seconds[name]) for name in ("ours", "torch"))
        print(f"{activation:10}{mine:18.1f}{theirs:18.1f}{theirs / mine:8.2f}")
    print("\n(goal: at least 2 times faster than PyTorch eager)")


if __name__ == "__main__":
    main()
