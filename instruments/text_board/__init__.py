"""The text board: a sentence that is typed, and what each of its words adds to the logits, computed in the browser."""

from __future__ import annotations

from dataclasses import dataclass

from instruments.shared.session import Boards
from instruments.shared.values import MOST_CLASSES

MOST_LETTERS = 500
"""Of a sentence: an address holds no more where each letter is a Chinese one."""


@dataclass(frozen=True)
class TextState:
    """What a board shows.

    Parameters
    ----------
    text
        The sentence: at most 500 characters.
    target
        Index of the true class, 0 to 9.
    out
        Which of the different words of the sentence are left out, counted from 0 in their order.

    Raises
    ------
    ValueError
        If any of these does not hold; the message has the received value.
    """

    text: str = ""
    target: int = 0
    out: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if len(self.text) > MOST_LETTERS:
            raise ValueError(f"a sentence has at most {MOST_LETTERS} characters, got {len(self.text)}")
        if not 0 <= self.target < MOST_CLASSES:
            raise ValueError(f"the target is a class from 0 to {MOST_CLASSES - 1}, got {self.target}")
        if not all(0 <= place < MOST_LETTERS for place in self.out):
            raise ValueError(f"words are counted from 0 to {MOST_LETTERS - 1}, got {self.out}")


boards = Boards("text_board", TextState, letters=MOST_LETTERS)
