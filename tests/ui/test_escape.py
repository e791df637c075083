"""Texts of users in HTML and in Streamlit's Markdown."""

import re

from ui import escape

HOSTILE = "<img src=x onerror=alert(1)> **b** `c` [d](e) $f$ :red[g] ~~h~~ | # - 1. \\"


def test_html_has_no_markup_and_no_open_quote():
    text = escape.html(HOSTILE + "\"'")
    assert not re.search(r"[<>\"']", text)


def test_markdown_has_no_character_with_a_meaning():
    text = escape.markdown(HOSTILE, longest=200)
    assert not re.search(r"[<>]|(?<!\\)[`*_{}\[\]()#+.!$~:|-]", text.replace("\\\\", ""))


def test_markdown_is_one_short_line():
    assert escape.markdown("a\n\n    b") == "a b"
    assert escape.markdown("x" * 61) == "x" * 60 + "…"
    assert escape.markdown(3) == "3"
