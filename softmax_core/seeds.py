"""One seed, several independent streams of random numbers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Streams(NamedTuple):
    """Independent generators, one for each thing that is left to chance.

    Because every use has a separate stream, drawing more numbers of one (a larger start, say) does not
    change the others.
    """

    data: np.random.Generator
    start: np.random.Generator
    batches: np.random.Generator
    split: np.random.Generator
    labels: np.random.Generator


def streams(seed: int) -> Streams:
    """Spawn the generators that belong to a seed.

    New streams are appended to `Streams`, never inserted: `SeedSequence.spawn` gives the first
    children the same numbers however many follow.

    Examples
    --------
    >>> first, again = streams(7), streams(7)
    >>> bool(first.data.random() == again.data.random())
    True
    >>> bool(first.data.random() == first.start.random())
    False
    """
    children = np.random.SeedSequence(seed).spawn(len(Streams._fields))
    return Streams(*(np.random.default_rng(child) for child in children))
