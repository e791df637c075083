"""Translations: English is the msgid, every other language is a folder of .po files.

`_` asks for the language each time it is called, because Streamlit reruns a fragment without running the
script that chose the language, and because one process serves readers of several languages at once.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

__all__ = ["_", "both", "current", "languages", "translated", "use"]

SOURCE_LANGUAGE = "en"

languages: dict[str, str] = {"en": "English", "zh": "简体中文"}
"""The code used in URLs and folder names, and the language's name in that language."""

_HERE = Path(__file__).parent
_resolver: Callable[[], str] = lambda: SOURCE_LANGUAGE  # noqa: E731 - a default, replaced by use()


def use(resolver: Callable[[], str]) -> Callable[[], str]:
    """Install the function that names the current reader's language; return the one that did so before."""
    global _resolver
    before, _resolver = _resolver, resolver
    return before


def current() -> str:
    """Code of the language that `_` translates into at this moment."""
    return _resolver()


@cache
def catalogue(language: str) -> dict[str, str]:
    """All translations into `language`, merged from its .po files; read once per process."""
    messages: dict[str, str] = {}
    for path in sorted((_HERE / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if isinstance(message.id, str) and isinstance(message.string, str) and message.string:
                    messages[message.id] = message.string
    return messages


def _(message: str) -> str:
    """Translate a literal; a message without a translation is shown in English."""
    language = current()
    if language == SOURCE_LANGUAGE:
        return message
    return catalogue(language).get(message, message)


def translated(message: str) -> str:
    """Translate a text that was marked with `N_` in the core, which knows no languages."""
    return _(message)


def both(message: str) -> dict[str, str]:
    """A literal in every language at once, by code: for a glossary, which is read in two languages."""
    return {
        language: message if language == SOURCE_LANGUAGE else catalogue(language).get(message, message)
        for language in languages
    }
