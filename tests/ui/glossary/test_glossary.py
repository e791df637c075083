"""The glossary: both languages, unique anchors, links that pages can use."""

import ast
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import locales
from ui.frame import frame
from ui.glossary import glossary
from ui.glossary.terms import topics

ROOT = Path(__file__).parents[3]


@pytest.fixture(params=list(locales.languages))
def language(request, speak):
    speak(request.param)
    return request.param


def terms():
    return [term for _, group in topics() for term in group]


def test_codes_are_unique_and_fit_an_address():
    codes = [term.code for term in terms()]
    assert len(codes) == len(set(codes)) >= 50
    assert all(re.fullmatch(r"[a-z0-9_]+", code) for code in codes)


def test_every_term_is_named_in_both_languages_and_explained(language):
    for term in terms():
        assert set(term.names) == set(locales.languages)
        assert all(term.names.values())
        assert re.search(r"[\u3400-\u9fff]" if language == "zh" else r"[a-z]", term.meaning), term.code
        assert term.symbol


def test_chinese_names_are_chinese():
    kept = {term.code for term in terms() if not re.search(r"[\u3400-\u9fff]", term.names["zh"])}
    assert kept == set()


def test_a_link_holds_the_word_the_address_and_the_meaning(language):
    link = glossary.term("logit", "scores")
    assert link.startswith("[scores](glossary?lang=")
    assert '#term-logit "' in link
    assert glossary.term("logit").startswith("[logit](")
    with pytest.raises(KeyError, match="no term 'logits'"):
        glossary.term("logits")


def test_no_meaning_ends_a_link_early(language):
    for term in terms():
        link = glossary.term(term.code)
        assert re.fullmatch(r'\[[^\]]+\]\(glossary\?lang=\w+#term-[a-z0-9_]+ "[^"]+"\)', link), link


def used_codes():
    """The codes that pages and panels give to term() and symbols()."""
    for path in [*ROOT.glob("pages/*.py"), *ROOT.glob("ui/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("term", "symbols")
            ):
                if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "glossary"):
                    continue
                literals = node.args if node.func.attr == "symbols" else node.args[:1]
                for argument in literals:
                    assert isinstance(argument, ast.Constant), f"{path}: a code is a literal"
                    yield path.stem, argument.value


def test_lessons_link_to_terms_that_exist():
    codes = {term.code for term in terms()}
    found = set(used_codes())
    assert {code for _, code in found} <= codes
    assert {"softmax", "loss", "information", "linear_layer", "training", "images", "slips"} <= {
        stem for stem, _ in found
    }


def test_lessons_of_terms_are_known_stems():
    assert {term.lesson for term in terms() if term.lesson} <= {lesson.stem for lesson in frame.lessons()}


def test_the_page_shows_every_term_in_both_languages():
    app = AppTest.from_file(str(ROOT / "pages" / "glossary.py"), default_timeout=60).run()
    assert not app.exception
    body = " ".join(element.proto.body for element in app.get("html"))
    for term in terms():
        assert f'id="term-{term.code}"' in body
        assert term.names["zh"].replace("&", "&amp;") in body
