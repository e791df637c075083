"""The parts of the message that the training stage takes: a run, its points and its feature map as JSON values."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from instruments.shared.values import packed
from softmax_core.features import FittedMap, Linear
from softmax_core.geometry import Box, grid_points
from softmax_core.training import Trajectory

Array = npt.NDArray[Any]

ASPECT = 1.85
MOST_COLUMNS = 121
MOST_NUMBERS = 120_000  # of a grid, in single precision: 640 kB in a message


def run_message(
    trajectory: Trajectory, test_loss: Array | None = None, test_accuracy: Array | None = None
) -> dict[str, Any]:
    """Return what the browser needs of a run: arrays over steps 0..S in base64.

    Weights and gradients go in single precision, because they are only drawn; loss and accuracy in double.
    ``test_loss`` (nats) and ``test_accuracy``, both (S + 1,), are those on the test points. Softmax regression is a list
    of one layer; nothing is drawn of the gradients of a network, so they stay here.
    """
    config = trajectory.config
    curves = {
        "loss": trajectory.loss, "accuracy": trajectory.accuracy,
        "test_loss": test_loss, "test_accuracy": test_accuracy,
    }  # fmt: skip
    names = ("W", "b") if trajectory.hidden else ("W", "b", "grad_W", "grad_b")
    layers = [
        {"inputs": layer.W.shape[1], "outputs": layer.W.shape[2]}
        | {name: packed(getattr(layer, name), "<f4") for name in names}
        for layer in trajectory.layers
    ]
    return (
        {"steps": trajectory.steps, "output": config.output, "layers": layers}
        | ({"activation": config.activation} if trajectory.hidden else {})
        | {name: None if array is None else packed(array, "<f8") for name, array in curves.items()}
    )


def points_message(
    X: Array, y: Array, is_test: Array, ids: Array | None = None, features: Array | None = None
) -> dict[str, Any]:
    """Return the points: places ``X`` (n, 2), class indices ``y`` (n,), ``is_test`` (n,) true for test points.

    ``ids`` (n,) are the numbers by which edits name them, 0 .. n - 1 if not given; ``features`` (n, m) is what the
    model sees, the places themselves if not given.
    """
    return {
        "x": packed(X, "<f8"),
        "y": packed(y, "u1"),
        "isTest": packed(is_test, "u1"),
        "ids": packed(np.arange(len(y)) if ids is None else ids, "<i4"),
        "features": None if features is None else packed(features, "<f4"),
    }


def map_message(fitted: FittedMap, box: Box) -> dict[str, Any] | None:
    """Return how places become features; None for a model that sees the places themselves.

    The map works on ``(x - shift) / scale``. ``keeps`` says that the first two features are these, and only then the
    rows of W are vectors in the plane. A curved map adds ``features``, (rows * columns, m) at the nodes of a grid
    over the box, its edges included, rows from the top.
    """
    is_linear = isinstance(fitted.kind, Linear)
    if is_linear and not fitted.kind.standardise:
        return None
    unit = {"shift": fitted.shift.tolist(), "scale": fitted.scale.tolist(), "keeps": fitted.keeps_inputs}
    if is_linear:
        return unit
    columns, rows = grid_size(fitted.size)
    # The middles of the cells of a somewhat larger box are the nodes of this one, edges included.
    half = (box[1] - box[0]) / (columns - 1) / 2, (box[3] - box[2]) / (rows - 1) / 2
    larger = (box[0] - half[0], box[1] + half[0], box[2] - half[1], box[3] + half[1])
    nodes = fitted.transform(grid_points(larger, columns, rows))
    return unit | {"columns": columns, "rows": rows, "features": packed(nodes, "<f4")}


def objective_message(trajectory: Trajectory) -> dict[str, Any]:
    """Return what the browser evaluates while weights are edited: penalties, smoothing and class weights."""
    config, weights = trajectory.config, trajectory.class_weights
    return {
        "l2": config.l2, "l1": config.l1, "smoothing": config.label_smoothing,
        "classWeights": None if weights is None else list(weights),
    }  # fmt: skip


def grid_size(features: int) -> tuple[int, int]:
    """Return (columns, rows) of the grid for a map with so many features: coarser for many, never below 41 columns."""
    columns = int((ASPECT * MOST_NUMBERS / features) ** 0.5)
    columns = max(41, min(MOST_COLUMNS, columns))
    return columns, round((columns - 1) / ASPECT) + 1


def view_box(x: Array, margin: float = 0.08) -> Box:
    """Return (x from, x to, y from, y to) around the points, with equal units on both axes and the width 1.85 times the height.

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
