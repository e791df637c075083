"""Work that outlives a script run: training in the background, one thread per visitor, and downloads.

No Streamlit here. A page starts a job, keeps it in its session and looks at it as often as it likes.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from softmax_core.images import ImageData
from softmax_core.training import Epoch, EpochConfig, first_epoch, train_epochs
from ui.images.downloads import DownloadError, download
from ui.images.offers import Offer


class Turns:
    """So many may work at once; the others wait in the order in which they came.

    A semaphore would let whoever has just finished take the free place again before a waiting thread wakes up.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._busy = 0
        self._waiting: deque[object] = deque()
        self._changed = threading.Condition()

    @contextmanager
    def take(self) -> Iterator[None]:
        """Wait for a place, and give it back."""
        ticket = object()
        with self._changed:
            self._waiting.append(ticket)
            self._changed.wait_for(lambda: self._busy < self._places and self._waiting[0] is ticket)
            self._waiting.popleft()
            self._busy += 1
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()


# One processor is left to the pages. A turn is one epoch, so everybody who trains advances.
TURNS = Turns(max(1, (os.cpu_count() or 2) - 1))
_NICENESS = 10


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
        Asked after every epoch; where it says False the training stops, as nobody is there to look at it.
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
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def go(self, config: EpochConfig, target: int) -> None:
        """Train until `target` epochs are done, in the background; nothing where a thread is at work."""
        with self._lock:
            if self._running() or self._history[-1].number >= target:
                return
            self._target, self._part, self._pace, self._overflowed = target, 0.0, None, False
            self._stop.clear()
            self._thread = threading.Thread(target=self._work, args=(config,), name="training", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End after the batch under way and wait for it; the whole epochs stay."""
        self._stop.set()
        thread = self._thread
        if thread is not None:
            thread.join(10)

    def progress(self) -> Progress:
        """Say how far it is."""
        with self._lock:
            last = self._history[-1].number
            left = None if self._pace is None else max(0.0, (self._target - last - self._part) * self._pace)
            return Progress(
                tuple(self._history), self._running(), self._target, self._part, left, self._overflowed
            )  # fmt: skip

    def _running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _work(self, config: EpochConfig) -> None:
        _step_back()
        steps = train_epochs(self.data.train, self.data.test, config, self._history[-1], self._watch)
        began, first = time.monotonic(), self._history[-1].number
        while not self._stop.is_set() and self._alive():
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

    def _watch(self, done: int, batches: int) -> bool:
        self._part = done / batches
        return not self._stop.is_set()


def _step_back() -> None:
    """Let this thread yield to those that answer readers. Linux can do so per thread; elsewhere nothing happens."""
    with suppress(AttributeError, OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)


class Cancelled(BaseException):
    """Ends a download from within; no Exception, so that nothing on the way takes it for a fault of the server."""


class Fetching:
    """A download in the background, one per data set and process, watched by all who wait for it."""

    def __init__(self, offer: Offer, fetch: Callable[..., None] = download) -> None:
        self._offer = offer
        self._fetch = fetch
        self._given_up = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self.received = 0
        self.expected = offer.size
        self.error: DownloadError | None = None
        self.finished = False

    @property
    def running(self) -> bool:
        """Whether bytes are on their way, and nobody has given up."""
        return self._thread is not None and self._thread.is_alive() and not self._given_up.is_set()

    def go(self) -> None:
        """Begin, or begin again after a failure; nothing where it is under way."""
        with self._lock:
            if self.running:
                return
            self._given_up = (
                threading.Event()
            )  # its own: a thread that was given up must not come back to life
            self.received, self.error, self.finished = 0, None, False
            self._thread = threading.Thread(
                target=self._work, args=(self._given_up,), name="download", daemon=True
            )
            self._thread.start()

    def cancel(self) -> None:
        """Give up at once; the thread ends when the server next says something, and removes the file under way."""
        self._given_up.set()

    def _work(self, given_up: threading.Event) -> None:
        def advance(done: int, expected: int) -> None:
            if given_up.is_set():
                raise Cancelled
            self.received, self.expected = done, max(done, expected)

        error = None
        try:
            self._fetch(self._offer, advance)
        except DownloadError as failure:
            error = failure
        except Cancelled:
            return
        if not given_up.is_set():
            self.error, self.finished = error, error is None
