"""A training that may take longer than a page should: in a thread, with a count of steps and a way to stop.

No Streamlit here. A page asks for a run; what is not there after a moment is `Pending`, and the page shows how far
it is until it comes back and finds it done.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Generic, TypeVar

from softmax_core.training import Watch

T = TypeVar("T")


class Job(Generic[T]):
    """One piece of work, begun at once.

    Parameters
    ----------
    name
        What is worked on; the same name is the same work.
    work
        Called in a thread with a `Watch`, which says False once `stop` has been called.
    """

    def __init__(self, name: str, work: Callable[[Watch], T]) -> None:
        self.name = name
        self.done, self.steps = 0, 0
        self._work = work
        self._given_up = threading.Event()
        self._result: Future[T] = Future()
        threading.Thread(target=self._run, name="run", daemon=True).start()

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
        except BaseException as error:  # whoever asks for the result gets it
            self._result.set_exception(error)

    def _watch(self, done: int, steps: int) -> bool:
        self.done, self.steps = done, steps
        return not self._given_up.is_set()


class Pending(Exception):  # noqa: N818 - no error: it says "not yet"
    """A run is not there yet; ``job`` is at work on it."""

    def __init__(self, job: Job[Any]) -> None:
        super().__init__(job.name)
        self.job = job
