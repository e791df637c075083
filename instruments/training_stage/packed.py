"""What the training stage is given: a run, its points and its feature map as JSON values, and the box they stand in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from instruments.shared.values import packed

Array = npt.NDArray[Any]

ASPECT = 1.65


@dataclass(frozen=True)
class StageRun:
    """What the browser needs of a run: arrays over steps 0..S, as :class:`softmax_core.training.loop.Trajectory` has them.

    Parameters
    ----------
    W, b, grad_W, grad_b
        (S+1, m, K), (S+1, K) and the gradients of the loss in the same shapes.
    loss, accuracy
        (S+1,) on the training points, in nats and as a part of 1.
    test_loss, test_accuracy
        The same on points that were held back, or None.
    """

    W: Array
    b: Array
    grad_W: Array
    grad_b: Array
    loss: Array
    accuracy: Array
    test_loss: Array | None = None
    test_accuracy: Array | None = None

    def packed(self) -> dict[str, Any]:
        """Return the run as JSON values: arrays in base64, weights in single precision (they are only drawn)."""
        steps, features, classes = self.W.shape[0] - 1, self.W.shape[1], self.W.shape[2]
        sizes = {"steps": steps, "features": features, "classes": classes}
        weights = {"W": self.W, "b": self.b, "grad_W": self.grad_W, "grad_b": self.grad_b}
        curves = {
            "loss": self.loss, "accuracy": self.accuracy,
            "test_loss": self.test_loss, "test_accuracy": self.test_accuracy,
        }  # fmt: skip
        return (
            sizes
            | {name: packed(array, "<f4") for name, array in weights.items()}
            | {name: None if array is None else packed(array, "<f8") for name, array in curves.items()}
        )


@dataclass(frozen=True)
class StagePoints:
    """The points on the stage: ``x`` (n, 2), class index ``y`` (n,), ``is_test`` (n,) true for test points.

    ``ids`` (n,) are the numbers by which edits name them, 0 .. n - 1 if not given; ``features`` (n, m) what the model
    sees, x itself if not given.
    """

    x: Array
    y: Array
    is_test: Array
    ids: Array | None = None
    features: Array | None = None

    def packed(self) -> dict[str, Any]:
        """Return the points as JSON values."""
        return {
            "x": packed(self.x, "<f8"),
            "y": packed(self.y, "u1"),
            "isTest": packed(self.is_test, "u1"),
            "ids": packed(np.arange(len(self.y)) if self.ids is None else self.ids, "<i4"),
            "features": None if self.features is None else packed(self.features, "<f4"),
        }


@dataclass(frozen=True)
class StageMap:
    """How places become features, for a model that does not see x itself.

    Parameters
    ----------
    shift, scale
        (2,): the map works on ``(x - shift) / scale``.
    keeps
        Whether the first two features are these standardised x: only then W has vectors in the plane.
    nodes
        (rows * columns, m) features of a grid over the box, its edges included, rows from the top. Without nodes the
        features are the standardised x, and borders are straight.
    """

    shift: Array
    scale: Array
    keeps: bool
    nodes: Array | None = None
    columns: int = 0
    rows: int = 0

    def packed(self) -> dict[str, Any]:
        """Return the map as JSON values."""
        unit = {"shift": self.shift.tolist(), "scale": self.scale.tolist(), "keeps": self.keeps}
        if self.nodes is None:
            return unit
        return unit | {
            "columns": self.columns,
            "rows": self.rows,
            "features": packed(self.nodes, "<f4"),
        }


MOST_COLUMNS = 121
MOST_NUMBERS = 120_000  # of a grid, in single precision: 640 kB in a message


def grid_size(features: int) -> tuple[int, int]:
    """Return (columns, rows) of the grid for a map with so many features: coarser for many, never below 41 columns."""
    columns = int((ASPECT * MOST_NUMBERS / features) ** 0.5)
    columns = max(41, min(MOST_COLUMNS, columns))
    return columns, round((columns - 1) / ASPECT) + 1


def view_box(x: Array, margin: float = 0.08) -> tuple[float, float, float, float]:
    """Return (x from, x to, y from, y to) around the points, with equal units on both axes and the width 1.65 times the height.

    Equal units keep a weight vector at a right angle to the boundary it makes. The box is always wide enough for
    the points and ``margin`` of its size around them.
    """
    low, high = x.min(axis=0), x.max(axis=0)
    middle, size = (low + high) / 2, np.maximum(high - low, 1e-9) * (1 + 2 * margin)
    # A single point still gets a box, large enough to be one where floats are coarse.
    least = 1e-6 * max(1.0, float(np.abs(middle).max()))
    height = float(max(size[1], size[0] / ASPECT, least))
    width = ASPECT * height
    return (
        float(middle[0] - width / 2), float(middle[0] + width / 2),
        float(middle[1] - height / 2), float(middle[1] + height / 2),
    )  # fmt: skip
