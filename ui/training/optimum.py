"""The loss that a run goes down: its optimum and its curvature, which do not depend on how the run was trained."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b

import numpy as np
import streamlit as st

from locales import _
from softmax_core.curvature import stable_rates as stable_rates_of
from softmax_core.objective import Objective
from softmax_core.optimizers import GradientDescent
from softmax_core.optimum.minimise import Optimum, minimise
from softmax_core.progress import Watch
from softmax_core.schedules import Constant
from softmax_core.training import TrainConfig, class_weights, objective_of
from softmax_core.validation import Float64Array
from ui.training.run import LONGEST
from ui.training.session import Run
from ui.widgets.jobs import Job, Reader
from ui.widgets.show import rate_text
from ui.widgets.waiting import reader

CURVATURE_WORK = 1.5e5  # of a run's curvatures together: points times parameters of each
MOST_CURVATURES = 40
PATIENCE = 0.008  # seconds that a rerun waits for the optimum of a small problem
SMALL = 50_000  # points times classes times parameters
HEAD_START = 0.06  # seconds that a larger search waits, so that it takes no processor time from the page
LONG = 1.0  # seconds, after which a reader may want to stop it
GLANCE, WATCHED = (
    1.5,
    15.0,
)  # seconds that it goes on after the last look: of a page that does not show it, and of one that does


@dataclass(eq=False)
class OptimumSearch:
    """A loss and the search for its least value, shared by all runs that go down the same loss.

    The search goes on in a thread: for some models it takes a minute. It ends when nobody is left who looks for it: they
    have gone, look at something else, or have pressed Stop. Whoever asks after that begins it anew.
    """

    objective: Objective
    _job: Job[Optimum] | None = None
    _began: float = 0.0
    _readers: dict[str, tuple[Reader, float]] = field(default_factory=dict)  # who, and until when
    _refused: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def _is_small(self) -> bool:
        loss = self.objective
        return int(loss.Y.size) * int(loss.A.shape[1]) * loss.n_classes <= SMALL

    def _asked(self, seconds: float) -> Job[Optimum]:
        """Return the search, which goes on for so long for this reader too."""
        me, now = reader(), time.monotonic()
        with self._lock:
            if self._job is None or self._job.left:
                self._readers, self._began = {me.name: (me, now + seconds)}, now
                self._job = Job("optimum", self._search, Reader(me.name, self._is_wanted), LONGEST)
            elif not self._job.finished():
                until = self._readers.get(me.name, (me, 0.0))[1]
                self._readers[me.name] = me, max(until, now + seconds)
            return self._job

    def _is_wanted(self) -> bool:
        now = time.monotonic()
        return any(one.is_here() and now < until for one, until in tuple(self._readers.values()))

    def _search(self, watch: Watch) -> Optimum:
        time.sleep(0.0 if self._is_small else HEAD_START)
        return minimise(self.objective, watch=watch)

    def is_ready(self, wait: float = 0.0, *, watched: bool = False) -> bool:
        """Whether the optimum is there, after at most ``wait`` seconds for a small problem.

        ``watched`` says whether the page shows how far the search is, with Stop: otherwise it ends soon.
        """
        if self.is_stopped:
            return False
        job = self._asked((WATCHED if watched else GLANCE) + wait)
        return job.finished(wait if self._is_small else 0.0) and not job.cut

    @property
    def is_stopped(self) -> bool:
        """Whether this reader has stopped it before it was there."""
        job = self._job
        return reader().name in self._refused and not (job is not None and job.finished() and not job.cut)

    @property
    def is_overdue(self) -> bool:
        """Whether it has ended because it took too long."""
        return self._job is not None and self._job.overdue

    @property
    def is_over(self) -> bool:
        """Whether there is nothing to wait for: the optimum is there, or the search has ended without."""
        return self.is_stopped or self.is_overdue or self.is_ready(watched=True)

    @property
    def done(self) -> int:
        """Iterations of the method at work."""
        return 0 if self._job is None else self._job.done

    @property
    def is_long(self) -> bool:
        """Whether it has taken so long that a reader may want to stop it."""
        return time.monotonic() - self._began > LONG

    def stop(self) -> None:
        """End it for this reader; it goes on if others wait for it."""
        name = reader().name
        with self._lock:
            self._refused.add(name)
            self._readers.pop(name, None)

    def again(self) -> None:
        """Look for it again, after `stop`."""
        self._refused.discard(reader().name)

    @property
    def optimum(self) -> Optimum:
        """The least loss, or what the loss approaches at infinity, and its weights; waits for them. Not converged where the search was ended."""
        return self._asked(LONGEST).result()

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


def found_or_shown(search: OptimumSearch, place: str) -> bool:
    """Return whether the optimum is there; if not, `show_search`."""
    found = search.is_ready(PATIENCE, watched=True)
    if not found:
        show_search(search, place)
    return found


def show_search(search: OptimumSearch, place: str) -> None:
    """Say how far the search is, with a button that stops it. The page runs again when it is over.

    ``place`` makes the keys of the buttons.
    """
    if search.is_stopped:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_("The search for the optimum was stopped."))
            st.button(_("Search again"), key=f"training_search_on_{place}", on_click=search.again)
    elif search.is_overdue:
        st.caption(
            _("The optimum was not found: a search may take {seconds} seconds of computing, because others use this server too.").format(seconds=LONGEST)
        )  # fmt: skip
    else:
        _show_search(search, place)


@st.fragment(run_every=0.25)
def _show_search(search: OptimumSearch, place: str) -> None:
    """Say how far it is, and run the page again when it is over."""
    if search.is_over:
        st.rerun(scope="app")
    if not search.is_long:
        st.caption(_("The optimum is being looked for …"))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("The optimum is being looked for: iteration {done}").format(done=search.done))
        st.button(
            _("Stop"), key=f"training_search_stop_{place}", icon=":material/stop:", on_click=search.stop,
            help=_("A search may take {seconds} seconds of computing.").format(seconds=LONGEST),
        )  # fmt: skip


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
