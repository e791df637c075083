"""How long something may keep a processor, or a test waiting."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# `make coverage` watches every line, which makes a loop over a file some three times as long.
SLOWER = 1 if sys.gettrace() is None else 5


@contextmanager
def at_most(seconds: float, about: object = "") -> Iterator[None]:
    """Fail, with what this was about, if what is done within takes more of a processor's time."""
    begin = time.process_time()
    yield
    assert time.process_time() - begin < seconds * SLOWER, about


def until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until something is so, at most so long."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.002)
