"""The practice page: answering, refusing, scoring, and links that open the lesson in that very state."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ui.practice.questions import KINDS

ROOT = Path(__file__).parents[3]
PLACES = {kind.code: i + 1 for i, kind in enumerate(KINDS)}


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / "practice.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    return app


def question(code: str, seed: int = 7):
    return next(kind for kind in KINDS if kind.code == code).question(seed)


def words(app: AppTest) -> str:
    return " ".join(element.proto.body for kind in ("markdown", "html") for element in app.get(kind))


def answer(app: AppTest, code: str, text: str, seed: int = 7) -> None:
    app.text_input(f"practice_answer_{seed}_{code}").set_value(text)
    app.button(f"practice_check_{seed}_{code}").click().run()
    assert not app.exception, app.exception


def at(code: str, **more: str) -> AppTest:
    return opened(practice_seed="7", practice_question=str(PLACES[code]), **more)


@pytest.mark.parametrize("mark", [".", ","])
def test_a_right_number_is_taken_in_either_notation_and_opens_the_solution(mark):
    app = at("loss")
    assert question("loss").solution[-1].strip("$") not in words(app)
    answer(app, "loss", f"{question('loss').answer:.3f}".replace(".", mark))
    assert [box.value for box in app.success] == ["Right."]
    assert question("loss").solution[-1].strip("$") in words(app)
    assert "1 of 1 right" in words(app)
    assert app.text_input("practice_answer_7_loss").disabled


def test_a_tempting_wrong_number_is_answered_with_its_reason():
    app = at("loss")
    trap, remark = question("loss").traps[0]
    answer(app, "loss", str(trap))
    assert remark in app.error[0].value
    assert "0 of 1 right" in words(app)


def test_a_long_number_is_an_answer():
    app = at("loss")
    answer(app, "loss", "1" * 40)
    assert app.error


@pytest.mark.parametrize("text", ["", "abc", "1/0", "nan", "<b>1</b>", "$x$"])
def test_what_is_no_answer_is_said_so_and_nothing_is_lost(text):
    app = at("loss")
    answer(app, "loss", text)
    assert "no number yet" in app.warning[0].value
    assert "0 of 0 right" in words(app)
    answer(app, "loss", f"{question('loss').answer:.4f}")
    assert app.success
    assert not app.warning


def test_a_choice_is_asked_for_and_taken():
    app = at("shift")
    app.button("practice_check_7_shift").click().run()
    assert "Choose" in app.warning[0].value
    app.radio("practice_answer_7_shift").set_value(int(question("shift").answer))
    app.button("practice_check_7_shift").click().run()
    assert app.success


def test_asking_for_the_solution_counts_as_asked():
    app = at("gap")
    app.button("practice_show_7_gap").click().run()
    assert "0 of 1 right" in words(app)
    assert not app.error


def test_the_score_outlives_the_sheet_and_can_be_emptied():
    app = at("loss")
    answer(app, "loss", f"{question('loss').answer:.4f}")
    app.button("practice_new").click().run()
    assert "this session: 1 of 1" in words(app)
    app.run()
    app.button("practice_forget").click().run()
    assert "this session" not in words(app)


def test_the_key_is_shown_on_demand_and_never_by_a_link():
    app = opened(practice_view="sheet", practice_seed="7", practice_key="true")
    assert "Answer:" not in words(app)
    app.toggle("practice_key").set_value(True).run()
    assert words(app).count("Answer:") == len(KINDS)
    for kind in KINDS:
        assert kind.title() in words(app)


def test_an_unusable_sheet_number_is_noted_and_the_rest_kept():
    app = opened(practice_seed="-5", practice_question="3")
    assert app.number_input("practice_seed").value == 0
    assert app.number_input("practice_question").value == 3
    assert "could not be used" in words(app)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_the_link_opens_its_lesson_in_that_state(kind):
    for seed in (1, 2):
        link = kind.question(seed).link
        app = AppTest.from_file(str(ROOT / "pages" / f"{link.stem}.py"), default_timeout=60)
        for key, value in link.parameters.items():
            app.query_params[key] = value
        app.run()
        assert not app.exception, app.exception
        # A note would say that the page does not know a parameter, or cannot use its value.
        notes = [element.proto.body for element in app.get("html") if "lab-notes" in element.proto.body]
        assert [note for note in notes if "<li>" in note] == []
