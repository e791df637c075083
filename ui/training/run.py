"""Runs for the stage, each computed once per process and shared by all who ask for the same."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

import numpy as np
import streamlit as st

from instruments.training_stage.packed import StageMap, StagePoints, StageRun, grid_size
from softmax_core.curvature import stable_rates
from softmax_core.datasets import Dataset
from softmax_core.features import FeatureMap, FittedMap, Linear
from softmax_core.geometry import grid_points
from softmax_core.training import (
    Segment,
    TrainConfig,
    Trajectory,
    Watch,
    evaluate,
    objective_of,
    train_segments,
)
from ui.training.points import Box, Points, digest
from ui.widgets.jobs import Job, Pending

_OWN_RUNS = 6  # of a session: the run, its ghost, and a race
_JOB = "training_job"

PATIENCE = 0.4
"""Seconds that a page waits for a run before it says how far it is."""


@dataclass(frozen=True)
class Run:
    """A trajectory with what the page shows of it.

    ``test`` is empty where nothing is held back; ``stable_rate`` is 2 / curvature at the start.
    """

    data: Dataset
    train: Dataset
    test: Dataset
    held: np.ndarray[Any, Any]
    trajectory: Trajectory
    features: FittedMap
    test_loss: np.ndarray[Any, Any] | None
    test_accuracy: np.ndarray[Any, Any] | None
    stable_rate: float
    box: Box
    packed_run: dict[str, Any]
    packed_points: dict[str, Any]
    packed_map: dict[str, Any] | None
    revision: str


def run(points: Points, legs: tuple[Segment[TrainConfig], ...]) -> Run:
    """Train on the points and pack the run for the browser.

    What anybody can ask for is kept for all; a session's own points, and a run that somebody stopped, are kept by
    the session alone.

    Raises
    ------
    Pending
        If it takes longer than `PATIENCE`. It goes on in a thread: ask again.
    """
    own = _own_runs()
    name = _name(points, legs)
    if name in own:
        own.move_to_end(name)
        return own[name]
    if points.shared:
        with suppress(_Unknown):
            return _shared(points, legs, _unknown)
    job = _job(name, lambda watch: trained(points, legs, watch))
    if not job.finished(PATIENCE):
        raise Pending(job)
    found = _ended(job)
    if points.shared and not job.stopped:
        return _shared(points, legs, lambda: found)
    own[name] = found
    while len(own) > _OWN_RUNS:
        own.popitem(last=False)
    return found


def forget_stopped(stopped: Run) -> None:
    """Forget a run that was stopped, so that it is computed to its end when it is asked for again."""
    own = _own_runs()
    for name in [name for name, found in own.items() if found is stopped]:
        del own[name]


def _own_runs() -> OrderedDict[str, Run]:
    found: OrderedDict[str, Run] = st.session_state.setdefault("training_own_runs", OrderedDict())
    return found


def _job(name: str, work: Callable[[Watch], Run]) -> Job[Run]:
    """Return the session's work under this name; other work that nobody waits for any more is given up."""
    job: Job[Run] | None = st.session_state.get(_JOB)
    if job is None or job.name != name:
        if job is not None:
            job.stop()
        st.session_state[_JOB] = job = Job(name, work)
    return job


def _ended(job: Job[Run]) -> Run:
    del st.session_state[_JOB]
    return job.result()


class _Unknown(Exception):  # noqa: N818 - no error: nobody has asked for this run yet
    pass


def _unknown() -> Run:
    raise _Unknown


# Nested dataclasses would be hashed without their class: two optimisers with equal numbers would share an entry.
@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs={Points: attrgetter("name"), Segment: repr})
def _shared(points: Points, legs: tuple[Segment[TrainConfig], ...], _make: Callable[[], Run]) -> Run:
    return _make()


def _name(points: Points, legs: tuple[Segment[TrainConfig], ...]) -> str:
    return digest(points.name, legs)


def trained(points: Points, legs: tuple[Segment[TrainConfig], ...], watch: Watch | None = None) -> Run:
    """Train on points and return the run with what the stage needs; without a thread and without memory."""
    validation = points.test if points.test.y.size else None
    trajectory = train_segments(points.train, legs, validation=validation, watch=watch)
    fitted = trajectory.features or Linear().fit(points.train.X)
    test_loss, test_accuracy = evaluate(trajectory, points.test) if points.test.y.size else (None, None)
    stage = StageRun(
        trajectory.W, trajectory.b, trajectory.grad_W, trajectory.grad_b,
        trajectory.loss, trajectory.accuracy, test_loss, test_accuracy,
    )  # fmt: skip
    loss = objective_of(points.train, trajectory.config, fitted)
    plain = isinstance(fitted.kind, Linear) and not fitted.kind.standardise
    features = None if plain else fitted.transform(points.X)
    return Run(
        data=points.source.data,
        train=points.train,
        test=points.test,
        held=points.held,
        trajectory=trajectory,
        features=fitted,
        test_loss=test_loss,
        test_accuracy=test_accuracy,
        stable_rate=float(stable_rates(loss, trajectory.thetas[:1])[0]),
        box=points.box,
        packed_run=stage.packed(),
        packed_points=StagePoints(points.X, points.y, points.held, points.ids, features).packed(),
        packed_map=None if plain else stage_map(fitted, points.box).packed(),
        revision=_name(points, legs) + _cut(trajectory),
    )


def _cut(trajectory: Trajectory) -> str:
    """Tell a run that was stopped from the whole one."""
    ended = trajectory.stopped
    return f" to {ended.step}" if ended is not None and ended.code == "asked" else ""


def stage_map(fitted: FittedMap, box: Box) -> StageMap:
    """Return what the browser needs to compute the features of a point of the stage."""
    if isinstance(fitted.kind, Linear):
        return StageMap(fitted.shift, fitted.scale, fitted.keeps_inputs)
    columns, rows = grid_size(fitted.size)
    # The middles of the cells of a somewhat larger box are the nodes of this one, edges included.
    half = (box[1] - box[0]) / (columns - 1) / 2, (box[3] - box[2]) / (rows - 1) / 2
    larger = (box[0] - half[0], box[1] + half[0], box[2] - half[1], box[3] + half[1])
    nodes = fitted.transform(grid_points(larger, columns, rows))
    return StageMap(fitted.shift, fitted.scale, fitted.keeps_inputs, nodes, columns, rows)


def with_features(
    legs: tuple[Segment[TrainConfig], ...], features: FeatureMap
) -> tuple[Segment[TrainConfig], ...]:
    """Return legs that all see the same features."""
    return tuple(replace(leg, config=replace(leg.config, features=features)) for leg in legs)


def shape_of(points: Points, features: FeatureMap) -> tuple[int, int]:
    """Return (features, classes) of the model for points: what weights must fit."""
    return features.fit(points.train.X).size, points.train.n_classes
