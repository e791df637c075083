"""How a long computation says how far it is, and how it is stopped."""

from __future__ import annotations

from collections.abc import Callable

Watch = Callable[[int, int], bool]
"""Called with (steps done, steps in all), in whatever thread computes. False ends the computation, with what is done by then;
who has said False says so again when asked again."""


def unwatched(done: int, steps: int) -> bool:
    """Let a computation go on to its end."""
    return True
