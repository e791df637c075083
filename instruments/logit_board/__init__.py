"""The logit board: up to ten logits that can be dragged, with softmax, log-softmax, loss and gradient beside each.

A board with a stepper shows its columns from left to right: z, e^z, p, and at last all of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from instruments.shared.session import Boards
from instruments.shared.values import (
    FEWEST_CLASSES,
    MOST_CLASSES,
    NAME_LENGTH,
    check_numbers,
    check_shares,
    normalised,
)

MOST_SMOOTHING = 0.5
TEMPERATURES = (0.05, 20.0)
SHIFTS = (-10.0, 10.0)
SCORES, EXPONENTIALS, SHARES, ALL_COLUMNS = 1, 2, 3, 4  # the steps of a board with a stepper


@dataclass(frozen=True)
class BoardState:
    """What a board shows.

    Parameters
    ----------
    logits
        K finite numbers in nats, before the shift; 2 to 10 of them.
    target
        Index of the true class.
    temperature
        T in softmax(z / T), 0.05 to 20.
    shift
        The constant c that is added to every logit, -10 to 10.
    names
        K texts of at most 24 characters; an empty one stands for the default name of its place.
    soft
        A target distribution of K shares with sum 1 in place of the true class; empty for a label.
    smoothing
        Label smoothing eps, 0 to 0.5: the target is (1 - eps) y + eps / K.
    step
        Which columns a board with a stepper shows: 1 for z, 2 for e^z as well, 3 for p as well, 4 for all.

    Raises
    ------
    ValueError
        If any of these does not hold; the message has the received value.
    """

    logits: tuple[float, ...] = (2.0, 1.0, 0.1)
    target: int = 0
    temperature: float = 1.0
    shift: float = 0.0
    names: tuple[str, ...] = ("", "", "")
    soft: tuple[float, ...] = ()
    smoothing: float = 0.0
    step: int = ALL_COLUMNS

    def __post_init__(self) -> None:
        count = len(self.logits)
        if not FEWEST_CLASSES <= count <= MOST_CLASSES:
            raise ValueError(f"a board has {FEWEST_CLASSES} to {MOST_CLASSES} classes, got {count}")
        check_numbers("logits", self.logits)
        check_numbers("temperatures", [self.temperature], *TEMPERATURES)
        check_numbers("shifts", [self.shift], *SHIFTS)
        check_numbers("smoothings", [self.smoothing], 0, MOST_SMOOTHING)
        if not SCORES <= self.step <= ALL_COLUMNS:
            raise ValueError(f"the steps are {SCORES} to {ALL_COLUMNS}, got {self.step}")
        if not 0 <= self.target < count:
            raise ValueError(f"the target is a class from 0 to {count - 1}, got {self.target}")
        if len(self.names) != count or any(len(name) > NAME_LENGTH for name in self.names):
            raise ValueError(
                f"one name of at most {NAME_LENGTH} characters for each class, got {self.names!r}"
            )
        if self.soft:
            check_shares(self.soft, count)

    @property
    def targets(self) -> tuple[float, ...]:
        """The target distribution y: 1 for the true class or the soft shares, then smoothed; its sum is 1."""
        count = len(self.logits)
        base = normalised(self.soft or [float(k == self.target) for k in range(count)])
        return tuple((1 - self.smoothing) * y + self.smoothing / count for y in base)

    @property
    def is_label(self) -> bool:
        """Whether the target is one class alone."""
        return not self.soft and self.smoothing == 0

    @property
    def shown(self) -> tuple[float, ...]:
        """The logits with the shift added: what the bars show (rounded as the browser does)."""
        return tuple(_tidy(z + self.shift) for z in self.logits)

    def with_logits(self, logits: Sequence[float]) -> BoardState:
        """Return the state with other logits; names and target are kept where their class still exists."""
        count = len(logits)
        names = (*self.names, *([""] * count))[:count]
        target = self.target if self.target < count else 0
        soft = self.soft if len(self.soft) == count else ()
        return replace(self, logits=tuple(logits), names=names, target=target, shift=0.0, soft=soft)


def _tidy(x: float) -> float:
    return math.floor(x * 1e6 + 0.5) / 1e6 if abs(x) < 1e9 else x


boards = Boards(
    "logit_board",
    BoardState,
    limits={
        "classes": [FEWEST_CLASSES, MOST_CLASSES],
        "nameLength": NAME_LENGTH,
        "temperature": TEMPERATURES,
        "shift": SHIFTS,
    },
)
put, current = boards.put, boards.current
