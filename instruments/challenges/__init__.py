"""The card beside an instrument: one challenge at a time, answered before the instrument shows what happens.

Which challenges of a lesson are solved is kept in the reader's own browser, under ``softmax-lab:progress``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from instruments.shared.session import Boards

LONGEST_CODE = 40
MOST_NUMBERS = 40
MOST_CODES = 40


@dataclass(frozen=True)
class CardState:
    """What a card shows.

    Parameters
    ----------
    open
        Code of the challenge that is open; at most 40 characters.
    guess
        The learner's answer: the index of an option, a number, or one number for each bar; empty without one.
    shown
        Whether the instrument shows what happens.
    starts
        How often a challenge was opened or begun again.
    solved
        Codes of the challenges that this reader's browser remembers as solved; at most 40.

    Raises
    ------
    ValueError
        If any of these does not hold; the message has the received value.
    """

    open: str = ""
    guess: tuple[float, ...] = ()
    shown: bool = False
    starts: int = 0
    solved: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for code in (self.open, *self.solved):
            if len(code) > LONGEST_CODE:
                raise ValueError(f"a code has at most {LONGEST_CODE} characters, got {code!r}")
        if len(self.solved) > MOST_CODES:
            raise ValueError(f"at most {MOST_CODES} codes, got {len(self.solved)}")
        if len(self.guess) > MOST_NUMBERS or not all(map(math.isfinite, self.guess)):
            raise ValueError(f"a guess has at most {MOST_NUMBERS} finite numbers, got {self.guess!r}")


boards = Boards("challenges", CardState)
