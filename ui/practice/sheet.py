"""The practice sheet: what the link asks for, what the browser shows, and what was right about an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import locales
from instruments import practice_sheet
from instruments.practice_sheet import LAST_SHEET, SheetState
from instruments.shared.session import message
from locales import _
from softmax_core.numbers_text import read_number
from ui.frame import frame, language, sharing
from ui.frame.sharing import Nearest
from ui.practice.questions import KINDS, Kind, Question
from ui.practice.questions.base import parse
from ui.practice.questions.words import plain
from ui.widgets import markup

BOARD = "practice"
TRIES = 2
"""So many answers may be given to a question; after the last one its solution is shown."""


@dataclass(frozen=True)
class Try:
    """One answer: its text as it was given, how a reader sees it, and what is said about it."""

    text: str
    shown: str
    right: bool
    remark: str


@dataclass(frozen=True)
class Outcome:
    """What the answers to one question came to.

    ``refused`` is the last text, where it was no answer, with the sentence that says why.
    """

    tries: tuple[Try, ...] = ()
    finished: bool = False
    refused: tuple[str, str] | None = None

    @property
    def right(self) -> bool:
        """Whether the last answer was right."""
        return bool(self.tries) and self.tries[-1].right


def judge(question: Question, texts: Iterable[str]) -> Outcome:
    """Return what the answers in ``texts``, in their order, came to.

    A text is a number as people write it, or the index of an option; an empty one asks for the solution. What is no
    answer does not count as a try.
    """
    tries: list[Try] = []
    refused: tuple[str, str] | None = None
    for text in texts:
        refused = None
        if not text:
            return Outcome(tuple(tries), finished=True)
        value = _value(question, text)
        if value is None:
            refused = (text, _refusal(question))
            continue
        right = question.accepts(value)
        shown = question.options[int(value)] if question.options else text
        tries.append(Try(text, shown, right, "" if right else question.remark(value) or ""))
        if right or len(tries) == TRIES:
            return Outcome(tuple(tries), finished=True)
    return Outcome(tuple(tries), refused=refused)


def _value(question: Question, text: str) -> float | None:
    if not question.options:
        return parse(text, question.whole)
    index = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else -1
    return float(index) if 0 <= index < len(question.options) else None


def _refusal(question: Question) -> str:
    return _labels()["choose" if question.options else "no_number"]


def answer_text(question: Question) -> str:
    """Return the right answer as a reader sees it."""
    if question.options:
        return question.options[int(question.answer)]
    return plain(round(question.answer, 4))


def start_from_link() -> SheetState:
    """Return the sheet that the link describes; a session that has seen the page before goes on with its sheet."""
    standard = SheetState()
    names = {"seed": _("Sheet"), "question": _("Question"), "view": _("Show")}
    anew = sharing.brings(*(f"{BOARD}_{name}" for name in names))
    limits = {"seed": (0, LAST_SHEET), "question": (1, len(KINDS) + 1)}
    parsers = {name: _whole(*limits[name]) for name in limits} | {
        "view": sharing.one_of(practice_sheet.VIEWS)
    }
    values: dict[str, Any] = {}
    sharing.name_on_paper(f"{BOARD}_seed", names["seed"])
    for name, label in names.items():
        key = f"{BOARD}_{name}"
        default = getattr(standard, name)
        if anew:  # what the link leaves out is the standard
            sharing.keep(key, default)
        values[name] = sharing.read(key, parsers[name], default, label, show=str)
    state = SheetState(**values)
    if anew and practice_sheet.boards.current(BOARD) is not None:
        practice_sheet.boards.put(BOARD, state)
    return state


def _whole(low: int, high: int) -> Any:
    def read(text: str) -> int | Nearest[int]:
        value = read_number(text, True)
        if value is None:
            raise ValueError(text)
        allowed = min(max(int(value), low), high)
        return allowed if allowed == value else Nearest(allowed)

    return read


def show(start: SheetState) -> None:
    """Mount the sheet; an answer comes back here and is judged."""
    state = practice_sheet.boards.current(BOARD) or start
    practice_sheet.boards.mount(BOARD, start, SheetState(), on_change=_take, **_data(state))


def _take() -> None:
    """Take what the browser sent, before the script runs: the data of the sheet depend on it."""
    with suppress(ValueError):  # a forged message; the last good state stays
        practice_sheet.boards.take(BOARD, message(BOARD))


@lru_cache(maxsize=64)
def _questions(seed: int, _language: str) -> dict[Kind, Question]:
    """Return the questions of a sheet. The language is part of the key: their texts are translated when they are made."""
    return {kind: kind.question(seed) for kind in KINDS}


@lru_cache(maxsize=4096)
def _trees(text: str) -> list[markup.Tree]:
    return markup.paragraphs(text)


def _data(state: SheetState) -> dict[str, Any]:
    """Return what the browser needs: the questions of the sheet, and what the answers to them came to."""
    questions = _questions(state.seed, locales.current())
    given: dict[str, list[str]] = {}
    for answer in state.answers:
        code, _colon, text = answer.partition(":")
        given.setdefault(code, []).append(text)
    outcomes = {
        kind.code: _outcome(question, judge(question, given.get(kind.code, ())), state.key)
        for kind, question in questions.items()
        if state.key or kind.code in given
    }
    return {
        "seed": state.seed, "judged": list(state.answers), "last": LAST_SHEET,
        "questions": [_question(kind, question) for kind, question in questions.items()], "outcomes": outcomes,
        "topics": _topics(questions), "labels": _labels(),
    }  # fmt: skip


def _question(kind: Kind, question: Question) -> dict[str, Any]:
    hint = _("a whole number") if question.whole else _("a number, three decimals are enough")
    return {
        "code": kind.code, "title": kind.title(), "topic": question.link.stem, "text": _trees(question.text),
        "options": list(question.options), "table": question.table, "hint": hint,
    }  # fmt: skip


def _outcome(question: Question, outcome: Outcome, key_shown: bool) -> dict[str, Any]:
    tries = [vars(one) for one in outcome.tries]
    refused = (
        None if outcome.refused is None else dict(zip(("text", "sentence"), outcome.refused, strict=True))
    )
    shown = outcome.finished or key_shown
    return {
        "tries": tries, "finished": outcome.finished, "right": outcome.right, "refused": refused,
        "solution": _solution(question) if shown else None,
    }  # fmt: skip


def _solution(question: Question) -> dict[str, Any]:
    title = frame.title_of(question.link.stem)
    return {
        "answer": answer_text(question),
        "steps": [tree for text in question.solution for tree in _trees(text)],
        "href": question.link.address(language.current()),
        "label": _("See it in the lesson: {title}").format(title=title),
    }


def _topics(questions: Mapping[Kind, Question]) -> list[dict[str, str]]:
    """Return the lessons that the questions belong to, in the order of the path."""
    asked = {question.link.stem for question in questions.values()}
    return [
        {
            "code": lesson.stem,
            "title": lesson.title,
            "href": sharing.relative(lesson.stem, {"lang": language.current()}),
        }
        for lesson in frame.path()
        if lesson.stem in asked
    ]


def _labels() -> dict[str, str]:
    return {
        "heading": _("Practice sheet"),
        "one": _("One at a time"),
        "sheet": _("Whole sheet"),
        "sheet_name": _("Sheet"),
        "sheet_no": _("Sheet {seed}"),
        "fresh": _("New sheet"),
        "print": _("Print the sheet"),
        "key": _("Answer key"),
        "back": _("Previous question"),
        "next": _("Next question"),
        "clearOne": _("Clear answers"),
        "clearAll": _("Clear the answers of all sheets"),
        "name": _("Name"),
        "date": _("Date"),
        "score": _("Sheet {seed}: {right} of {answered} right, {left} to go"),
        "all_sheets": _("all sheets: {right} of {answered}"),
        "not_a_sheet": _("A sheet has a whole number from 0 to {last}."),
        "prediction": _("Your prediction"),
        "check": _("Check"),
        "check_again": _("Check again"),
        "show": _("Show the solution"),
        "solution_shown": _("solution shown, not counted"),
        "choose": _("Choose an answer first."),
        "no_number": _("That is not a number yet. Write 0.25, 0,25, 1/4 or 25 %."),
        "you_said": _("You said: {answer}"),
        "right": _("Right."),
        "right_second": _("Right, at the second try."),
        "dash": _(" — "),  # between what was answered and what is said of it
        "not_yet": _("Not right."),
        "one_more": _("You have one more try."),
        "answer": _("Answer:"),
        "summary": _("Summary"),
        "topic": _("Lesson"),
        "right_head": _("Right"),
        "first_head": _("at the first try"),
        "again_head": _("Look at again"),
        "of": _("{right} of {all}"),
        "total": _("{right} of {all} are right."),
        "left": _("{left} are still to be answered."),
        "all_right": _("All of them. Take a new sheet: the questions are the same kind, the numbers are not."),
        "look_again": _("Open the numbers in the last column: each has its solution and the lesson in that state."),
    }  # fmt: skip
