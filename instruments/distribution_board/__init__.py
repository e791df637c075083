"""The distribution board: a true distribution P and a believed one Q, both to be dragged, with entropy and divergence."""

from __future__ import annotations

from dataclasses import dataclass, replace

from instruments.shared.session import Boards
from instruments.shared.values import FEWEST_CLASSES, MOST_CLASSES, check_shares, normalised

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
            raise ValueError(f"the unit is one of {UNITS}, got {self.unit[:40]!r}")

    def with_p(self, p: tuple[float, ...]) -> DistributionState:
        """Return the state with another P; a Q of another number of symbols becomes P as well."""
        return replace(self, p=p, q=self.q if len(self.q) == len(p) else p)

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


boards = Boards("distribution_board", DistributionState, limits={"classes": [FEWEST_CLASSES, MOST_CLASSES]})
put, current = boards.put, boards.current
