"""A message that comes symbol by symbol and goes out as bits, with a counter of bits for each symbol."""

from __future__ import annotations

from dataclasses import dataclass

from instruments.shared.session import Boards

LONGEST = 1000


@dataclass(frozen=True)
class StreamState:
    """What a stream shows.

    Parameters
    ----------
    count
        How many symbols have come, 0 to 1000.

    Raises
    ------
    ValueError
        If that does not hold; the message has the received value.
    """

    count: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.count <= LONGEST:
            raise ValueError(f"0 to {LONGEST} symbols have come, got {self.count}")


boards = Boards("message_stream", StreamState)
