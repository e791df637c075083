"""The card of challenges: verdicts, goals, links, and what a forged message can do."""

from collections.abc import Callable
from dataclasses import asdict
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from instruments.challenges import CardState, boards
from ui.frame import sharing
from ui.frame.frame import ROOT
from ui.widgets.challenges import Attempt, Bars, Challenges, Choice, Goal, Number, Prediction, Sketch, _result


def prediction(answer: Any, truth: Callable[[], Any]) -> Prediction:
    return Prediction("q", "?", answer, truth, lambda guess, right: f"{len(guess)} {len(right)}")


@pytest.mark.parametrize(
    ("answer", "truth", "guess", "begins"),
    [
        (Choice(("up", "down")), 1, (1.0,), "✓"),
        (Choice(("up", "down")), 1, (0.0,), "✗ Not quite. You said: up. The answer: down"),
        (Choice(("up", "down")), 1, (), "The answer: down"),
        (Choice(("up", "down")), 1, (7.0,), "The answer: down"),
        (Number("nats", close=0.1), 1.0, (1.05,), "✓ Close enough. You said 1.050 nats, it is 1.000 nats."),
        (Number("nats", close=0.1), 1.0, (1.0,), "✓ Right: 1.000 nats"),
        (Number("nats", close=0.1), 1.0, (2.0,), "✗ Not quite. You said 2.000 nats, it is 1.000 nats."),
        (Number("nats"), 1.0, (), "The answer: 1.000 nats"),
        (Number("%", decimals=1), 94.708, (), "The answer: 94.7 %"),
        (
            Bars(("a", "b")),
            (0.25, 0.75),
            (0.27, 0.73),
            "✓ Close enough. Nowhere more than 0.10 away. It is 0.250, 0.750.",
        ),
        (
            Bars(("a", "b")),
            (0.25, 0.75),
            (0.5, 0.5),
            "✗ Not quite. Your probabilities are off by up to 0.25. It is 0.250, 0.750.",
        ),
        (
            Sketch(close=0.5),
            (0.0, 1.0, 2.0),
            (0.0, 1.0, 4.0),
            "✗ Not quite. Your sketch is off by up to 2.00.",
        ),
        (Sketch(close=0.1), (0.9,), (1.0000001,), "✓ Close enough. Nowhere more than 0.10 away."),
        (Sketch(close=0.1), (0.9,), (1.01,), "✗ Not quite. Your sketch is off by up to 0.11."),
        (Sketch(verdict=lambda guess, truth: ("✓ Near", guess < truth)), (1.0, 2.0), (0.0, 9.0), "✓ Near"),
        (Sketch(verdict=lambda guess, truth: ("Far", guess < truth)), (1.0, 2.0), (2.0, 0.0), "Far"),
    ],
)
def test_the_verdict_compares_the_guess_with_the_truth(
    answer: Any, truth: Any, guess: tuple[float, ...], begins: str
) -> None:
    result = _result(Attempt(prediction(answer, lambda: truth), guess, shown=True), None)
    assert result is not None
    assert result["sentence"].startswith(begins)
    assert result["explanation"].startswith(str(len(guess)))
    assert result["right"] == (begins[0] == "✓")
    assert result.get("option") == (1 if isinstance(answer, Choice) else None)


def test_shares_that_do_not_add_up_to_1_are_told_so() -> None:
    def said(*guess: float) -> str:
        result = _result(Attempt(prediction(Bars(("a", "b")), lambda: (0.25, 0.75)), guess, shown=True), None)
        assert result is not None
        return result["sentence"]

    assert "add up to 1.04" in said(0.27, 0.77)
    assert "add up" not in said(0.27, 0.73)
    assert "add up" not in said(0.27, 0.72), "a hundredth is a step of the slider"


def test_nothing_is_said_before_the_answer() -> None:
    attempt = Attempt(prediction(Choice(("up", "down")), lambda: 1))
    assert _result(attempt, None) is None
    assert attempt.hides("q")
    assert not attempt.hides("other")
    assert attempt.prediction == ()


def test_a_goal_is_judged_from_the_state() -> None:
    goal = Goal("g", "Reach 3", lambda state: state >= 3, "Go up.", "There.")
    assert _result(Attempt(goal), 2) is None
    result = _result(Attempt(goal), 3)
    assert result is not None
    assert (result["right"], result["explanation"]) == (True, "There.")


def test_a_goal_may_say_why_a_way_does_not_count() -> None:
    goal = Goal("g", "Reach 3", lambda state: state >= 3 or "the wrong button.", "Go up.", "There.")
    result = _result(Attempt(goal), 2)
    assert result is not None
    assert (result["right"], result["sentence"]) == (False, "Not like this: the wrong button.")


