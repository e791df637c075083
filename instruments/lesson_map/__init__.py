"""The opening of the app: a short run that plays in a loop, what the problem is, and the path with the reader's progress.

What is solved is in the reader's own browser (``shared/progress.js``), so the ticks are drawn there. Every link is an
ordinary one, to open in another tab or to send; a plain click goes on in the same session.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from instruments.shared.bundle import component
from instruments.shared.values import packed
from softmax_core.validation import Float64Array


@dataclass(frozen=True)
class TaskLink:
    """One challenge or goal of a lesson: its code, its question, and its address relative to the app."""

    code: str
    question: str
    address: str


@dataclass(frozen=True)
class Step:
    """One lesson of the path. ``stem`` is its page."""

    stem: str
    title: str
    question: str
    address: str
    tasks: tuple[TaskLink, ...] = ()


@dataclass(frozen=True, eq=False)
class ShortRun:
    """A run of softmax regression on points in the plane, at some of its steps.

    Parameters
    ----------
    X, y
        The points, shape (n, 2), and their classes, shape (n,), below K.
    steps
        The F steps that are shown, shape (F,).
    W, b
        Weights, shape (F, 2, K), and biases, shape (F, K), at these steps.
    right
        Number of points that are classified right, shape (F,).

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """

    X: Float64Array
    y: Any
    steps: Any
    W: Float64Array
    b: Float64Array
    right: Any

    def __post_init__(self) -> None:
        frames, classes = self.b.shape
        found = (
            self.W.shape,
            self.X.shape,
            np.shape(self.y),
            len(self.steps),
            len(self.right),
        )
        n = len(self.X)
        if found != ((frames, 2, classes), (n, 2), (n,), frames, frames):
            raise ValueError(f"shapes of a run that fit each other, got {found} for biases {self.b.shape}")

    def message(self) -> dict[str, Any]:
        """Return the run as the browser takes it, in single precision."""
        low, high = self.X.min(axis=0), self.X.max(axis=0)
        edge = 0.08 * (high - low)
        return {
            "points": packed(self.X, "<f4"),
            "classes": [int(k) for k in self.y],
            "box": [float(v) for v in (low[0] - edge[0], high[0] + edge[0], low[1] - edge[1], high[1] + edge[1])],
            "steps": [int(t) for t in self.steps],
            "W": packed(self.W, "<f4"),
            "b": packed(self.b, "<f4"),
            "right": [int(x) for x in self.right],
        }  # fmt: skip


@dataclass(frozen=True)
class Opened:
    """What the reader clicked: a lesson, and the code of one of its challenges, or an empty text."""

    stem: str
    code: str = ""


def read_opened(sent: object, path: Sequence[Step]) -> Opened | None:
    """Read a click that the browser sent; None if it names no lesson of the path, or no challenge of that lesson."""
    if not isinstance(sent, Mapping):
        return None
    step = next((step for step in path if step.stem == sent.get("stem")), None)
    code = sent.get("code")
    if step is None or not (code == "" or code in [task.code for task in step.tasks]):
        return None
    return Opened(step.stem, str(code))


def lesson_map(*, key: str, path: Sequence[Step], **data: Any) -> Opened | None:
    """Mount the opening and return what the reader has just clicked.

    Parameters
    ----------
    key
        The key of the component.
    path
        The lessons in their order.
    data
        What else the browser needs, see ``index.js``: ``run`` is a :meth:`ShortRun.message`.
    """
    result = component("lesson_map")(
        key=key, data=data | {"path": [asdict(step) for step in path]}, on_open_change=lambda: None
    )
    return read_opened(getattr(result, "open", None), path)
