"""Newton's search for two classes: one vector of weights instead of two, half the work.

With W = (-w / 2, w / 2) the logits differ by t = w . a, the loss of a sample is log(1 + exp(-t)) for
class 1 and log(1 + exp(t)) for class 0, and the penalty (l2 / 2) * sum(W ** 2) is (l2 / 4) * |w|^2.
"""

from __future__ import annotations

import numpy as np

from softmax_core.objective import Objective
from softmax_core.validation import Float64Array

FURTHEST = -700.0  # exp(700) is still a number


class TwoClasses:
    """Loss, gradient and Newton step in w, written for speed: signs and shares are inside the inputs.

    Examples
    --------
    >>> coins = TwoClasses(Objective(np.ones((4, 1)), np.eye(2)[[0, 0, 0, 1]], np.array([0, 0, 0, 1])))
    >>> loss, step, promise = coins.step(np.zeros(1))
    >>> round(loss, 4), step, promise               # to log(1/3) = -1.0986 in a few steps like this
    (0.6931, array([-1.]), 0.25)
    """

    def __init__(self, problem: Objective) -> None:
        assert problem.y is not None
        A, n, shares = problem.A, problem.n, problem.sample_shares
        self._size: Float64Array = np.sqrt(np.einsum("n,nr,nr->r", shares, A, A))
        self._size[self._size == 0.0] = 1.0
        rows = np.ascontiguousarray(A.T) / self._size[:, np.newaxis]
        self._signed = rows * (2.0 * problem.y - 1.0)
        self._weighted = (self._signed * shares).T
        m = len(rows)
        self._products = np.empty((m * m, n))
        for r in range(m):
            np.multiply(rows[r] * shares, rows, out=self._products[r * m : (r + 1) * m])
        ridge = np.where(np.arange(m) < m - 1, 0.5 * problem.l2, 0.0) / self._size**2
        self._ridge, self._shares = ridge, shares
        self._m, self._idle = m, np.where(rows.any(axis=1), 0.0, 1.0)

    @property
    def size(self) -> Float64Array:
        """What to divide w by: features are brought to mean square 1."""
        return self._size

    def loss_and_odds(self, w: Float64Array) -> tuple[float, Float64Array, Float64Array]:
        """Return loss, probability of the wrong class, and its product with that of the right one."""
        t = np.dot(w, self._signed)
        np.maximum(t, FURTHEST, out=t)
        np.negative(t, out=t)
        odds = np.exp(t, out=t)
        whole = odds + 1.0
        wrong = np.divide(odds, whole, out=odds)
        mixed = wrong / whole
        loss = float(np.dot(np.log(whole, out=whole), self._shares))
        return loss + 0.5 * float(np.dot(self._ridge, w * w)), wrong, mixed

    def step(self, w: Float64Array) -> tuple[float, Float64Array, float]:
        """Return the loss at w, Newton's step from there, and what its slope promises."""
        loss, wrong, mixed = self.loss_and_odds(w)
        step, promise = self.direction(w, wrong, mixed)
        return loss, step, promise

    def direction(
        self, w: Float64Array, wrong: Float64Array, mixed: Float64Array
    ) -> tuple[Float64Array, float]:
        """Return Newton's step from what `loss_and_odds` gave at w, and the slope along it with its sign changed."""
        m = self._m
        force = np.dot(wrong, self._weighted) - self._ridge * w
        H = np.dot(self._products, mixed)
        H[:: m + 1] += self._ridge + self._idle
        step: Float64Array = np.linalg.solve(H.reshape(m, m), force)
        return step, float(np.dot(force, step))


def search_two(
    problem: Objective, max_iterations: int, tolerance: float, start: Float64Array | None
) -> tuple[Float64Array, list[float]] | None:
    """Minimise for two classes with a penalty; None where the general search must take over.

    Returns theta (m + 1, 2) and the losses, as `newton_search`.
    """
    two = TwoClasses(problem)
    w = np.zeros(problem.A.shape[1])
    here = two.loss_and_odds(w)
    losses = [here[0]]
    if start is not None:
        there = two.loss_and_odds(start_w := (start[:, 1] - start[:, 0]) * two.size)
        if there[0] < losses[0]:
            w, here = start_w, there
            losses.append(here[0])
    while len(losses) <= max_iterations:
        try:
            step, promise = two.direction(w, here[1], here[2])
        except np.linalg.LinAlgError:
            return None
        if not promise > 2.0 * tolerance:
            w = w + step
            losses.append(two.loss_and_odds(w)[0])
            theta = np.multiply.outer(w / two.size, np.array([-0.5, 0.5]))
            return (theta, losses) if np.isfinite(theta).all() else None
        for length in (1.0, 0.5, 0.25, 0.125):
            candidate = w + length * step
            there = two.loss_and_odds(candidate)
            if there[0] <= here[0] - 1e-4 * length * promise:
                break
        else:
            return None
        w, here = candidate, there
        losses.append(here[0])
    return None
