"""The menu and the pages it leads to."""

import itertools

import pytest
from streamlit.testing.v1 import AppTest

from ui.frame import frame


def test_every_page_file_is_in_the_menu_and_the_other_way_round():
    files = {path.stem for path in (frame.ROOT / "pages").glob("*.py") if not path.stem.startswith("_")}
    assert {lesson.stem for lesson in frame.lessons()} == files


def test_app_py_shows_home():
    app = AppTest.from_file(str(frame.ROOT / "app.py"), default_timeout=120).run()
    assert not app.exception
    assert app.title[0].value == "Softmax Lab"


STEMS = [
    "softmax", "loss", "linear_layer", "training", "hidden_layer", "images", "text", "information", "practice",
]  # fmt: skip


def test_the_path_is_one_order_everywhere():
    assert [lesson.stem for lesson in frame.path()] == STEMS
    menu = [lesson.stem for lesson in frame.lessons()]
    assert menu == ["home", *STEMS, "slips", "glossary"]


@pytest.mark.parametrize("stem", STEMS)
def test_a_lesson_leads_to_the_one_that_follows(stem):
    app = AppTest.from_file(str(frame.path_of(stem)), default_timeout=120).run()
    following = dict(itertools.pairwise(STEMS)).get(stem)
    titles = {lesson.stem: lesson.title for lesson in frame.lessons()}
    found = [text.value for text in app.markdown if text.value.startswith("Next: ")]
    assert found == ([f"Next: {titles[following]}"] if following else [])
