"""The table of the Loss page: every truth by other means, every goal open at its start and within reach."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.special as sp
from streamlit.testing.v1 import AppTest

from instruments.loss_curve import SKETCH_AT, CurveState
from ui.frame.frame import ROOT
from ui.loss.board import laid_over
from ui.loss.challenges import CHALLENGES, LAST_PLACE, SLOW, WRONG, Shown
from ui.loss.walk import RATES, Walk, _count_of
from ui.widgets.challenges import Attempt, Goal, Prediction

TASKS = {task.code: task for task in CHALLENGES.table()}


def prediction(code: str) -> Prediction:
    task = TASKS[code]
    assert isinstance(task, Prediction)
    return task


def reached(code: str, board: CurveState, walk: Walk | None = None) -> bool:
    task = TASKS[code]
    assert isinstance(task, Goal)
    return task.reached(Shown(board, walk)) is True


def test_two_or_three_of_each_kind_in_an_order() -> None:
    kinds = [isinstance(task, Goal) for task in TASKS.values()]
    assert kinds == sorted(kinds)
    assert 2 <= sum(kinds) <= 3
    assert 2 <= len(kinds) - sum(kinds) <= 3


def test_the_loss_of_an_even_guess_over_four_classes() -> None:
    assert prediction("uniform").truth() == pytest.approx(-np.log(sp.softmax(np.zeros(4))[2]))


@pytest.mark.parametrize(
    ("guess", "base"), [(0.602, "base 10"), (0.6, "base 10"), (2.0, "base 2,"), (1.0, "")]
)
def test_a_logarithm_of_another_base_is_named(guess: float, base: str) -> None:
    task = prediction("uniform")
    assert callable(task.explanation)
    said = task.explanation((guess,), (float(np.log(4)),))
    assert base in said
    assert ("base" in said) == bool(base)
    assert "two halvings" in task.explanation((), (float(np.log(4)),))


def test_the_question_about_a_step_fits_the_board_before_and_after_it_and_no_other() -> None:
    def fits(*z: float, target: int = 0) -> bool:
        return prediction("push").fits(Shown(CurveState(z, target=target), None))

    z = np.array([2.0, 1.0, 0.1])
    after = np.round(z - 2 * (sp.softmax(z) - [1, 0, 0]), 6).tolist()
    assert fits(*z)
    assert fits(*after)
    assert not fits(2.0, 1.0, 0.2)
    assert not fits(*z, target=1)


def test_a_step_against_a_positive_slope_lowers_the_logit() -> None:
    z, h = np.array([2.0, 1.0, 0.1]), 1e-6
    up, down = (sp.logsumexp(z + np.array([0, s, 0])) - z[0] for s in (h, -h))
    options = prediction("push").answer.options  # type: ignore[union-attr]
    assert options[int(prediction("push").truth())] == ("it falls" if up > down else "it rises")


def test_the_pull_at_the_true_logit_by_differences() -> None:
    h = 1e-6
    for p, pull in zip(SKETCH_AT, prediction("pull").truth(), strict=True):  # type: ignore[arg-type]
        z = np.array([sp.logit(p), 0.0])
        losses = [-sp.log_softmax(z + np.array([s, 0.0]))[0] for s in (h, -h)]
        assert pull == pytest.approx((losses[1] - losses[0]) / (2 * h), abs=1e-6)


@pytest.mark.parametrize("z", [3.5, 10.0])
def test_one_logit_is_enough_and_two_are_too_many(z: float) -> None:
    start = CurveState(LAST_PLACE)
    assert not reached("one_logit", start)
    assert reached("one_logit", replace(start, logits=(z, 1.0, 2.0)))
    assert not reached("one_logit", replace(start, logits=(z, 1.0, 1.9)))
    assert not reached("one_logit", replace(start, logits=(3.3, 1.0, 2.0)))
    assert not reached("one_logit", replace(start, target=2, logits=(0.0, 1.0, 9.0)))
    assert not reached("one_logit", CurveState((9.0, 0.0), names=("", "")))


def end_of(rate: float, steps: int) -> CurveState:
    walk = Walk(WRONG, steps)
    return CurveState(tuple(walk.path(np.array([1.0, 0.0, 0.0]), rate)[-1].tolist()))


def test_five_steps_are_enough_at_a_larger_rate_only() -> None:
    assert not reached("walk", CurveState(WRONG), Walk(WRONG))
    assert not reached("walk", end_of(SLOW, 5), Walk(WRONG, 5))
    quick = [rate for rate in RATES if reached("walk", end_of(rate, 5), Walk(WRONG, 5))]
    assert quick
    assert min(quick) > SLOW
    assert not reached("walk", end_of(SLOW, 100), Walk(WRONG, 100))
    assert not reached("walk", CurveState((9.0, 0.0, 0.0)), None), "dragging is no walk"
    near = (2.0, 0.0, 0.0)
    assert not reached("walk", CurveState((9.0, 0.0, 0.0)), Walk(near, 1)), "p was large at the start already"


def test_the_gradient_vanishes_where_the_target_is_p() -> None:
    start = CurveState()
    assert not reached("zero", start)
    p = sp.softmax(start.logits)
    assert reached("zero", replace(start, soft=tuple(p.tolist())))
    assert reached("zero", replace(start, soft=(0.66, 0.24, 0.1)))
    assert not reached("zero", replace(start, soft=(0.68, 0.22, 0.1)))
    assert not reached("zero", CurveState((30.0, 0.0, 0.0))), "a label with logits that have grown"


@pytest.mark.parametrize("code", TASKS)
def test_a_link_sets_the_instrument_up_for_its_challenge(code: str) -> None:
    app = AppTest.from_file(str(ROOT / "pages" / "loss.py"), default_timeout=120)
    app.query_params["loss_challenge_open"] = code
    app.run()
    assert not app.exception, app.exception
    assert app.session_state["loss_challenge_slot"].state.open == code
    task = TASKS[code]
    if isinstance(task, Goal):
        assert not task.reached(Shown(app.session_state["loss_board_slot"].state, None))
    assert not app.session_state["_link"].notes


def test_each_answer_is_laid_over_the_place_where_the_truth_appears() -> None:
    nothing = {"sketch": (), "level": None, "way": None}
    level = {"at": 2.0, "text": "your guess: 2.00"}
    assert laid_over(Attempt(TASKS["uniform"], (2.0,), shown=True)) == nothing | {"level": level}
    for option, sign in ((0, 1), (1, 0), (2, -1)):  # it rises, it stays, it falls
        way = laid_over(Attempt(TASKS["push"], (float(option),), shown=True))["way"]
        assert (way["k"], way["from"], way["way"]) == (1, 1.0, sign)
    sketch = (1.0, 0.8, 0.5, 0.3, 0.1)
    assert laid_over(Attempt(TASKS["pull"], sketch, shown=True)) == nothing | {"sketch": sketch}
    for code in TASKS:
        assert (
            laid_over(Attempt(TASKS[code], (1.0,))) == laid_over(Attempt(TASKS[code], shown=True)) == nothing
        )


def test_the_count_of_the_steps_is_a_sentence_in_both_languages(speak) -> None:
    assert _count_of(3, 5, 0.3, 0.9, "cat") == "Step 3 of 5"
    assert _count_of(5, 5, 0.3, 0.9, "cat").startswith("Step 5 of 5. *p* of cat is 0.300, not above 0.9")
    speak("zh")
    assert _count_of(5, 5, 0.3, 0.9, "猫").startswith("第 5 步，共 5 步。猫的 *p*")
