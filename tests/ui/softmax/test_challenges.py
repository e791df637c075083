"""The table of challenges: every truth against SciPy, every goal from where it starts to where it is reached."""

import numpy as np
import pytest
import scipy.special as sp

from instruments.logit_board import BoardState
from ui.softmax import challenges, panels
from ui.softmax.challenges import CHALLENGES
from ui.widgets.challenges import Attempt, Goal, Prediction

TASKS = {task.code: task for task in CHALLENGES.table()}
GOALS = [task for task in TASKS.values() if isinstance(task, Goal)]
PREDICTIONS = [task for task in TASKS.values() if isinstance(task, Prediction)]
# For each goal: states that reach it, and states that look like it and do not.
REACHED = {
    "nine_tenths": [BoardState((2.0, -2.0, -2.0)), BoardState((2.0, -10.0, -0.3))],
    "halves": [BoardState((0.7, 0.0, 0.0)), BoardState((3.69, 3.0, 3.0)), BoardState((1.4, 0.0, 0.0), temperature=2.0)],
    "warm": [BoardState((6.0, 1.0, 0.1), temperature=20.0)],
}  # fmt: skip
MISSED = {
    "nine_tenths": [BoardState((9.0, 1.0, 0.1)), BoardState((2.0, 1.0, 0.1), temperature=0.05)],
    "halves": [BoardState((0.0, 0.7, 0.0)), BoardState((0.7, 0.0, 0.0, 0.0), names=("",) * 4)],
    "warm": [BoardState((6.0, 6.0, 0.1), temperature=20.0), BoardState((6.0, 1.0, 0.1), temperature=5.0)],
}


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> list[BoardState]:
    """Collects what a challenge puts on the board."""
    put: list[BoardState] = []

    def stage(logits: tuple[float, ...], step: int, **changes: float) -> None:
        put.append(BoardState(tuple(logits), step=step, **changes))  # type: ignore[arg-type]

    monkeypatch.setattr(challenges, "stage", stage)
    monkeypatch.setattr(challenges.st, "session_state", {})
    return put


def test_the_truths() -> None:
    p = sp.softmax([2.0, 1.0, 0.1])
    np.testing.assert_allclose(TASKS["shares"].truth(), p, rtol=1e-12)  # type: ignore[union-attr]
    assert sp.softmax([7.0, 6.0, 5.1])[0] == pytest.approx(p[0])
    assert TASKS["shift"].truth() == 1  # type: ignore[union-attr] # it stays
    with np.errstate(over="ignore", invalid="ignore"):
        e = np.exp([1000.0, 999.0, 0.0])
        assert np.isnan(e / e.sum())[0]
    task = TASKS["thousand"]
    assert isinstance(task, Prediction)
    assert task.answer.options[int(task.truth())] == "NaN (not a number)"  # type: ignore[union-attr,arg-type]


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: goal.code)
def test_a_goal_is_not_reached_where_it_begins_and_can_be_reached(
    goal: Goal, board: list[BoardState]
) -> None:
    assert goal.before is not None
    goal.before()
    (start,) = board
    assert start.step == 3, "p is in sight"
    assert not goal.reached(start)
    assert all(goal.reached(state) for state in REACHED[goal.code])
    assert not any(goal.reached(state) is True for state in MISSED[goal.code])


def test_a_move_that_does_not_count_is_said() -> None:
    for code, state in {
        "nine_tenths": BoardState((9.0, 1.0, 0.1)),
        "warm": BoardState((1.0, 1.0, 0.1)),
    }.items():
        goal = TASKS[code]
        assert isinstance(goal, Goal)
        assert "was moved" in str(goal.reached(state))


@pytest.mark.parametrize("task", PREDICTIONS, ids=lambda task: task.code)
def test_a_prediction_begins_before_its_answer_and_ends_in_sight(
    task: Prediction, board: list[BoardState]
) -> None:
    assert task.before is not None
    assert task.reveal is not None
    task.before()
    task.reveal()
    before, after = board
    assert before.step <= after.step == 3
    if challenges.covers(Attempt(task), panels.Panel(print), after):
        assert before.step < 3


