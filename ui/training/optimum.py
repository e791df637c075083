"""The loss that a run goes down: its optimum and its curvature, which do not depend on how the run was trained."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

import numpy as np
import streamlit as st

from locales import _
from softmax_core.curvature import stable_rates as stable_rates_of
from softmax_core.objective import Objective
from softmax_core.optimizers import GradientDescent
from softmax_core.optimum.minimise import Optimum, minimise
from softmax_core.schedules import Constant
from softmax_core.training import TrainConfig, class_weights, objective_of
from softmax_core.validation import Float64Array
from ui.training.run import rerun_when
from ui.training.session import Run
from ui.widgets.jobs import Job
from ui.widgets.show import rate_text

CURVATURE_WORK = 1.5e5  # of a run's curvatures together: points times parameters of each
MOST_CURVATURES = 40
PATIENCE = 0.008  # seconds that a rerun waits for the optimum of a small problem
SMALL = 50_000  # points times classes times parameters
HEAD_START = 0.06  # seconds that a larger search waits, so that it takes no processor time from the page


@dataclass(frozen=True, eq=False)
class OptimumSearch:
    """A loss and the search for its least value, shared by all runs that go down the same loss.

    The search goes on in a thread: for some models it takes seconds.
    """

    objective: Objective

    @property
    def _is_small(self) -> bool:
        loss = self.objective
        return int(loss.Y.size) * int(loss.A.shape[1]) * loss.n_classes <= SMALL

    @cached_property
    def _job(self) -> Job[Optimum]:
        return Job("optimum", lambda watch: _minimum(self.objective, 0.0 if self._is_small else HEAD_START))

    def is_ready(self, wait: float = 0.0) -> bool:
        """Whether the search has ended, after at most ``wait`` seconds for a small problem."""
        return self._job.finished(wait if self._is_small else 0.0)

    @property
    def optimum(self) -> Optimum:
        """The least loss, or what the loss approaches at infinity, and its weights; waits for them."""
        return self._job.result()

    @cached_property
    def stable_rate(self) -> float:
        """2 / curvature at the optimum; infinite where the optimum lies at infinity, because all is flat there."""
        if self.optimum.at_infinity:
            return float("inf")
        return self.stable_rate_at(np.vstack([self.optimum.W, self.optimum.b]))

    @property
    def stable_rate_text(self) -> str:
        """`stable_rate` as the page shows it."""
        return rate_text(self.stable_rate) if np.isfinite(self.stable_rate) else "∞"

    def stable_rate_at(self, theta: Float64Array) -> float:
        """2 / curvature of the loss at a model; infinite where all is flat."""
        return float(stable_rates_of(self.objective, theta[np.newaxis])[0])

    @property
    def separable(self) -> bool:
        """Whether larger weights always give a smaller loss, and no penalty keeps them small."""
        return self.optimum.at_infinity and not self.objective.l2 and not self.objective.l1


def _minimum(objective: Objective, delay: float) -> Optimum:
    time.sleep(delay)
    return minimise(objective)


def method_name(optimum: Optimum) -> str:
    """Return what the page calls the method that searched an optimum."""
    return {"newton": _("Newton's method"), "lbfgs": "L-BFGS", "fista": "FISTA"}[optimum.method]


def optimum_search(run: Run, step: int | None = None) -> OptimumSearch:
    """Return the search for the optimum of the loss that a run goes down at a step, by default with the present settings."""
    path, data = run.trajectory, run.train
    config = path.config if step is None else path.config_at(step)
    digest = blake2b(np.ascontiguousarray(data.X).tobytes(), digest_size=16)
    digest.update(np.ascontiguousarray(data.y).tobytes())
    loss = (
        data.n_classes,
        config.features,
        config.l2,
        config.l1,
        config.label_smoothing,
        class_weights(data, config),
    )
    return _search(points=digest.hexdigest(), loss=repr(loss), _run=run, _config=config)


def is_ready_or_rerun(search: OptimumSearch) -> bool:
    """Return whether the optimum is there; if not, the page runs again when it is."""
    if search.is_ready(PATIENCE):
        return True
    rerun_when(search.is_ready)
    return False


@st.cache_resource(max_entries=64, show_spinner=False)
def _search(points: str, loss: str, _run: Run, _config: TrainConfig) -> OptimumSearch:
    return OptimumSearch(objective_of(_run.train, _config, _run.trajectory.features))


def plain_rate(config: TrainConfig) -> float | None:
    """Return the learning rate where 2 / curvature is its limit: gradient descent with all points and one rate."""
    rule = config.optimizer
    if type(rule) is not GradientDescent or not isinstance(config.schedule, Constant) or config.batch_size:
        return None
    return rule.learning_rate


def stable_rates(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """Return some steps of the run, and 2 / curvature of the loss that it goes down there."""
    return _stable_rates(revision=run.revision, _run=run)


@st.cache_resource(max_entries=32, show_spinner=False)
def _stable_rates(revision: str, _run: Run) -> tuple[np.ndarray, np.ndarray]:
    loss = optimum_search(_run).objective
    size = loss.A.shape[1] * loss.n_classes
    count = int(np.clip(CURVATURE_WORK // (loss.n * size), 8, MOST_CURVATURES))
    path = _run.trajectory
    # Closer together at the beginning, where the curvature changes most.
    spread = np.linspace(0.0, 1.0, min(count, path.steps + 1)) ** 2
    steps = np.unique((spread * path.steps).round().astype(np.int64))
    thetas, rates = path.thetas[steps], np.empty(len(steps))
    for segment in path.segments:  # a later segment overwrites what is after its start
        part = steps >= segment.at
        if part.any():
            rates[part] = stable_rates_of(optimum_search(_run, segment.at).objective, thetas[part])
    return steps, rates
