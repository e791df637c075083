"""The objective against SciPy, written sample by sample; the gradients of all samples and of batches."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.special as sp
from numpy.testing import assert_allclose, assert_array_equal

from softmax_core import objective as module
from softmax_core.objective import (
    FullBatch,
    MiniBatches,
    Objective,
    batch_samples,
    shares_of,
    softmax_columns,
    with_ones,
)

N, K = 7, 3
RNG = np.random.default_rng(11)
A = with_ones(RNG.normal(size=(N, 2)))
LABELS = np.array([0, 1, 2, 2, 0, 1, 1])
SOFT = RNG.dirichlet(np.ones(K), N)
SHARES = shares_of(RNG.uniform(0.5, 2.0, N))
THETAS = RNG.normal(scale=2.0, size=(5, 3, K))
SMOOTHED = 0.7 * np.eye(K)[LABELS] + 0.1

KINDS = {
    "labels": Objective(A, np.eye(K)[LABELS], LABELS),
    "smoothed": Objective(A, SMOOTHED, LABELS, smoothing=0.3),
    "soft": Objective(A, SOFT),
    "weighted": Objective(A, np.eye(K)[LABELS], LABELS, shares=SHARES),
    "penalised": Objective(A, SOFT, l2=0.3, l1=0.2),
    "all": Objective(A, SMOOTHED, LABELS, smoothing=0.3, shares=SHARES, l2=0.3, l1=0.2),
}
all_kinds = pytest.mark.parametrize("kind", KINDS)


def shares(problem: Objective) -> np.ndarray:
    return np.full(N, 1 / N) if problem.shares is None else problem.shares


def each_loss(problem: Objective, theta: np.ndarray) -> np.ndarray:
    return -(problem.Y * sp.log_softmax(A @ theta, axis=1)).sum(axis=1)


def whole_loss(problem: Objective, theta: np.ndarray) -> float:
    W = theta[:-1]
    return (
        shares(problem) @ each_loss(problem, theta)
        + problem.l2 / 2 * (W**2).sum()
        + problem.l1 * abs(W).sum()
    )


def gradient(problem: Objective, theta: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    weights = shares(problem) if weights is None else weights
    grad = A.T @ (weights[:, np.newaxis] * (sp.softmax(A @ theta, axis=1) - problem.Y))
    grad[:-1] += problem.l2 * theta[:-1]
    return grad


@all_kinds
def test_losses_are_those_of_scipy(kind: str) -> None:
    problem = KINDS[kind]
    expected = [whole_loss(problem, theta) for theta in THETAS]
    assert_allclose(problem.losses(THETAS), expected, rtol=1e-13)
    for theta, loss in zip(THETAS, expected, strict=True):
        assert problem.loss(theta) == pytest.approx(loss, rel=1e-13)
        assert_allclose(problem.sample_losses(theta), each_loss(problem, theta), rtol=1e-12)


@all_kinds
def test_one_pass_gives_loss_probabilities_and_gaps(kind: str) -> None:
    problem, theta = KINDS[kind], THETAS[0]
    Z = A @ theta
    loss, P, gap = problem.loss_and_probabilities(theta)
    assert type(loss) is float
    assert loss == pytest.approx(whole_loss(problem, theta), rel=1e-13)
    assert_allclose(P, sp.softmax(Z, axis=1).T, rtol=1e-13)
    assert_allclose(gap, (problem.Y * (Z.max(axis=1, keepdims=True) - Z)).sum(axis=1), rtol=1e-12)
    assert_allclose(problem.probabilities(theta), P, rtol=1e-14)


@all_kinds
def test_gradients_are_those_of_the_formula(kind: str) -> None:
    problem, full = KINDS[kind], FullBatch(KINDS[kind])
    for theta in THETAS:  # one after the other, as the buffers of FullBatch are used again
        expected = gradient(problem, theta)
        assert_allclose(problem.gradient(theta), expected, rtol=1e-11, atol=1e-15)
        assert_allclose(full(theta), expected, rtol=1e-11, atol=1e-15)


def test_accuracy_is_the_plain_share_of_right_predictions() -> None:
    expected = [((A @ theta).argmax(axis=1) == LABELS).mean() for theta in THETAS]
    for kind in ("labels", "weighted"):
        assert_array_equal(KINDS[kind].losses_and_accuracies(THETAS)[1], expected)
    assert_array_equal(KINDS["soft"].losses_and_accuracies(THETAS)[1], np.full(5, np.nan))


@pytest.mark.parametrize("elements", [1, 2 * N * K, 3 * N * K - 1])
@all_kinds
def test_chunks_change_no_bit(kind: str, elements: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = KINDS[kind].losses_and_accuracies(THETAS)
    monkeypatch.setattr(module, "CHUNK_ELEMENTS", elements)
    for all_at_once, in_parts in zip(whole, KINDS[kind].losses_and_accuracies(THETAS), strict=True):
        assert_array_equal(in_parts, all_at_once)


def test_a_chunk_stays_in_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    monkeypatch.setattr(
        Objective, "_cross_entropies", lambda self, Z: (sizes.append(len(Z)), np.zeros((len(Z), N)))[1]
    )
    for elements, expected in ((2 * N * K, [2, 2, 1]), (1, [1, 1, 1, 1, 1])):
        monkeypatch.setattr(module, "CHUNK_ELEMENTS", elements)
        sizes.clear()
        KINDS["labels"].losses(THETAS)
        assert sizes == expected


def test_a_stack_of_no_models() -> None:
    for numbers in KINDS["all"].losses_and_accuracies(np.empty((0, 3, K))):
        assert numbers.shape == (0,)


def test_a_small_loss_keeps_its_digits() -> None:
    # Logits of 60 apart: the loss of a right answer is 8.8e-27, which log(p) would round to 0.
    sure = Objective(np.ones((1, 1)), np.array([[0.0, 1.0]]), np.array([1]))
    assert sure.loss(np.array([[0.0, 60.0]])) == pytest.approx(8.756510762696521e-27, rel=1e-14)
    tie = Objective(np.ones((1, 1)), np.array([[0.0, 1.0, 0.0]]), np.array([1]))
    assert tie.loss(np.array([[5.0, 5.0, -60.0]])) == pytest.approx(np.log(2), rel=1e-15)
    assert tie.loss(np.array([[5.0, 5.0, 4.0]])) == pytest.approx(np.log(2 + np.exp(-1)), rel=1e-15)


def test_no_mass_on_an_impossible_class_costs_nothing() -> None:
    half = Objective(np.ones((1, 1)), np.array([[0.5, 0.5, 0.0]]))
    with np.errstate(invalid="ignore"):
        assert half.loss(np.array([[0.0, 0.0, -np.inf]])) == pytest.approx(np.log(2), rel=1e-15)


def test_softmax_of_columns_in_place_and_beside() -> None:
    Z = RNG.normal(scale=300.0, size=(K, N))
    shifted, expected = Z - Z.max(axis=0), sp.softmax(Z, axis=0)
    for sums in (None, np.empty(N)):
        logits, P = Z.copy(), np.empty_like(Z)
        returned = softmax_columns(logits, P, sums)
        assert_allclose(P, expected, rtol=1e-13)
        assert_array_equal(logits, shifted)
        assert_allclose(returned, np.exp(shifted).sum(axis=0), rtol=1e-14)
        assert sums is None or returned is sums
        softmax_columns(logits, logits)
        assert_allclose(logits, expected, rtol=1e-13)


def test_shares() -> None:
    assert_array_equal(shares_of([0, 1, 3]), [0.0, 0.25, 0.75])
    assert_array_equal(shares_of([1e-300, 1e-300]), [0.5, 0.5])
    assert shares_of(np.ones(3, np.float32)).dtype == np.float64
    assert_array_equal(KINDS["soft"].sample_shares, np.full(N, 1 / N))
    assert KINDS["weighted"].sample_shares is SHARES
    for weights, message in (
        ([1.0, -0.5, -2.0], "^sample_weight must be finite and at least 0, received -0.5$"),
        ([1.0, np.inf], "^sample_weight must be finite and at least 0, received inf$"),
        ([1.0, np.nan], "^sample_weight must be finite and at least 0, received nan$"),
        ([0.0, 0.0], "^a sample must have a weight above 0, received only zeros$"),
    ):
        with pytest.raises(ValueError, match=message):
            shares_of(weights)


def test_the_shortest_subgradient() -> None:
    problem = Objective(A, SOFT, l2=0.3, l1=0.2)
    theta = np.array([[0.0, 0.0, 1.5], [-0.7, 0.0, 0.0], [0.0, 1.0, -1.0]])
    grad = np.array([[0.5, -0.1, 0.4], [0.1, 0.2, -0.5], [0.05, -3.0, 0.0]])
    # At 0 as much of the gradient as l1 allows is cancelled; elsewhere l1 adds its sign; b has no penalty.
    expected = np.array([[0.3, 0.0, 0.6], [-0.1, 0.0, -0.3], [0.05, -3.0, 0.0]])
    before = grad.copy()
    assert_allclose(problem.min_norm_subgradient(theta, grad), expected, atol=1e-15)
    assert_allclose(
        problem.min_norm_subgradient(np.stack([theta, theta]), np.stack([grad, grad])),
        np.stack([expected] * 2),
        atol=1e-15,
    )
    assert_array_equal(grad, before)
    assert Objective(A, SOFT).min_norm_subgradient(theta, grad) is grad


@pytest.mark.parametrize("size", [1, 2, 3, 7, 20])
@pytest.mark.parametrize("kind", ["labels", "all"])
def test_batches_are_drawn_epoch_by_epoch(kind: str, size: int) -> None:
    problem, theta = KINDS[kind], THETAS[1]
    per_epoch = -(-N // size)
    steps = range(3 * per_epoch + 1)
    batches = [batch_samples(N, size, seed=5, step=step) for step in steps]
    for epoch in range(3):
        drawn = np.concatenate(batches[epoch * per_epoch : (epoch + 1) * per_epoch])
        assert sorted(drawn) == list(range(N))
    assert {len(batch) for batch in batches[: per_epoch - 1]} <= {size}
    expected = [gradient(problem, theta, problem.batch_shares(batch)) for batch in batches]
    walk = MiniBatches(problem, size, module.streams(5).batches)
    for want in expected:
        assert_allclose(walk(theta), want, rtol=1e-11, atol=1e-15)
    for skip in steps:  # a run that goes on draws what the whole one would have drawn
        rest = MiniBatches(problem, size, module.streams(5).batches, skip=skip)
        for want in expected[skip:]:
            assert_allclose(rest(theta), want, rtol=1e-11, atol=1e-15)


def test_the_shares_of_a_batch() -> None:
    weighted = KINDS["weighted"].batch_shares(np.array([1, 4]))
    assert_allclose(weighted[[1, 4]], SHARES[[1, 4]] * 3.5, rtol=1e-15)
    assert_array_equal(np.delete(weighted, [1, 4]), 0.0)
    assert_allclose(KINDS["labels"].batch_shares(np.array([0, 2, 3])).sum(), 1.0, rtol=1e-15)
