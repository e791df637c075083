"""The practice sheet: judging answers, what the browser gets and what it does not, and links into the lessons."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import locales
from instruments.practice_sheet import SheetState, boards
from ui.practice import sheet
from ui.practice.questions import KINDS
from ui.practice.questions.base import LONGEST
from ui.widgets import markup

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


def sent(**state) -> dict:
    """What the browser gets for this state of a sheet, as JSON would carry it."""
    return json.loads(json.dumps(sheet._data(SheetState(**{"seed": 7} | state))))


def test_names_that_questions_use_stand_in_the_line_of_notation():
    texts = " ".join(question(kind.code).text for kind in KINDS)
    line = next(caption.value for caption in opened().caption if caption.value.startswith("Notation:"))
    for name in ("tanh", "ReLU", "tf-idf"):
        assert name in texts
        assert f"[{name}]" in line


@pytest.mark.parametrize("mark", [".", ","])
def test_a_right_number_is_taken_in_either_notation(mark):
    outcome = sheet.judge(question("loss"), [f"{question('loss').answer:.3f}".replace(".", mark)])
    assert (outcome.finished, outcome.right, outcome.refused) == (True, True, None)


def test_a_tempting_wrong_number_is_answered_with_its_reason_and_may_be_mended():
    trap, remark = question("loss").traps[0]
    first = sheet.judge(question("loss"), [str(trap)])
    assert (first.finished, first.right) == (False, False)
    assert [one.remark for one in first.tries] == [remark]
    second = sheet.judge(question("loss"), [str(trap), f"{question('loss').answer:.4f}"])
    assert (second.finished, second.right, len(second.tries)) == (True, True, 2)


def test_after_two_wrong_answers_the_question_is_finished_and_a_third_changes_nothing():
    wrong = ["17", "18", f"{question('loss').answer:.4f}"]
    outcome = sheet.judge(question("loss"), wrong)
    assert (outcome.finished, outcome.right, len(outcome.tries)) == (True, False, 2)


def test_a_long_number_is_an_answer():
    assert len(sheet.judge(question("loss"), ["1" * LONGEST]).tries) == 1


@pytest.mark.parametrize("text", ["o.3", "abc", "1/0", "nan", "<b>1</b>", "$x$"])
def test_what_is_no_answer_is_said_so_and_costs_no_try(text):
    refused = sheet.judge(question("loss"), [text])
    assert refused.refused is not None
    assert refused.refused[0] == text
    assert "not a number yet" in refused.refused[1]
    assert not refused.tries
    mended = sheet.judge(question("loss"), [text, f"{question('loss').answer:.4f}"])
    assert (mended.right, mended.refused, len(mended.tries)) == (True, None, 1)
    assert mended.tries[0].shown != text


@pytest.mark.parametrize("text", ["-1", "4", "²", "one", "1.0"])
def test_only_an_option_is_a_choice(text):
    outcome = sheet.judge(question("formats"), [text])
    assert outcome.refused is not None
    assert not outcome.tries


def test_a_choice_is_taken_by_its_index_in_every_language(speak):
    right = str(int(question("formats").answer))
    assert sheet.judge(question("formats"), [right]).right
    speak("zh")
    assert sheet.judge(question("formats"), [right]).right


def test_asking_for_the_solution_finishes_the_question_without_a_right_answer():
    outcome = sheet.judge(question("gap"), [""])
    assert (outcome.finished, outcome.right, outcome.tries) == (True, False, ())


def test_no_solution_is_in_the_page_before_it_is_asked_for(language):
    asked = sent()
    assert asked["outcomes"] == {}
    text = json.dumps(asked, ensure_ascii=False)
    for kind in KINDS:
        worked = kind.question(7)
        for step in worked.solution:
            for tree in markup.paragraphs(step):
                assert json.dumps(json.loads(json.dumps(tree)), ensure_ascii=False) not in text, kind.code
        for _trap, remark in worked.traps:
            assert remark not in text
    once = sent(answers=("loss:17",))["outcomes"]
    assert set(once) == {"loss"}
    assert once["loss"]["solution"] is None


def test_a_finished_question_brings_its_solution_and_its_lesson():
    outcome = sent(answers=("loss:",))["outcomes"]["loss"]
    assert markup.text_of(*outcome["solution"]["steps"])
    assert outcome["solution"]["href"] == question("loss").link.address("en")
    assert outcome["solution"]["answer"] == sheet.answer_text(question("loss"))


def test_the_key_opens_all_solutions_and_finishes_nothing():
    outcomes = sent(key=True)["outcomes"]
    assert set(outcomes) == set(PLACES)
    assert all(outcome["solution"] and not outcome["finished"] for outcome in outcomes.values())


def test_the_key_is_never_shown_by_a_link():
    app = opened(practice_view="sheet", practice_seed="7", practice_key="true")
    assert "settings that this page does not have" in words(app)
    assert app.session_state["practice_slot"].state == SheetState(seed=7, view="sheet")


def test_answers_to_questions_that_do_not_exist_change_nothing():
    assert sent(answers=("nothing:1", "loss", ":", "<b>:1"))["outcomes"].keys() == {"loss"}


def test_topics_are_the_lessons_of_the_questions_in_their_order():
    topics = [topic["code"] for topic in sent()["topics"]]
    assert set(topics) == {kind.question(7).link.stem for kind in KINDS}
    assert topics[0] == "softmax"


@pytest.mark.parametrize(
    "changed",
    [{"seed": -1}, {"seed": 10_000}, {"question": 0}, {"view": "<b>"}, {"answers": ("x" * 200,)}, {"answers": ("a:1",) * 301}],
)  # fmt: skip
def test_a_forged_state_is_refused(changed):
    with pytest.raises(ValueError, match=r"got|at most"):
        SheetState(**changed)
    fields = {"seed": 1, "question": 1, "view": "one", "key": False, "answers": []} | changed
    with pytest.raises(ValueError, match=r"."):
        boards.read(fields)


def test_an_unusable_sheet_number_is_noted_and_the_rest_kept():
    app = opened(practice_seed="-5", practice_question="3")
    assert app.session_state["practice_slot"].state == SheetState(seed=0, question=3)
    assert "could not be used" in words(app)


@pytest.fixture(params=list(locales.languages))
def language(request, speak):
    speak(request.param)
    return request.param


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


def test_a_sheet_is_asked_in_the_language_of_the_reader(speak):
    english = sent()["questions"]
    speak("zh")
    chinese = sent()["questions"]
    speak("en")
    assert english == sent()["questions"]
    for one, other in zip(english, chinese, strict=True):
        assert one["code"] == other["code"]
        assert one["text"] != other["text"]
