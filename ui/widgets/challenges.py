"""Challenges: the learner commits to an answer, then the instrument shows what happens; goals: a state to reach.

A lesson has one table of them, in ``ui/LESSON/challenges.py``, and one :class:`Challenges` that shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st

from charts.style import CLASS_COLORS
from instruments import challenges
from instruments.challenges import CardState
from instruments.shared.session import at_rest, forget_drags, message
from locales import _, joined, once
from ui.frame import present, sharing
from ui.widgets.boards import two_readings
from ui.widgets.show import as_shown, number

ROUNDED = 0.011  # by which shares that are set in hundredths may miss their sum


@dataclass(frozen=True)
class Choice:
    """An answer that is one of some options; the truth is the index of the right one."""

    options: Sequence[str]


@dataclass(frozen=True)
class Number:
    """An answer that is a number from ``low`` to ``high``; within ``close`` of the truth it counts as right.

    The verdict writes it with so many ``decimals``.
    """

    unit: str = ""
    low: float = -1e6
    high: float = 1e6
    close: float = 0.05
    decimals: int = 3


@dataclass(frozen=True)
class Bars:
    """An answer of one share for each class, sketched as bars."""

    names: Sequence[str]
    colors: Sequence[str] = tuple(CLASS_COLORS)
    close: float = 0.1


@dataclass(frozen=True)
class Sketch:
    """An answer that is drawn on the instrument itself; the page hands it to :meth:`Challenges.card`.

    It is right where each of its numbers is within ``close`` of the truth; ``verdict`` judges in its place, and returns the
    sentence about a (guess, truth) and whether it is right. The card may still hold an older drawing when it is answered, so
    ``drawn`` returns the one that is judged, or None where it is the card's.
    """

    close: float = 0.05
    verdict: Callable[[tuple[float, ...], tuple[float, ...]], tuple[str, bool]] | None = None
    drawn: Callable[[], Sequence[float] | None] | None = None


@dataclass(frozen=True)
class Prediction:
    """A question to answer before looking.

    Parameters
    ----------
    code
        Its name in the link and in the browser's memory.
    question
        In the reader's language; ``*z*`` is a letter of a formula, ``**cat**`` stands out.
    answer
        How the learner answers.
    truth
        Returns the right answer: an index, a number, or the numbers of a sketch. It computes it.
    explanation
        One sentence that explains the gap, or a function of (guess, truth) that returns it. Guess and truth are
        tuples of numbers; the guess is empty where the learner only wanted to see.
    before
        Sets the instrument up when the challenge is opened.
    reveal
        Lets the instrument show what happens.
    about
        What the question is about, a part of the instrument (its ``data-part``) or the key of a container of controls: on
        a narrow screen it comes out from below the card when the question is opened and when it is answered. Empty for none.
    fits
        Whether a state of the instrument is what the question speaks of, for one that names numbers: paper shows no question
        about other ones.
    """

    code: str
    question: str
    answer: Choice | Number | Bars | Sketch
    truth: Callable[[], float | Sequence[float]]
    explanation: str | Callable[[tuple[float, ...], tuple[float, ...]], str]
    before: Callable[[], None] | None = None
    reveal: Callable[[], None] | None = None
    about: str = ""
    fits: Callable[[Any], bool] = lambda _state: True


@dataclass(frozen=True)
class Goal:
    """A state that the learner brings the instrument to, by whatever way.

    ``reached`` judges the state that the page hands to :meth:`Challenges.card`; in place of False it may return a sentence
    that says why this way does not count. A state that a drag only passes through reaches nothing. ``before`` sets the instrument up so that the goal is not reached yet. The hint
    comes at a press of its button, the explanation with the tick. ``about`` and ``fits`` are as for a :class:`Prediction`.
    """

    code: str
    question: str
    reached: Callable[[Any], bool | str]
    hint: str
    explanation: str
    before: Callable[[], None] | None = None
    about: str = ""
    fits: Callable[[Any], bool] = lambda _state: True


Task = Prediction | Goal


@dataclass(frozen=True)
class Attempt:
    """Where the learner is: the open task, the answer so far, whether the instrument shows what happens.

    ``starts`` counts how often a task was opened or begun again in this session; ``solved`` are the codes of what the
    reader's browser remembers as solved, ``answered`` those of the predictions that were answered in this session.
    """

    task: Task
    guess: tuple[float, ...] = ()
    shown: bool = False
    starts: int = 0
    solved: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()

    @property
    def is_goal(self) -> bool:
        """Whether the task is judged by what an instrument shows, so that Python must hear of that at once."""
        return isinstance(self.task, Goal)

    @property
    def prediction(self) -> tuple[float, ...]:
        """The answer to lay over the instrument; empty before the reveal and where there is none."""
        return self.guess if self.shown else ()

    def hides(self, *codes: str) -> bool:
        """Whether one of these predictions is open and not yet answered, so that its result must not be seen."""
        return self.task.code in codes and not self.shown

    def knows(self, code: str) -> bool:
        """Whether the learner has seen the answer to this prediction, now or in an earlier visit."""
        return code in self.answered or code in self.solved


class Challenges:
    """The challenges of one lesson.

    Parameters
    ----------
    lesson
        The stem of the page. The card's key is ``LESSON_challenge``; the link names the open one in
        ``LESSON_challenge_open``.
    table
        Returns the tasks in their order, in the reader's language.
    instrument
        How the parameters begin that say in the link what the instrument shows.
    looks
        Those of them that only say how the page looks.
    about
        Names what the tasks speak of, where the page has a choice of that.
    """

    def __init__(
        self,
        lesson: str,
        table: Callable[[], Sequence[Task]],
        *,
        instrument: Sequence[str],
        looks: Sequence[str] = (),
        about: Callable[[], str] = lambda: "",
    ) -> None:
        self.lesson = lesson
        self.key = f"{lesson}_challenge"
        self.table = once(table, about)
        self.instrument, self.looks = tuple(instrument), tuple(looks)

    def address(self, code: str) -> dict[str, str]:
        """Return the query of a link that opens the task ``code``."""
        return {f"{self.key}_open": code}

    def begin(self) -> None:
        """Read the link, before the instrument is mounted.

        A link that names a task sets the instrument up for it, unless it says itself what the instrument shows.
        """
        forget_drags()
        tasks = {task.code: task for task in self.table()}
        first = next(iter(tasks))
        name = f"{self.key}_open"
        anew = sharing.brings(name)
        alone = anew and not sharing.brings_any(self.instrument, but=(name, *self.looks))

        opened = sharing.read(name, sharing.one_of(tasks), first, _("challenge"))
        before = challenges.boards.current(self.key)
        if before is None or anew:
            state = self._opened(CardState(open=opened, solved=before.solved if before else ()))
            challenges.boards.put(self.key, state)
            st.session_state[f"{self.key}_set_up"] = alone
            if alone:
                _set_up(tasks[opened], state)

    def now(self) -> Attempt:
        """Return where the learner is. Ask before the instrument is mounted.

        Where no card is there to answer on, nothing is asked: the attempt hides nothing and has no answer to lay over.
        """
        attempt = self._attempt(self.table())
        if st.context.is_embedded or not present.asks():
            return replace(attempt, guess=(), shown=True, answered=tuple(task.code for task in self.table()))
        return attempt

    def tools(self, table: Mapping[str, frozenset[str]]) -> frozenset[str]:
        """Return what ``table`` offers beside the open task: of a goal at once, of a prediction when its answer is shown."""
        attempt = self.now()
        if isinstance(attempt.task, Prediction) and not attempt.shown:
            return frozenset()
        return table.get(attempt.task.code, frozenset())

    def _attempt(self, tasks: Sequence[Task]) -> Attempt:
        state = challenges.boards.current(self.key) or CardState()
        task = next((task for task in tasks if task.code == state.open), tasks[0])
        begun_again = set() if state.shown else {task.code}
        answered = tuple(code for code in self._answers() if code not in begun_again)
        solved = tuple(code for code in state.solved if code not in begun_again)
        return Attempt(task, state.guess, state.shown, state.starts, solved, answered)

    def card(self, state: Any, sketch: Sequence[float] | None = None) -> None:
        """Show the card beside the instrument.

        Parameters
        ----------
        state
            What the instrument shows; a goal is judged by it.
        sketch
            What the learner has drawn on the instrument for a :class:`Sketch`.
        """
        if st.context.is_embedded:
            return
        tasks = self.table()
        attempt = self._attempt(tasks)
        done: list[str] = st.session_state.setdefault(f"{self.key}_done", [])
        result = self._standing(attempt, _result(attempt, state))
        if result is not None and result["right"] and attempt.task.code not in done:
            done.append(attempt.task.code)
        challenges.boards.mount(
            self.key, CardState(open=tasks[0].code), CardState(open=tasks[0].code),
            tasks=[_data(task, sketch) for task in tasks], lesson=self.lesson, done=list(done),
            answered=list(self._answers()), result=result, strayed=self._strayed(attempt),
            fits=attempt.task.fits(state), labels=_labels(), on_change=self._changed,
        )  # fmt: skip

    def _standing(self, attempt: Attempt, result: dict[str, Any] | None) -> dict[str, Any] | None:
        """Return what the card says: a goal is reached only by a state at rest, and then stays so until it is begun again."""
        if not isinstance(attempt.task, Goal):
            return result
        name, this = f"{self.key}_reached", (attempt.task.code, attempt.starts)
        if result is not None and result["right"] and at_rest():
            st.session_state[name] = this
        if st.session_state.get(name) == this:
            return _reached(attempt.task)
        return None if result is not None and result["right"] else result

    def _strayed(self, attempt: Attempt) -> bool:
        """Whether an answer is shown beside what a link has brought: the card offers to show what the answer speaks of."""
        is_answered = attempt.shown and isinstance(attempt.task, Prediction)
        return is_answered and not st.session_state.get(f"{self.key}_set_up")

    def _changed(self) -> None:
        """Do what a click on the card means, before the script runs: set the instrument up, or let it show."""
        before = challenges.boards.current(self.key) or CardState()
        with suppress(ValueError):  # a forged message
            after = challenges.boards.take(self.key, message(self.key))
            task = next((task for task in self.table() if task.code == after.open), None)
            if task is None:
                return
            sharing.keep(f"{self.key}_open", after.open)
            if (after.open, after.starts) != (before.open, before.starts):
                kept = (
                    after if after.open == before.open else self._opened(after)
                )  # "Start again" asks once more
                if kept != after:
                    challenges.boards.put(self.key, kept)
                st.session_state[f"{self.key}_set_up"] = True
                _set_up(task, kept)
            elif after.solved != before.solved:
                self._remembered(task, after)
            elif after.shown and not before.shown and isinstance(task, Prediction):
                after = self._as_drawn(task, after)
                self._answers()[task.code] = after.guess
                st.session_state[f"{self.key}_set_up"] = True
                _run(task.reveal)

    def _remembered(self, task: Task, state: CardState) -> None:
        """Show the answer to the open question where the browser says that it was solved in an earlier visit.

        The instrument stays as the reader's link has it, unless the link has only set it up for the question.
        """
        kept = self._opened(state)
        if kept != state:
            challenges.boards.put(self.key, kept)
            if st.session_state.get(f"{self.key}_set_up") and isinstance(task, Prediction):
                _run(task.reveal)

    def _as_drawn(self, task: Prediction, state: CardState) -> CardState:
        """Return the card with the drawing that stands on the instrument now, where its answer is one."""
        if not (state.guess and isinstance(task.answer, Sketch) and task.answer.drawn):
            return state
        drawn = replace(state, guess=tuple(task.answer.drawn() or state.guess))
        if drawn != state:
            challenges.boards.put(self.key, drawn)
        return drawn

    def _answers(self) -> dict[str, tuple[float, ...]]:
        """Return the last answer to each prediction that was answered in this session, right or wrong."""
        answers: dict[str, tuple[float, ...]] = st.session_state.setdefault(f"{self.key}_answers", {})
        return answers

    def _opened(self, state: CardState) -> CardState:
        """Return the card of a challenge that was just opened: what was answered or solved before is still so."""
        answers = self._answers()
        if state.open in answers:
            return replace(state, guess=answers[state.open], shown=True)
        is_question = any(isinstance(task, Prediction) and task.code == state.open for task in self.table())
        return replace(state, shown=True) if is_question and state.open in state.solved else state


def answer_first(more: str = "") -> None:
    """Stand in for a panel whose numbers would answer a question, the open one or a later one."""
    told = _(
        "The numbers here would answer a question on the card. Answer it first, press **Just show me** there, or pass over it."
    )
    st.markdown(joined(told, more))


def _set_up(task: Task, state: CardState) -> None:
    """Set the instrument up for a challenge that was opened, as far as it has come."""
    _run(task.before)
    if state.shown and isinstance(task, Prediction):
        _run(task.reveal)


def _run(action: Callable[[], None] | None) -> None:
    if action is not None:
        action()


def _numbers(truth: float | Sequence[float]) -> tuple[float, ...]:
    return tuple(float(x) for x in np.atleast_1d(np.asarray(truth, dtype=float)))


def _result(attempt: Attempt, state: Any) -> dict[str, Any] | None:
    """Return what the card says now and whether the challenge is solved, or None while there is nothing to say."""
    task = attempt.task
    if isinstance(task, Goal):
        reached = task.reached(state)
        if isinstance(reached, str):
            sentence = _("Not like this: {why}").format(why=reached)
            return {"code": task.code, "right": False, "sentence": sentence, "explanation": ""}
        if not reached:
            return None
        return _reached(task)
    if not attempt.shown:
        return None
    truth = _numbers(task.truth())
    explanation = (
        task.explanation if isinstance(task.explanation, str) else task.explanation(attempt.guess, truth)
    )
    sentence, right = _verdict(task.answer, attempt.guess, truth)
    result = {"code": task.code, "right": right, "sentence": sentence, "explanation": explanation}
    return result | ({"option": int(truth[0])} if isinstance(task.answer, Choice) else {})


def _reached(goal: Goal) -> dict[str, Any]:
    return {
        "code": goal.code,
        "right": True,
        "sentence": _("✓ Reached."),
        "explanation": goal.explanation,
    }


def _verdict(
    answer: Choice | Number | Bars | Sketch, guess: tuple[float, ...], truth: tuple[float, ...]
) -> tuple[str, bool]:
    """Return the sentence that compares the guess with the truth, and whether the guess was right.

    Mark and word come first, then the numbers.
    """
    if isinstance(answer, Choice):
        best = answer.options[int(truth[0])]
        chosen = int(guess[0]) if guess and 0 <= int(guess[0]) < len(answer.options) else None
        if chosen is None:
            return _("The answer: {right}").format(right=best), False
        if chosen == int(truth[0]):
            return _("✓ Right: {right}").format(right=best), True
        told = _("✗ Not quite. You said: {guess}. The answer: {right}")
        return told.format(guess=answer.options[chosen], right=best), False
    if isinstance(answer, Sketch) and answer.verdict is not None:
        return answer.verdict(guess, truth)
    if len(guess) != len(truth):
        few = len(truth) < 5
        told = _(", ").join(number(x) for x in truth)
        if isinstance(answer, Number):
            told = f"{number(truth[0], answer.decimals)} {answer.unit}".rstrip()
        return _("The answer: {right}").format(right=told) if few else "", False
    gap = max(abs(g - t) for g, t in zip(guess, truth, strict=True))
    right = (gap if isinstance(answer, Number) else as_shown(gap, 2)) <= answer.close
    if isinstance(answer, Number):
        said, is_ = number(guess[0], answer.decimals), number(truth[0], answer.decimals)
        values = {"guess": f"{said} {answer.unit}".rstrip(), "right": f"{is_} {answer.unit}".rstrip()}
        if said == is_:
            return _("✓ Right: {right}").format(right=values["right"]), True
        sentence = (
            _("✓ Close enough. You said {guess}, it is {right}.")
            if right
            else _("✗ Not quite. You said {guess}, it is {right}.")
        )
        return sentence.format(**values), right
    near = _("✓ Close enough. Nowhere more than {gap} away.").format(gap=number(answer.close, 2))
    if isinstance(answer, Sketch):
        far = _("✗ Not quite. Your sketch is off by up to {gap}.")
        return near if right else far.format(gap=number(gap, 2)), right
    far = _("✗ Not quite. Your probabilities are off by up to {gap}.")
    sentences = [near if right else far.format(gap=number(gap, 2))]
    sentences.append(_("It is {right}.").format(right=_(", ").join(map(number, truth))))
    if abs(sum(guess) - 1) > ROUNDED:
        total = number(sum(guess), 2)
        sentences.append(_("Your shares add up to {sum}, but probabilities add up to 1.").format(sum=total))
    return joined(*sentences), right


def _data(task: Task, sketch: Sequence[float] | None) -> dict[str, Any]:
    """Return what the card in the browser needs of a task."""
    data: dict[str, Any] = {"code": task.code, "question": task.question, "about": task.about}
    if isinstance(task, Goal):
        return data | {"kind": "goal", "hint": task.hint}
    match task.answer:
        case Choice(options):
            return data | {"kind": "choice", "options": list(options)}
        case Number(unit, low, high):
            return data | {"kind": "number", "unit": unit, "low": low, "high": high}
        case Bars(names, colors):
            return data | {"kind": "bars", "names": list(names), "colors": list(colors)}
        case _:
            return data | {"kind": "sketch", "sketched": None if sketch is None else list(sketch)}


@once
def _labels() -> dict[str, str]:
    return {
        "heading": _("Predict, then look"),
        "goal": _("Goal"),
        "number": _("Challenge {n}"),
        "solved": _("Challenge {n}, solved"),
        "answered": _("Challenge {n}, answered"),
        "answered_help": _(
            "A dashed number: answered, but not solved yet. Open it and press “Start again” to try once more."
        ),
        "your_answer": _("Your answer"),
        "yours": _("your answer"),
        "check": _("Check"),
        "show": _("Just show me"),
        "again": _("Start again"),
        "set_up": _("Show it again"),
        "set_up_help": _("Put the instrument back to what the answer speaks of."),
        "next": _("Next challenge"),
        "hint": _("Hint:"),
        "show_hint": _("Show the hint"),
        "bar": _("Your guess for {name}"),
        "sum": _("Sum {sum}; it should be 1."),
        "nothing": _("Enter a number first."),
        "not_in_range": _("“{text}” is not a number from {low} to {high}."),
        "two_readings": two_readings(),
    }
