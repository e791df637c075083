"""Script runs take turns: one computes, the others wait in the order in which they came.

Python computes in one thread at a time. Of thirty runs that share it all end at the end of the thirtieth; one after the other,
half of them end in half of that time, and none in more. Whoever has let go of something goes before those whose hand still moves:
they see it move, and ask again anyway.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LONGEST = 4.0
"""Seconds that a run waits for its turn. Then it begins beside the others: nobody is kept by one that computes for long."""

LOOK = 0.03
"""Seconds after which whoever waits looks whether it is still patient, or has waited for long."""


class FairLock:
    """A lock that is handed on in the order in which it was asked for, and can be lent.

    The pool in `ui/widgets/jobs.py` is for pieces of work: it has several places, weighs readers, and wakes all who wait.

    Examples
    --------
    >>> turn = FairLock()
    >>> with turn.taken():
    ...     with turn.lent():
    ...         with turn.taken():
    ...             print("somebody else's")
    somebody else's
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._busy = False
        self._waiting: deque[threading.Event] = deque()
        self._patient: deque[threading.Event] = deque()
        self._here = threading.local()

    @contextmanager
    def taken(self, is_patient: Callable[[], bool] = lambda: False) -> Iterator[None]:
        """Wait for a turn, and give it back. Who is patient lets all others go first, and waits no longer than that is so."""
        self._here.has = self._take(is_patient)
        try:
            yield
        finally:
            self._give()

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Let others have the turn of this thread, if it has one, while it waits for something; then go before who waits."""
        had = getattr(self._here, "has", False)
        self._give()
        try:
            yield
        finally:
            self._here.has = had and self._take(first=True)

    def _take(self, is_patient: Callable[[], bool] = lambda: False, first: bool = False) -> bool:
        with self._lock:
            if not self._busy:
                self._busy = True
                return True
            mine = threading.Event()
            line = self._patient if is_patient() else self._waiting
            (line.appendleft if first else line.append)(mine)
        end = time.monotonic() + LONGEST
        while not mine.wait(LOOK):
            with self._lock:
                if mine.is_set():  # it came in this moment
                    break
                if time.monotonic() > end or (line is self._patient and not is_patient()):
                    line.remove(mine)
                    return False
        return True

    def _give(self) -> None:
        if not getattr(self._here, "has", False):
            return
        self._here.has = False
        with self._lock:
            if self._waiting or self._patient:
                (self._waiting or self._patient).popleft().set()
            else:
                self._busy = False


RUNS = FairLock()
"""The turns of the runs of this server."""
