"""Script runs take turns: one computes, the others wait in the order in which they came.

Python computes in one thread at a time. Of thirty runs that share it all end at the end of the thirtieth; one after the other,
half of them end in half of that time, and none in more. Whoever has let go of something goes before those whose hand still moves:
they see it move, and ask again anyway.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LONGEST = 4.0
"""Seconds that a run waits for its turn. Then it begins beside the others: nobody is kept by one that computes for long."""


class Turns:
    """One turn at a time.

    Examples
    --------
    >>> turns = Turns()
    >>> with turns.taken():
    ...     with turns.lent():
    ...         with turns.taken():
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
    def taken(self, patient: bool = False) -> Iterator[None]:
        """Wait for a turn, and give it back. Who is patient lets all others go first."""
        self._here.has = self._take((self._patient if patient else self._waiting).append)
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
            self._here.has = had and self._take(self._waiting.appendleft)

    def _take(self, join: Callable[[threading.Event], None]) -> bool:
        with self._lock:
            if not self._busy:
                self._busy = True
                return True
            mine = threading.Event()
            join(mine)
        if mine.wait(LONGEST):
            return True
        with self._lock:
            if mine.is_set():  # it came in this moment
                return True
            (self._waiting if mine in self._waiting else self._patient).remove(mine)
        return False

    def _give(self) -> None:
        if not getattr(self._here, "has", False):
            return
        self._here.has = False
        with self._lock:
            if self._waiting or self._patient:
                (self._waiting or self._patient).popleft().set()
            else:
                self._busy = False


RUNS = Turns()
"""The turns of the runs of this server."""
