"""A practice sheet in the browser: questions to turn, answers, and what Python said about them.

Answers are kept in the reader's own browser, under ``softmax-lab:practice``: by the number of the sheet, each as
``code:text``. A question has no solution in the page before Python was asked for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from instruments.shared.session import Boards

LAST_SHEET = 9999
MOST_QUESTIONS = 99
MOST_ANSWERS = 300
LONGEST_ANSWER = 100  # characters, with the code of the question
VIEWS = ("one", "sheet")


@dataclass(frozen=True)
class SheetState:
    """What a sheet shows.

    Parameters
    ----------
    seed
        Number of the sheet, 0 to 9999.
    question
        Number of the question on the screen, from 1; the one after the last is the summary.
    view
        "one" or "sheet".
    key
        Whether all solutions are shown (for a teacher). It is in no link.
    answers
        All answers to this sheet in their order, each as ``code:text``; an empty text asks for the solution.

    Raises
    ------
    ValueError
        If any of these does not hold; the message has the received value.
    """

    seed: int = 1
    question: int = 1
    view: str = "one"
    key: bool = False
    answers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.seed <= LAST_SHEET:
            raise ValueError(f"a sheet has a number from 0 to {LAST_SHEET}, got {self.seed}")
        if not 1 <= self.question <= MOST_QUESTIONS:
            raise ValueError(f"a question has a number from 1 to {MOST_QUESTIONS}, got {self.question}")
        if self.view not in VIEWS:
            raise ValueError(f"the view is one of {VIEWS}, got {self.view[:40]!r}")
        if len(self.answers) > MOST_ANSWERS or any(len(text) > LONGEST_ANSWER for text in self.answers):
            raise ValueError(f"at most {MOST_ANSWERS} answers of {LONGEST_ANSWER} characters")


boards = Boards("practice_sheet", SheetState)
