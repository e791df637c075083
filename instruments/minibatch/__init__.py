"""A minibatch of grey pictures: the product X W + b, made in sight, one row times one column after the other."""

from __future__ import annotations

from dataclasses import dataclass

from instruments.grey_picture import CLASSES
from instruments.shared.session import Boards

FEWEST, MOST = 2, 8
LARGEST_SEED = 9999


@dataclass(frozen=True)
class MinibatchState:
    """What a minibatch shows.

    Parameters
    ----------
    n
        Number of pictures, 2 to 8.
    seed
        Which pictures, 0 to 9999.
    row
        Row of Z that is marked, from 1; of fewer pictures the last.
    column
        Column of Z that is marked: the index of a class.

    Raises
    ------
    ValueError
        If any of these does not hold; the message has the received value.
    """

    n: int = 6
    seed: int = 0
    row: int = 1
    column: int = 0

    def __post_init__(self) -> None:
        for what, value, low, high in (
            ("number of pictures", self.n, FEWEST, MOST),
            ("seed", self.seed, 0, LARGEST_SEED),
            ("row", self.row, 1, MOST),
            ("column", self.column, 0, CLASSES - 1),
        ):
            if not low <= value <= high:
                raise ValueError(f"the {what} lies in {low}..{high}, got {value}")


boards = Boards("minibatch", MinibatchState, limits={"n": [FEWEST, MOST], "seed": [0, LARGEST_SEED]})
