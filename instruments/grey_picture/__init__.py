"""The grey picture: four pixels and the linear layer that reads them, all to be changed."""

from __future__ import annotations

from dataclasses import dataclass

from instruments.shared.session import Boards
from instruments.shared.values import check_numbers

PIXELS, CLASSES = 4, 3
WEIGHT_LIMIT = 20.0


@dataclass(frozen=True)
class GreyState:
    """What a grey picture shows.

    Parameters
    ----------
    x
        4 greys from 0 (black) to 1 (white), in reading order.
    W
        12 weights from -20 to 20, row by row: the three classes of the first pixel, then of the second, ...
    b
        3 biases from -20 to 20.
    target
        Index of the true class.

    Raises
    ------
    ValueError
        If any of these does not hold; the message has the received value.
    """

    x: tuple[float, ...]
    W: tuple[float, ...]
    b: tuple[float, ...]
    target: int = 0

    def __post_init__(self) -> None:
        for what, values, count, low, high in (
            ("greys", self.x, PIXELS, 0.0, 1.0),
            ("weights", self.W, PIXELS * CLASSES, -WEIGHT_LIMIT, WEIGHT_LIMIT),
            ("biases", self.b, CLASSES, -WEIGHT_LIMIT, WEIGHT_LIMIT),
        ):
            if len(values) != count:
                raise ValueError(f"{count} {what}, got {len(values)}")
            check_numbers(what, values, low, high)
        if not 0 <= self.target < CLASSES:
            raise ValueError(f"the target is a class from 0 to {CLASSES - 1}, got {self.target}")

    @property
    def rows(self) -> list[list[float]]:
        """The weights as a matrix with a row for each pixel."""
        return [list(self.W[i * CLASSES : (i + 1) * CLASSES]) for i in range(PIXELS)]


boards = Boards("grey_picture", GreyState, limits={"weight": [-WEIGHT_LIMIT, WEIGHT_LIMIT]})
put, current = boards.put, boards.current
