"""The menu and the pages it leads to."""

from streamlit.testing.v1 import AppTest

from ui.frame import frame


def test_every_page_file_is_in_the_menu_and_the_other_way_round():
    files = {path.stem for path in (frame.ROOT / "pages").glob("*.py") if not path.stem.startswith("_")}
    assert {lesson.stem for lesson in frame.lessons()} == files


def test_app_py_shows_home():
    app = AppTest.from_file(str(frame.ROOT / "app.py"), default_timeout=120).run()
    assert not app.exception
    assert app.title[0].value == "Softmax Lab"
