"""The challenges of the Information page: each answer by other means, each goal open at first and within reach."""

import math

import pytest
import scipy.stats
from streamlit.testing.v1 import AppTest

from instruments.distribution_board import DistributionState
from ui.frame.frame import ROOT
from ui.information.challenges import CHALLENGES, STANDARD, SURE, UNIFORM, laid_over
from ui.widgets.challenges import Attempt, Goal, Prediction

PAGE = str(ROOT / "pages" / "information.py")


def tasks():
    return {task.code: task for task in CHALLENGES.table()}


def shown(code: str) -> DistributionState:
    app = AppTest.from_file(PAGE, default_timeout=120)
    app.query_params["information_challenge_open"] = code
    app.run()
    assert not app.exception
    assert not app.session_state["_link"].notes
    state: DistributionState = app.session_state["information_board_slot"].state
    return state


def test_there_are_predictions_and_goals():
    kinds = [type(task) for task in CHALLENGES.table()]
    assert kinds.count(Prediction) >= 2
    assert kinds.count(Goal) >= 2


def test_bits_are_logarithms_to_base_two():
    assert tasks()["rare"].truth() == pytest.approx(math.log2(16))
    assert tasks()["uniform"].truth() == pytest.approx(scipy.stats.entropy(UNIFORM, base=2))


def test_the_two_directions_are_finite_and_differ():
    forward, backward = (scipy.stats.entropy(p, q, base=2) for p, q in ((UNIFORM, SURE), (SURE, UNIFORM)))
    assert math.isfinite(forward)
    assert math.isfinite(backward)
    assert forward > backward + 0.5
    task = tasks()["ways"]
    assert task.answer.options[task.truth()] == "KL(P ‖ Q)"
    sentence = task.explanation((), ())
    assert f"{forward:.2f}" in sentence
    assert f"{backward:.2f}" in sentence


@pytest.mark.parametrize("code", ["quiet", "belief", "code"])
def test_no_goal_is_reached_when_it_is_opened(code):
    assert not tasks()[code].reached(shown(code))


@pytest.mark.parametrize(
    ("code", "p", "q", "reached"),
    [
        ("quiet", (0.95, 0.02, 0.015, 0.015), STANDARD.q, True),
        ("quiet", (0.995, 0.005, 0, 0), STANDARD.q, False),  # two of them cannot come
        ("quiet", (0.98, 0.02), (0.5, 0.5), False),
        ("quiet", (0.7, 0.1, 0.1, 0.1), STANDARD.q, False),
        ("belief", STANDARD.p, (0.49, 0.26, 0.125, 0.125), True),
        ("belief", STANDARD.q, STANDARD.q, False),  # P was moved
        ("belief", (0.5, 0.5), (0.5, 0.5), False),
        ("code", (0.5, 0.25, 0.25), (0.5, 0.25, 0.25), True),
        ("code", STANDARD.p, STANDARD.q, False),  # what Reset brings back
        ("code", (0.25, 0.25, 0.5), (0.5, 0.25, 0.25), True),
        ("code", UNIFORM, STANDARD.q, False),
        ("code", (1.0, 0.0), (0.5, 0.5), False),
        ("code", (0.7, 0.2, 0.1), (0.5, 0.25, 0.25), False),
        ("code", (0.529, 0.25, 0.221), (0.5, 0.25, 0.25), False),  # R = 1.471, H = 1.467
        ("code", (0.502, 0.25, 0.248), (0.5, 0.25, 0.25), False),
    ],
)
def test_the_goals_judge_the_board(code, p, q, reached):
    assert (tasks()[code].reached(DistributionState(p, q)) is True) is reached


def test_a_link_brings_the_length_of_the_message_or_a_note():
    for text, count, notes in (("40", 40, 0), ("1001", 0, 1)):
        app = AppTest.from_file(PAGE, default_timeout=120)
        app.query_params["information_panel"] = "code"
        app.query_params["information_message_count"] = text
        app.run()
        assert not app.exception
        assert app.session_state["information_message_slot"].state.count == count
        assert len(app.session_state["_link"].notes) == notes


@pytest.mark.parametrize(
    ("code", "guess", "places", "text"),
    [
        ("rare", 3.0, [3], "your guess: 3.00"), ("uniform", 1.5, ["entropy"], "your guess: 1.50"),
        ("ways", 0, ["kl"], "your guess: this one is larger"), ("ways", 1, ["kl", "back"], "your guess: they are equal"),
        ("ways", 2, ["back"], "your guess: this one is larger"),
    ],
)  # fmt: skip
def test_each_answer_is_laid_over_the_place_where_the_truth_appears(code, guess, places, text):
    task = tasks()[code]
    assert laid_over(Attempt(task, (guess,), shown=True)) == {"places": places, "text": text}
    assert laid_over(Attempt(task, (guess,))) is None
    assert laid_over(Attempt(task, shown=True)) is None


def test_a_limit_is_judged_by_what_the_screen_shows_and_a_way_that_does_not_count_is_told():
    quiet = tasks()["quiet"].reached
    assert quiet(DistributionState((0.9712, 0.0096, 0.0096, 0.0096), UNIFORM)) is True, "shown as 0.010"
    assert "0.005" in quiet(DistributionState((0.985, 0.005, 0.005, 0.005), UNIFORM))
    assert "fewer than four" in quiet(DistributionState((0.99, 0.005, 0.005), (0.4, 0.3, 0.3)))
    assert "changed" in tasks()["belief"].reached(DistributionState(UNIFORM, UNIFORM))


def test_a_goal_lays_nothing_over_the_board():
    for code in ("quiet", "belief", "code"):
        assert laid_over(Attempt(tasks()[code], (1.0,), shown=True)) is None


def test_beliefs_that_are_right_cost_nothing():
    app = AppTest.from_file(PAGE, default_timeout=120)
    app.query_params.update({
        "information_board_p": "0.25~0.75", "information_board_q": "0.25~0.75", "information_panel": "kl",
        "information_challenge_open": "quiet",
    })  # fmt: skip
    app.run()
    assert not app.exception
    assert "P and Q agree: there is nothing to pay in either direction." in [e.value for e in app.markdown]