@pytest.mark.parametrize("code", sorted(set(TASKS) - {"nine_tenths"}))
def test_a_question_speaks_of_the_logits_that_it_begins_and_ends_with_and_of_no_others(
    code: str, board: list[BoardState]
) -> None:
    task = TASKS[code]
    for act in (task.before, task.reveal if isinstance(task, Prediction) else None):
        if act is not None:
            act()
    assert all(map(task.fits, [*board, *REACHED.get(code, [])]))
    assert not task.fits(BoardState((3.0, 1.0, -0.25)))


def test_a_sketch_lies_over_the_board_only_after_the_answer_and_for_its_logits() -> None:
    task, guess = TASKS["shares"], (0.5, 0.3, 0.2)
    assert challenges.stepper(Attempt(task, guess), 1).guess == ()
    shown = challenges.stepper(Attempt(task, guess, shown=True), 1)
    assert (shown.guess, shown.asked) == (guess, (2.0, 1.0, 0.1))
    assert shown.look
    assert challenges.stepper(Attempt(TASKS["shift"], (1.0,), shown=True), 1).guess == ()


ASKED = {"shares": BoardState(challenges.FIRST, step=3), "thousand": BoardState(challenges.LARGE, step=2)}
TOLD = {
    "shares": ["steps", "curves", "simplex", "jacobian", "precision", "log", "network"],
    "thousand": ["steps", "precision"],
}


@pytest.mark.parametrize("code", ASKED)
def test_what_answers_the_open_question_is_covered_and_nothing_else(
    code: str, board: list[BoardState]
) -> None:
    def covered(attempt: Attempt, state: BoardState) -> list[str]:
        return [
            name
            for name, (_title, panel) in panels.choices().items()
            if challenges.covers(attempt, panel, state)
        ]

    assert covered(Attempt(TASKS[code]), ASKED[code]) == TOLD[code]
    assert covered(Attempt(TASKS[code], shown=True), ASKED[code]) == []
    assert covered(Attempt(TASKS["shift"]), ASKED[code]) == []
    told = challenges.stepper(Attempt(TASKS[code]), 1)
    assert (told.covered, told.plain) == (code == "shares", code == "thousand")


def test_other_logits_than_the_asked_ones_are_never_covered(board: list[BoardState]) -> None:
    moved = BoardState((2.0, 1.0, 0.5), step=3)
    assert not any(
        challenges.covers(Attempt(TASKS["shares"]), panel, moved)
        for _title, panel in panels.choices().values()
    )


@pytest.mark.parametrize(
    ("option", "sign", "text"), [(0, 1, "your guess →"), (1, 0, "= your guess"), (2, -1, "← your guess")]
)
def test_the_predicted_way_of_the_largest_probability_lies_on_its_bar(
    option: int, sign: int, text: str
) -> None:
    task = TASKS["shift"]
    told = challenges.stepper(Attempt(task, (float(option),), shown=True), 1)
    assert told.way is not None
    assert (told.way["k"], told.way["way"], told.way["text"]) == (0, sign, text)
    assert told.way["from"] == pytest.approx(sp.softmax([2.0, 1.0, 0.1])[0])
    np.testing.assert_allclose(told.asked, [7.0, 6.0, 5.1])  # where the answer is seen
    assert challenges.stepper(Attempt(task, (float(option),)), 1).way is None
    assert challenges.stepper(Attempt(task, (), shown=True), 1).way is None


def test_a_covered_panel_does_not_turn_the_board_to_another_step(board: list[BoardState]) -> None:
    panel, first = panels.choices()["curves"][1], BoardState(challenges.FIRST, step=1)
    assert challenges.least(Attempt(TASKS["shares"]), panel, first) == 1
    assert challenges.least(Attempt(TASKS["shares"], shown=True), panel, first) == 3
    assert challenges.least(Attempt(TASKS["shares"]), panel, BoardState((2.0, 1.0, 0.5), step=1)) == 3
