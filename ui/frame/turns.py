"""Script runs take turns: one computes, the others wait in the order in which they came.

Python computes in one thread at a time. Of thirty runs that share it all end at the end of the thirtieth; one after the other,
half of them end in half of that time, and none in more.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

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
        self._here = threading.local()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for a turn, and give it back."""
        self._here.has = self._take(first=False)
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

    def in_turn(self, act: Callable[P, R]) -> Callable[P, R]:
        """Return what does the same in a turn of its own."""

        def acted(*args: P.args, **kwargs: P.kwargs) -> R:
            with self.taken():
                return act(*args, **kwargs)

        return acted

    def _take(self, first: bool) -> bool:
        with self._lock:
            if not self._busy:
                self._busy = True
                return True
            mine = threading.Event()
            (self._waiting.appendleft if first else self._waiting.append)(mine)
        if mine.wait(LONGEST):
            return True
        with self._lock:
            if mine.is_set():  # it came in this moment
                return True
            self._waiting.remove(mine)
        return False

    def _give(self) -> None:
        if not getattr(self._here, "has", False):
            return
        self._here.has = False
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._busy = False


RUNS = Turns()
"""The turns of the runs of this server."""
