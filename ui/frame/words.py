"""The words that Streamlit itself writes, in the reader's language: it knows English alone."""

import json

from locales import SOURCE_LANGUAGE, _, both
from ui.frame import language


def words() -> dict[str, str]:
    """Streamlit's words and what this reader reads instead; {x} stands for any text. Empty in English."""
    code = language.current()
    if code == SOURCE_LANGUAGE:
        return {}
    return {
        text[SOURCE_LANGUAGE]: text[code]
        for text in (
            both("Skip to main content"),
            both("App pages"),
            both("Sidebar"),
            both("Expand sidebar"),
            both("Collapse sidebar"),
            both("{x} more"),
            both("Decrement"),
            both("Increment"),
            both("Choose an option"),
            both("No results"),
            both("Open"),
            both("Upload"),
            both("file upload"),
            both("{x} per file"),
            both("Search"),
            both("Download as CSV"),
            both("Fullscreen"),
            both("Close fullscreen"),
            both("Show/hide columns"),
            both("Clear selection"),
            both("Sort ascending"),
            both("Sort descending"),
            both("Autosize"),
            both("Pin column"),
            both("Unpin column"),
            both("Hide column"),
            both("Copy column name"),
            both("Dataframe column menu"),
            both("Format"),
            both("Statistics"),
            both("Select all"),
            both("Type to search"),
            both("Previous Result"),
            both("Next Result"),
            both("Close Search"),
            both("Copy to clipboard"),
            both("Copied"),
            both("Help"),
            both("Help for {x}"),
        )
    }


def as_script() -> str:
    """Return them as words.js takes them."""
    return _script(words())


def lost() -> str:
    """Return what connection.js says while the server does not answer, and when it will not answer any more."""
    return _script({
        "lost": _("No connection to the server. What you can drag or play here goes on; the rest follows when it is back."),
        "gone": _("The connection is lost. Load the page again: what you see is in its address."),
    })  # fmt: skip


def _script(texts: dict[str, str]) -> str:
    return json.dumps(texts, ensure_ascii=False).replace("<", "\\u003c")
