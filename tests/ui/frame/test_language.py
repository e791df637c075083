"""Which language a page comes up in."""

import pytest


@pytest.mark.parametrize(
    ("query", "title"), [({}, "Softmax"), ({"lang": "en"}, "Softmax"), ({"lang": "zh"}, "Softmax")]
)
def test_the_switch_shows_the_language_of_the_link(lesson, query, title):
    app = lesson("", **query)
    assert not app.exception
    assert app.title[0].value == title
    assert app.session_state["lang"] == query.get("lang", "en")


def test_an_unknown_language_falls_back_with_a_note(lesson):
    app = lesson("", lang="<i>tlh")
    notes = " ".join(element.proto.body for element in app.get("html"))
    assert app.session_state["lang"] == "en"
    assert "&lt;i&gt;tlh" in notes
    assert "<i>tlh" not in notes


def test_strings_follow_the_language_of_the_session(lesson):
    code = "import streamlit as st\nfrom locales import _\nst.text(_('Training'))"
    assert lesson(code).text[0].value == "Training"
    assert lesson(code, lang="zh").text[0].value == "训练"
