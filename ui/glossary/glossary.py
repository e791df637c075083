"""Links from a word to its entry in the glossary, and the list of all entries."""

from __future__ import annotations

import re
from functools import cache
from html import unescape

import streamlit as st

import locales
from locales import _
from ui import escape
from ui.frame import frame, language
from ui.glossary.terms import Term, topics


@cache
def _entries(language: str) -> dict[str, Term]:
    """All terms by code. The language is part of the key: the list is translated when it is made."""
    return {term.code: term for _topic, terms in topics() for term in terms}


def _entry(code: str) -> Term:
    entry = _entries(locales.current()).get(code)
    if entry is None:
        raise KeyError(f"no term {code!r} in the glossary")
    return entry


def address(code: str) -> str:
    """Return the address of an entry, relative to the app."""
    return f"glossary?lang={language.current()}#{anchor(code)}"


def anchor(code: str) -> str:
    """Return the id of an entry on the glossary page."""
    return f"term-{code}"


def term(code: str, text: str | None = None) -> str:
    """Return Markdown that shows ``text`` (or the name of the term), its meaning on hover, and links to the entry.

    Use it where a term first appears, inside a translated sentence as ``{logit}``. KeyError for a
    code that the glossary does not have.
    """
    entry = _entry(code)
    tip = entry.meaning.replace("\\", "\\\\").replace('"', "'")
    name = entry.names[locales.current()].partition("（")[
        0
    ]  # what stands in brackets is shown in the list only
    return f'[{text or name}]({address(code)} "{tip}")'


NO_SYMBOL = "—"


def symbols(*codes: str) -> None:
    """Show a line with the symbols of a page: each with its name, its meaning on hover, and a link."""
    parts = [
        term(entry.code)
        if entry.symbol == NO_SYMBOL
        else f"*{escape.markdown(_text_of(entry.symbol))}* {term(entry.code)}"
        for entry in map(_entry, codes)
    ]
    st.caption(f"{_('Symbols:')} {' · '.join(parts)}")


def _text_of(symbol: str) -> str:
    """Return a symbol's HTML without its tags."""
    return unescape(re.sub(r"<[^>]+>", "", symbol))


# Scrolls to the entry that the address names: the browser tries to before Streamlit has drawn it.
_SCROLL = """<script>
(() => {
  const show = () => {
    document.querySelectorAll(".lab-glossary .here").forEach((entry) => entry.classList.remove("here"));
    const entry = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!entry || !entry.closest(".lab-glossary")) return;
    entry.classList.add("here");
    entry.scrollIntoView({ block: "center" });
  };
  window.onhashchange = show;
  show();
})();
</script>"""


def entries() -> None:
    """Show all topics with their terms."""
    sections = "".join(
        f"<h3>{escape.html(title)}</h3><dl>{''.join(_entry_html(term) for term in terms)}</dl>"
        for title, terms in topics()
    )
    st.html(f'<div class="lab-glossary">{sections}</div>{_SCROLL}', unsafe_allow_javascript=True)


def _entry_html(entry: Term) -> str:
    lang = locales.current()
    others = "".join(
        f'<span class="other" lang="{code}">{escape.html(name)}</span>'
        for code, name in entry.names.items()
        if code != lang
    )
    lesson = next((lesson for lesson in frame.lessons() if lesson.stem == entry.lesson), None)
    link = (
        ""
        if lesson is None
        else f' <a href="{lesson.stem}?lang={lang}" target="_blank">{escape.html(lesson.title)}</a>'
    )
    return (
        f'<div class="entry" id="{anchor(entry.code)}"><dt><i class="symbol">{entry.symbol}</i>'
        f'<a class="name" href="#{anchor(entry.code)}">{escape.html(entry.names[lang])}</a>{others}</dt>'
        f"<dd>{escape.html(entry.meaning)}{link}</dd></div>"
    )