def test_a_goal_is_reached_at_rest_and_its_tick_keeps_its_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    goal = Goal("g", "Reach 3", lambda state: state == 3, "Go up.", "There.")
    monkeypatch.setattr(st, "session_state", {})
    lesson = Challenges("lesson", lambda: [goal], instrument=())

    def said(state: int, *, held: bool, starts: int = 0) -> dict[str, Any] | None:
        st.session_state["boards_dragged"] = {"board"} if held else set()
        attempt = Attempt(goal, starts=starts)
        return lesson._standing(attempt, _result(attempt, state))

    assert said(3, held=True) is None
    assert said(4, held=False) is None
    reached = said(3, held=False)
    assert reached is not None
    assert reached["right"]
    assert said(4, held=True) == said(4, held=False) == reached
    assert said(4, held=False, starts=1) is None, "begun again"


def test_what_was_answered_is_answered_still_when_one_comes_back_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    table = [
        Prediction("a", "?", Choice(("x", "y")), lambda: 1, "", lambda: asked.append("before"), lambda: asked.append("reveal")),
        Goal("g", "Reach 3", lambda state: state >= 3, "Go up.", "There."),
    ]  # fmt: skip
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(sharing, "keep", lambda *_: None)
    lesson = Challenges("lesson", lambda: table, instrument=("lesson_board_",))
    boards.put(lesson.key, CardState(open="a"))

    def click(**state: Any) -> Attempt:
        sent = asdict(CardState(**state)) | {"revision": st.session_state[f"{lesson.key}_slot"].revision}
        st.session_state[lesson.key] = {"state": sent}
        lesson._changed()
        return lesson.now()

    assert lesson.now().hides("a")
    assert click(open="a", guess=(0.0,), shown=True).prediction == (0.0,)
    assert click(open="g", starts=1).task.code == "g"
    asked.clear()
    back = click(open="a", starts=2)
    assert (back.prediction, back.hides("a"), asked) == ((0.0,), False, ["before", "reveal"])
    asked.clear()
    again = click(open="a", starts=3)  # "Start again"
    assert (again.prediction, again.hides("a"), asked) == ((), True, ["before"])
    assert not again.knows("a"), "begun again"


@pytest.mark.parametrize("set_up", [True, False])
def test_what_was_solved_in_an_earlier_visit_hides_nothing(
    monkeypatch: pytest.MonkeyPatch, set_up: bool
) -> None:
    ran: list[str] = []
    table = [
        Prediction("a", "?", Choice(("x", "y")), lambda: 1, "", lambda: ran.append("before"), lambda: ran.append("reveal")),
        Prediction("b", "?", Choice(("x", "y")), lambda: 1, "", lambda: ran.append("before"), lambda: ran.append("reveal")),
        Goal("g", "Reach 3", lambda state: state >= 3, "Go up.", "There."),
    ]  # fmt: skip
    monkeypatch.setattr(st, "session_state", {"lesson_challenge_set_up": set_up})
    monkeypatch.setattr(sharing, "keep", lambda *_: None)
    lesson = Challenges("lesson", lambda: table, instrument=("lesson_board_",))
    boards.put(lesson.key, CardState(open="a"))

    def sent(**state: Any) -> Attempt:
        revision = st.session_state[f"{lesson.key}_slot"].revision
        st.session_state[lesson.key] = {"state": asdict(CardState(**state)) | {"revision": revision}}
        lesson._changed()
        return lesson.now()

    assert lesson.now().hides("a")
    assert sent(open="a", solved=("g",)).hides("a"), "another one was solved"
    assert ran == []
    now = sent(open="a", solved=("a", "g"))  # what the browser says when the page is opened
    assert not now.hides("a")
    assert now.prediction == ()
    assert ran == (["reveal"] if set_up else [])  # a board of the reader's own stays
    assert lesson._strayed(now) is not set_up, "and the card offers the one that its answer speaks of"
    assert not now.knows("b")
    assert now.knows("a")
    ran.clear()
    assert sent(open="b", starts=1, solved=("a", "g")).hides("b")
    assert not sent(open="a", starts=2, solved=("a", "g")).hides("a")
    assert ran == ["before", "before", "reveal"]
    assert not lesson._strayed(lesson.now())
    assert sent(open="a", starts=3, solved=("a", "g")).hides("a"), "Start again asks once more"
    assert not sent(open="g", starts=4, solved=("a", "g")).shown


