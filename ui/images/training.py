"""Training on the Images page: its settings, its buttons, and the run that belongs to this reader."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from locales import _
from softmax_core.images import ImageData
from softmax_core.optimizers import Adam, GradientDescent, Momentum, Optimizer
from softmax_core.training import Epoch, EpochConfig, Watch, first_epoch, train_epochs
from ui.frame import sharing
from ui.widgets import controls
from ui.widgets.jobs import Job, Turns, step_back
from ui.widgets.show import number, rate_text

_JOB, _COUNT = "_images_job", "_images_jobs"
RATES = [
    0.0001,
    0.0002,
    0.0005,
    0.001,
    0.002,
    0.003,
    0.005,
    0.01,
    0.02,
    0.03,
    0.05,
    0.1,
    0.2,
    0.3,
    0.5,
    1.0,
    2.0,
    5.0,
]
BATCHES = [8, 16, 32, 64, 128, 256, 512, 1024]
PENALTIES = [0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1]


# One processor is left to the pages. A turn is one epoch, so everybody who trains advances.
TURNS = Turns(max(1, (os.cpu_count() or 2) - 1))


@dataclass(frozen=True)
class Progress:
    """A training as it is at one moment.

    Parameters
    ----------
    history
        One entry per epoch, the first before training.
    running
        Whether a thread is at work.
    target
        The epoch at which it will end by itself.
    part
        How much of the epoch under way is done, 0 to 1.
    seconds_left
        Estimated; None before the first epoch of this go is done.
    overflowed
        The last epoch was not finite and was dropped.
    """

    history: tuple[Epoch, ...]
    running: bool
    target: int
    part: float
    seconds_left: float | None
    overflowed: bool

    @property
    def done(self) -> int:
        """The number of epochs that are done."""
        return self.history[-1].number


class Training:
    """One visitor's training on one data set.

    Parameters
    ----------
    alive
        Asked after every epoch; where it says False the training stops, as the reader has left.
    """

    def __init__(self, data: ImageData, alive: Callable[[], bool] = lambda: True) -> None:
        self.data = data
        self._alive = alive
        self._lock = threading.Lock()
        self._history = [first_epoch(data.train, data.test, data.n_classes)]
        self._target = 0
        self._part = 0.0
        self._pace: float | None = None
        self._overflowed = False
        self._job: Job[None] | None = None

    def go(self, config: EpochConfig, target: int) -> None:
        """Train until `target` epochs are done, in the background; nothing where a thread is at work."""
        with self._lock:
            if self._running() or self._history[-1].number >= target:
                return
            self._target, self._part, self._pace, self._overflowed = target, 0.0, None, False
            self._job = Job("training", lambda watch: self._work(config, watch))

    def stop(self) -> None:
        """End after the batch under way and wait for it; the whole epochs stay."""
        if self._job is not None:
            self._job.stop()
            self._job.finished(10)

    def progress(self) -> Progress:
        """Say how far it is."""
        with self._lock:
            last = self._history[-1].number
            part = self._part
            left = None if self._pace is None else max(0.0, (self._target - last - part) * self._pace)
            return Progress(tuple(self._history), self._running(), self._target, part, left, self._overflowed)

    def _running(self) -> bool:
        job = self._job
        if job is None or not job.finished():
            return job is not None
        self._job = None
        job.result()  # raises, once, what went wrong in the thread
        return False

    def _work(self, config: EpochConfig, watch: Watch) -> None:
        step_back()

        def watched(done: int, batches: int) -> bool:
            self._part = done / batches
            return watch(done, batches)

        steps = train_epochs(self.data.train, self.data.test, config, self._history[-1], watched)
        began, first = time.monotonic(), self._history[-1].number
        while self._alive():
            with TURNS.take():
                epoch = next(steps, None)
            if epoch is None:
                return
            with self._lock:
                self._part = 0.0
                if not epoch.is_finite:
                    self._overflowed = True
                    return
                self._history.append(epoch)
                self._pace = (time.monotonic() - began) / (epoch.number - first)
                if epoch.number >= self._target:
                    return


@dataclass(frozen=True)
class Model:
    """The run of this reader as the page shows it at this moment."""

    data: ImageData
    progress: Progress
    name: str


def is_training() -> bool:
    """Whether this reader's training is at work."""
    job: Training | None = st.session_state.get(_JOB)
    return job is not None and job.progress().running


def model(data: ImageData) -> Model:
    """Return the run on a set; another set begins a new run and ends the one before."""
    job: Training | None = st.session_state.get(_JOB)
    if job is None or job.data is not data:
        _begin(data)
        job = st.session_state[_JOB]
    return Model(data, job.progress(), f"{st.session_state[_COUNT]}")


