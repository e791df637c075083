"""Links from a word to its entry in the glossary."""

from __future__ import annotations

import re
from functools import cache
from html import unescape

import streamlit as st

import locales
from locales import _
from ui import escape
from ui.frame import language
from ui.glossary.terms import Term, topics


@cache
def _entries(language: str) -> dict[str, Term]:
    """All terms by code. The language is part of the key: the list is translated when it is made."""
    return {term.code: term for _topic, terms in topics() for term in terms}


def _found(code: str) -> Term:
    found = _entries(locales.current()).get(code)
    if found is None:
        raise KeyError(f"no term {code!r} in the glossary")
    return found


def address(code: str) -> str:
    """Return the address of an entry, relative to the app."""
    return f"glossary?lang={language.current()}#{anchor(code)}"


def anchor(code: str) -> str:
    """Return the id of an entry on the glossary page."""
    return f"term-{code}"


def term(code: str, text: str | None = None) -> str:
    """Return Markdown that shows ``text`` (or the name of the term), its meaning on hover, and links to the entry.

    Use it where a term first appears, inside a translated sentence as ``{logit}``. A term that is not in the
    glossary is a mistake of the page: KeyError.
    """
    entry = _found(code)
    tip = entry.meaning.replace("\\", "\\\\").replace('"', "'")
    name = entry.names[locales.current()].partition("（")[0]  # what stands in brackets is for the list alone
    return f'[{text or name}]({address(code)} "{tip}")'


NO_SYMBOL = "—"


def symbols(*codes: str) -> None:
    """Show a line with the symbols of a page: each with its name, its meaning on hover, and a link."""
    parts = [
        term(entry.code)
        if entry.symbol == NO_SYMBOL
        else f"*{escape.markdown(_text_of(entry.symbol))}* {term(entry.code)}"
        for entry in map(_found, codes)
    ]
    st.caption(f"{_('Symbols:')} {' · '.join(parts)}")


def _text_of(symbol: str) -> str:
    """Return a symbol's HTML without its tags."""
    return unescape(re.sub(r"<[^>]+>", "", symbol))
