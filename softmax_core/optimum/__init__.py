"""Where a loss is least: Newton's method, L-BFGS for wide problems, FISTA for wide ones with L1, in units that do not matter."""

from collections.abc import Callable

OnIteration = Callable[[int], None]
"""Called before every iteration with how many are done; what it raises ends the search."""


def unheard(done: int) -> None:
    """Take no notice of how far a search is."""
