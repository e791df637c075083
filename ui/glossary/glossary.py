"""Links from a word to its entry in the glossary, and the list of all entries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from html import unescape
from typing import Any

import streamlit as st

import locales
from instruments.shared.bundle import component
from locales import _, joined
from ui import escape
from ui.frame import frame, language
from ui.glossary import remarks
from ui.glossary.pictures import picture
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
    return f'[{text or _name(entry)}]({address(code)} "{tip}")'


def _name(entry: Term) -> str:
    """Return the name of a term; what stands in brackets is shown in the list only."""
    return entry.names[locales.current()].partition("（")[0]


NO_SYMBOL = "—"


def symbols(*codes: str) -> None:
    """Show a line with the symbols of a page: each with its name, its meaning on hover, and a link."""
    parts = [
        term(entry.code)
        if entry.symbol in (NO_SYMBOL, _name(entry))  # not "bit bit"
        else f"*{escape.markdown(_text_of(entry.symbol))}* {term(entry.code)}"
        for entry in map(_entry, codes)
    ]
    st.caption(joined(_("Notation:"), " · ".join(parts)))


_RAISED = str.maketrans("z0123456789−", "ᶻ⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def _text_of(symbol: str) -> str:
    """Return a symbol's HTML without its tags; what stands above the line stays there."""
    raised = re.sub(r"<sup>(.*?)</sup>", lambda found: found[1].translate(_RAISED), symbol)
    return unescape(re.sub(r"<[^>]+>", "", raised))


def entries() -> None:
    """Show all topics with their terms, with a field to search them."""
    component("glossary")(key="glossary_list", data=_data(language.current()))


@cache
def _data(_language: str) -> dict[str, Any]:
    """Return what the browser needs of every term, in the reader's language."""
    titles = {lesson.stem: lesson.title for lesson in frame.lessons()}
    warnings, sources = remarks.mistakes(), remarks.history()
    return {
        "topics": [
            {"title": title, "terms": [_row(term, titles, warnings, sources) for term in terms]}
            for title, terms in topics()
        ],
        "labels": {
            "search": _("Search"),
            "hint": _("name, symbol or code"),
            "found": _("{n} of {all} terms"),
            "none": _("No term has that in its name, symbol or code."),
            "mistake": _("Beware:"),
            "history": _("History:"),
        },
    }


def _row(
    entry: Term, titles: Mapping[str, str], warnings: Mapping[str, str], sources: Mapping[str, str]
) -> dict[str, Any]:
    lang = locales.current()
    return {
        "id": anchor(entry.code),
        "code": entry.code,
        "symbol": _symbol(entry.symbol),
        "name": entry.names[lang],
        "others": [[code, name] for code, name in entry.names.items() if code != lang],
        "meaning": entry.meaning,
        "mistake": warnings.get(entry.code, ""),
        "history": sources.get(entry.code, ""),
        "lesson": [f"{entry.lesson}?lang={lang}", titles[entry.lesson]] if entry.lesson in titles else None,
        "picture": picture(entry.code),
    }


_SCRIPT = re.compile(r"<(su[bp])>(.*?)</\1>")


def _symbol(text: str) -> list[Any]:
    """Return the parts of a symbol: its texts, and what stands below or above the line."""
    parts = _SCRIPT.split(text)  # text, tag, inside, text, ...
    trees: list[Any] = []
    for i in range(0, len(parts), 3):
        trees += [parts[i]] if parts[i] else []
        if i + 2 < len(parts):
            trees.append([parts[i + 1], {}, parts[i + 2]])
    return trees
