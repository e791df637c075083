"""Runs for the stage: each computed once per process and shared by all who ask for the same; long ones in a thread."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import streamlit as st

from instruments.training_stage.packed import map_message, objective_message, points_message, run_message
from locales import _
from softmax_core.curvature import stable_rates
from softmax_core.features import FeatureMap, Linear
from softmax_core.objective import Objective
from softmax_core.progress import Watch, unwatched
from softmax_core.training import (
    MOST_BYTES,
    loss_of,
    most_steps,
    train_segments,
)
from ui.training.points import Points, digest
from ui.training.session import Run, Segments, session
from ui.widgets.jobs import Pending
from ui.widgets.waiting import PATIENCE, job_of

_MOST_RUNS = 6  # in the memory of a session: the run, its ghost, and a race

LONGEST = 60
"""Seconds of a processor that a run may take."""


def run_of(points: Points, segments: Segments) -> Run:
    """Return the run on the points, with what the stage needs of it.

    Runs on points that anybody can choose are shared by all sessions. Runs on uploaded or edited points, and runs that
    were stopped, stay in their session.

    Raises
    ------
    Pending
        If it takes longer than `PATIENCE`. It goes on in a thread: ask again.
    """
    runs = session().runs
    name = _name(points, segments)
    if name in runs:
        runs.move_to_end(name)
        return runs[name]
    if points.shared:
        with suppress(_NotCachedError):
            return _shared(name, _not_cached)
    job = job_of(session().job, name, lambda watch: trained(points, segments, watch), LONGEST)
    session().job = job
    if not job.finished(PATIENCE):
        raise Pending(job)
    session().job = None
    result = replace(job.result(), overdue=job.overdue)
    if points.shared and not job.cut:
        return _shared(name, lambda: result)
    runs[name] = result
    while len(runs) > _MOST_RUNS:
        runs.popitem(last=False)
    return result


def forget_stopped(stopped: Run) -> None:
    """Forget a run that was stopped, so that it is computed to its end when it is asked for again."""
    runs = session().runs
    for name in [name for name, result in runs.items() if result is stopped]:
        del runs[name]


class _NotCachedError(Exception):
    pass


def _not_cached() -> Run:
    raise _NotCachedError


@st.cache_resource(max_entries=64, show_spinner=False)
def _shared(name: str, _make: Callable[[], Run]) -> Run:
    return _make()


def _name(points: Points, segments: Segments) -> str:
    return digest(points.name, segments)


def trained(points: Points, segments: Segments, watch: Watch = unwatched) -> Run:
    """Train on points and return the run with what the stage needs; without a thread and without a session."""
    test = points.test if points.test.y.size else None
    trajectory = train_segments(points.train, segments, validation=test, watch=watch)
    ended = trajectory.stopped
    fitted = trajectory.features or Linear().fit(points.train.X)
    test_loss, test_accuracy = trajectory.validation_loss, trajectory.validation_accuracy
    loss = loss_of(points.train, trajectory.config, fitted)
    feature_map = map_message(fitted, points.box)
    features = None if feature_map is None else fitted.transform(points.X)
    return Run(
        points=points,
        segments=segments,
        trajectory=trajectory,
        features=fitted,
        test_loss=test_loss,
        test_accuracy=test_accuracy,
        stable_rate=float(stable_rates(loss, trajectory.thetas[:1])[0])
        if isinstance(loss, Objective)
        else math.inf,
        message={
            "run": run_message(trajectory, test_loss, test_accuracy),
            "points": points_message(points.X, points.y, points.is_test, points.ids, features),
            "box": points.box,
            "feature_map": feature_map,
            "objective": objective_message(trajectory),
        },
        # A run that somebody stopped is another one than the whole run.
        revision=_name(points, segments) + (f" to {ended.step}" if ended and ended.code == "asked" else ""),
    )


def shape_of(points: Points, features: FeatureMap) -> tuple[int, int]:
    """Return (features, classes) of the model for points: what weights must fit."""
    return features.fit(points.train.X).size, points.train.n_classes


def within_limits(steps: int, shape: tuple[int, int], hidden: int) -> int:
    """Return the steps asked for, or as many as fit into 20 MB with a sentence that says so.

    ``shape`` is (features, classes) of the model, ``hidden`` the number of its hidden units.
    """
    most = most_steps(*shape, hidden)
    if steps > most:
        st.warning(
            _(
                "{steps} steps of {features} features and {classes} classes would take more than {size} MB. The run is cut to {most} steps."
            ).format(
                steps=steps, features=shape[0], classes=shape[1], size=MOST_BYTES // 1_000_000, most=most
            )
        )
    return min(steps, most)
