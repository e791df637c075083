"""Who is faster: everybody once a round, in turns, so that the load of the machine meets all alike."""

import time
from collections.abc import Callable, Mapping


def in_turns(contestants: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Return the seconds that each took in each round."""
    taken: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, run in contestants.items():
            begin = time.perf_counter()
            run()
            taken[name].append(time.perf_counter() - begin)
    return taken
