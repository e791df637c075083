"""The entries of the glossary as one list with an anchor for each."""

from __future__ import annotations

import streamlit as st

import locales
from ui import escape
from ui.frame import frame
from ui.glossary.glossary import anchor
from ui.glossary.terms import Term, topics

# The entry that the address names is scrolled to when it is there: the browser looked for it before Streamlit drew it.
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
        f"<h3>{escape.html(title)}</h3><dl>{''.join(_entry(term) for term in terms)}</dl>"
        for title, terms in topics()
    )
    st.html(f'<div class="lab-glossary">{sections}</div>{_SCROLL}', unsafe_allow_javascript=True)


def _entry(term: Term) -> str:
    here = locales.current()
    others = "".join(
        f'<span class="other" lang="{code}">{escape.html(name)}</span>'
        for code, name in term.names.items()
        if code != here
    )
    lesson = next((lesson for lesson in frame.lessons() if lesson.stem == term.lesson), None)
    link = (
        ""
        if lesson is None
        else f' <a href="{lesson.stem}?lang={here}" target="_blank">{escape.html(lesson.title)}</a>'
    )
    return (
        f'<div class="entry" id="{anchor(term.code)}"><dt><i class="symbol">{term.symbol}</i>'
        f'<a class="name" href="#{anchor(term.code)}">{escape.html(term.names[here])}</a>{others}</dt>'
        f"<dd>{escape.html(term.meaning)}{link}</dd></div>"
    )
