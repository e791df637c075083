"""Training on the Images page: its settings, its buttons, and the run that belongs to this reader."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from locales import _, joined
from softmax_core.images import ImageData, digits
from softmax_core.progress import Watch
from softmax_core.training import Epoch, EpochConfig, first_epoch, train_epochs
from ui.frame import sharing
from ui.images.runs import (
    BATCHES,
    BEGINS,
    LONGEST,
    MOST_EPOCHS,
    MOST_IN_A_PART,
    MOST_IN_A_RUN,
    MOST_PARTS,
    MOST_SEED,
    PENALTIES,
    RATES,
    STANDARD,
    Part,
    Parts,
    arrival,
    part_with,
    parts_of,
    read_run,
    run_text,
)
from ui.widgets import controls, guesses
from ui.widgets.jobs import NOBODY, Job, Reader
from ui.widgets.show import number, percent, rate_text
from ui.widgets.ties import all_tie, counted_as
from ui.widgets.waiting import reader

_JOB, _COUNT, _LINKED, _PLAY, _START = (
    "_images_job", "_images_jobs", "_images_linked", "_images_play", "_images_start",
)  # fmt: skip
PATIENCE = 0.3  # seconds that the page waits for a training: the small digits need no more
SOON = 3.0  # seconds: a run that took longer was watched while it trained
LINKED = ("data", "optimizer", "rate", "batch", "epochs", "momentum", "l2", "seed", "run", "epoch")

LONGEST_TRAINING = 600
"""Seconds of a processor that a training may take."""


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
    overdue
        It was ended because it took too long.
    parts
        What was trained, or while a thread is at work, what will have been.
    """

    history: tuple[Epoch, ...]
    running: bool
    target: int
    part: float
    seconds_left: float | None
    overflowed: bool
    parts: Parts
    overdue: bool = False

    @property
    def done(self) -> int:
        """The number of epochs that are done."""
        return self.history[-1].number


class Training:
    """One visitor's training on one data set.

    Parameters
    ----------
    reader
        For whom it is; where they have left the training stops.
    """

    def __init__(
        self, data: ImageData, reader: Reader = NOBODY, history: tuple[Epoch, ...] = (),
        config: EpochConfig | None = None,
    ) -> None:  # fmt: skip
        self.data = data
        self._reader = reader
        self._lock = threading.Lock()
        self._history = list(history) or [first_epoch(data.train, data.test, data.n_classes)]
        self._configs = [] if config is None else [config] * self._history[-1].number
        self._plan: Parts = ()
        self._target = self._history[-1].number
        self._part = 0.0
        self._pace: float | None = None
        self._overflowed = self._overdue = False
        self._job: Job[None] | None = None

    def follow(self, parts: Parts, patience: float = 0.0) -> None:
        """Train the parts one after the other, in the background, and wait for at most `patience` seconds.

        Nothing happens where a thread is at work.
        """
        with self._lock:
            if self._running() or not parts:
                return
            self._plan = parts_of(
                [*self._configs, *(part.config for part in parts for _ in range(part.epochs))]
            )
            self._target = sum(part.epochs for part in self._plan)
            self._part, self._pace, self._overflowed, self._overdue = 0.0, None, False, False
            job = self._job = Job(
                "training", lambda watch: self._work(parts, watch), self._reader, LONGEST_TRAINING
            )
        job.finished(patience)

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
            running = self._running()
            parts = self._plan if running else parts_of(self._configs)
            return Progress(
                tuple(self._history),
                running,
                self._target,
                part,
                left,
                self._overflowed,
                parts,
                self._overdue,
            )

    def _running(self) -> bool:
        job = self._job
        if job is None or not job.finished():
            return job is not None
        self._job, self._overdue = None, job.overdue
        job.result()  # raises, once, what went wrong in the thread
        return False

    def _work(self, parts: Parts, watch: Watch) -> None:
        def watched(done: int, batches: int) -> bool:
            self._part = done / batches
            return watch(done, batches)

        began, first = time.monotonic(), self._history[-1].number
        for part in parts:
            steps = train_epochs(self.data.train, self.data.test, part.config, self._history[-1], watched)
            for _epoch in range(part.epochs):
                epoch = next(steps, None)
                if epoch is None:
                    return
                with self._lock:
                    self._part = 0.0
                    if not epoch.is_finite:
                        self._overflowed = True
                        return
                    self._history.append(epoch)
                    self._configs.append(part.config)
                    self._pace = (time.monotonic() - began) / (epoch.number - first)


@dataclass(frozen=True)
class Model:
    """The run of this reader as the page shows it at this moment.

    Parameters
    ----------
    start
        The epoch at which the playhead stands at first.
    play
        Whether the reader has just asked for this run and it is played from its beginning.
    """

    data: ImageData
    progress: Progress
    name: str
    start: int
    play: bool = False


@dataclass(frozen=True)
class _Linked:
    """What a link says of a training: its parts (None where it does not say), and the epoch at the playhead."""

    parts: Parts | None
    epoch: int | None


