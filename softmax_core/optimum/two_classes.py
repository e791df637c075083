"""Newton's search for two classes: one vector of weights instead of two, half the work.

With W = (-w / 2, w / 2) the logits differ by t = w . a, the loss of a sample is log(1 + exp(-t)) for
class 1 and log(1 + exp(t)) for class 0, and the penalty (l2 / 2) * sum(W ** 2) is (l2 / 4) * |w|^2.
All in the variables of `standard_units`.
"""

from __future__ import annotations

import numpy as np

from softmax_core.optimum.standard_units import StandardUnits
from softmax_core.progress import Watch, unwatched
from softmax_core.validation import Float64Array

FURTHEST = -700.0  # exp(700) is still a number


class TwoClasses:
    """Loss, gradient and Newton step in w, written for speed: signs and shares are inside the inputs.

    Examples
    --------
    >>> from softmax_core.objective import Objective
    >>> coins = Objective(np.ones((4, 1)), np.eye(2)[[0, 0, 0, 1]], np.array([0, 0, 0, 1]))
    >>> two = TwoClasses(StandardUnits(coins))
    >>> loss, wrong, mixed = two.loss_and_odds(np.zeros(1))
    >>> round(loss, 4), *two.direction(np.zeros(1), wrong, mixed)     # to log(1/3) = -1.0986 in a few steps like this
    (0.6931, array([-1.]), 0.25)
    """

    def __init__(self, units: StandardUnits) -> None:
        scaled = units.scaled
        assert scaled.y is not None
        self._shares = scaled.sample_shares
        rows = np.ascontiguousarray(scaled.A.T)
        self._signed = rows * (2.0 * scaled.y - 1.0)
        self._weighted = (self._signed * self._shares).T
        m = len(rows)
        self._products = np.empty((m * m, scaled.n))
        for r in range(m):
            np.multiply(rows[r] * self._shares, rows, out=self._products[r * m : (r + 1) * m])
        self._ridge = 0.5 * units.ridge[:, 0]
        self._m, self._idle = m, units.is_idle.astype(np.float64)

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

    def direction(
        self, w: Float64Array, wrong: Float64Array, mixed: Float64Array
    ) -> tuple[Float64Array, float]:
        """Return Newton's step from what `loss_and_odds` gave at w, and what its slope promises (nats)."""
        m = self._m
        force = np.dot(wrong, self._weighted) - self._ridge * w
        H = np.dot(self._products, mixed)
        H[:: m + 1] += self._ridge + self._idle
        step: Float64Array = np.linalg.solve(H.reshape(m, m), force)
        return step, float(np.dot(force, step))


def search_two(
    units: StandardUnits, max_iterations: int, tolerance: float, start: Float64Array | None,
    watch: Watch = unwatched,
) -> tuple[Float64Array, list[float]] | None:  # fmt: skip
    """Minimise for two classes with a penalty; None where the general search must take over.

    Returns theta' (m + 1, 2) and the losses, as `newton_search`.
    """
    two = TwoClasses(units)
    w = np.zeros(units.scaled.A.shape[1])
    loss, wrong, mixed = two.loss_and_odds(w)
    losses = [loss]
    if start is not None:
        start_w = start[:, 1] - start[:, 0]
        at_start = two.loss_and_odds(start_w)
        if at_start[0] < loss:
            w, (loss, wrong, mixed) = start_w, at_start
            losses.append(loss)
    while len(losses) <= max_iterations and watch(len(losses) - 1, max_iterations):
        try:
            step, promise = two.direction(w, wrong, mixed)
        except np.linalg.LinAlgError:
            return None
        if not promise > 2.0 * tolerance:
            w = w + step
            losses.append(two.loss_and_odds(w)[0])
            theta = np.multiply.outer(w, np.array([-0.5, 0.5]))
            return (theta, losses) if np.isfinite(theta).all() else None
        for length in (1.0, 0.5, 0.25, 0.125):
            candidate = w + length * step
            at_candidate = two.loss_and_odds(candidate)
            if at_candidate[0] <= loss - 1e-4 * length * promise:
                break
        else:
            return None
        w, (loss, wrong, mixed) = candidate, at_candidate
        losses.append(loss)
    return None
