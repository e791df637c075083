"""The distribution board: a true distribution P and a believed one Q under the hand, with entropy and divergence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from instruments.shared.session import Boards
from instruments.shared.values import (
    FEWEST_CLASSES,
    MOST_CLASSES,
    check_shares,
    checked_message,
    normalised,
)

UNITS = ("nats", "bits")


@dataclass(frozen=True)
class DistributionState:
    """What a distribution board shows.

    Parameters
    ----------
    p, q
        K shares each, 2 to 10 of them, nonnegative, with sum 1 but for rounding.
    unit
        "nats" or "bits".

    Raises
    ------
    ValueError
        If any of these does not hold; the message has the received value.
    """

    p: tuple[float, ...] = (0.5, 0.25, 0.125, 0.125)
    q: tuple[float, ...] = (0.2, 0.4, 0.2, 0.2)
    unit: str = "bits"

    def __post_init__(self) -> None:
        count = len(self.p)
        if not FEWEST_CLASSES <= count <= MOST_CLASSES:
            raise ValueError(f"a board has {FEWEST_CLASSES} to {MOST_CLASSES} symbols, got {count}")
        check_shares(self.p, count)
        check_shares(self.q, count)
        if self.unit not in UNITS:
            raise ValueError(f"the unit is one of {UNITS}, got {self.unit!r}")

    @property
    def true(self) -> tuple[float, ...]:
        """P divided by its sum."""
        return normalised(self.p)

    @property
    def believed(self) -> tuple[float, ...]:
        """Q divided by its sum."""
        return normalised(self.q)

    @property
    def base(self) -> float | None:
        """The base that softmax_core.information takes for the unit."""
        return 2.0 if self.unit == "bits" else None


def from_browser(value: Mapping[str, Any]) -> DistributionState:
    """Read a state that the browser sent. Whoever can open the page can send anything, so it is checked here.

    Raises
    ------
    ValueError
        If it is not a state.
    """
    with checked_message("two distributions"):
        return DistributionState(
            p=tuple(float(share) for share in value["p"]),
            q=tuple(float(share) for share in value["q"]),
            unit=str(value["unit"]),
        )


def unit(text: str) -> str:
    """Read a unit from a parameter.

    Raises
    ------
    ValueError
        If it is neither nats nor bits.
    """
    if text not in UNITS:
        raise ValueError(f"the unit is one of {UNITS}, got {text[:40]!r}")
    return text


boards = Boards("distribution_board", from_browser)
put, current = boards.put, boards.current


def distribution_board(
    *,
    key: str,
    start: DistributionState,
    standard: DistributionState,
    names: Sequence[str],
    colors: Sequence[str],
    labels: Mapping[str, str],
) -> DistributionState:
    """Mount a board and return the state it shows.

    Parameters
    ----------
    key
        The board's key; its URL parameters are ``<key>_p``, ``_q`` and ``_unit``. The browser writes them, the
        page reads them once into ``start``.
    start
        What to show when this session has not seen the board yet.
    standard
        What Reset returns to, and what is left out of the URL.
    names
        Ten names of symbols, in the reader's language.
    colors
        Ten CSS colours.
    labels
        The texts of the board, in the reader's language; see ``ui/widgets/distribution_board.py``.
    """
    return boards.mount(
        key,
        start,
        standard,
        names=list(names),
        colors=list(colors),
        labels=dict(labels),
        limits={"classes": [FEWEST_CLASSES, MOST_CLASSES]},
    )