def _begin(data: ImageData) -> None:
    before: Training | None = st.session_state.get(_JOB)
    if before is not None:
        before.stop()
    st.session_state[_JOB] = Training(data, _presence())
    st.session_state[_COUNT] = st.session_state.get(_COUNT, 0) + 1


def _presence() -> Callable[[], bool]:
    """Return a function that says whether this reader still has the page open; it may be asked in any thread."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or not Runtime.exists():
        return lambda: True
    runtime, session = Runtime.instance(), context.session_id
    return lambda: runtime.is_active_session(session)


def settings() -> tuple[EpochConfig, int]:
    """Show the settings; return them and how many epochs to train."""
    rules = {"momentum": _("SGD with momentum"), "sgd": _("SGD"), "adam": "Adam"}
    rule = controls.choice("images_optimizer", _("Optimiser"), rules, "momentum")
    rate = controls.select_slider("images_rate", _("Learning rate"), RATES, 0.1, format_func=rate_text)
    batch = int(controls.select_slider("images_batch", _("Batch size"), BATCHES, 256))
    count = controls.slider("images_epochs", _("Epochs"), 1, 50, 20, 1)
    with st.popover(_("More"), width="stretch"):
        momentum = 0.9
        if rule == "momentum":
            momentum = controls.slider("images_momentum", _("Momentum"), 0.0, 0.99, 0.9, 0.01)
        else:
            sharing.claim("images_momentum")
        l2 = controls.select_slider("images_l2", _("L2 penalty"), PENALTIES, 0, format_func=rate_text)
        seed = controls.number("images_seed", _("Seed"), 0, 9999, 0, 1)
    optimizers: dict[str, Optimizer] = {
        "momentum": Momentum(rate, momentum), "sgd": GradientDescent(rate), "adam": Adam(rate),
    }  # fmt: skip
    return EpochConfig(optimizers[rule], batch, l2, seed), count


def buttons(run: Model, config: EpochConfig, count: int) -> None:
    """Show Train or Continue; while a training runs, Stop and how far it is."""
    now = run.progress
    if now.running:
        st.button(_("Stop"), key="images_stop", on_click=st.session_state[_JOB].stop, icon=":material/stop:")
        st.progress(min(1.0, (now.done + now.part) / now.target), _pace_text(now))
        return
    st.button(
        _go_label(run, count),
        key="images_train",
        type="primary",
        on_click=_go,
        args=(run, config, count),
        icon=":material/play_arrow:",
    )
    if run.progress.done:
        st.button(
            _("Start over"), key="images_restart", on_click=_begin, args=(run.data,), type="tertiary",
            icon=":material/restart_alt:", help=_("Forget the weights and begin with zeros."),
        )  # fmt: skip


def warn(run: Model) -> None:
    """Say that a training failed, if it did."""
    now = run.progress
    if now.overflowed:
        st.warning(
            _(
                "The numbers overflowed: epoch {epoch} was dropped, the weights before it are shown. Try a smaller learning rate or penalty."
            ).format(epoch=now.done + 1)
        )


def summary(epoch: Epoch) -> str:
    """Say how good the model is after an epoch."""
    return _("Epoch {epoch}: **{accuracy:.1%}** of the test images right, loss {loss}").format(
        epoch=epoch.number, accuracy=epoch.test_accuracy, loss=number(epoch.test_loss)
    )


def _rest(run: Model) -> int:
    """How many epochs are missing to the target of a run that was stopped."""
    return max(0, run.progress.target - run.progress.done) if run.progress.done else 0


def _go_label(run: Model, count: int) -> str:
    if rest := _rest(run):
        return (
            _("Continue: 1 epoch left")
            if rest == 1
            else _("Continue: {count} epochs left").format(count=rest)
        )
    if run.progress.done:
        return (
            _("Continue: 1 more epoch")
            if count == 1
            else _("Continue: {count} more epochs").format(count=count)
        )
    return _("Train 1 epoch") if count == 1 else _("Train {count} epochs").format(count=count)


def _go(run: Model, config: EpochConfig, count: int) -> None:
    st.session_state[_JOB].go(config, run.progress.done + (_rest(run) or count))


def _pace_text(now: Progress) -> str:
    text = _("epoch {epoch} of {target}").format(epoch=min(now.done + 1, now.target), target=now.target)
    if now.seconds_left is None:
        return text
    return text + " · " + _("{seconds} s left").format(seconds=max(1, round(now.seconds_left)))
