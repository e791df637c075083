"""Every page by itself, in every language, as somebody runs it while writing it."""

import ast
import re
from pathlib import Path

import pytest
from streamlit.runtime import fragment
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.testing.v1 import AppTest

import locales
from tests.ui.written import address, scripts
from ui.frame import runs
from ui.frame.language import _HTML_LANG
from ui.practice.questions import KINDS

PAGES = sorted(
    path for path in (Path(__file__).parents[2] / "pages").glob("*.py") if path.name != "__init__.py"
)


def test_there_are_pages():
    assert PAGES


@pytest.mark.parametrize("language", list(locales.languages))
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_runs_by_itself(path, language):
    app = AppTest.from_file(str(path), default_timeout=120)
    app.query_params["lang"] = language
    app.run()
    assert not app.exception, app.exception
    assert len(app.title) == 1
    assert app.session_state["lang"] == language
    if language == "zh":
        said = [element.value for element in (*app.markdown, *app.caption)]
        assert not [text for text in said if re.search(r"[。？！] +[\u3400-\u9fff]", text)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_survives_a_second_run(path):
    app = AppTest.from_file(str(path), default_timeout=120).run().run()
    assert not app.exception, app.exception


@pytest.fixture
def german(monkeypatch, speak):
    """A language that was added by the recipe, with nothing translated and no texts of its own."""
    monkeypatch.setitem(locales.languages, "de", "Deutsch")
    monkeypatch.setitem(_HTML_LANG, "de", "de")
    speak("de")


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_runs_in_a_language_that_was_just_added(path):
    app = AppTest.from_file(str(path), default_timeout=120)
    app.query_params["lang"] = "de"
    if path.stem == "slips":
        app.query_params["slips_panel"] = "training_set"  # which shows sentences
    app.run()
    assert not app.exception, app.exception
    assert app.session_state["lang"] == "de"


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_a_question_is_asked_in_a_language_that_was_just_added(kind):
    assert kind.question(1).text


# What the instruments write themselves, in the browser.
OF_INSTRUMENTS = re.compile(
    r"\w+_board_\w+|linear_layer_pad_\w+|linear_layer_(n|batch_seed|row|column)|information_message_count|images_pad_\w+|training_(stage|race)_(step|speed|vectors|regions|field)"
)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_python_writes_no_parameter_of_an_instrument(path):
    app = AppTest.from_file(str(path), default_timeout=120).run()
    assert len(scripts(app)) == 1
    values = address(app)["values"]
    assert "lang" in values
    assert [name for name in values if OF_INSTRUMENTS.fullmatch(name)] == []


def test_a_part_of_one_page_is_no_part_of_another(monkeypatch):
    monkeypatch.setattr(fragment, "_make_fragment_identity", runs.fragment_identity)
    register, parts = MemoryFragmentStorage.register, set()

    def note(self, key, *what, **more):
        found.add(key)
        register(self, key, *what, **more)

    monkeypatch.setattr(MemoryFragmentStorage, "register", note)
    for path in PAGES:
        found: set[str] = set()
        AppTest.from_file(str(path), default_timeout=120).run()
        assert not found & parts, path.stem
        parts |= found
    assert len(parts) > len(PAGES) / 2


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_fragment_of_a_page_brings_the_address_up_to_date(path):
    # `st.fragment` alone would leave what its controls publish out of the address.
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert "st.fragment" not in named
