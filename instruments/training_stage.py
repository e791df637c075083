"""The training stage: a whole run at once, played in the browser without asking the server again."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from instruments.bundle import component

Array = npt.NDArray[Any]

ASPECT = 1.65
SPEEDS = ("1", "2", "5", "10", "30", "frame", "frame5", "frame25", "all")
REGIONS = ("soft", "hard")


@dataclass(frozen=True)
class StageRun:
    """What the browser needs of a run: arrays over steps 0..S, as :class:`softmax_core.training.Trajectory` has them.

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
        packed = {"steps": steps, "features": features, "classes": classes}
        weights = {"W": self.W, "b": self.b, "grad_W": self.grad_W, "grad_b": self.grad_b}
        curves = {
            "loss": self.loss, "accuracy": self.accuracy,
            "test_loss": self.test_loss, "test_accuracy": self.test_accuracy,
        }  # fmt: skip
        return (
            packed
            | {name: _packed(array, np.float32) for name, array in weights.items()}
            | {name: None if array is None else _packed(array, np.float64) for name, array in curves.items()}
        )


@dataclass(frozen=True)
class StagePoints:
    """The points on the stage: ``x`` (n, 2), class index ``y`` (n,), ``held`` (n,) true for test points.

    ``ids`` (n,) are the numbers by which edits name them, 0 .. n - 1 if not given; ``features`` (n, m) what the model
    sees, x itself if not given.
    """

    x: Array
    y: Array
    held: Array
    ids: Array | None = None
    features: Array | None = None

    def packed(self) -> dict[str, Any]:
        """Return the points as JSON values."""
        return {
            "x": _packed(self.x, np.float64),
            "y": _packed(self.y, np.uint8),
            "held": _packed(self.held, np.uint8),
            "ids": _packed(np.arange(len(self.y)) if self.ids is None else self.ids, np.int32),
            "features": None if self.features is None else _packed(self.features, np.float32),
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
        packed = {"shift": self.shift.tolist(), "scale": self.scale.tolist(), "keeps": self.keeps}
        if self.nodes is None:
            return packed
        return packed | {
            "columns": self.columns,
            "rows": self.rows,
            "features": _packed(self.nodes, np.float32),
        }


MOST_COLUMNS = 121
MOST_NUMBERS = 120_000  # of a grid, in single precision: 640 kB in a message


def grid_size(features: int) -> tuple[int, int]:
    """Return (columns, rows) of the grid for a map with so many features: coarser for many, never below 41 columns."""
    columns = int((ASPECT * MOST_NUMBERS / features) ** 0.5)
    columns = max(41, min(MOST_COLUMNS, columns))
    return columns, round((columns - 1) / ASPECT) + 1


@dataclass(frozen=True)
class StageView:
    """Where the playhead starts and how the stage looks: what a link restores."""

    step: int = 0
    speed: int = SPEEDS.index("frame")
    length: float = 1.0
    regions: str = "soft"
    field: int = -1


def _packed(array: Array, dtype: type) -> str:
    # One overflow of float32 would be drawn as infinite; the run ends at the last finite step of float64.
    limit = np.finfo(np.float32).max
    values = np.clip(array, -limit, limit) if dtype is np.float32 else array
    return base64.b64encode(
        np.ascontiguousarray(values, dtype=np.dtype(dtype).newbyteorder("<")).tobytes()
    ).decode()


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


def current_step(key: str) -> int:
    """Return the playhead of the stage ``key`` as far as Python has heard."""
    value = st.session_state.get(key)
    sent = value.get("state") if isinstance(value, Mapping) else None
    step = sent.get("step") if isinstance(sent, Mapping) else None
    if isinstance(step, int) and step >= 0:
        st.session_state[f"{key}_last"] = step
    return int(st.session_state.get(f"{key}_last", 0))


@dataclass(frozen=True)
class Hand:
    """Weights that were set by hand: from ``step`` on, ``rows`` is W with b as its last row."""

    step: int
    rows: tuple[tuple[float, ...], ...]


LARGEST_WEIGHT = 1e6


def hand_from_browser(value: Mapping[str, Any], features: int, classes: int) -> Hand:
    """Read what the browser sent after a handle was let go.

    Raises
    ------
    ValueError
        If it is no step and no matrix of ``features + 1`` rows of ``classes`` finite numbers up to a million.
    """
    try:
        step = int(value["step"])
        rows = tuple(tuple(float(w) for w in row) for row in value["rows"])
    except (KeyError, TypeError, OverflowError) as error:
        raise ValueError(f"no weights: {error}") from error
    if step < 0 or len(rows) != features + 1 or any(len(row) != classes for row in rows):
        raise ValueError(
            f"weights need {features + 1} rows of {classes} numbers, got {len(rows)} rows at {step}"
        )
    if not all(abs(w) <= LARGEST_WEIGHT for row in rows for w in row):
        raise ValueError(f"weights must be numbers up to {LARGEST_WEIGHT:g}, got {rows}")
    return Hand(step, rows)


def hand(key: str, features: int, classes: int) -> tuple[str, Hand] | None:
    """Return the last weights set by hand on the stage ``key``, with an id that tells one time from the next."""
    value = st.session_state.get(key)
    sent = value.get("hand") if isinstance(value, Mapping) else None
    if not isinstance(sent, Mapping):
        return None
    try:
        return str(sent.get("id"))[:40], hand_from_browser(sent, features, classes)
    except ValueError:
        return None  # a forged message


def training_stage(
    *,
    key: str,
    revision: str,
    run: Mapping[str, Any],
    points: Mapping[str, Any],
    box: Sequence[float],
    view: StageView,
    names: Sequence[str],
    axes: Sequence[str],
    colors: Sequence[str],
    labels: Mapping[str, Any],
    ghost: Mapping[str, Any] | None = None,
    objective: Mapping[str, Any] | None = None,
    feature_map: Mapping[str, Any] | None = None,
    edits: Mapping[str, Any] | None = None,
    focus: int | None = None,
    features: Sequence[str] = (),
) -> int:
    """Mount a stage and return the step at its playhead.

    Parameters
    ----------
    key
        The stage's key; its URL parameters are ``<key>_step``, ``_speed``, ``_vectors``, ``_regions``, ``_field``.
    revision
        Names the run: another text makes the browser take the new run, with the playhead where it was.
    run, points
        :meth:`StageRun.packed` and :meth:`StagePoints.packed`; packed by the caller, who keeps them for reruns.
    box
        What the canvas shows, from :func:`view_box`.
    view
        Where this session starts; used when the stage is mounted and not again.
    names, axes, colors, labels
        Class names, the two feature names, CSS colours and texts in the reader's language; see ``ui/stage.py``.
    ghost
        Another packed run on the same points, drawn dashed, or None.
    objective
        What the browser evaluates while weights are in the hand: ``l2``, ``l1``, ``smoothing``, ``classWeights``.
    feature_map
        :meth:`StageMap.packed`, or None for a model that sees x itself.
    features
        Names of the rows of W, for the table of weights; the axes if not given.
    focus
        Index of a point whose pull on every weight vector is drawn, or None.
    edits
        How far Python has got with the edits of the points; see ``ui/training_edits.py``.
    """
    if f"{key}_last" not in st.session_state:
        st.session_state[f"{key}_last"] = view.step
        st.session_state[f"{key}_view"] = view
    first: StageView = st.session_state[f"{key}_view"]
    if not isinstance(st.session_state.get(key), Mapping):
        # A page that was left and opened again starts where it was; later reruns must not change the data.
        st.session_state[f"{key}_start"] = st.session_state[f"{key}_last"]
    component("training_stage")(
        key=key,
        data={
            "revision": revision,
            "run": dict(run),
            "points": dict(points),
            "box": list(box),
            "map": None if feature_map is None else dict(feature_map),
            "edits": None if edits is None else dict(edits),
            "ghost": None if ghost is None else dict(ghost),
            "objective": dict(objective or {}),
            "view": {
                "step": st.session_state[f"{key}_start"],
                "speed": first.speed, "length": first.length, "regions": first.regions,
                "field": first.field,
            },
            "focus": focus,
            "goto": st.session_state.get(f"{key}_goto"),
            "prefix": key,
            "names": list(names),
            "axes": list(axes),
            "features": list(features or axes),
            "colors": list(colors),
            "labels": dict(labels),
        },
        on_state_change=lambda: None,
        on_hand_change=lambda: None,
        on_edits_change=lambda: None,
    )  # fmt: skip
    return min(current_step(key), int(run["steps"]))
