"""Work that outlives a script run: in a thread, with a count of how far it is and a way to stop it.

No Streamlit here. A page starts a job and keeps it in its session. Where the result is not there after a moment it raises
`Pending`: the page then shows how far the job is, and runs again until it is done.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from typing import Any, Generic, TypeVar

from softmax_core.training import Watch

T = TypeVar("T")

_NICENESS = 10


class Job(Generic[T]):
    """One piece of work, begun at once.

    Parameters
    ----------
    name
        What is worked on; the same name is the same work.
    work
        Called in a thread with a `Watch`, which takes ``(done, steps)`` and says False once `stop` has been called.
    """

    def __init__(self, name: str, work: Callable[[Watch], T]) -> None:
        self.name = name
        self.done, self.steps = 0, 0
        self._work = work
        self._given_up = threading.Event()
        self._result: Future[T] = Future()
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def stop(self) -> None:
        """End soon, and keep what is done."""
        self._given_up.set()

    @property
    def stopped(self) -> bool:
        """Whether somebody has asked it to stop."""
        return self._given_up.is_set()

    def finished(self, patience: float = 0.0) -> bool:
        """Whether it has ended, after waiting for at most ``patience`` seconds."""
        with suppress(TimeoutError):
            self._result.exception(patience)
        return self._result.done()

    def result(self) -> T:
        """Return what the work returned, or raise what it raised; waits for the end."""
        return self._result.result()

    def _run(self) -> None:
        try:
            self._result.set_result(self._work(self._watch))
        except BaseException as error:  # result() raises it
            self._result.set_exception(error)

    def _watch(self, done: int, steps: int) -> bool:
        self.done, self.steps = done, steps
        return not self._given_up.is_set()


class Pending(Exception):  # noqa: N818 - no error: the result is not there yet
    """A run is not there yet; ``job`` is at work on it."""

    def __init__(self, job: Job[Any]) -> None:
        super().__init__(job.name)
        self.job = job


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


def step_back() -> None:
    """Give this thread a low priority, below those that answer readers. Linux can do so per thread; elsewhere nothing happens."""
    with suppress(AttributeError, OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