def begin() -> None:
    """Read what the link says of the training, before the settings are shown."""
    brought = sharing.brings(*(f"images_{name}" for name in LINKED))
    parts = sharing.read("images_run", read_run, None, _("training"), LONGEST)
    epoch = sharing.read("images_epoch", sharing.whole(0, MOST_IN_A_RUN), None, _("Epoch"))
    if brought:
        st.session_state[_LINKED] = _Linked(parts, epoch)


@st.cache_resource(show_spinner=False)
def standard_history() -> tuple[Epoch, ...]:
    """Return the run that everybody meets first, trained once for the whole process."""
    data = digits()
    start = first_epoch(data.train, data.test, data.n_classes)
    steps = train_epochs(data.train, data.test, STANDARD.config, start)
    return (start, *(next(steps) for _ in range(STANDARD.epochs)))


def is_training() -> bool:
    """Whether this reader's training is at work."""
    job: Training | None = st.session_state.get(_JOB)
    return job is not None and job.progress().running


def model(data: ImageData, chosen: str, shown: Part) -> Model:
    """Return the run on a set; another set begins a new run and ends the one before.

    Parameters
    ----------
    chosen
        The code of the chosen set; the page may still show another, while the files of this one are missing.
    shown
        The settings as they stand on the page.
    """
    job: Training | None = st.session_state.get(_JOB)
    linked: _Linked | None = st.session_state.pop(_LINKED, None) if data.name == chosen else None
    if job is None or job.data is not data or linked is not None:
        parts = arrival(data, shown) if linked is None or linked.parts is None else linked.parts
        if job is None or job.data is not data or job.progress().parts != parts:
            _begin(data, parts)
    job = st.session_state[_JOB]
    now, name = job.progress(), f"{st.session_state[_COUNT]}"
    if linked is not None and linked.epoch is not None:
        st.session_state[_START] = (name, linked.epoch)
    of_run, epoch = st.session_state.get(_START, ("", 0))
    start = epoch if of_run == name and epoch <= now.done else now.done
    asked, began = st.session_state.get(_PLAY, ("", 0.0))
    play = asked == name and not now.running and time.monotonic() - began < SOON
    return Model(data, now, name, start, play)


def _begin(data: ImageData, parts: Parts = ()) -> None:
    before: Training | None = st.session_state.get(_JOB)
    if before is not None:
        before.stop()
    if data is digits() and parts == (STANDARD,):
        job = Training(data, reader(), standard_history(), STANDARD.config)
    else:
        job = Training(data, reader())
        job.follow(parts, PATIENCE)
    st.session_state[_JOB] = job
    st.session_state[_COUNT] = st.session_state.get(_COUNT, 0) + 1


def standard() -> None:
    """Go back to the digits, the settings and the run that everybody meets first (for challenges)."""
    st.session_state.update(
        {f"images_{name}": value for name, value in (BEGINS | {"data": "digits"}).items()}
    )
    st.session_state.pop(_LINKED, None)
    _begin(digits(), (STANDARD,))


def publish(run: Model, chosen: str, shown: Part, epoch: Epoch) -> None:
    """Say in the link what was trained and which epoch is shown, where it is not what a reader meets anyway."""
    if _LINKED in st.session_state or run.data.name != chosen:
        return
    parts = run.progress.parts
    fits = len(parts) <= MOST_PARTS and all(part.epochs <= MOST_IN_A_PART for part in parts)
    text = run_text(parts) if fits and parts != arrival(run.data, shown) else None
    sharing.publish("images_run", text)
    is_last = run.progress.running or epoch.number == run.progress.done
    sharing.publish("images_epoch", None if is_last else str(epoch.number), (_("Epoch"), str(epoch.number)))


def settings() -> Part:
    """Show the settings; return them with how many epochs to train."""
    rules = {"momentum": _("SGD with momentum"), "sgd": _("SGD"), "adam": "Adam"}
    left, right = st.columns(2, gap="small")
    with left:
        rate = controls.select_slider(
            "images_rate", _("Learning rate"), RATES, BEGINS["rate"], format_func=rate_text
        )
    with right:
        count = controls.slider("images_epochs", _("Epochs"), 1, MOST_EPOCHS, BEGINS["epochs"], 1)
    with st.popover(_("More"), width="stretch"):
        rule = controls.choice("images_optimizer", _("Optimiser"), rules, BEGINS["optimizer"])
        momentum = BEGINS["momentum"]
        if rule == "momentum":
            momentum = controls.slider("images_momentum", _("Momentum"), 0.0, 0.99, momentum, 0.01)
        else:
            sharing.claim("images_momentum")
        batch = int(controls.select_slider("images_batch", _("Batch size"), BATCHES, BEGINS["batch"]))
        l2 = controls.select_slider(
            "images_l2", _("L2 penalty"), PENALTIES, BEGINS["l2"], format_func=rate_text
        )
        seed = controls.number(
            "images_seed",
            _("Random seed"),
            0,
            MOST_SEED,
            BEGINS["seed"],
            1,
            help=_("The same seed gives the same order of the images, and so the same run."),
        )
    return part_with(rule, rate, batch, count, momentum, l2, seed)


