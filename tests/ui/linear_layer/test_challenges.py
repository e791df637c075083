"""The challenges of the Linear layer page: each answer by other means, each goal open at first and within reach."""

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from instruments.grey_picture import GreyState
from softmax_core.layers import BIASES, TYPICAL, WEIGHTS
from ui.frame.frame import ROOT
from ui.linear_layer import challenges
from ui.linear_layer.challenges import CHALLENGES
from ui.widgets.challenges import Attempt, Goal, Prediction

PAGE = str(ROOT / "pages" / "linear_layer.py")


def tasks():
    return {task.code: task for task in CHALLENGES.table()}


def opened(code: str) -> AppTest:
    app = AppTest.from_file(PAGE, default_timeout=120)
    app.query_params["linear_layer_challenge_open"] = code
    app.run()
    assert not app.exception
    assert not app.session_state["_link"].notes
    return app


def shown(code: str) -> GreyState:
    state: GreyState = opened(code).session_state["linear_layer_pad_slot"].state
    return state


def test_there_are_predictions_and_goals():
    kinds = [type(task) for task in CHALLENGES.table()]
    assert kinds.count(Prediction) >= 2
    assert kinds.count(Goal) >= 2


def test_the_score_of_the_cat_is_the_written_sum():
    x = shown("score").x
    assert tasks()["score"].truth() == pytest.approx(1.8 * x[0] + 2.2 * x[1] - 1.9 * x[2] - 2.1 * x[3] + 0.1)


def test_the_score_of_the_dog_rises_when_the_cat_gets_darker():
    bright, dark = TYPICAL[0] @ WEIGHTS[:, 2] + BIASES[2], TYPICAL[0] / 2 @ WEIGHTS[:, 2] + BIASES[2]
    assert dark > bright
    task = tasks()["darker"]
    assert task.answer.options[task.truth()] == "It rises"
    assert challenges.darker().x == tuple(TYPICAL[0] / 2)


def test_no_picture_tells_the_twins_apart():
    state = challenges.twins()
    X = np.random.default_rng(0).random((1000, 4))
    Z = X @ np.array(state.W).reshape(4, 3) + np.array(state.b)
    assert (Z[:, 0] == Z[:, 1]).all()
    task = tasks()["twins"]
    assert task.answer.options[task.truth()] == "No, none can"


@pytest.mark.parametrize("code", ["one_pixel", "tie", "other_weights"])
def test_no_goal_is_reached_when_it_is_opened(code):
    assert not tasks()[code].reached(shown(code))


def changed(state: GreyState, x=None, W=None, b=None) -> GreyState:
    return replace(state, x=tuple(x or state.x), W=tuple(W or state.W), b=tuple(b or state.b))


def test_one_pixel_is_enough_for_a_dog_and_two_are_too_many():
    start, reached = shown("one_pixel"), tasks()["one_pixel"].reached
    assert reached(changed(start, x=(0.6, 0.6, 1, 0.5)))
    assert "more than one pixel" in reached(changed(start, x=(0.6, 0.6, 1, 1)))
    assert not reached(changed(start, x=(0.6, 0, 0.3, 0.5)))
    assert "weight" in reached(changed(start, b=(0, 0, 20)))


def test_three_equal_scores():
    start, reached = shown("tie"), tasks()["tie"].reached
    assert reached(changed(start, x=(0, 0, 0, 0), b=(1, 1, 1)))
    assert not reached(changed(start, x=(0, 0, 0, 0)))
    assert reached(changed(start, W=[1.0] * 12, b=(0, 0, 0)))


def test_other_weights_are_the_same_model_where_a_whole_row_moves():
    start, reached = shown("other_weights"), tasks()["other_weights"].reached
    moved = changed(start, W=[w + (2 if i < 3 else 0) for i, w in enumerate(start.W)])
    assert reached(moved)
    assert reached(changed(start, b=[v - 1 for v in start.b]))
    assert not reached(start)
    assert not reached(changed(start, W=[start.W[0] + 1, *start.W[1:]]))


@pytest.mark.parametrize("part", ["cost", "speed"])
def test_an_older_link_unfolds_what_lies_beyond_the_course(part):
    app = AppTest.from_file(PAGE, default_timeout=120)
    app.query_params["linear_layer_panel"] = part
    app.run()
    assert not app.exception
    assert not app.session_state["_link"].notes
    assert app.session_state["linear_layer_panel"] == "beyond"
    assert app.session_state["linear_layer_beyond"] == part


def test_what_a_link_says_of_the_minibatch_is_shown_or_noted():
    app = AppTest.from_file(PAGE, default_timeout=120)
    for name, text in {"n": "4", "batch_seed": "7", "row": "2", "column": "3"}.items():
        app.query_params[f"linear_layer_{name}"] = text
    app.run()
    assert not app.exception
    state = app.session_state["linear_layer_slot"].state
    assert (state.n, state.seed, state.row, state.column) == (4, 7, 2, 0)
    assert len(app.session_state["_link"].notes) == 1


@pytest.mark.parametrize(
    ("code", "guess", "over"),
    [
        ("score", 2.5, {"k": 0, "text": "your guess: 2.50"}), ("darker", 0, {"k": 2, "text": "↓ your guess"}),
        ("darker", 1, {"k": 2, "text": "= your guess"}), ("darker", 2, {"k": 2, "text": "↑ your guess"}), ("twins", 0, None),
    ],
)  # fmt: skip
def test_an_answer_about_one_score_is_laid_over_it(code, guess, over):
    task = tasks()[code]
    assert challenges.laid_over(Attempt(task, (guess,), shown=True)) == over
    assert challenges.laid_over(Attempt(task, (guess,))) is None
    assert challenges.laid_over(Attempt(task, shown=True)) is None
