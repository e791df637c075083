"""The breakdown of a step: every part by another way, and the parts add up to what the run recorded."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.special as sp
from numpy.testing import assert_allclose

from softmax_core.datasets import DataSpec, make
from softmax_core.features import Quadratic
from softmax_core.optimizers import GradientDescent, Nesterov
from softmax_core.schedules import StepDecay
from softmax_core.training import TrainConfig, branch, break_down, train

DATA = make(DataSpec("imbalanced_blobs", n=50, n_classes=3, noise=1.5))
OPTIONS = [
    {},
    {"batch_size": 8},
    {"batch_size": 8, "class_weights": "balanced", "l2": 0.1},
    {"features": Quadratic(standardise=True), "label_smoothing": 0.2, "l1": 0.01},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("step", [0, 5, 19])
def test_the_parts_add_up(options: dict, step: int) -> None:
    config = TrainConfig(GradientDescent(0.2), steps=20, schedule=StepDecay(3), **options)
    run = train(DATA, config)
    points = [break_down(run, DATA, step, sample) for sample in range(50)]
    total_W = sum(point.share * point.sample_grad_W for point in points)
    for point in (points[0], points[31]):
        assert_allclose(point.sum_W, total_W, atol=1e-13)
        assert_allclose(point.sum_W + point.penalty_W, point.grad_W, atol=1e-13)
        assert_allclose(point.sum_b, point.grad_b, atol=1e-13)
        assert_allclose(point.change_b, -point.learning_rate * point.grad_b, atol=1e-13)
        if not config.l1:
            assert_allclose(point.change_W, -point.learning_rate * point.grad_W, atol=1e-13)
    if "class_weights" not in options:  # a batch of heavy samples weighs more than 1
        assert_allclose(sum(point.share for point in points), 1.0)
    inside = {point.sample for point in points if point.share > 0}
    assert inside == set(points[0].batch.tolist())
    assert len(points[0].batch) == min(options.get("batch_size", 50), 50)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_forward_and_pull_by_other_means(options: dict) -> None:
    config = TrainConfig(GradientDescent(0.2), steps=6, **options)
    run = train(DATA, config)
    point = break_down(run, DATA, 6, 17)
    smoothing = config.label_smoothing
    x = run.features.transform(DATA.X)[17]
    y = (1 - smoothing) * np.eye(3)[DATA.y[17]] + smoothing / 3
    W, b = run.at(6)
    assert_allclose(point.inputs, DATA.X[17])
    assert_allclose(point.logits, x @ W + b, atol=1e-14)
    assert_allclose(point.probabilities, sp.softmax(x @ W + b), rtol=1e-12)
    assert_allclose(point.residual.sum(), 0, atol=1e-15)

    def loss(weights: np.ndarray) -> float:
        return float(-(y * sp.log_softmax(x @ weights + b)).sum())

    assert_allclose(point.loss, loss(W), rtol=1e-12)
    for index in ((0, 0), (1, 2)):
        nudge = np.zeros_like(W)
        nudge[index] = 1e-6
        assert_allclose(point.sample_grad_W[index], (loss(W + nudge) - loss(W - nudge)) / 2e-6, atol=1e-7)
    assert point.change_W is None
    assert point.label == DATA.y[17]
    with pytest.raises(ValueError, match="read-only"):
        point.sample_grad_W[0, 0] = 1


def test_batches_of_a_branch_are_those_of_the_whole() -> None:
    whole = train(DATA, TrainConfig(Nesterov(), steps=40, batch_size=7, seed=3))
    tail = branch(whole, DATA, 23, TrainConfig(Nesterov(), steps=17, batch_size=7, seed=3))
    one, other = break_down(whole, DATA, 30, 0), break_down(tail, DATA, 7, 0)
    assert one.batch.tolist() == other.batch.tolist()
    assert_allclose(other.sum_W, other.grad_W, atol=1e-13)


def test_what_does_not_exist_is_named() -> None:
    run = train(DATA, TrainConfig(steps=3))
    with pytest.raises(ValueError, match=r"step must lie in 0\.\.3, received 4"):
        break_down(run, DATA, 4, 0)
    with pytest.raises(ValueError, match=r"sample must be a whole number in 0\.\.49, received 50"):
        break_down(run, DATA, 0, 50)