def test_the_drawing_that_stands_on_the_instrument_is_judged_not_an_older_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    task = Prediction("s", "?", Sketch(drawn=lambda: (0.0, 0.1)), lambda: (0.0, 0.1), "")
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(sharing, "keep", lambda *_: None)
    lesson = Challenges("lesson", lambda: [task], instrument=())
    boards.put(lesson.key, CardState(open="s"))
    revision = st.session_state[f"{lesson.key}_slot"].revision
    sent = asdict(CardState(open="s", guess=(0.0, 0.93), shown=True)) | {"revision": revision}
    st.session_state[lesson.key] = {"state": sent}
    lesson._changed()
    assert lesson.now().prediction == (0.0, 0.1)
    lesson._changed()  # the same message once more changes nothing
    assert lesson.now().prediction == (0.0, 0.1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"open": "x" * 41}, {"guess": (float("nan"),)}, {"guess": (0.0,) * 41}, {"solved": ("x" * 41,)},
        {"solved": ("x",) * 41},
    ],
)  # fmt: skip
def test_a_message_out_of_bounds_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="got"):
        CardState(**wrong)


def test_a_link_opens_a_challenge_and_an_unknown_one_is_said() -> None:
    app = AppTest.from_file(str(ROOT / "pages" / "softmax.py"), default_timeout=120)
    app.query_params["softmax_challenge_open"] = "shift"
    app.run()
    assert not app.exception
    assert app.session_state["softmax_challenge_slot"].state.open == "shift"
    other = AppTest.from_file(str(ROOT / "pages" / "softmax.py"), default_timeout=120)
    other.query_params["softmax_challenge_open"] = "<b>"
    other.run()
    assert not other.exception
    assert other.session_state["softmax_challenge_slot"].state.open == "shares"
    assert any("challenge could not be used: “&lt;b&gt;”" in block.proto.body for block in other.get("html"))


@pytest.mark.parametrize(
    ("others", "logits"),
    [
        ({}, (0.0, 0.0, 0.0)),
        ({"lang": "zh", "theme": "dark", "view": "x", "embed": "true"}, (0.0, 0.0, 0.0)),
        ({"loss_board_z": "1~2", "softmax_panel": "simplex"}, (0.0, 0.0, 0.0)),
        ({"softmax_board_z": "1~2~3"}, (1.0, 2.0, 3.0)),
    ],
)
def test_a_link_to_a_challenge_sets_the_board_up_unless_it_brings_one(
    others: dict[str, str], logits: tuple[float, ...]
) -> None:
    app = AppTest.from_file(str(ROOT / "pages" / "softmax.py"), default_timeout=120)
    app.query_params["softmax_challenge_open"] = "halves"
    for name, text in others.items():
        app.query_params[name] = text
    app.run()
    assert not app.exception
    assert app.session_state["softmax_board_slot"].state.logits == logits


def test_an_embedded_page_has_no_card_and_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    mounted: list[str] = []
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(boards, "mount", lambda key, *_rest, **_data: mounted.append(key))
    lesson = Challenges("lesson", lambda: [prediction(Choice(("x", "y")), lambda: 1)], instrument=())
    for embedded in (True, False):
        monkeypatch.setattr(st, "context", SimpleNamespace(is_embedded=embedded))
        lesson.card(None)
        assert lesson.now().hides("q") is not embedded
        assert mounted == ([] if embedded else [lesson.key])


def test_a_message_about_a_challenge_that_nobody_has_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(sharing, "keep", lambda *_: pytest.fail("nothing is to be kept"))
    lesson = Challenges("lesson", lambda: [prediction(Choice(("x", "y")), lambda: 1)], instrument=())
    boards.put(lesson.key, CardState(open="q"))
    revision = st.session_state[f"{lesson.key}_slot"].revision
    st.session_state[lesson.key] = {"state": asdict(CardState(open="nobody")) | {"revision": revision}}
    lesson._changed()
    assert lesson.now().task.code == "q"


def test_an_answer_without_a_drawing_stays_as_it_was_sent() -> None:
    lesson = Challenges("lesson", list, instrument=())
    sent = CardState(open="q", guess=(1.0,), shown=True)
    for answer in (Choice(("x", "y")), Sketch()):
        assert lesson._as_drawn(prediction(answer, lambda: 1), sent) is sent
    drawn = prediction(Sketch(drawn=lambda: None), lambda: 1)
    assert lesson._as_drawn(drawn, sent) == sent, "there is no drawing on the instrument"


def test_an_answer_of_many_numbers_is_not_read_out() -> None:
    for count, said in ((4, "The answer: 1.000, 1.000, 1.000, 1.000"), (5, "")):
        result = _result(
            Attempt(prediction(Bars(("a",) * count), lambda count=count: (1.0,) * count), shown=True), None
        )
        assert result is not None
        assert result["sentence"] == said