def _would_repeat(run: Model, shown: Part) -> bool:
    """Whether training from the start with these settings would only give what is there."""
    done = run.progress.done
    return all(part.config == shown.config for part in run.progress.parts) and shown.epochs <= done


def buttons(run: Model, shown: Part) -> None:
    """Show what a click trains; while a training runs, Stop and how far it is.

    The first button goes on where the settings would only repeat what is there, else it trains from the start.
    """
    now = run.progress
    if now.running:
        st.button(_("Stop"), key="images_stop", on_click=st.session_state[_JOB].stop, icon=":material/stop:")
        st.progress(min(1.0, (now.done + now.part) / now.target), _pace_text(now))
        return
    goes_on = bool(now.done) and (_rest(run) > 0 or _would_repeat(run, shown))
    first = st.container()
    second = st.container(key="images_more", horizontal=True, horizontal_alignment="distribute", gap="small")
    look: dict[str, Any] = {"type": "primary", "icon": ":material/play_arrow:", "width": "stretch"}
    with second if goes_on else first:
        st.button(
            _("Train from the start") if goes_on else _train_label(shown.epochs, anew=now.done > 0),
            key="images_train", on_click=_train, args=(run.data, shown), **{} if goes_on else look,
        )  # fmt: skip
    if not now.done:
        return
    with first if goes_on else second:
        st.button(
            _go_label(run, shown.epochs), key="images_continue", on_click=_continue, args=(run, shown),
            disabled=now.done >= MOST_IN_A_RUN, **look if goes_on else {},
            help=_("A training has at most {count} epochs.").format(count=MOST_IN_A_RUN) if now.done >= MOST_IN_A_RUN else None,
        )  # fmt: skip
    with second:
        st.button(
            _("Weights to 0"), key="images_restart", on_click=_begin, args=(run.data,),
            help=_("Forget the weights and begin with zeros."),
        )  # fmt: skip


def _train_label(count: int, anew: bool) -> str:
    if anew:
        return (
            _("Train 1 epoch from the start")
            if count == 1
            else _("Train {count} epochs from the start").format(count=count)
        )
    return _("Train 1 epoch") if count == 1 else _("Train {count} epochs").format(count=count)


def _train(data: ImageData, shown: Part) -> None:
    """Begin anew. A run that is there soon is played, so that the templates are seen to appear; a long one shows them itself."""
    _begin(data, (shown,))
    st.session_state[_PLAY] = (f"{st.session_state[_COUNT]}", time.monotonic())


def _continue(run: Model, shown: Part) -> None:
    count = min(_rest(run) or shown.epochs, MOST_IN_A_RUN - run.progress.done)
    if count > 0:
        st.session_state[_JOB].follow((replace(shown, epochs=count),), PATIENCE)


def warn(run: Model) -> None:
    """Say that a training failed or took too long, if it did."""
    now = run.progress
    if now.overdue:
        st.info(
            _(
                "Stopped after epoch {epoch}: a training may take {minutes} minutes of computing, because others use this server too. What was done is kept."
            ).format(epoch=now.done, minutes=LONGEST_TRAINING // 60)
        )
    if now.overflowed:
        st.warning(
            _(
                "The numbers overflowed: epoch {epoch} was dropped, the weights before it are shown. Try a smaller learning rate or penalty."
            ).format(epoch=now.done + 1)
        )


def summary(
    run: Model, epoch: Epoch, hidden: bool = False, guess: float | None = None, played: bool = False
) -> str:
    """Say how good the model is after an epoch, and what was guessed, in percent; or that it is asked first.

    Parameters
    ----------
    played
        Whether the playhead is moving in the browser: what the server says of an epoch would come late.
    """
    if hidden:
        done = run.progress.done
        return (
            _("This model has trained 1 epoch. Challenge 2 asks how many are right.")
            if done == 1
            else _("This model has trained {count} epochs. Challenge 2 asks how many are right.").format(
                count=done
            )
        )
    if played:
        return _("The run is being played. Pause it to read the accuracy of an epoch.")
    said = "" if guess is None else f" · {guesses.said(guess, 1)} %"
    return (
        _("Epoch {epoch}: **{accuracy}** of the test images right, loss {loss}").format(
            epoch=epoch.number, accuracy=percent(epoch.test_accuracy), loss=number(epoch.test_loss)
        )
        + said
        + (f" · {joined(_('All classes tie.'), counted_as())}" if all_tie(epoch.theta) else "")
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
    return _("1 more epoch") if count == 1 else _("{count} more epochs").format(count=count)


def _pace_text(now: Progress) -> str:
    text = _("epoch {epoch} of {target}").format(epoch=min(now.done + 1, now.target), target=now.target)
    if now.seconds_left is None:
        return text
    return text + " · " + _("{seconds} s left").format(seconds=max(1, round(now.seconds_left)))
