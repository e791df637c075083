"""What the scripts share: the points as text, the numbers of a config as text."""

from __future__ import annotations

import textwrap

import numpy as np
import numpy.typing as npt

from softmax_core.datasets.dataset import Dataset
from softmax_core.training import TrainConfig, class_weights

WIDTH = 100


def array_text(name: str, values: npt.ArrayLike) -> str:
    """Return an assignment of an array, every number with all its digits.

    Examples
    --------
    >>> print(array_text("X", [[0.1, 2.0]]))
    X = np.array([
        0.1, 2.0,
    ]).reshape(1, 2)
    """
    array = np.asarray(values)
    numbers = ", ".join(repr(v) for v in array.ravel().tolist())
    lines = textwrap.wrap(numbers, WIDTH - 4, break_long_words=False, break_on_hyphens=False)
    body = "\n".join(f"    {line}" for line in lines)
    shape = ", ".join(map(str, array.shape))
    return (
        f"{name} = np.array([\n{body},\n]).reshape({shape})"
        if array.size
        else f"{name} = np.zeros(({shape}))"
    )


def points_text(data: Dataset) -> str:
    """Return the assignments of X (n, d) and y (n,)."""
    return f"{array_text('X', data.X)}\n{array_text('y', data.y)}"


def share_text(data: Dataset, config: TrainConfig) -> str:
    """Return an expression for the share of every sample in the mean, or None."""
    weights = class_weights(data, config)
    if weights is None:
        return "None"
    return f"np.array({list(weights)!r})[y] / np.array({list(weights)!r})[y].sum()"


def target_lines(data: Dataset, config: TrainConfig) -> list[str]:
    """Return the lines that make the targets Y (n, K)."""
    K, smoothing = data.n_classes, config.label_smoothing
    lines = [f"Y = np.eye({K})[y]"]
    if smoothing:
        lines.append(f"Y = (1 - {smoothing!r}) * Y + {smoothing!r} / {K}  # label smoothing")
    return lines
