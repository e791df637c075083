"""Work that outlives a script run: in one pool for the whole process, with a count of how far it is and a way to stop it.

So many work at once, readers in turn; what nobody is there for any more ends. No Streamlit here. A page starts a job and
keeps it in its session. Where the result is not there after a moment it raises `Pending`: the page then shows how far the
job is, and runs again until it is done.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Generic, TypeVar

from softmax_core.progress import Watch
from ui.frame.turns import RUNS

T = TypeVar("T")

_NICENESS = 10
SLICE = 0.1
"""Seconds of a turn: whoever works longer lets others go first, where others wait."""

MOMENT = 0.1
"""Seconds that a script waits for work in its own turn."""


@dataclass(frozen=True)
class Reader:
    """Somebody for whom work is done.

    Parameters
    ----------
    name
        Of the session.
    is_here
        Whether the page is still open; it may be asked in any thread.
    """

    name: str
    is_here: Callable[[], bool] = field(default=lambda: True, compare=False)


NOBODY = Reader("")


class FairPool:
    """So many may work at once; the next is whoever has fewest at work, and of these whoever has waited longest for a turn.

    So one reader's many pieces of work do not keep another's waiting, and a long one does not keep short ones waiting: it
    calls `Turn.give_way` now and then.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._numbers = count(1)
        self._busy: Counter[str] = Counter()
        self._waiting: list[tuple[str, int]] = []
        self._served: OrderedDict[str, int] = OrderedDict()  # when each reader last began a turn
        self._changed = threading.Condition()

    @contextmanager
    def take(self, reader: str = "", given_up: Callable[[], bool] = lambda: False) -> Iterator[Turn]:
        """Wait for a place, and give it back. Who has given up does not wait."""
        turn = Turn(self, reader, given_up)
        self._begin(turn)
        try:
            yield turn
        finally:
            self._end(turn)

    def _next(self) -> tuple[str, int]:
        return min(self._waiting, key=lambda it: (self._busy[it[0]], self._served.get(it[0], 0), it[1]))

    def _begin(self, turn: Turn) -> None:
        with self._changed:
            ticket = (turn.reader, next(self._numbers))
            self._waiting.append(ticket)
            try:
                while (
                    not (self._busy.total() < self._places and self._next() == ticket) and not turn.given_up()
                ):
                    self._changed.wait(2 * SLICE)  # giving up wakes nobody
            finally:
                self._waiting.remove(ticket)
            self._busy[turn.reader] += 1
            self._served[turn.reader] = next(self._numbers)
            self._served.move_to_end(turn.reader)
            while len(self._served) > MOST_REMEMBERED:
                self._served.popitem(last=False)
            turn.began = time.monotonic()
            self._changed.notify_all()

    def _end(self, turn: Turn) -> None:
        with self._changed:
            turn.seconds += time.monotonic() - turn.began
            self._busy -= Counter([turn.reader])
            self._changed.notify_all()

    def _hand_on(self, turn: Turn) -> None:
        if self._waiting:
            self._end(turn)
            self._begin(turn)


@dataclass
class Turn:
    """A place that is taken; ``seconds`` is how long it was, in turns that are over."""

    pool: FairPool
    reader: str
    given_up: Callable[[], bool]
    seconds: float = 0.0
    began: float = 0.0

    def give_way(self) -> None:
        """Let those who wait go first, if any do."""
        self.pool._hand_on(self)

    @property
    def length(self) -> float:
        """Seconds of work so far, the waiting left out."""
        return self.seconds + time.monotonic() - self.began


MOST_REMEMBERED = 1000
POOL = FairPool(max(2, (os.cpu_count() or 2) - 1))
"""All work of the process that takes longer than a moment. Two places at least: one hard search is not to stop everybody."""


class Job(Generic[T]):
    """One piece of work, which begins when it is its reader's turn.

    Parameters
    ----------
    name
        What is worked on; the same name is the same work.
    work
        Called in a thread with a `Watch`, which takes ``(done, steps)`` and says False once `stop` has been called, the reader
        has left or ``longest`` is over.
    reader
        For whom it is done.
    longest
        Seconds of work, the waiting for others left out.
    pool
        Whose turns are taken; None for what waits more than it works.
    """

    def __init__(
        self, name: str, work: Callable[[Watch], T], reader: Reader = NOBODY, longest: float = math.inf,
        pool: FairPool | None = POOL,
    ) -> None:  # fmt: skip
        self.name = name
        self.done, self.steps = 0, 0
        self.left = False
        """Whether it ended because its reader had left."""
        self.overdue = False
        """Whether it ended because it took too long."""
        self._work, self._reader, self._longest, self._pool = work, reader, longest, pool
        self._turn: Turn | None = None
        self._looked = 0.0
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

    @property
    def cut(self) -> bool:
        """Whether it was asked to end before its end, by whomever."""
        return self.stopped or self.left or self.overdue

    def finished(self, patience: float = 0.0) -> bool:
        """Whether it has ended, after waiting for at most ``patience`` seconds.

        The script keeps its turn for the first moment: most work is done by then, undisturbed by other scripts.
        """
        moment = min(patience, MOMENT)
        with suppress(TimeoutError):
            self._result.exception(moment)
        if patience > moment and not self._result.done():
            with RUNS.lent(), suppress(TimeoutError):
                self._result.exception(patience - moment)
        return self._result.done()

    def result(self) -> T:
        """Return what the work returned, or raise what it raised; waits for the end."""
        return self._result.result()

    def _run(self) -> None:
        try:
            with (
                nullcontext()
                if self._pool is None
                else self._pool.take(self._reader.name, self._gone) as turn
            ):
                self._turn, self._looked = turn, time.monotonic()
                self._result.set_result(self._work(self._watch))
        except BaseException as error:  # result() raises it
            self._result.set_exception(error)

    def _gone(self) -> bool:
        self.left = self.left or not self._reader.is_here()
        return self.cut

    def _watch(self, done: int, steps: int) -> bool:
        self.done, self.steps = done, steps
        if time.monotonic() - self._looked > SLICE:
            lower_priority()
            if self._turn is not None:
                self.overdue = self.overdue or self._turn.length > self._longest
                self._turn.give_way()
            self._gone()
            self._looked = time.monotonic()
        return not self.cut


class Pending(Exception):  # noqa: N818 - no error: the result is not there yet
    """A run is not there yet; ``job`` is at work on it."""

    def __init__(self, job: Job[Any]) -> None:
        super().__init__(job.name)
        self.job = job


def lower_priority() -> None:
    """Give this thread a low priority, below those that answer readers. Linux can do so per thread; elsewhere nothing happens."""
    with suppress(AttributeError, OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
