"""The grey picture: four pixels and the linear layer that reads them, under the hand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from instruments.shared.session import Boards
from instruments.shared.values import checked_message

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
        _check("greys", self.x, PIXELS, 0.0, 1.0)
        _check("weights", self.W, PIXELS * CLASSES, -WEIGHT_LIMIT, WEIGHT_LIMIT)
        _check("biases", self.b, CLASSES, -WEIGHT_LIMIT, WEIGHT_LIMIT)
        if not 0 <= self.target < CLASSES:
            raise ValueError(f"the target is a class from 0 to {CLASSES - 1}, got {self.target}")

    @property
    def rows(self) -> list[list[float]]:
        """The weights as a matrix with a row for each pixel."""
        return [list(self.W[i * CLASSES : (i + 1) * CLASSES]) for i in range(PIXELS)]


def _check(what: str, values: Sequence[float], count: int, low: float, high: float) -> None:
    if len(values) != count:
        raise ValueError(f"{count} {what}, got {len(values)}")
    for value in values:
        if not (math.isfinite(value) and low <= value <= high):
            raise ValueError(f"{what} lie in {low:g}..{high:g}, got {value}")


def from_browser(value: Mapping[str, Any]) -> GreyState:
    """Read a state that the browser sent. Whoever can open the page can send anything, so it is checked here.

    Raises
    ------
    ValueError
        If it is not a state.
    """
    with checked_message("the state of a grey picture"):
        return GreyState(
            x=tuple(float(v) for v in value["x"]),
            W=tuple(float(v) for v in value["W"]),
            b=tuple(float(v) for v in value["b"]),
            target=int(value["target"]),
        )


boards = Boards("grey_picture", from_browser)
put, current = boards.put, boards.current


def grey_picture(
    *,
    key: str,
    start: GreyState,
    standard: GreyState,
    names: Sequence[str],
    pixels: Sequence[str],
    colors: Sequence[str],
    labels: Mapping[str, str],
) -> GreyState:
    """Mount a grey picture and return the state it shows.

    Parameters
    ----------
    key
        Its key; its URL parameters are ``<key>_x``, ``_w``, ``_b``, ``_target``, which the browser writes and
        the page reads once into ``start``.
    start
        What to show when this session has not seen the picture yet.
    standard
        What Reset returns to, and what is left out of the URL.
    names, pixels, colors, labels
        Three class names, four names of places, three CSS colours and the texts, in the reader's language; see
        ``ui/linear_layer/grey_picture.py``.
    """
    return boards.mount(
        key,
        start,
        standard,
        names=list(names),
        pixels=list(pixels),
        colors=list(colors),
        labels=dict(labels),
        limits={"weight": [-WEIGHT_LIMIT, WEIGHT_LIMIT]},
    )
