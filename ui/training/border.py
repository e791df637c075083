"""The challenge about the border between two clouds: the learned border as a line, and how far a sketched one is from it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from instruments.training_stage.sketch import Line, line
from locales import _
from softmax_core.datasets import Dataset, DataSpec, make, split
from softmax_core.optimizers import GradientDescent
from softmax_core.training import TrainConfig, Trajectory, train
from softmax_core.validation import Float64Array
from ui.training.data import source_of
from ui.training.session import Run

TWO_CLOUDS = DataSpec(n=300, n_classes=2, noise=0.8)
HELD_BACK = 0.2
MOST_DEGREES = 15.0
MOST_ASIDE = 0.15  # of the distance between the centres


@lru_cache(maxsize=1)
def clouds() -> Dataset:
    """Return the points of both clouds, those for testing included."""
    return make(TWO_CLOUDS)


@lru_cache(maxsize=1)
def path() -> Trajectory:
    """Return the run that the page shows of them."""
    return train(split(clouds(), HELD_BACK)[0], TrainConfig(GradientDescent(0.1), steps=300))


def is_about(run: Run) -> bool:
    """Whether the stage shows the two clouds, whatever was added or erased."""
    return np.array_equal(run.data.X, clouds().X)


def usable(guess: Sequence[float]) -> Line | None:
    """Return a guess as a line on the stage of the two clouds, or None if it is none."""
    try:
        return line(guess, source_of(TWO_CLOUDS, HELD_BACK).box)
    except ValueError:
        return None


def centres() -> tuple[Float64Array, Float64Array]:
    """Return the means (2,) of both classes."""
    first, second = (clouds().X[clouds().y == k].mean(axis=0) for k in (0, 1))
    return first, second


@lru_cache(maxsize=1)
def learned() -> Line:
    """Return the border of the last step, where ``(w_1 - w_0) . x + b_1 - b_0 = 0``.

    Its middle is where it crosses the line between the centres; it is as long as these are apart.
    """
    W, b = path().W[-1], path().b[-1]
    w, first, second = W[:, 1] - W[:, 0], *centres()
    way = second - first
    middle = first - way * (w @ first + b[1] - b[0]) / (w @ way)
    half = np.array([-w[1], w[0]]) / np.linalg.norm(w) * np.linalg.norm(way) / 2
    (x0, y0), (x1, y1) = (middle - half).tolist(), (middle + half).tolist()
    return x0, y0, x1, y1


def degrees_between(one: Line, other: Line) -> float:
    """Return the angle between two lines, from 0 to 90 degrees."""
    (a, b), (c, d) = _way(one), _way(other)
    return math.degrees(math.atan2(abs(a * d - b * c), abs(a * c + b * d)))


def aside(sketch: Line, truth: Line) -> float:
    """Return how far a line passes by the middle of another one, as a share of the distance between the centres."""
    x, y = (truth[0] + truth[2]) / 2, (truth[1] + truth[3]) / 2
    first, second = centres()
    distance = abs(float(_side(sketch, np.array([[x, y]]))[0]))
    return distance / float(np.linalg.norm(second - first))


def on_wrong_side(one: Line) -> int:
    """Return how many of all points lie on the wrong side of a line, if each class gets the side that suits it better."""
    wrong = int(((_side(one, clouds().X) > 0) != (clouds().y == 1)).sum())
    return min(wrong, int(clouds().y.size) - wrong)


def verdict(guess: tuple[float, ...], truth: tuple[float, ...]) -> tuple[str, bool]:
    """Return the sentence about the gap between a sketch and the learned border, and whether it is small; nothing without a sketch."""
    sketch, border = usable(guess), usable(truth)
    if sketch is None or border is None:
        return "", False
    degrees, right = degrees_between(sketch, border), False
    told = _(
        "✗ Not quite. The angle between your line and the learned border is {angle}°. Points on the wrong side: {mine} with yours, {learned} with the learned one, of {n}."
    )
    if degrees <= MOST_DEGREES and aside(sketch, border) <= MOST_ASIDE:
        told, right = (
            _(
                "✓ Close: the angle between your line and the learned border is {angle}°. Points on the wrong side: {mine} with yours, {learned} with the learned one, of {n}."
            ),
            True,
        )
    counts = {"mine": on_wrong_side(sketch), "learned": on_wrong_side(border), "n": clouds().y.size}
    return told.format(angle=f"{degrees:.0f}", **counts), right


def _way(one: Line) -> tuple[float, float]:
    return one[2] - one[0], one[3] - one[1]


def _side(one: Line, X: Float64Array) -> Float64Array:
    """Return the distance of points X (n, 2) from a line, above 0 on its left."""
    a, b = _way(one)
    distance: Float64Array = (a * (X[:, 1] - one[1]) - b * (X[:, 0] - one[0])) / math.hypot(a, b)
    return distance
